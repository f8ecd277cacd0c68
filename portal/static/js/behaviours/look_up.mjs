// SPDX-License-Identifier: AGPL-3.0-or-later
// While one types, what is found stands below the field. Without scripts, the button of the form does the same.
import { fragment } from '../trusted.mjs';

export const PAUSE_MS = 250;
const SHORTEST = 2;

/**
 * @param {HTMLFormElement} form
 * @param {Element} place where what is found goes
 */
export function watch(form, place) {
  const field = /** @type {HTMLInputElement | null} */ (form.querySelector('input'));
  if (!field) return;
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  const ask = async () => {
    asking = new AbortController();
    const address = `${form.dataset['lookUp']}?${new URLSearchParams({ [field.name]: field.value })}`;
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: 'text/html' } });
      if (answer.ok) place.replaceChildren(fragment(await answer.text()));
    } catch {
      // Cut off, or typed on meanwhile: the button still asks for the whole page.
    }
  };
  field.addEventListener('input', () => {
    clearTimeout(pause);
    // What was asked for before the last letter is not wanted any more, even when nothing is asked now.
    asking?.abort();
    if (field.value.trim().length >= SHORTEST) pause = setTimeout(ask, PAUSE_MS);
    else place.replaceChildren();
  });
}

/** Start where a page has a form that looks something up. */
export function startLookUp() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-look-up]'));
  const place = document.querySelector('[data-found]');
  if (form && place) watch(form, place);
}
