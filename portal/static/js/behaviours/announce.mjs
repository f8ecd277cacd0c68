// SPDX-License-Identifier: AGPL-3.0-or-later
// Something said politely to a screen reader, through the one live region of the page.

/** How long words stay before the next ones: long enough for a reader to take them. */
export const HOLD = 1500;
/** The same words said twice are heard twice only if the region was empty in between. */
const BLANK = 60;

/** Says everything, one thing after the other. */
export class Voice {
  /** @param {(words: string) => void} write puts words in the region; nothing empties it */
  constructor(write) {
    this.write = write;
    /** @type {string[]} */
    this.waiting = [];
    this.busy = false;
  }

  /** @param {string} words */
  say(words) {
    // Waiting twice, the same words would be heard twice for one thing.
    if (words === '' || this.waiting.includes(words)) return;
    this.waiting.push(words);
    if (!this.busy) this.#next();
  }

  #next() {
    const words = this.waiting.shift();
    this.busy = words !== undefined;
    if (words === undefined) return;
    this.write('');
    globalThis.setTimeout(() => this.write(words), BLANK);
    globalThis.setTimeout(() => this.#next(), BLANK + HOLD);
  }
}

const voice = new Voice((words) => {
  const region = document.getElementById('annonces');
  if (region !== null) region.textContent = words;
});

/**
 * Say something politely to a screen reader. Nothing said before is lost.
 * @param {string} words
 */
export function say(words) {
  voice.say(words);
}
