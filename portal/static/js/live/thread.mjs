// SPDX-License-Identifier: AGPL-3.0-or-later
// What the frames of a space change on its page.
import { say } from '../behaviours/announce.mjs';
import { unfold } from '../behaviours/folds.mjs';
import { parseList, viewerBlock } from '../behaviours/mine.mjs';
import { Bar } from './bar.mjs';
import { cardOf, insertCards, keepReading, leaveAside, replaceCard, showFigures } from './cards.mjs';
import { applyViewer, fetchViewer, rememberMine } from './viewer.mjs';
import { word } from '../words.mjs';

/**
 * @typedef {import('./channel.mjs').Frame} Frame
 * @typedef {{ id: string, item: string, root: string | null, after?: string | null, html: string, fresh: boolean, quiet?: boolean }} Card
 */

/** @typedef {'live' | 'waiting' | 'offline' | 'alone'} State */

/** Before asking again what I may do with my words, in milliseconds. */
const ASK_AFTER = 400;
/** The same when nobody answered. */
const ASK_AGAIN = 5000;

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
    this.notice = '';
    this.isAlone = false;
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
      lost: () => this.bar.propose(word('news')),
    })[frame.shape];
    try {
      shape?.(frame);
    } catch (error) {
      // One frame that cannot be shown must not stop the others.
      console.error(error);
      this.bar.propose(word('news'));
    }
  }

  /** @param {Frame & Card & { total?: number }} frame */
  #card(frame) {
    if (frame.total !== undefined) this.#count(frame.item, frame.total);
    if (frame.audience === 'author') {
      rememberMine(frame.id);
      this.#askSoon();
      // Answered, refused, hidden: nobody is told where my words stand on the page but by this.
      if (!frame.fresh && !frame.quiet) say(word('mineNews'));
      // Whoever moderates reads the version of the moderation, of their own words too.
      if (this.crowd !== 'readers') return;
    }
    if (this.section.dataset['liveQueue'] !== undefined) {
      // What waits changed: the order of the queue is the server's.
      if (frame.audience !== 'author') this.bar.propose(word('news'));
      return;
    }
    const shown = cardOf(frame.id);
    const among = shown !== null && this.list?.contains(shown) === true;
    // Among the words of all, mine are shown as all read them; aside, as only I do: so does a page opened now.
    if (shown !== null && among === (frame.audience !== 'author')) replaceCard(shown, frame.html);
    else if (frame.audience !== 'author' && !among && (this.held.has(frame.id) || this.#belongs(frame))) this.#hold(frame);
  }

  /** @param {Card} card */
  #belongs(card) {
    if (!card.fresh || (this.item !== null && card.item !== this.item)) return false;
    return this.item === null || card.root === null || cardOf(card.root) !== null || this.held.has(card.root);
  }

  /** @param {Card} card */
  #hold(card) {
    // The place of words that nobody read is no news: it is kept where the page ends here, and never announced.
    if (card.quiet && !this.held.has(card.id) && (this.item === null || this.#goesOn() || cardOf(card.id) !== null)) return;
    const before = this.waiting;
    // What is told later of words that wait says nothing of their place: it was told with the first.
    const known = this.held.get(card.id);
    // Words that were taken back are no news, whatever is told of them later; only what is new again is.
    const quiet = card.quiet ?? (card.fresh ? false : (known?.quiet ?? false));
    this.held.set(card.id, { after: known?.after, ...card, quiet });
    if (this.waiting !== before) this.bar.show(this.waiting);
    if (this.waiting === 0 && !this.#goesOn()) this.#place();
  }

  /** How many cards wait that are news: my own words are none to me. */
  get waiting() {
    const mine = parseList(viewerBlock()?.dataset['mine']);
    return [...this.held.values()].filter((one) => !one.quiet && !mine.has(one.id)).length;
  }

  /** Whether the thread has a next page. */
  #goesOn() {
    return this.section.querySelector('a[rel="next"]') !== null;
  }

  /** Put what waited into the thread. @returns {HTMLElement[]} */
  #place() {
    const cards = [...this.held.values()];
    this.held.clear();
    for (const { id } of cards) leaveAside(id, this.list);
    const placed = this.list === null ? [] : insertCards(this.list, cards);
    if (placed.length > 0) document.querySelector('[data-live-empty]')?.remove();
    return placed;
  }

  /** Show what waited, because the reader asked. */
  open() {
    const cards = [...this.held.values()];
    const root = cards.find((one) => one.root === null);
    if (this.item === null || this.list === null || cards.length === 0) {
      globalThis.location.reload();
    } else if (root !== undefined && this.#goesOn()) {
      // The thread goes on over other pages: the server knows on which one these words stand.
      globalThis.location.assign(`/contributions/${root.id}`);
    } else {
      this.bar.show(0);
      const placed = this.#place();
      unfold(placed[0] ?? null);
      placed[0]?.focus();
    }
  }

  /**
   * @param {string} item
   * @param {number} total
   */
  #count(item, total) {
    for (const place of document.querySelectorAll(`[data-item-count="${CSS.escape(item)}"]`)) place.textContent = String(total);
    const heading = document.querySelector(`[data-item-total="${CSS.escape(item)}"]`);
    if (heading !== null) heading.textContent = word('contributions', total);
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
  #askSoon(after = ASK_AFTER) {
    globalThis.clearTimeout(this.asking);
    this.asking = globalThis.setTimeout(() => void this.refresh(), after);
  }

  /** Ask again what I may do here. */
  async refresh() {
    const url = this.section.dataset['viewerUrl'];
    if (!url) return;
    const viewer = await fetchViewer(url).catch(() => undefined);
    // Nobody answered: what this page offers would stay wrong.
    if (viewer === undefined) this.#askSoon(ASK_AGAIN);
    if (!viewer) return;
    // A page without a form cannot be given one: it is proposed to open it again.
    const closed = document.querySelector('[data-viewer-kinds][data-closed]');
    if (closed !== null && viewer.kinds_html?.includes('name="kind"')) {
      this.bar.propose(word('mayTakePart'));
      delete viewer.kinds_html;
    }
    keepReading(() => applyViewer(this.section, viewer));
  }

  /** The space is followed again, or at last. */
  together() {
    this.isAlone = false;
    this.bar.show(this.waiting);
    this.showState('live');
  }

  /** The connection is gone and comes back by itself. */
  wait() {
    const here = this.isAlone ? 'alone' : 'waiting';
    this.showState(navigator.onLine ? here : 'offline');
  }

  /** Nothing comes by itself on this network: the reader decides when to look. */
  alone() {
    this.isAlone = true;
    this.showState('alone');
    this.bar.offer();
    say(word('alone'));
  }

  /** @param {State} name */
  showState(name) {
    this.#write(name, name === 'live' && this.notice !== '' ? `${word('live')}. ${this.notice}` : word(name));
  }

  /**
   * @param {string} name
   * @param {string} words
   */
  #write(name, words) {
    const { state } = this;
    this.section.dataset['liveNow'] = name;
    // The same words written again would be read out again.
    if (state === null || (!state.hidden && state.textContent === words)) return;
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
