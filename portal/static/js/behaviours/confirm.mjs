// SPDX-License-Identifier: AGPL-3.0-or-later
// <a href="/…/retirer" data-confirm="Question ?" data-confirm-text="What follows." data-confirm-yes="Oui, retirer" data-confirm-no="Non, garder">
// Asks in a dialog, then posts to the address of the link. Without scripts the same address shows the same question as a page.
import { newOpId } from './reactions.mjs';
import { word } from '../words.mjs';

/**
 * @param {string} name
 * @param {string} className
 * @param {string} words
 */
function element(name, className, words) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
}

/**
 * @param {string} action
 * @param {Record<string, string>} values
 */
function post(action, values) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  form.hidden = true;
  for (const [name, value] of Object.entries(values)) {
    const input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.requestSubmit();
}

/**
 * Ask in a dialog.
 * @param {{ confirm?: string | undefined, confirmText?: string | undefined, confirmYes?: string | undefined, confirmNo?: string | undefined }} words
 * @param {HTMLElement | null} asker what has the focus again afterwards
 * @param {() => void} act what follows a yes
 */
export function ask({ confirm = '', confirmText = '', confirmYes = word('yes'), confirmNo = word('no') }, asker, act) {
  const dialog = document.createElement('dialog');
  const title = element('h2', 'confirm__title', confirm);
  title.id = 'confirmation-titre';
  dialog.className = 'confirm';
  dialog.setAttribute('aria-labelledby', title.id);
  const row = element('div', 'button-row', '');
  const no = element('button', 'button button--quiet', confirmNo);
  const yes = element('button', 'button button--danger', confirmYes);
  no.addEventListener('click', () => dialog.close());
  yes.addEventListener('click', () => {
    dialog.close();
    act();
  });
  row.append(no, yes);
  dialog.append(title, ...(confirmText === '' ? [] : [element('p', '', confirmText)]), row);
  dialog.addEventListener('close', () => {
    dialog.remove();
    asker?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

export function startConfirm() {
  if (typeof HTMLDialogElement === 'undefined' || document.body.dataset['csrf'] === undefined) return;
  document.addEventListener('click', (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest('a[data-confirm]'));
    if (link === null || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(link.dataset, link, () => post(link.href, { csrf_token: document.body.dataset['csrf'] ?? '', op_id: newOpId() }));
  });
}
