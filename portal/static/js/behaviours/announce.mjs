// SPDX-License-Identifier: AGPL-3.0-or-later

/**
 * Say something politely to a screen reader. The same words said twice are heard twice.
 * @param {string} words
 */
export function say(words) {
  const region = document.getElementById('annonces');
  if (region === null) return;
  region.textContent = '';
  globalThis.setTimeout(() => {
    region.textContent = words;
  }, 60);
}
