// SPDX-License-Identifier: AGPL-3.0-or-later
// The connection of a page to its space: entering, asking for what was missed, coming back. No document and no sentence here:
// every effect goes through `page`.
import { Channel } from './channel.mjs';
import { language } from '../words.mjs';

/**
 * @typedef {import('./channel.mjs').Audience} Audience
 * @typedef {import('./channel.mjs').Frame} Frame
 * @typedef {import('./channel.mjs').Refusal} Refusal
 * @typedef {object} Page
 * @property {(frame: Frame) => void} apply show one frame; called once for each, in order
 * @property {() => void} live the space is followed
 * @property {() => void} renewed the space was entered again: rights may have changed
 * @property {() => void} waiting the connection is gone; it comes back by itself
 * @property {(failures: number) => void} failing one more attempt in a row was in vain
 * @property {() => void} outdated only a new page can show what there is
 * @property {(refusal: Refusal) => void} ended nothing more will come, and why
 */

/** What the socket of a page is made with. */
export const OPTIONS = {
  path: '/socket.io',
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  autoConnect: false,
  // A handshake that somebody on the way swallows ends here, and the other transport has its turn.
  timeout: 10_000,
};
const ANSWER_WITHIN = 10_000;
/** So that a whole room let out at once does not come back in the same instant. */
const SPREAD = 250;
/** What the server says to a page that asks too often, or when it fails itself; and how long the page then waits. */
const TOO_FAST = 'trop-vite';
const BROKEN = 'erreur';
const PAUSE = 4000;
/** How many errors of the server in a row a page bears. */
export const BEARS = 5;
/** How far apart attempts may come to be: usually, and where sockets do not pass. */
const DELAY = 5000;
const FAR = 60_000;

/** @param {number} duration */
const pause = (duration) => new Promise((resolve) => setTimeout(resolve, duration));

export class Link {
  /**
   * @param {import('socket.io-client').Socket} socket not connected yet
   * @param {string} space
   * @param {Partial<Record<Audience, number>>} cursors what the page was written with
   * @param {Page} page
   */
  constructor(socket, space, cursors, page) {
    this.socket = socket;
    this.space = space;
    this.page = page;
    this.channel = new Channel(cursors, {
      ask: (audience, cursor) => this.#ask('catch_up', () => ({ audience, cursor })),
      apply: (frame) => page.apply(frame),
      reload: () => this.#stop(() => page.outdated()),
      refused: (refusal) => this.end(refusal),
    });
    /** Entrances asked so far: only the last one counts. */
    this.turn = 0;
    this.entered = 0;
    this.failures = 0;
    this.#listen();
  }

  get stopped() {
    return this.channel.stopped;
  }

  open() {
    if (!this.stopped && !this.socket.connected) this.socket.connect();
  }

  /** Keep no connection; `open` takes it again. */
  close() {
    this.socket.disconnect();
  }

  /** Whoever was away for a while, as a tablet asleep, asks whether the connection still lives. */
  check() {
    if (this.stopped) return;
    if (this.socket.connected) void this.#enter();
    else this.open();
  }

  /** Sockets do not pass here: try seldom. */
  slowDown() {
    this.socket.io.reconnectionDelayMax(FAR);
  }

  /** @param {Refusal} refusal why nothing more will come */
  end(refusal) {
    this.#stop(() => this.page.ended(refusal));
  }

  /** @param {() => void} tell */
  #stop(tell) {
    this.channel.stop();
    this.socket.disconnect();
    tell();
  }

  #listen() {
    const { socket } = this;
    socket.on('connect', () => void this.#enter());
    socket.on('frame', (frame) => {
      if (frame.space === this.space) this.channel.receive(frame);
    });
    socket.on('reenter', (told) => {
      if (told.space === this.space) setTimeout(() => socket.connected && void this.#enter(), Math.random() * SPREAD);
    });
    socket.on('goodbye', ({ code, sentence }) => this.end({ ok: false, code, sentence }));
    socket.on('disconnect', (reason) => {
      if (this.stopped) return;
      this.page.waiting();
      // The library does not come back by itself from a connection that the server closed without a word.
      if (reason === 'io server disconnect') setTimeout(() => this.open(), PAUSE);
    });
    socket.on('connect_error', (error) => this.#failed(/** @type {{ data?: { code?: string, sentence?: string } }} */ (error).data));
  }

  /** @param {{ code?: string, sentence?: string } | undefined} refusal what the server answered, if it did */
  #failed(refusal) {
    if (this.stopped) return;
    if (refusal?.sentence) {
      this.end({ ok: false, code: refusal.code ?? '', sentence: String(refusal.sentence) });
      return;
    }
    if (!this.socket.active) {
      // The server answered and could not let us in: the library does not come again by itself.
      this.page.waiting();
      setTimeout(() => this.open(), PAUSE);
      return;
    }
    // Some networks swallow WebSocket without a word: the other transport goes first next time.
    const options = /** @type {{ transports?: string[] }} */ (this.socket.io.opts);
    options.transports = [...(options.transports ?? OPTIONS.transports)].reverse();
    this.failures += 1;
    this.page.waiting();
    this.page.failing(this.failures);
  }

  async #enter() {
    const turn = (this.turn += 1);
    // Frames may overtake the answer: what it says is held against what the page had when it asked.
    let cursors = this.channel.cursors();
    let answer;
    try {
      answer = await this.#ask('enter', () => ({ cursors: (cursors = this.channel.cursors()), lang: language() }), () => turn === this.turn && this.socket.connected);
    } catch {
      // Not answered in time: a new connection starts anew; a lost one comes back by itself.
      if (turn === this.turn && this.socket.connected) this.socket.disconnect().connect();
      return;
    }
    if (this.stopped || answer === null) return;
    if (!answer.ok) {
      this.end(answer);
      return;
    }
    this.failures = 0;
    this.entered += 1;
    this.socket.io.reconnectionDelayMax(DELAY);
    this.page.live();
    this.channel.entered(answer, cursors);
    if (this.entered > 1) this.page.renewed();
  }

  /**
   * @param {string} event
   * @param {() => object} data read at each attempt
   * @param {() => boolean} [wanted] whether the answer is still of use after a pause
   * @returns {Promise<any>} the answer; null when it is no longer wanted. Rejects when none came in time.
   */
  async #ask(event, data, wanted = () => true) {
    for (let errors = 0; ; ) {
      const answer = await this.socket.timeout(ANSWER_WITHIN).emitWithAck(event, { space: this.space, ...data() });
      if (answer.code === BROKEN) errors += 1;
      if (answer.code !== TOO_FAST && (answer.code !== BROKEN || errors > BEARS)) return answer;
      await pause(PAUSE);
      if (this.stopped || !wanted()) return null;
    }
  }
}
