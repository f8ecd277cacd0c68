// SPDX-License-Identifier: AGPL-3.0-or-later
// What only this viewer sees: what they may do, their level, what is theirs. Asked again when rights may have changed.
import { parseList, parseReactions, viewerBlock } from '../behaviours/mine.mjs';
import { fragment } from '../trusted.mjs';
import { keepReading } from './cards.mjs';

const ANSWER_WITHIN = 10_000;

/**
 * @typedef {object} Viewer
 * @property {string[]} can
 * @property {string} [ladder_html]
 * @property {string} [kinds_html]
 * @property {string[]} mine
 * @property {Record<string, string[]>} acts what I may still do with what is mine
 * @property {Record<string, string>} reactions
 */

/**
 * @param {string} url
 * @returns {Promise<Viewer | null>} null when the server does not answer as it should; rejects when nobody answers
 */
export async function fetchViewer(url) {
  // A connection that died in silence answers nothing, ever.
  const signal = AbortSignal.timeout?.(ANSWER_WITHIN);
  const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', ...(signal && { signal }) });
  const kind = answer.headers.get('content-type') ?? '';
  return answer.ok && kind.includes('application/json') ? /** @type {Promise<Viewer>} */ (answer.json()) : null;
}

/**
 * @param {Iterable<string>} classes present ones
 * @param {string[]} can rights held now
 * @returns {string[]} the classes to have
 */
export function classesFor(classes, can) {
  const rights = can.map((right) => (right.startsWith('can-') ? right : `can-${right}`));
  return [...[...classes].filter((name) => !name.startsWith('can-')), ...rights];
}

/**
 * @param {HTMLElement} thread
 * @param {Viewer} viewer
 */
export function applyViewer(thread, viewer) {
  thread.className = classesFor(thread.classList, viewer.can).join(' ');
  const block = viewerBlock();
  if (block !== null) {
    // The answer speaks of the cards of one page; those that came since are kept.
    block.dataset['mine'] = [...parseList(block.dataset['mine']), ...viewer.mine].join(' ');
    // A right is never kept from before: what the answer does not name is no longer offered.
    block.dataset['acts'] = Object.entries(viewer.acts).flatMap(([id, acts]) => acts.map((act) => `${id}:${act}`)).join(' ');
    const reactions = new Map([...parseReactions(block.dataset['reactions']), ...Object.entries(viewer.reactions)]);
    block.dataset['reactions'] = [...reactions].map((pair) => pair.join(':')).join(' ');
  }
  fill('[data-viewer-ladder]', viewer.ladder_html);
  fill('[data-viewer-kinds]', viewer.kinds_html);
  document.dispatchEvent(new CustomEvent('portal:cards'));
}

/**
 * Write a part of the page anew, unless the person is in it: then when they leave it.
 * @param {string} selector
 * @param {string | undefined} html
 */
function fill(selector, html) {
  const part = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (part === null || html === undefined) return;
  if (part.contains(document.activeElement)) {
    part.addEventListener('focusout', () => globalThis.setTimeout(() => keepReading(() => fill(selector, html))), { once: true });
    return;
  }
  const chosen = [...part.querySelectorAll('input:checked')].map((input) => /** @type {HTMLInputElement} */ (input).value);
  part.replaceChildren(fragment(html));
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (part.querySelectorAll('input[type="radio"], input[type="checkbox"]'))) {
    if (chosen.includes(input.value)) input.checked = true;
  }
}

/** @param {string} id a contribution that is mine */
export function rememberMine(id) {
  const block = viewerBlock();
  if (block === null) return;
  block.dataset['mine'] = [...parseList(block.dataset['mine']).add(id)].join(' ');
}
