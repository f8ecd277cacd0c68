// SPDX-License-Identifier: AGPL-3.0-or-later
// Cards are the same bytes for everybody. What is mine stands in the page's own block (data-viewer) and is marked here.

/**
 * @param {string | undefined} text ids between blanks
 * @returns {Set<string>}
 */
export function parseList(text) {
  return new Set((text ?? '').split(/\s+/).filter(Boolean));
}

/**
 * @param {string | undefined} text « id:value » between blanks
 * @returns {Map<string, string>}
 */
export function parseReactions(text) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const pair of parseList(text)) {
    const [id, value] = pair.split(':');
    if (id && value) found.set(id, value);
  }
  return found;
}

/** What its author may still do with a contribution, as the block and the classes of the cards name it. */
export const ACTS = ['correct', 'withdraw'];

/**
 * @param {string | undefined} text « id:act » between blanks, one for each act
 * @returns {Map<string, Set<string>>} contribution → acts
 */
export function parseActs(text) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const pair of parseList(text)) {
    const [id = '', act = ''] = pair.split(':');
    if (ACTS.includes(act)) found.set(id, (found.get(id) ?? new Set()).add(act));
  }
  return found;
}

/** @returns {HTMLElement | null} */
export function viewerBlock() {
  return document.querySelector('[data-viewer]');
}

/**
 * @param {Element} card
 * @param {string | undefined} mine my reaction to it
 */
export function markReaction(card, mine) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll(':scope > .contribution__body a[data-react]'))) {
    if (link.dataset['react'] === mine) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

/**
 * Remember what I just did, so that the card is marked again when the server sends it anew.
 * @param {string} id
 * @param {string} value
 */
export function rememberReaction(id, value) {
  const block = viewerBlock();
  if (block === null) return;
  const all = parseReactions(block.dataset['reactions']).set(id, value);
  block.dataset['reactions'] = [...all].map((pair) => pair.join(':')).join(' ');
}

/**
 * Mark my cards and my reactions.
 * @param {ParentNode} [root]
 */
export function markMine(root = document) {
  const block = viewerBlock();
  if (block === null) return;
  const mine = parseList(block.dataset['mine']);
  const acts = parseActs(block.dataset['acts']);
  const reactions = parseReactions(block.dataset['reactions']);
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-contribution]'))) {
    const id = card.dataset['contribution'] ?? '';
    card.classList.toggle('contribution--mine', mine.has(id));
    for (const act of ACTS) card.classList.toggle(`can-${act}`, mine.has(id) && acts.get(id)?.has(act) === true);
    markReaction(card, reactions.get(id));
  }
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (block.querySelectorAll('[data-own] [data-act]'))) {
    const id = /** @type {HTMLElement} */ (link.closest('[data-own]')).dataset['own'] ?? '';
    link.hidden = acts.get(id)?.has(link.dataset['act'] ?? '') !== true;
  }
}

/** Cards put in the page later are told by a `portal:cards` event on the document. */
export function startMine() {
  markMine();
  document.addEventListener('portal:cards', () => markMine());
}
