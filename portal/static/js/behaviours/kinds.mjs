// SPDX-License-Identifier: AGPL-3.0-or-later
// <button data-name-comment="Envoyer mon avis" data-name-question="Envoyer ma question">: says what it sends, as it was chosen.

/**
 * @param {Record<string, string | undefined>} names of a button
 * @param {string | undefined} kind that was chosen
 * @param {string} otherwise
 */
export function nameFor(names, kind, otherwise) {
  const key = kind ? `name${kind.charAt(0).toUpperCase()}${kind.slice(1)}` : '';
  return names[key] ?? otherwise;
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  return /** @type {HTMLInputElement | null} */ (form.querySelector('input[name="kind"]:checked, input[name="kind"][type="hidden"]'))?.value;
}

/** @type {WeakMap<HTMLElement, string>} what each button said before any script */
const neutral = new WeakMap();

function show() {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button[data-name-comment]'))) {
    if (button.form === null) continue;
    const before = neutral.get(button) ?? button.textContent ?? '';
    neutral.set(button, before);
    const name = nameFor(button.dataset, chosen(button.form), before);
    if (button.textContent !== name) button.textContent = name;
  }
}

export function startKinds() {
  show();
  document.addEventListener('change', show);
  // What my level opens may be written anew while the page is open.
  document.addEventListener('portal:cards', show);
  globalThis.addEventListener('pageshow', show);
}
