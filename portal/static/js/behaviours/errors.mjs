// SPDX-License-Identifier: AGPL-3.0-or-later

/** A page that comes back with errors opens on their summary. */
export function focusErrors() {
  const summary = /** @type {HTMLElement | null} */ (document.querySelector('[data-error-summary]'));
  if (summary === null) return;
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = /** @type {Element} */ (event.target).closest('a[href^="#"]');
    const field = link === null ? null : document.getElementById((link.getAttribute('href') ?? '').slice(1));
    if (field === null) return;
    event.preventDefault();
    field.focus();
    (field.closest('.field') ?? field).scrollIntoView({ block: 'start' });
  });
}
