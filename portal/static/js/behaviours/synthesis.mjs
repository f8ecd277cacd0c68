// SPDX-License-Identifier: AGPL-3.0-or-later
// The page where a synthesis is written: « Citer » puts the mark of a contribution where one was typing.
import { say } from './announce.mjs';
import { word } from '../words.mjs';

/**
 * @param {string} text
 * @param {number} at where the mark goes
 * @param {string} mark
 * @returns {[string, number]} the text with the mark, apart from the words around it, and where one types next
 */
export function cited(text, at, mark) {
  const before = text.slice(0, at);
  const after = text.slice(at);
  const lead = before === '' || /\s$/.test(before) ? '' : ' ';
  const tail = after === '' || /^[\s.,;:!?)]/.test(after) ? '' : ' ';
  return [before + lead + mark + tail + after, (before + lead + mark).length];
}

export function startSynthesis() {
  const form = document.querySelector('form[data-synthesis]');
  if (form === null) return;
  const fields = /** @type {NodeListOf<HTMLTextAreaElement>} */ (form.querySelectorAll('textarea[id$="-source"]'));
  let current = fields[0];
  for (const field of fields) field.addEventListener('focus', () => (current = field));
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-cite-row]'))) row.hidden = false;
  for (const plain of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-cite-plain]'))) plain.hidden = true;
  form.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('button[data-cite]');
    if (!(button instanceof HTMLButtonElement) || current === undefined) return;
    const [text, next] = cited(current.value, current.selectionEnd, button.dataset['cite'] ?? '');
    current.value = text;
    current.setSelectionRange(next, next);
    current.dispatchEvent(new Event('input', { bubbles: true }));
    say(word('cited'));
  });
}
