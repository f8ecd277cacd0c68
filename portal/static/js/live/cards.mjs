// SPDX-License-Identifier: AGPL-3.0-or-later
// Cards on the page: put in, replaced, counted. Nothing moves the reader; what is being typed is never touched.
import { fragment } from '../trusted.mjs';
import { word } from '../words.mjs';

const CARD = '[data-contribution]';
const FIELD = 'input, textarea, select, [contenteditable]';

/**
 * @param {string} id
 * @returns {HTMLElement | null}
 */
export function cardOf(id) {
  return document.getElementById(`c-${id}`);
}

/**
 * @param {string} html one card
 * @returns {HTMLElement}
 */
function parse(html) {
  const card = /** @type {HTMLElement | null} */ (fragment(html).querySelector(CARD));
  if (card === null) throw new TypeError('no card in the fragment');
  return card;
}

/** @param {Element} card */
function bodyOf(card) {
  return card.querySelector(':scope > .contribution__body');
}

/** Tell the page's other scripts that cards came, so that mine are marked again. */
function told() {
  document.dispatchEvent(new CustomEvent('portal:cards'));
}

/**
 * @param {Element} element
 * @returns {boolean} whether a part of it stands in the window, and is not folded away
 */
function inSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < globalThis.innerHeight && element.checkVisibility?.() !== false;
}

/** @returns {Element | undefined} where the eyes are: the field being filled, else what has the focus, else the first card in sight */
function beingRead() {
  const active = document.activeElement;
  const focused = active !== null && active !== document.body && inSight(active) ? active : undefined;
  if (focused?.matches(FIELD)) return focused;
  // At the very top nothing was begun: the page stands as it opened.
  if (globalThis.scrollY === 0) return undefined;
  // Within a card, the card: the focused element itself may be about to be replaced.
  return focused === undefined ? [...document.querySelectorAll(CARD)].find(inSight) : (focused.closest(CARD) ?? focused);
}

/**
 * Do something to the page while the line being read or written stays where it is, as far as the page can scroll.
 * @param {() => void} change
 */
export function keepReading(change) {
  const anchor = beingRead();
  const before = anchor?.getBoundingClientRect();
  change();
  // What was taken away or folded stands nowhere.
  if (anchor === undefined || before === undefined || anchor.getClientRects().length === 0) return;
  const after = anchor.getBoundingClientRect();
  // A card begun above the top of the window is read from its end.
  const moved = before.top < 0 ? after.bottom - before.bottom : after.top - before.top;
  if (moved !== 0) globalThis.scrollBy({ top: moved, behavior: 'instant' });
}

/**
 * What tells an element again in the new version of its card.
 * @param {Element} element
 */
function keyOf(element) {
  return ['data-key', 'data-react', 'href', 'id'].map((name) => element.getAttribute(name) ?? '').join(' ');
}

/**
 * Show another version of a card in place; its replies stay.
 * @param {HTMLElement} old
 * @param {string} html
 */
export function replaceCard(old, html) {
  const body = bodyOf(old);
  const active = document.activeElement;
  if (body?.contains(active) && active?.matches(FIELD)) {
    active.addEventListener('blur', () => replaceCard(old, html), { once: true });
    return;
  }
  const fresh = parse(html);
  const newBody = bodyOf(fresh);
  if (body === null || newBody === null) return;
  const focused = active !== null && body.contains(active) ? keyOf(active) : null;
  keepReading(() => {
    const mine = old.classList.contains('contribution--mine');
    old.className = fresh.className;
    old.classList.toggle('contribution--mine', mine);
    body.replaceWith(newBody);
  });
  if (focused !== null) refocus(old, newBody, focused);
  told();
}

/**
 * @param {HTMLElement} card
 * @param {Element} body
 * @param {string} key
 */
function refocus(card, body, key) {
  const same = /** @type {HTMLElement | undefined} */ ([...body.querySelectorAll('a, button, summary, [tabindex]')].find((one) => keyOf(one) === key));
  (same ?? card).focus({ preventScroll: true });
}

/**
 * Put new cards where a page opened now has them: each after the one it follows, in the thread or among the replies.
 * @param {Element} list
 * @param {{ id: string, root: string | null, after?: string | null, html: string }[]} cards
 * @returns {HTMLElement[]} those that found their place
 */
export function insertCards(list, cards) {
  const waiting = new Map(cards.map((card) => [card.id, card]));
  const placed = /** @type {HTMLElement[]} */ ([]);
  /** @param {string | null | undefined} id what others stand under or follow goes first */
  const put = (id) => {
    const card = waiting.get(id ?? '');
    if (card === undefined) return;
    waiting.delete(card.id);
    put(card.root);
    put(card.after);
    const place = card.root === null ? list : repliesOf(card.root);
    if (place === null || cardOf(card.id) !== null) return;
    const made = parse(card.html);
    insertAfter(place, card.after, made);
    joinThose(made, card.id);
    placed.push(made);
  };
  keepReading(() => {
    for (const { id } of cards) put(id);
  });
  told();
  return placed;
}

/** @type {Map<string, string>} cards that came since the page opened, by id, and the one each follows */
const following = new Map();

/** @type {Map<string, string[]>} cards put at the end because the one they follow is not here yet, by the id of that one */
const waitedFor = new Map();

/**
 * A place may be told before the card it follows: words read late stand before words read early. Those that follow
 * this card were put at the end; they join it, and what follows them comes along.
 * @param {HTMLElement} card
 * @param {string} id
 */
function joinThose(card, id) {
  for (const other of waitedFor.get(id) ?? []) {
    const early = cardOf(other);
    if (early !== null && early.parentElement === card.parentElement) moveBehind(card, early);
  }
  waitedFor.delete(id);
}

/**
 * @param {HTMLElement} card
 * @param {HTMLElement} first
 */
function moveBehind(card, first) {
  const active = document.activeElement;
  const together = [first];
  for (let next = first.nextElementSibling; next instanceof HTMLElement; next = next.nextElementSibling) {
    if (cardOf(following.get(next.dataset['contribution'] ?? '') ?? '') !== together.at(-1)) break;
    together.push(next);
  }
  // What is being typed is never touched: the place is right when the page is opened again.
  if (active?.matches(FIELD) && together.some((one) => one.contains(active))) return;
  card.after(...together);
  // What is moved loses the focus.
  if (active instanceof HTMLElement && active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
}

/**
 * @param {Element} place
 * @param {string | null | undefined} after the card before it; null when it is the first of all; undefined when nobody knows
 * @param {HTMLElement} card
 */
function insertAfter(place, after, card) {
  const before = after ? cardOf(after) : null;
  if (after) {
    const id = card.dataset['contribution'] ?? '';
    following.set(id, after);
    if (before === null) waitedFor.set(after, [...(waitedFor.get(after) ?? []), id]);
  }
  if (before !== null && place.contains(before)) before.after(card);
  else if (after === null) place.prepend(card);
  else place.append(card);
}

/**
 * My words that waited aside are about to stand among those of all.
 * @param {string} id
 * @param {Element | null} list
 */
export function leaveAside(id, list) {
  const card = cardOf(id);
  if (card === null || list?.contains(card)) return;
  const aside = card.closest('[data-viewer-waiting]');
  card.remove();
  if (aside?.querySelector('.contribution, .waiting') === null) aside.remove();
}

/**
 * @param {string} root
 * @returns {Element | null} where the replies to a card stand
 */
function repliesOf(root) {
  const card = cardOf(root);
  if (card === null) return null;
  const known = card.querySelector(':scope > .contribution__replies');
  if (known !== null) return known;
  const made = document.createElement('div');
  made.className = 'contribution__replies';
  card.append(made);
  return made;
}

/**
 * Show other numbers of reactions on a card; nothing else of it changes.
 * @param {string} id
 * @param {[string, number | null][]} figures
 */
export function showFigures(id, figures) {
  const body = cardOf(id) && bodyOf(/** @type {HTMLElement} */ (cardOf(id)));
  if (!body) return;
  const words = [];
  for (const [value, count] of figures) {
    const pill = body.querySelector(`a[data-react="${CSS.escape(value)}"]`);
    if (pill === null) continue;
    const name = nameOf(pill);
    showCount(pill, count);
    if (count !== null) words.push(word('figure', name, count));
  }
  showLine(body, words.join(' · '));
}

/** @param {Element} pill */
function nameOf(pill) {
  const copy = /** @type {Element} */ (pill.cloneNode(true));
  copy.querySelector('[data-count]')?.remove();
  return (copy.textContent ?? '').replace(/[·\s]+$/u, '').trim();
}

/**
 * @param {Element} pill
 * @param {number | null} count
 */
function showCount(pill, count) {
  const shown = pill.querySelector('[data-count]');
  if (count === null) {
    if (shown?.previousSibling?.nodeType === Node.TEXT_NODE) {
      shown.previousSibling.textContent = (shown.previousSibling.textContent ?? '').replace(/\s*·\s*$/u, '');
    }
    shown?.remove();
  } else if (shown !== null) {
    shown.textContent = word('atLeast', count);
  } else {
    const made = document.createElement('span');
    made.dataset['count'] = '';
    made.textContent = word('atLeast', count);
    pill.append(word('beside'), made);
  }
}

/**
 * @param {Element} body
 * @param {string} words
 */
function showLine(body, words) {
  const line = body.querySelector('.reactions__counts');
  if (words === '') {
    line?.remove();
  } else if (line !== null) {
    line.textContent = words;
  } else {
    const made = document.createElement('p');
    made.className = 'reactions__counts';
    made.textContent = words;
    body.querySelector('.reactions')?.after(made);
  }
}
