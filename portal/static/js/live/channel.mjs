// SPDX-License-Identifier: AGPL-3.0-or-later
// What a page has had of a space, and what it still misses. No document here: every effect goes through `effects`.

/**
 * @typedef {'readers' | 'moderators' | 'author'} Audience
 * @typedef {{ audience: Audience, prev: number, cursor: number, shape: string, [key: string]: unknown }} Frame
 * @typedef {{ cursor: number, more?: boolean, frames: Frame[] }} Missed
 * @typedef {{ reload: true }} Reload
 * @typedef {{ ok: false, code: string, sentence: string }} Refusal
 * @typedef {{ ok: true, epoch: number, audiences: Partial<Record<Audience, { cursor: number }>> }} Entered
 * @typedef {object} Effects
 * @property {(audience: Audience, cursor: number) => Promise<Missed | Reload | Refusal>} ask fetch what was missed
 * @property {(frame: Frame) => void} apply show one frame; called once for each, in order
 * @property {() => void} reload the page is too far behind, or is no longer the right one
 * @property {(refusal: Refusal) => void} refused
 * @typedef {{ cursor: number, waiting: Map<number, Frame>, healing: boolean, stalls: number }} State
 */

/** How many answers in a row may bring nothing before the page gives up. */
export const PATIENCE = 3;
/** Frames kept while something before them is missing; what is dropped is fetched. */
export const WAITING = 500;

export class Channel {
  /**
   * @param {Partial<Record<Audience, number>>} cursors what the page was written with
   * @param {Effects} effects
   */
  constructor(cursors, effects) {
    /** @type {Map<Audience, State>} */
    this.states = new Map();
    this.effects = effects;
    this.stopped = false;
    /** One question at a time, whatever the audience. @type {Promise<void>} */
    this.line = Promise.resolve();
    for (const [audience, cursor] of Object.entries(cursors)) {
      this.states.set(/** @type {Audience} */ (audience), { cursor, waiting: new Map(), healing: false, stalls: 0 });
    }
  }

  /** @returns {Partial<Record<Audience, number>>} */
  cursors() {
    return Object.fromEntries([...this.states].map(([audience, state]) => [audience, state.cursor]));
  }

  /** @param {Frame} frame */
  receive(frame) {
    const state = this.states.get(frame.audience);
    if (this.stopped || state === undefined || frame.cursor <= state.cursor) return;
    if (!state.healing && frame.prev === state.cursor) {
      this.#apply(state, frame);
      return;
    }
    if (state.waiting.size < WAITING) state.waiting.set(frame.cursor, frame);
    if (!state.healing) this.#heal(frame.audience, state);
  }

  /**
   * The server let us in again: compare its counters with ours.
   * @param {Entered} entered
   * @param {Partial<Record<Audience, number>>} [asked] our counters when the question left
   */
  entered(entered, asked = this.cursors()) {
    if (this.stopped) return;
    for (const [name, { cursor }] of Object.entries(entered.audiences)) {
      const audience = /** @type {Audience} */ (name);
      const state = this.states.get(audience);
      if (state === undefined || cursor < (asked[audience] ?? 0)) {
        // Another audience than the page was written for, or an older register: this page is not the right one.
        this.#reload();
        return;
      }
      state.stalls = 0;
      if (cursor > state.cursor && !state.healing) this.#heal(audience, state);
    }
  }

  stop() {
    this.stopped = true;
    for (const state of this.states.values()) state.waiting.clear();
  }

  /**
   * @param {Audience} audience
   * @param {State} state
   */
  #heal(audience, state) {
    state.healing = true;
    this.line = this.line.then(() => this.#fetch(audience, state)).catch(() => {
      // No answer: the connection is gone. Entering again asks again.
      state.healing = false;
    });
  }

  /**
   * @param {Audience} audience
   * @param {State} state
   */
  async #fetch(audience, state) {
    for (let more = true; more && !this.stopped; ) {
      const answer = await this.effects.ask(audience, state.cursor);
      if (this.stopped) return;
      if ('reload' in answer) return this.#reload();
      if ('ok' in answer) return this.#refuse(answer);
      more = this.#take(state, answer);
    }
    state.healing = false;
    this.#drain(audience, state);
  }

  /**
   * @param {State} state
   * @param {Missed} missed
   * @returns {boolean} whether there is more to ask for
   */
  #take(state, missed) {
    const before = state.cursor;
    for (const frame of [...missed.frames].sort((one, other) => one.cursor - other.cursor)) {
      if (frame.cursor > state.cursor) this.#apply(state, frame);
    }
    // An answer always moves the cursor, even one without frames.
    state.cursor = Math.max(state.cursor, missed.cursor);
    state.stalls = state.cursor > before ? 0 : state.stalls + 1;
    return missed.more === true && state.cursor > before;
  }

  /**
   * Show what waited for the missing frames.
   * @param {Audience} audience
   * @param {State} state
   */
  #drain(audience, state) {
    for (const cursor of [...state.waiting.keys()].sort((one, other) => one - other)) {
      const frame = /** @type {Frame} */ (state.waiting.get(cursor));
      if (frame.cursor > state.cursor && frame.prev !== state.cursor) break;
      state.waiting.delete(cursor);
      if (frame.cursor > state.cursor) this.#apply(state, frame);
    }
    if (state.waiting.size === 0) return;
    if (state.stalls >= PATIENCE) this.#reload();
    else this.#heal(audience, state);
  }

  /**
   * @param {State} state
   * @param {Frame} frame
   */
  #apply(state, frame) {
    state.cursor = frame.cursor;
    this.effects.apply(frame);
  }

  #reload() {
    this.stop();
    this.effects.reload();
  }

  /** @param {Refusal} refusal */
  #refuse(refusal) {
    this.stop();
    this.effects.refused(refusal);
  }
}
