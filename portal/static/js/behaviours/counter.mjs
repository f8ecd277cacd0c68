// SPDX-License-Identifier: AGPL-3.0-or-later
// <textarea data-limit="5000">: says how much room is left, near the end only. It never cuts what is typed or pasted.
import { say } from './announce.mjs';
import { word } from '../words.mjs';

const NEAR = 200;
const SPOKEN = [100, 50, 20, 0, -1];

/**
 * @param {string} text
 * @param {number} limit
 * @returns {number} signs left; below zero when there are too many
 */
export function left(text, limit) {
  return limit - [...text.replaceAll('\r\n', '\n')].length;
}

/**
 * @param {number} remaining
 * @returns {string} nothing while there is plenty of room
 */
export function words(remaining) {
  if (remaining > NEAR) return '';
  if (remaining > 0) return word('left', remaining);
  if (remaining === 0) return word('full');
  const over = -remaining;
  return word('over', over);
}

/**
 * @param {number} before
 * @param {number} now
 * @returns {boolean} whether a threshold worth saying aloud was just crossed
 */
export function aloud(before, now) {
  return SPOKEN.some((mark) => before > mark && now <= mark);
}

/** @param {HTMLTextAreaElement | HTMLInputElement} field */
function count(field) {
  const limit = Number(field.dataset['limit']);
  const line = document.createElement('p');
  line.className = 'field__count';
  line.id = `${field.id}-reste`;
  field.after(line);
  field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${line.id}`.trim());
  let before = left(field.value, limit);
  const show = () => {
    const now = left(field.value, limit);
    line.textContent = words(now);
    line.toggleAttribute('data-over', now < 0);
    if (aloud(before, now)) say(words(now));
    before = now;
  };
  field.addEventListener('input', show);
  show();
}

export function startCounters() {
  for (const field of /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll('[data-limit]'))) count(field);
}
