// SPDX-License-Identifier: AGPL-3.0-or-later
// Entry point of pages that follow a space. Without it, the page is the same, as of when it was opened.
import { io } from 'socket.io-client';
import { leave } from '../behaviours/leave.mjs';
import { Channel } from './channel.mjs';
import { Thread } from './thread.mjs';

/**
 * @typedef {import('./channel.mjs').Audience} Audience
 * @typedef {import('./channel.mjs').Entered} Entered
 * @typedef {import('./channel.mjs').Refusal} Refusal
 */

const ANSWER_WITHIN = 10_000;
/** So that a whole room let out at once does not come back in the same instant. */
const SPREAD = 250;
/** What the server says to a page that asks too often, and how long it then waits. */
const TOO_FAST = 'trop-vite';
const PAUSE = 4000;
/** What the server says to the pages of somebody who went out. */
const ENDED = 'session-terminee';

/** @param {HTMLElement} section */
function start(section) {
  const space = section.dataset['liveSpace'] ?? '';
  const thread = new Thread(section);
  const socket = io({ path: '/socket.io', transports: ['websocket', 'polling'], tryAllTransports: true, autoConnect: false });
  const channel = new Channel(JSON.parse(section.dataset['cursors'] ?? '{}'), {
    async ask(audience, cursor) {
      for (;;) {
        const answer = await socket.timeout(ANSWER_WITHIN).emitWithAck('catch_up', { space, audience, cursor });
        if (answer.code !== TOO_FAST) return answer;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    },
    apply: (frame) => thread.apply(frame),
    reload: () => stop(() => thread.bar.propose('Cette page a beaucoup changé')),
    refused: (refusal) => stop(() => thread.end(refusal.sentence)),
  });
  let again = false;

  /** @param {() => void} tell */
  function stop(tell) {
    channel.stop();
    socket.disconnect();
    tell();
  }

  /** @param {{ code: string, sentence: string }} told why nothing more will come */
  function farewell({ code, sentence }) {
    if (code === ENDED) leave(sentence);
    else thread.end(sentence);
  }

  async function enter() {
    /** @type {Entered | Refusal} */
    let answer;
    try {
      answer = await socket.timeout(ANSWER_WITHIN).emitWithAck('enter', { space, cursors: channel.cursors() });
    } catch {
      // Not answered in time: a new connection starts anew; a lost one comes back by itself.
      if (socket.connected) socket.disconnect().connect();
      return;
    }
    if (!answer.ok) {
      const { code, sentence } = answer;
      if (code === TOO_FAST) {
        globalThis.setTimeout(() => socket.connected && void enter(), PAUSE);
        return;
      }
      stop(() => thread.end(sentence));
      void thread.refresh();
      return;
    }
    thread.showState('live');
    channel.entered(answer);
    if (again) void thread.refresh();
    again = true;
  }

  socket.on('connect', () => void enter());
  socket.on('frame', (frame) => {
    if (frame.space === space) channel.receive(frame);
  });
  socket.on('reenter', (told) => {
    if (told.space === space) globalThis.setTimeout(() => socket.connected && void enter(), Math.random() * SPREAD);
  });
  socket.on('goodbye', (told) => stop(() => farewell(told)));
  socket.on('disconnect', () => {
    if (!channel.stopped) thread.showState(navigator.onLine ? 'waiting' : 'offline');
  });
  socket.on('connect_error', (error) => {
    const refusal = /** @type {{ data?: { code?: string, sentence?: string } }} */ (error).data;
    if (refusal?.sentence) stop(() => farewell({ code: refusal.code ?? '', sentence: String(refusal.sentence) }));
    else if (!channel.stopped) thread.showState(navigator.onLine ? 'waiting' : 'offline');
  });
  follow(channel, thread, socket);
  socket.connect();
}

/**
 * The network and the tab come and go.
 * @param {Channel} channel
 * @param {Thread} thread
 * @param {import('socket.io-client').Socket} socket
 */
function follow(channel, thread, socket) {
  globalThis.addEventListener('offline', () => {
    if (!channel.stopped) thread.showState('offline');
  });
  globalThis.addEventListener('online', () => {
    if (!channel.stopped && !socket.connected) socket.connect();
  });
  // A page kept by the browser for « back » must not keep a connection; it takes it again when shown.
  globalThis.addEventListener('pagehide', () => socket.disconnect());
  globalThis.addEventListener('pageshow', (event) => {
    if (event.persisted && !channel.stopped) socket.connect();
  });
}

const section = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-space]'));
if (section !== null) start(section);
