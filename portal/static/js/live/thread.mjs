// SPDX-License-Identifier: AGPL-3.0-or-later
// What the frames of a space change on its page.
import { say } from '../behaviours/announce.mjs';
import { unfold } from '../behaviours/folds.mjs';
import { Bar } from './bar.mjs';
import { cardOf, insertCards, keepReading, replaceCard, showFigures } from './cards.mjs';
import { applyViewer, fetchViewer, rememberMine } from './viewer.mjs';

/**
 * @typedef {import('./channel.mjs').Frame} Frame
 * @typedef {{ id: string, item: string, root: string | null, html: string, fresh: boolean }} Card
 */

const STATES = {
  live: 'En direct',
  waiting: 'Reconnexion…',
  offline: 'Hors ligne\u00a0: votre texte est gardé.',
};

/** Before asking again what I may do with my words, in milliseconds. */
const ASK_AFTER = 400;

export class Thread {
  /** @param {HTMLElement} section the one with `data-live-space` */
  constructor(section) {
    this.section = section;
    this.item = section.dataset['liveItem'] ?? null;
    this.crowd = section.dataset['audience'] ?? 'readers';
    this.list = section.querySelector('[data-thread-list]');
    this.state = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-state]'));
    this.bar = new Bar(document.querySelector('[data-live-bar]'), () => this.open());
    /** Cards that came and wait for the reader to ask. @type {Map<string, Card>} */
    this.held = new Map();
    /** Cards whose author I am: my own version is the one to show. @type {Set<string>} */
    this.own = new Set();
    this.notice = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.asking = undefined;
  }

  /** @param {Frame} frame */
  apply(frame) {
    const shape = /** @type {Record<string, (frame: any) => void>} */ ({
      card: (one) => this.#card(one),
      reactions: (one) => showFigures(one.id, one.figures),
      space: (one) => this.#space(one.sentence),
      item: (one) => this.#text(one.item, one.sentence),
      lost: () => this.bar.propose('Il y a du nouveau'),
    })[frame.shape];
    try {
      shape?.(frame);
    } catch (error) {
      // One frame that cannot be shown must not stop the others.
      console.error(error);
      this.bar.propose('Il y a du nouveau');
    }
  }

  /** @param {Frame & Card & { total?: number }} frame */
  #card(frame) {
    if (frame.total !== undefined) this.#count(frame.item, frame.total);
    if (frame.audience === 'author') {
      rememberMine(frame.id);
      this.#askSoon();
      // Whoever moderates reads the version of the moderation, of their own words too.
      if (this.crowd !== 'readers') return;
      this.own.add(frame.id);
    } else if (this.own.has(frame.id)) {
      return;
    }
    if (this.section.dataset['liveQueue'] !== undefined) {
      // What waits changed: the order of the queue is the server's.
      if (frame.audience !== 'author') this.bar.propose('Il y a du nouveau');
      return;
    }
    const shown = cardOf(frame.id);
    if (shown !== null) replaceCard(shown, frame.html);
    else if (this.held.has(frame.id) || this.#belongs(frame)) this.#hold(frame);
  }

  /** @param {Card} card */
  #belongs(card) {
    if (!card.fresh || (this.item !== null && card.item !== this.item)) return false;
    return this.item === null || card.root === null || cardOf(card.root) !== null || this.held.has(card.root);
  }

  /** @param {Card} card */
  #hold(card) {
    const before = this.held.size;
    this.held.set(card.id, card);
    if (this.held.size !== before) this.bar.show(this.held.size);
  }

  /** Show what waited, because the reader asked. */
  open() {
    const cards = [...this.held.values()];
    const root = cards.find((one) => one.root === null);
    if (this.item === null || this.list === null || cards.length === 0) {
      globalThis.location.reload();
    } else if (root !== undefined && this.section.querySelector('a[rel="next"]') !== null) {
      // The thread goes on over other pages: the server knows on which one these words stand.
      globalThis.location.assign(`/contributions/${root.id}`);
    } else {
      this.held.clear();
      this.bar.show(0);
      const placed = insertCards(this.list, [...cards.filter((one) => one.root === null), ...cards.filter((one) => one.root !== null)]);
      unfold(placed[0] ?? null);
      placed[0]?.focus();
      document.querySelector('[data-live-empty]')?.remove();
    }
  }

  /**
   * @param {string} item
   * @param {number} total
   */
  #count(item, total) {
    for (const place of document.querySelectorAll(`[data-item-count="${CSS.escape(item)}"]`)) place.textContent = String(total);
  }

  /** @param {string} sentence */
  #space(sentence) {
    this.notice = sentence;
    this.showState('live');
    say(sentence);
    void this.refresh();
  }

  /**
   * @param {string} item
   * @param {string} sentence
   */
  #text(item, sentence) {
    if (this.item !== null && item !== this.item) return;
    this.notice = sentence;
    this.showState('live');
    say(sentence);
  }

  /** What may still be done with my own words changes with them: asked once for all that came together. */
  #askSoon() {
    globalThis.clearTimeout(this.asking);
    this.asking = globalThis.setTimeout(() => void this.refresh(), ASK_AFTER);
  }

  /** Ask again what I may do here. */
  async refresh() {
    const url = this.section.dataset['viewerUrl'];
    if (!url) return;
    const viewer = await fetchViewer(url).catch(() => null);
    if (viewer === null) return;
    // A page without a form cannot be given one: it is proposed to open it again.
    const closed = document.querySelector('[data-viewer-kinds][data-closed]');
    if (closed !== null && viewer.kinds_html?.trim()) {
      this.bar.propose('Vous pouvez maintenant participer');
      delete viewer.kinds_html;
    }
    applyViewer(this.section, viewer);
  }

  /** @param {keyof typeof STATES} name */
  showState(name) {
    this.#write(name, name === 'live' && this.notice !== '' ? `${STATES.live}. ${this.notice}` : STATES[name]);
  }

  /**
   * @param {string} name
   * @param {string} words
   */
  #write(name, words) {
    const { state } = this;
    this.section.dataset['liveNow'] = name;
    if (state === null) return;
    keepReading(() => {
      state.hidden = false;
      state.dataset['state'] = name;
      state.textContent = words;
    });
  }

  /** @param {string} sentence why nothing more will come */
  end(sentence) {
    this.#write('stopped', sentence);
    say(sentence);
  }
}
