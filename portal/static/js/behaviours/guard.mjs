// SPDX-License-Identifier: AGPL-3.0-or-later
// One press is one sending, even with a trembling hand. The server also knows by the op id; this spares the second page.
import { say } from './announce.mjs';
import { word } from '../words.mjs';

export const PAUSE = 8000;

/**
 * @param {number | undefined} last when this form was last sent
 * @param {number} now
 */
export function mayPass(last, now) {
  return last === undefined || now - last >= PAUSE;
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} busy
 */
function show(form, busy) {
  for (const button of form.querySelectorAll('button[type="submit"], button:not([type])')) {
    if (busy) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }
}

export function startGuard() {
  /** @type {Map<HTMLFormElement, number>} */
  const sent = new Map();
  document.addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented || form.method !== 'post') return;
    const now = Date.now();
    if (!mayPass(sent.get(form), now)) {
      event.preventDefault();
      return;
    }
    sent.set(form, now);
    show(form, true);
    say(word('sending'));
    globalThis.setTimeout(() => show(form, false), PAUSE);
  });
  // Back to this page from the next one: it is alive again as it was left.
  globalThis.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of sent.keys()) show(form, false);
    sent.clear();
  });
}
