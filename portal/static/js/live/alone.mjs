// SPDX-License-Identifier: AGPL-3.0-or-later
// Where no socket passes: the page says so once, and asks now and then, as any reader would, whether there is something new.

/** How many attempts in vain before looking closer, and how long between two looks. */
export const IN_VAIN = 3;
export const LOOK_EVERY = 60_000;

/**
 * @typedef {Record<string, number>} Cursors
 * @typedef {object} Effects
 * @property {() => Promise<Cursors | null>} read the counters of the page as it would be opened now; null when it is no longer this page;
 *   rejects when the portal does not answer
 * @property {() => Cursors} had what the open page has had
 * @property {() => void} alone pages pass here, sockets do not
 * @property {() => void} news a new page would show more
 * @property {() => boolean} seen whether somebody looks at the page
 */

export class Alone {
  /**
   * @param {Effects} effects
   * @param {number} [every]
   */
  constructor(effects, every = LOOK_EVERY) {
    this.effects = effects;
    this.every = every;
    /** The portal answered while sockets failed: one more failure is no accident. */
    this.answered = false;
    this.looking = false;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  /** @param {number} failures attempts in vain, in a row */
  async failing(failures) {
    if (this.timer !== undefined || failures < IN_VAIN) return;
    if (this.answered) this.#begin();
    else this.answered = await this.#look();
  }

  /** The socket passed, or nothing more will come. */
  stop() {
    this.answered = false;
    globalThis.clearInterval(this.timer);
    this.timer = undefined;
  }

  #begin() {
    this.timer = globalThis.setInterval(() => {
      if (this.effects.seen()) void this.#look();
    }, this.every);
    this.effects.alone();
  }

  /** @returns {Promise<boolean>} whether the portal answered */
  async #look() {
    if (this.looking) return false;
    this.looking = true;
    try {
      const now = await this.effects.read();
      const had = this.effects.had();
      const more = now === null || Object.entries(now).some(([audience, cursor]) => cursor !== had[audience]);
      if (more && this.timer !== undefined) {
        this.stop();
        this.effects.news();
      }
      return true;
    } catch {
      return false;
    } finally {
      this.looking = false;
    }
  }
}
