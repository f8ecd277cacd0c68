// SPDX-License-Identifier: AGPL-3.0-or-later
// What the address points to is shown, even inside something folded. Most browsers do it; the others are helped.

/**
 * Unfold all that stands around an element.
 * @param {Element | null} element
 */
export function unfold(element) {
  for (let fold = element?.parentElement?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
}

function unfoldTarget() {
  const target = document.getElementById(globalThis.location.hash.slice(1));
  if (target === null || target.closest('details:not([open])') === null) return;
  unfold(target);
  target.scrollIntoView({ block: 'start' });
}

export function startFolds() {
  unfoldTarget();
  globalThis.addEventListener('hashchange', unfoldTarget);
}
