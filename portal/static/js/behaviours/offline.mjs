// SPDX-License-Identifier: AGPL-3.0-or-later
// Sending without a connection would end on a page of the browser, without the words. The page stays, says so, and offers to send when the
// connection is back. It never sends by itself.
import { say } from './announce.mjs';
import { keepNow } from './drafts.mjs';
import { word } from '../words.mjs';


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
  const words = form.dataset['draft'] !== undefined && keepNow(form) ? word('offlineKept') : word('offlineHere');
  const line = lineOf(form);
  // One message says it all.
  form.querySelector('.draft-note')?.replaceChildren();
  const said = document.createElement('p');
  said.textContent = words;
  line.replaceChildren(said);
  say(words);
}

function offer() {
  for (const [form, line] of waiting) {
    const said = document.createElement('p');
    const button = document.createElement('button');
    said.textContent = word('back');
    button.type = 'submit';
    button.className = 'button';
    button.textContent = word('sendNow');
    line.replaceChildren(said, ...(form.hidden ? [] : [button]));
  }
  if (waiting.size > 0) say(word('back'));
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
