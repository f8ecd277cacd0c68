// SPDX-License-Identifier: AGPL-3.0-or-later
// A reaction is a link to a small page with a form. With scripts, one press is enough; whenever the server does not plainly
// say yes, the page of the link opens and explains.
import { say } from './announce.mjs';
import { markReaction, rememberReaction, viewerBlock } from './mine.mjs';
import { word } from '../words.mjs';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 26;

/** @returns {string} a fresh op id, of the shape of the public ids */
export function newOpId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(ID_LENGTH)), (byte) => ALPHABET[byte & 31]).join('');
}

/**
 * @param {string} value
 * @param {string} csrf
 * @param {string} op
 */
export function bodyOf(value, csrf, op) {
  return new URLSearchParams({ csrf_token: csrf, op_id: op, valeur: value });
}

/**
 * @param {Pick<Response, 'status' | 'ok' | 'redirected' | 'url'>} answer
 * @param {string} signIn path of the sign-in page: being sent there is not a yes
 */
export function accepted(answer, signIn) {
  if (answer.status === 204) return true;
  return answer.ok && answer.redirected && new URL(answer.url).pathname !== signIn;
}

/** @returns {string} the op id the page was given, once; then fresh ones */
function takeOp() {
  const block = viewerBlock();
  const given = block?.dataset['op'];
  delete block?.dataset['op'];
  return given ?? newOpId();
}

/**
 * @param {HTMLAnchorElement} link
 * @returns {Promise<boolean>}
 */
async function send(link) {
  const { csrf = '', signIn = '' } = document.body.dataset;
  const answer = await fetch(link.href, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    credentials: 'same-origin',
    body: bodyOf(link.dataset['react'] ?? '', csrf, takeOp()),
  });
  return accepted(answer, signIn);
}

/** @param {HTMLAnchorElement} link */
async function react(link) {
  const card = /** @type {HTMLElement | null} */ (link.closest('[data-contribution]'));
  const value = link.dataset['react'] ?? '';
  if (card === null || link.getAttribute('aria-busy') === 'true') return;
  if (!navigator.onLine) {
    say(word('offlineReaction'));
    return;
  }
  link.setAttribute('aria-busy', 'true');
  const done = await send(link).catch(() => false);
  link.removeAttribute('aria-busy');
  if (!done) {
    globalThis.location.assign(link.href);
    return;
  }
  rememberReaction(card.dataset['contribution'] ?? '', value);
  markReaction(card, value);
  say(word('reaction', (link.dataset['name'] ?? link.textContent ?? '').trim()));
}

export function startReactions() {
  if (document.body.dataset['csrf'] === undefined) return;
  document.addEventListener('click', (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest('a[data-react]'));
    if (link === null || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Pressing my own reaction again opens its page, where I can take it back.
    if (link.getAttribute('aria-current') === 'true') return;
    event.preventDefault();
    void react(link);
  });
}
