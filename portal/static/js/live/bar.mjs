// SPDX-License-Identifier: AGPL-3.0-or-later
// « 3 nouvelles contributions – Afficher »: what came waits behind a button, and is told now and then.
import { say } from '../behaviours/announce.mjs';
import { keepReading } from './cards.mjs';
import { word } from '../words.mjs';

/** Between two announcements, so that a lively thread does not talk over the page. */
export const SAY_EVERY = 5000;
/** What comes together, as after a cut, is counted together. */
export const SETTLE = 400;

/** @param {number} count */
export function wordsFor(count) {
  return word('newContributions', count);
}

/** Says how many came, at most once per while; the last count wins, for it holds the others. */
export class Announcer {
  /**
   * @param {(words: string) => void} [speak]
   * @param {() => number} [now]
   */
  constructor(speak = say, now = Date.now) {
    this.speak = speak;
    this.now = now;
    this.last = -Infinity;
    /** @type {string | null} */
    this.next = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} words */
  say(words) {
    const wait = Math.max(SETTLE, this.last + SAY_EVERY - this.now());
    if (this.next === null) this.timer = globalThis.setTimeout(() => this.#speak(), wait);
    this.next = words;
  }

  /** What was not said yet is no longer true. */
  hush() {
    globalThis.clearTimeout(this.timer);
    this.next = null;
  }

  #speak() {
    const words = this.next ?? '';
    this.next = null;
    this.last = this.now();
    this.speak(words);
  }
}

export class Bar {
  /**
   * @param {HTMLElement | null} place
   * @param {() => void} open what the button does
   */
  constructor(place, open) {
    this.place = place;
    this.open = open;
    this.announcer = new Announcer();
    this.final = false;
    this.count = 0;
    /** The button loads the page again instead of showing what waits. */
    this.offered = false;
  }

  /** @param {number} count how many cards wait; 0 takes the bar away */
  show(count) {
    if (this.final) return;
    this.offered = false;
    const more = count > this.count;
    this.count = count;
    if (count === 0) {
      this.#clear();
      return;
    }
    const words = wordsFor(count);
    this.#button(word('showThem', words));
    // Fewer are no news; what was not said yet is said as it is now.
    if (more || this.announcer.next !== null) this.announcer.say(`${words}.`);
  }

  /** Leave it to the reader to load the page again. */
  offer() {
    if (this.final) return;
    this.announcer.hush();
    this.offered = true;
    this.count = 0;
    this.#button(word('reload'));
  }

  /** @param {string} sentence something that only a new page can show */
  propose(sentence) {
    this.final = true;
    this.open = () => globalThis.location.reload();
    this.announcer.hush();
    this.#button(word('reloadFor', sentence));
    say(`${sentence}.`);
  }

  /** @param {string} words */
  #button(words) {
    if (this.place === null) return;
    const known = this.place.querySelector('button');
    if (known !== null) {
      known.textContent = words;
      return;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button--quiet';
    button.textContent = words;
    button.addEventListener('click', () => (this.offered ? globalThis.location.reload() : this.open()));
    const { place } = this;
    keepReading(() => {
      place.append(button);
      place.hidden = false;
    });
  }

  #clear() {
    this.announcer.hush();
    this.place?.replaceChildren();
    if (this.place !== null) this.place.hidden = true;
  }
}
