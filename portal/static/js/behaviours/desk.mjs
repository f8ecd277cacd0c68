// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of answers with the keyboard: <form data-desk> with <… data-desk-one> holding one check box and one card each.
//   j, k: next, previous · x: tick · r: write the answer · ?: help. Never while one types; can be switched off on this device.
import { say } from './announce.mjs';
import { word } from '../words.mjs';

const OFF = 'polyphonie:touches';

/**
 * @param {number} at the place that has the focus, -1 for none
 * @param {number} step
 * @param {number} count
 */
export function moved(at, step, count) {
  if (count === 0) return -1;
  if (at < 0) return step > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + step));
}

/**
 * Whether a key is one of ours: alone, and not typed into a field.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing?: boolean }} event
 * @param {string} tag of what has the focus
 * @param {string} type of it, when it is an input
 */
export function isOurs(event, tag, type) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (tag === 'TEXTAREA' || tag === 'SELECT') return false;
  if (tag === 'INPUT' && type !== 'checkbox' && type !== 'radio') return false;
  return ['j', 'k', 'x', 'r', '?'].includes(event.key);
}

function isOff() {
  try {
    return localStorage.getItem(OFF) === 'non';
  } catch {
    return false;
  }
}

/** @param {boolean} off */
function remember(off) {
  try {
    if (off) localStorage.setItem(OFF, 'non');
    else localStorage.removeItem(OFF);
  } catch {
    // The device keeps nothing: the choice holds for this page.
  }
}

/** @param {Element} one */
function box(one) {
  return /** @type {HTMLInputElement | null} */ (one.querySelector('input[name="choix"]'));
}

export function startDesk() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-desk]'));
  if (form === null) return;
  const all = [...form.querySelectorAll('[data-desk-one]')];
  const help = /** @type {HTMLDetailsElement | null} */ (form.querySelector('[data-desk-keys]'));
  const offBox = /** @type {HTMLInputElement | null} */ (form.querySelector('[data-desk-off]'));
  let off = isOff();
  if (help !== null) help.hidden = false;
  if (offBox !== null) {
    offBox.checked = off;
    offBox.addEventListener('change', () => {
      off = offBox.checked;
      remember(off);
    });
  }
  const everything = /** @type {HTMLButtonElement | null} */ (form.querySelector('[data-desk-all]'));
  if (everything !== null) {
    everything.hidden = false;
    everything.addEventListener('click', () => {
      for (const one of all) {
        const ticked = box(one);
        if (ticked !== null) ticked.checked = true;
      }
      tell(all);
    });
  }
  document.addEventListener('keydown', (event) => {
    const focused = document.activeElement;
    const type = focused instanceof HTMLInputElement ? focused.type : '';
    if (off || !isOurs(event, focused?.tagName ?? '', type)) return;
    event.preventDefault();
    act(event.key, form, all, help);
  });
}

/**
 * @param {string} key
 * @param {HTMLFormElement} form
 * @param {Element[]} all
 * @param {HTMLDetailsElement | null} help
 */
function act(key, form, all, help) {
  const at = all.findIndex((one) => one.contains(document.activeElement));
  if (key === 'j' || key === 'k') {
    const next = all[moved(at, key === 'j' ? 1 : -1, all.length)];
    if (next !== undefined) box(next)?.focus();
  } else if (key === 'x') {
    const here = all[at];
    const ticked = here === undefined ? null : box(here);
    if (ticked === null) return;
    ticked.checked = !ticked.checked;
    tell(all);
  } else if (key === 'r') {
    /** @type {HTMLElement | null} */ (form.querySelector('textarea[name="body"]'))?.focus();
  } else if (key === '?' && help !== null) {
    help.open = !help.open;
    if (help.open) /** @type {HTMLElement | null} */ (help.querySelector('summary'))?.focus();
  }
}

/** @param {Element[]} all */
function tell(all) {
  const number = all.filter((one) => box(one)?.checked).length;
  say(word('deskChosen', number));
}
