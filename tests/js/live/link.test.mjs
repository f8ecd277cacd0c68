import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { BEARS, Link } from '../../../portal/static/js/live/link.mjs';

const ENTERED = { ok: true, epoch: 1, audiences: { readers: { cursor: 0 } } };

/** A socket that does what it is told. */
class FakeSocket {
  constructor() {
    this.connected = false;
    this.active = true;
    this.handlers = /** @type {Record<string, (told?: any) => void>} */ ({});
    this.io = { opts: { transports: ['websocket', 'polling'] }, delays: /** @type {number[]} */ ([]), reconnectionDelayMax: (/** @type {number} */ delay) => this.io.delays.push(delay) };
    this.asked = /** @type {string[]} */ ([]);
    this.answers = /** @type {any[]} */ ([]);
    this.opened = 0;
  }

  /** @param {string} event @param {(told?: any) => void} handler */
  on(event, handler) {
    this.handlers[event] = handler;
  }

  connect() {
    this.opened += 1;
    this.connected = true;
    this.handlers['connect']?.();
    return this;
  }

  disconnect() {
    this.connected = false;
    return this;
  }

  timeout() {
    return {
      emitWithAck: async (/** @type {string} */ event) => {
        this.asked.push(event);
        const answer = this.answers.shift() ?? ENTERED;
        if (answer instanceof Error) throw answer;
        return typeof answer === 'function' ? answer() : answer;
      },
    };
  }
}

function harness() {
  const told = /** @type {string[]} */ ([]);
  const socket = new FakeSocket();
  /** @param {string} name */
  const note = (name) => (/** @type {any} */ value = undefined) => void told.push(value?.code ? `${name} ${value.code}` : name);
  const page = { apply: note('apply'), live: note('live'), renewed: note('renewed'), waiting: note('waiting'), failing: note('failing'), outdated: note('outdated'), ended: note('ended') };
  const link = new Link(/** @type {any} */ (socket), 'space', { readers: 0 }, page);
  return { link, socket, told };
}

/** Let promises run. */
const turn = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

test('a page enters when it is connected, and again when it comes back', async () => {
  const { link, socket, told } = harness();
  link.open();
  await turn();
  socket.connect();
  await turn();
  assert.deepEqual(told, ['live', 'live', 'renewed']);
});

test('a frame that overtakes the answer to an entrance is not an older register', async () => {
  const { link, socket, told } = harness();
  socket.answers = [() => {
    socket.handlers['frame']?.({ space: 'space', audience: 'readers', prev: 0, cursor: 1, shape: 'none' });
    return ENTERED;
  }];
  link.open();
  await turn();
  assert.deepEqual(told, ['apply', 'live']);
  assert.equal(link.stopped, false);
});

test('a register older than the page was when it asked means a reload', async () => {
  const { link, socket, told } = harness();
  link.open();
  await turn();
  socket.handlers['frame']?.({ space: 'space', audience: 'readers', prev: 0, cursor: 1, shape: 'none' });
  socket.connect();
  await turn();
  assert.deepEqual(told, ['live', 'apply', 'live', 'outdated', 'renewed']);
});

test('a handshake that fails lets the other transport go first', () => {
  const { socket, told } = harness();
  socket.handlers['connect_error']?.(new Error('timeout'));
  assert.deepEqual(socket.io.opts.transports, ['polling', 'websocket']);
  socket.handlers['connect_error']?.(new Error('timeout'));
  assert.deepEqual(socket.io.opts.transports, ['websocket', 'polling']);
  assert.deepEqual(told, ['waiting', 'failing', 'waiting', 'failing']);
});

test('a refusal with its sentence ends everything', () => {
  const { link, socket, told } = harness();
  socket.handlers['connect_error']?.({ data: { code: 'session-terminee', sentence: 'Votre session est terminée.' } });
  assert.deepEqual(told, ['ended session-terminee']);
  assert.equal(link.stopped, true);
  link.open();
  assert.equal(socket.opened, 0);
});

test('an answer that does not come in time starts the connection anew', async () => {
  const { link, socket, told } = harness();
  socket.answers.push(new Error('timeout'));
  link.open();
  await turn();
  assert.equal(socket.opened, 2);
  assert.deepEqual(told, ['live']);
});

test('too fast is a pause; an error of the server is borne a few times, then told', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { link, socket, told } = harness();
  socket.answers.push({ ok: false, code: 'trop-vite', sentence: '…' });
  link.open();
  await turn();
  assert.deepEqual(told, []);
  mock.timers.tick(4000);
  await turn();
  assert.deepEqual(told, ['live']);
  for (let n = 0; n <= BEARS; n += 1) socket.answers.push({ ok: false, code: 'erreur', sentence: '…' });
  link.check();
  for (let n = 0; n < BEARS; n += 1) {
    await turn();
    assert.equal(told.length, 1, `after ${n + 1} errors`);
    mock.timers.tick(4000);
  }
  await turn();
  assert.deepEqual(told, ['live', 'ended erreur']);
  mock.timers.reset();
});

test('a server that closes without a word is asked again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { link, socket, told } = harness();
  link.open();
  await turn();
  socket.connected = false;
  socket.handlers['disconnect']?.('io server disconnect');
  mock.timers.tick(4000);
  await turn();
  assert.equal(socket.opened, 2);
  assert.deepEqual(told, ['live', 'waiting', 'live', 'renewed']);
  mock.timers.reset();
});

test('a server that could not let us in is asked again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, told } = harness();
  socket.active = false;
  socket.handlers['connect_error']?.(new Error('erreur'));
  assert.deepEqual(told, ['waiting']);
  mock.timers.tick(4000);
  await turn();
  assert.deepEqual(told, ['waiting', 'live']);
  mock.timers.reset();
});

test('another space is none of ours', async () => {
  const { link, socket, told } = harness();
  link.open();
  await turn();
  socket.handlers['frame']?.({ space: 'other', audience: 'readers', prev: 0, cursor: 1, shape: 'card' });
  assert.deepEqual(told, ['live']);
  socket.handlers['frame']?.({ space: 'space', audience: 'readers', prev: 0, cursor: 1, shape: 'card' });
  assert.deepEqual(told, ['live', 'apply']);
});
