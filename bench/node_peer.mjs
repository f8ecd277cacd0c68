// The peer of the delivery bench: Node's socket.io, as its manual says, doing what the portal's server does
// when a frame goes to a room. Arguments: TCP port, UDP port of the orders. Native addons are not installed.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [port, orders] = process.argv.slice(2).map(Number);
const http = createServer((_request, response) => response.end('ok'));
const io = new Server(http, { serveClient: false, pingInterval: 20_000, pingTimeout: 20_000 });
const kept = { frame: {}, cursor: 0 };

io.on('connection', (socket) => {
  socket.on('enter', ({ space }, answer) => {
    socket.join(space);
    answer({ ok: true });
  });
});

/** @param {[string, number][]} rooms @param {number} count */
async function send(rooms, count) {
  for (let sent = 0; sent < count; sent += 1) {
    kept.cursor += 1;
    for (const [space] of rooms) {
      io.to(space).emit('frame', { ...kept.frame, prev: kept.cursor - 1, cursor: kept.cursor });
      // The portal lets others work between two frames too.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const udp = createSocket('udp4');
udp.on('message', (data) => {
  const order = JSON.parse(data.toString());
  if ('frame' in order) kept.frame = order.frame;
  else void send(order.rooms, order.count);
});
udp.bind(orders, '127.0.0.1');
http.listen(port, '127.0.0.1', () => console.log('ready'));
