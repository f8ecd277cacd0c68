// SPDX-License-Identifier: AGPL-3.0-or-later
// « Affichage »: the example follows the choices at once. Nothing is kept before the person says so.

export function startComfort() {
  const form = document.querySelector('form[data-comfort]');
  const preview = /** @type {HTMLElement | null} */ (document.querySelector('[data-comfort-preview]'));
  if (form === null || preview === null) return;
  form.addEventListener('change', (event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    if (name in preview.dataset) preview.dataset[name] = value;
  });
}
