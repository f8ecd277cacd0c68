// SPDX-License-Identifier: AGPL-3.0-or-later
// The number beside « Notifications », kept up to date without a sound and without a word: it waits to be looked at.
import { word } from '../words.mjs';

/** Between two looks, and after something happened on the page: the notice is written a moment later. */
export const LOOK_EVERY = 60_000;
export const LOOK_AFTER = 4_000;
/** Everybody hears the same at the same moment: they do not all ask at once. */
export const LOOK_SPREAD = 5_000;
/** What is heard soon after a look waits this long, however much comes. */
export const LOOK_REST = 15_000;
const PATIENCE = 20_000;
/** Where the tabs of one browser tell each other the number. */
const CHANNEL = 'polyphonie-notifications';
/** What pages that follow a space say of each thing they hear. */
export const HEARD = 'portal:heard';

export class Bell {
  /**
   * @param {{read: () => Promise<number | null>, show: (unread: number) => void, seen: () => boolean, chance: () => number, tell: (unread: number) => void}} effects
   *   `read` gives null when there is nothing more to ask: nobody is signed in; `tell` is for the other tabs
   */
  constructor(effects) {
    this.effects = effects;
    this.ended = false;
    /** @type {number | null} */
    this.unread = null;
    this.looking = false;
    /** Something was heard when no look was possible. */
    this.missed = false;
    this.last = -Infinity;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
  }

  /** Something happened: one look for all that comes together. */
  heard() {
    const rest = Math.max(LOOK_AFTER, this.last + LOOK_REST - Date.now());
    this.soon ??= globalThis.setTimeout(
      () => {
        this.soon = undefined;
        void this.look();
      },
      rest + this.effects.chance() * LOOK_SPREAD,
    );
  }

  /** @param {number} unread what the page was opened with: another tab may know less */
  starts(unread) {
    this.unread = unread;
    this.effects.tell(unread);
  }

  /** @param {number} unread what another tab shows */
  agrees(unread) {
    if (this.ended || unread === this.unread) return;
    this.unread = unread;
    this.effects.show(unread);
    // It may have been told late: the portal knows best.
    void this.look();
  }

  /** The page is looked at again. */
  back() {
    if (this.missed || Date.now() - this.last >= LOOK_EVERY) void this.look();
  }

  async look() {
    if (this.ended) return;
    this.missed = this.looking || !this.effects.seen();
    if (this.missed) return;
    this.looking = true;
    this.last = Date.now();
    try {
      const unread = await this.effects.read();
      if (unread === null) this.ended = true;
      else this.#found(unread);
    } catch {
      // The number of before stays; the next look may be luckier.
    } finally {
      this.looking = false;
      if (this.missed) this.heard();
    }
  }

  /** @param {number} unread */
  #found(unread) {
    this.unread = unread;
    this.effects.show(unread);
    this.effects.tell(unread);
  }
}

/** @returns {number} what the page was opened with */
function given() {
  return Number(document.querySelector('[data-bell]')?.textContent) || 0;
}

/**
 * The other tabs of this browser: whoever is signed in is the same in all.
 * @param {(unread: number) => void} hear
 * @returns {(unread: number) => void}
 */
function others(hear) {
  if (!('BroadcastChannel' in globalThis)) return () => {};
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }) => {
    if (Number.isInteger(data)) hear(data);
  });
  return (unread) => channel.postMessage(unread);
}

/** @returns {Promise<number | null>} */
async function read() {
  const answer = await fetch('/notifications/compte', { headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
  // Sent to the door: nobody is signed in any more.
  if (answer.type === 'opaqueredirect') return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).unread;
}

/** @param {number} unread */
function show(unread) {
  for (const count of document.querySelectorAll('[data-bell]')) {
    count.textContent = String(unread);
    count.toggleAttribute('hidden', unread === 0);
  }
  for (const words of document.querySelectorAll('[data-bell-words]')) {
    const menu = /** @type {HTMLElement} */ (words).dataset['bellWords'] === 'menu';
    const told = menu ? word('bellMenu', unread) : word('bellLink', unread);
    words.textContent = unread === 0 ? '' : told;
  }
}

export function startBell() {
  if (document.querySelector('[data-bell]') === null) return;
  const tell = others((unread) => bell.agrees(unread));
  const bell = new Bell({ read, show, seen: () => document.visibilityState === 'visible', chance: Math.random, tell });
  bell.starts(given());
  globalThis.setInterval(() => void bell.look(), LOOK_EVERY);
  document.addEventListener(HEARD, () => bell.heard());
  document.addEventListener('visibilitychange', () => bell.back());
  // A page that the browser kept shows the number of when it was left.
  globalThis.addEventListener('pageshow', (event) => {
    if (event.persisted) void bell.look();
  });
}
