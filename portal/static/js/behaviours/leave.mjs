// SPDX-License-Identifier: AGPL-3.0-or-later
// A tablet is shared. When a session ends, pages that are still open elsewhere let nobody read what they show.
import { ask } from './confirm.mjs';
import { dropAll, hasDrafts, leaveNothing } from './drafts.mjs';
import { word } from '../words.mjs';

const GONE = 'polyphonie:sortie';
/** The other page needs this long to tell the portal that the person goes out. */
const AFTER = 1200;

function door() {
  return document.body.dataset['signIn'] ?? '/connexion';
}

/** Take away what the page shows of people, and of this person. @param {Element | null} [kept] stays */
function empty(kept = null) {
  for (const part of document.querySelectorAll('nav, .page__aside, .page__main > *, [data-live-state], dialog')) {
    if (kept === null || !part.contains(kept)) part.remove();
  }
}

/** @returns {HTMLFormElement | undefined} a form with words that were not sent */
function unsent() {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-draft]'));
  return [...forms].find((form) => [...form.querySelectorAll('textarea')].some((field) => field.value !== field.defaultValue));
}

/**
 * The session of this page has ended: go to the door. Somebody who is writing keeps their words in front of them, and nothing else.
 * @param {string} sentence
 */
export function leave(sentence) {
  const form = unsent();
  if (form === undefined) {
    empty();
    globalThis.location.replace(door());
    return;
  }
  empty(form);
  const line = document.createElement('p');
  const link = document.createElement('a');
  line.className = 'unsent';
  link.className = 'link';
  link.href = door();
  link.textContent = word('signInAgain');
  line.append(word('unsent', sentence), link);
  form.before(line);
}

/** Going out takes away words that were not sent: that is asked once, before anything else hears of it. */
function askFirst() {
  let agreed = false;
  document.addEventListener(
    'submit',
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (form.dataset['signOut'] === undefined || event.defaultPrevented || agreed) return;
      if (typeof HTMLDialogElement === 'undefined' || (unsent() === undefined && !hasDrafts())) return;
      event.preventDefault();
      event.stopPropagation();
      const words = { confirm: word('leaveAsk'), confirmText: word('leaveText'), confirmYes: word('leaveYes'), confirmNo: word('leaveNo') };
      ask(words, /** @type {HTMLElement | null} */ (event.submitter), () => {
        agreed = true;
        form.requestSubmit();
      });
    },
    true,
  );
}

export function startLeave() {
  askFirst();
  for (const form of document.querySelectorAll('form[data-sign-out]')) {
    form.addEventListener('submit', () => {
      try {
        dropAll(globalThis.localStorage);
        globalThis.localStorage.setItem(GONE, String(Date.now()));
        globalThis.localStorage.removeItem(GONE);
        globalThis.sessionStorage.clear();
      } catch {
        // A device without storage: the socket of the page will say that the session has ended.
      }
    });
  }
  globalThis.addEventListener('storage', (event) => {
    if (event.key !== GONE || event.newValue === null || document.body.dataset['signIn'] === undefined) return;
    // Whoever goes out leaves no words behind, in no page.
    leaveNothing();
    empty();
    globalThis.setTimeout(() => globalThis.location.replace(door()), AFTER);
  });
}
