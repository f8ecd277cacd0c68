// SPDX-License-Identifier: AGPL-3.0-or-later
// Unsent words stay on the device: they survive a reload, a cut, a restart of the server, and an expired session.
//   <form data-draft="key">            keeps what is typed
//   <… data-draft-done="key">          on the confirmation page: it was sent, forget it (and data-draft-also="other key"); every message
//                                      of success has the attribute, without a key: what was just sent is forgotten
//   <body data-draft-owner="…">        whose words they are, so that the next person on a shared tablet does not see them
//   <form data-sign-out>               leaving clears everything
import { say } from './announce.mjs';
import { newOpId } from './reactions.mjs';
import { arrived, forget, left, lost, wasSent } from './sent.mjs';
import { word } from '../words.mjs';

export const LIFETIME = 7 * 24 * 3600 * 1000;
const PREFIX = 'polyphonie:brouillon:';

/**
 * @typedef {{ value: string, base: string }} Saved `base` is what the server showed when typing began
 * @typedef {Record<string, Saved>} Fields
 */

/**
 * @param {string} owner
 * @param {string} key
 */
function address(owner, key) {
  return `${PREFIX}${owner}:${key}`;
}

/**
 * @template T
 * @param {() => T} act
 * @param {T} otherwise a device may refuse storage (private window, full): the page goes on
 * @returns {T}
 */
function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** @param {Storage} storage */
function ownKeys(storage) {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) => key.startsWith(PREFIX));
}

/**
 * @param {string | null} text
 * @param {number} now
 * @returns {Fields | null}
 */
function parse(text, now) {
  if (text === null) return null;
  const { at, fields } = attempt(() => JSON.parse(text), {}) ?? {};
  return typeof at === 'number' && now - at <= LIFETIME && typeof fields === 'object' ? fields : null;
}

/**
 * @param {Storage} storage
 * @param {string} owner
 * @param {string} key
 * @param {Fields} fields
 * @param {number} now
 * @returns {boolean} whether it was kept
 */
export function writeDraft(storage, owner, key, fields, now) {
  return attempt(() => {
    storage.setItem(address(owner, key), JSON.stringify({ at: now, fields }));
    return true;
  }, false);
}

/**
 * @param {Storage} storage
 * @param {string} owner
 * @param {string} key
 * @param {number} now
 * @returns {Fields | null} what was typed, or null when there is none, or it is too old
 */
export function readDraft(storage, owner, key, now) {
  return attempt(() => parse(storage.getItem(address(owner, key)), now), null);
}

/**
 * @param {Storage} storage
 * @param {string} owner
 * @param {string} key
 */
export function dropDraft(storage, owner, key) {
  attempt(() => storage.removeItem(address(owner, key)), undefined);
}

/** @param {Storage} storage */
export function dropAll(storage) {
  attempt(() => ownKeys(storage).forEach((key) => storage.removeItem(key)), undefined);
}

/**
 * Remove drafts too old or unreadable.
 * @param {Storage} storage
 * @param {number} now
 */
export function sweep(storage, now) {
  attempt(() => {
    for (const key of ownKeys(storage)) if (parse(storage.getItem(key), now) === null) storage.removeItem(key);
  }, undefined);
}

/**
 * A draft comes back only over the words it was begun from: what the server sends back is never overwritten.
 * @param {Saved} saved
 * @param {string} shown what the server shows now
 */
export function restorable(saved, shown) {
  return saved.base === shown && saved.value !== shown;
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/**
 * @param {HTMLFormElement} form
 * @returns {Field[]} the fields where a person types words
 */
function wordFields(form) {
  const found = /** @type {NodeListOf<Field>} */ (form.querySelectorAll('textarea[name], input[name][type="text"]'));
  return [...found].filter((field) => field.autocomplete !== 'off');
}

/**
 * @param {Field[]} fields
 * @param {Fields} saved
 * @returns {boolean} whether something came back
 */
function restore(fields, saved) {
  const back = fields.filter((field) => {
    const one = saved[field.name];
    return one !== undefined && field.value === field.defaultValue && restorable(one, field.defaultValue);
  });
  for (const field of back) {
    field.value = saved[field.name]?.value ?? '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return back.length > 0;
}

/**
 * The op id travels with the draft: words sent just before a cut and sent again are one contribution, not two.
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement | null}
 */
function opField(form) {
  return form.querySelector('input[type="hidden"][name="op_id"]');
}

/**
 * @param {HTMLFormElement} form
 * @param {Field[]} fields
 * @returns {Fields}
 */
function collect(form, fields) {
  /** @type {Fields} */
  const all = Object.fromEntries(fields.map((field) => [field.name, { value: field.value, base: field.defaultValue }]));
  const op = opField(form);
  return op === null ? all : { ...all, op_id: { value: op.value, base: '' } };
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLElement} the line that says where the words are
 */
function noteOf(form) {
  const note = document.createElement('p');
  note.className = 'draft-note';
  // Beside what sends the form, at its end: buttons before it choose, sort or move a part.
  const button = form.querySelector('button[type="submit"]:not([aria-hidden]), button:not([type], [aria-hidden])');
  ([...form.querySelectorAll('.button-row')].at(-1) ?? button)?.before(note);
  return note;
}

/** Whoever goes out leaves no words behind, not even those the page would keep while it closes. */
let leaving = false;

/**
 * @param {HTMLFormElement} form
 * @param {string} owner
 * @param {Storage} storage
 */
function keep(form, owner, storage) {
  const key = form.dataset['draft'] ?? '';
  const fields = wordFields(form);
  const note = noteOf(form);
  remember((memory) => lost(memory, key));
  const saved = readDraft(storage, owner, key, Date.now());
  if (saved !== null && restore(fields, saved)) {
    const op = opField(form);
    if (op !== null && saved['op_id'] !== undefined) op.value = saved['op_id'].value;
    note.textContent = word('draftFound');
    say(word('draftFound'));
  }
  let said = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const save = () => {
    globalThis.clearTimeout(later);
    if (leaving) return undefined;
    const now = new Date();
    const kept = !untouched(fields) && writeDraft(storage, owner, key, collect(form, fields), now.getTime());
    if (untouched(fields)) dropDraft(storage, owner, key);
    // Nothing is said to be kept that is not.
    note.textContent = kept ? word('draftKept', now.getHours(), now.getMinutes()) : '';
    if (kept && !said) say(note.textContent);
    said ||= kept;
    return undefined;
  };
  keepers.set(form, () => {
    said = true;
    save();
    return readDraft(storage, owner, key, Date.now()) !== null;
  });
  form.addEventListener('input', (event) => {
    if (!event.isTrusted) return;
    globalThis.clearTimeout(later);
    later = globalThis.setTimeout(save, 400);
  });
  form.addEventListener('grid-changed', save);
  globalThis.addEventListener('pagehide', () => {
    if (!untouched(fields)) save();
  });
  form.addEventListener('submit', () => remember((memory) => left(memory, key, valuesOf(fields))));
  // The browser puts back what was typed when one goes back, even what was sent.
  globalThis.addEventListener('pageshow', () => {
    if (clearSent(key, fields)) renew(form, note);
  });
}

/** @param {Field[]} fields */
function untouched(fields) {
  return fields.every((field) => field.value === field.defaultValue);
}

/** @param {Field[]} fields */
function valuesOf(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

/** @param {(memory: Storage) => void} act */
function remember(act) {
  attempt(() => act(globalThis.sessionStorage), undefined);
}

/**
 * @param {string} key
 * @param {Field[]} fields
 * @returns {boolean} whether words already sent stood there
 */
function clearSent(key, fields) {
  const again = fields.filter(
    // What the portal itself shows in the field stays: a correction is begun from words that were sent.
    ({ name, value, defaultValue }) => value !== defaultValue && attempt(() => wasSent(globalThis.sessionStorage, key, name, value), false),
  );
  for (const field of again) {
    field.value = field.defaultValue;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return again.length > 0;
}

/**
 * What is written from here is another act.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} note
 */
function renew(form, note) {
  const op = opField(form);
  if (op !== null) op.value = newOpId();
  note.textContent = '';
}

/** @type {WeakMap<HTMLFormElement, () => boolean>} */
const keepers = new WeakMap();

/**
 * Keep at once what a form holds.
 * @param {HTMLFormElement} form
 * @returns {boolean} whether the device has it
 */
export function keepNow(form) {
  return keepers.get(form)?.() ?? false;
}

/** From here on nothing of this page is kept, and what the device had is gone. */
export function leaveNothing() {
  leaving = true;
  attempt(() => dropAll(globalThis.localStorage), undefined);
  remember(forget);
}

/** @returns {boolean} whether the device keeps words that were not sent */
export function hasDrafts() {
  return attempt(() => ownKeys(globalThis.localStorage).some((key) => parse(globalThis.localStorage.getItem(key), Date.now()) !== null), false);
}

/** @returns {Storage | null} */
function deviceStorage() {
  return attempt(() => globalThis.localStorage, null);
}

/**
 * The page says that something was done: what was sent to it is not kept any longer.
 * @param {Storage} storage
 * @param {string} owner
 */
function forgetSent(storage, owner) {
  const told = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-draft-done]'));
  const sent = told.length === 0 ? null : attempt(() => arrived(globalThis.sessionStorage), null);
  // Opened again, by « back » or by its address, the page says nothing of what was typed since.
  if (sent === null) return;
  for (const done of told) for (const key of [done.dataset['draftDone'], done.dataset['draftAlso'], sent]) if (key) dropDraft(storage, owner, key);
}

export function startDrafts() {
  const storage = deviceStorage();
  if (storage === null) return;
  const owner = document.body.dataset['draftOwner'] ?? '';
  sweep(storage, Date.now());
  forgetSent(storage, owner);
  // Whatever leaves now, it is not the form that left before and never arrived.
  document.addEventListener('submit', () => remember((memory) => lost(memory)), true);
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-draft]'))) keep(form, owner, storage);
  for (const form of document.querySelectorAll('form[data-sign-out]')) {
    form.addEventListener('submit', () => {
      leaving = true;
      dropAll(storage);
    });
  }
  // Shown again by « back » or « Cancel »: the page keeps words as before.
  globalThis.addEventListener('pageshow', () => {
    leaving = false;
  });
}
