// SPDX-License-Identifier: AGPL-3.0-or-later
// Sending without a connection would end on a page of the browser, without the words. The page stays, says so, and offers to send when the
// connection is back. It never sends by itself.
import { say } from './announce.mjs';
import { keepNow } from './drafts.mjs';

const KEPT = 'Hors ligne\u00a0: votre texte est gardé. Il n’est pas encore envoyé.';
const HERE = 'Hors ligne\u00a0: rien n’est encore envoyé.';
const BACK = 'La connexion est revenue. Rien n’est encore envoyé.';

/** @type {Map<HTMLFormElement, HTMLElement>} forms that wait, and the line that says so */
const waiting = new Map();

/** @param {HTMLFormElement} form */
function lineOf(form) {
  const known = waiting.get(form);
  if (known !== undefined) return known;
  const line = document.createElement('div');
  line.className = 'waiting unsent';
  // A form that nobody sees, as behind a question in a dialog, has its line at the top of the page.
  if (form.hidden) document.querySelector('.page__main')?.prepend(line);
  else form.append(line);
  waiting.set(form, line);
  return line;
}

/** @param {HTMLFormElement} form */
function hold(form) {
  const words = form.dataset['draft'] !== undefined && keepNow(form) ? KEPT : HERE;
  const line = lineOf(form);
  const said = document.createElement('p');
  said.textContent = words;
  line.replaceChildren(said);
  say(words);
}

function offer() {
  for (const [form, line] of waiting) {
    const said = document.createElement('p');
    const button = document.createElement('button');
    said.textContent = BACK;
    button.type = 'submit';
    button.className = 'button';
    button.textContent = 'Envoyer maintenant';
    line.replaceChildren(said, ...(form.hidden ? [] : [button]));
  }
  if (waiting.size > 0) say(BACK);
}

export function startOffline() {
  document.addEventListener(
    'submit',
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (form.method !== 'post' || navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      hold(form);
    },
    true,
  );
  globalThis.addEventListener('online', offer);
}
