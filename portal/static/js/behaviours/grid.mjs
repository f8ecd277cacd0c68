// SPDX-License-Identifier: AGPL-3.0-or-later
// <form data-grid>: a table of fields under the fingers of somebody who comes from a spreadsheet. Arrows and Enter go from cell to
// cell, what is copied from a spreadsheet fills cells, each change can be undone. Without scripts it is a form like any other.
import { say } from './announce.mjs';
import { word } from '../words.mjs';

/** @typedef {{ cell: HTMLInputElement, before: string, after: string }} Change */

/**
 * What a spreadsheet puts on the clipboard: lines of cells between tabs, some of them quoted.
 * @param {string} text
 * @returns {string[][]}
 */
export function parse(text) {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.split('\t').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1').replaceAll('""', '"')));
}

/**
 * Where a key leads from a cell; null when it stays with the field.
 * @param {{ key: string, shift: boolean }} pressed
 * @param {{ start: number, end: number, length: number }} caret
 * @returns {[number, number] | null} rows and columns to move by
 */
export function step({ key, shift }, { start, end, length }) {
  if (key === 'Enter') return [shift ? -1 : 1, 0];
  if (key === 'ArrowDown') return [1, 0];
  if (key === 'ArrowUp') return [-1, 0];
  // Inside a number the arrows move among its digits, as everywhere; at its edges they leave it.
  const whole = start === 0 && end === length;
  if (key === 'ArrowLeft' && (whole || (start === 0 && end === 0))) return [0, -1];
  if (key === 'ArrowRight' && (whole || (start === length && end === length))) return [0, 1];
  return null;
}

/** What was changed, step by step; a paste is one step, and so is what is typed in a cell until one leaves it. */
export class History {
  constructor() {
    /** @type {Change[][]} */
    this.steps = [];
    this.open = false;
  }

  /** @param {Change[]} changes */
  add(changes) {
    const real = changes.filter(({ before, after }) => before !== after);
    if (real.length > 0) this.steps.push(real);
    this.open = false;
  }

  /**
   * @param {HTMLInputElement} cell
   * @param {string} before
   * @param {string} after
   */
  typed(cell, before, after) {
    const last = this.steps.at(-1)?.[0];
    if (this.open && last !== undefined && last.cell === cell) last.after = after;
    else this.steps.push([{ cell, before, after }]);
    this.open = true;
  }

  /** @returns {Change[]} the last step, taken back */
  back() {
    this.open = false;
    return this.steps.pop() ?? [];
  }
}

/** @param {HTMLFormElement} form */
function start(form) {
  const rows = [...form.querySelectorAll('tbody tr')].map((row) => /** @type {HTMLInputElement[]} */ ([...row.querySelectorAll('input[type="text"]')]));
  const undo = /** @type {HTMLButtonElement | null} */ (form.querySelector('[data-grid-undo]'));
  const history = new History();
  /** @type {WeakMap<HTMLInputElement, string>} */
  const stood = new WeakMap();
  for (const cell of rows.flat()) stood.set(cell, cell.value);

  const told = () => {
    if (undo) undo.disabled = history.steps.length === 0;
  };
  /**
   * @param {HTMLInputElement} cell
   * @param {string} value
   */
  const put = (cell, value) => {
    cell.value = value;
    stood.set(cell, value);
  };
  // What keeps unsent words listens for typing: fields filled from here are told to it as typing is.
  const keep = () => form.dispatchEvent(new CustomEvent('grid-changed', { bubbles: true }));
  const takeBack = () => {
    const changes = history.back();
    for (const { cell, before } of changes) put(cell, before);
    changes[0]?.cell.focus();
    told();
    keep();
    say(changes.length === 0 ? word('gridNothing') : word('gridUndone', changes.length));
  };
  /** @param {HTMLInputElement} cell */
  const place = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return { row, column: rows[row]?.indexOf(cell) ?? -1 };
  };

  form.addEventListener('input', (event) => {
    const cell = /** @type {HTMLInputElement} */ (event.target);
    const before = stood.get(cell);
    if (before === undefined || before === cell.value) return;
    history.typed(cell, before, cell.value);
    stood.set(cell, cell.value);
    told();
  });
  form.addEventListener('focusout', () => {
    history.open = false;
  });
  form.addEventListener('keydown', (event) => {
    const cell = /** @type {HTMLInputElement} */ (event.target);
    if (!stood.has(cell) || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      takeBack();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key !== 'Enter')) return;
    const caret = { start: cell.selectionStart ?? 0, end: cell.selectionEnd ?? 0, length: cell.value.length };
    const move = step({ key: event.key, shift: event.shiftKey }, caret);
    if (move === null) return;
    const { row, column } = place(cell);
    const next = rows[row + move[0]]?.[column + move[1]];
    // The last row sends nothing by itself: there is a button for that.
    event.preventDefault();
    next?.focus();
    next?.select();
  });
  form.addEventListener('paste', (event) => {
    const cell = /** @type {HTMLInputElement} */ (event.target);
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!stood.has(cell) || !/[\t\n\r]/.test(text.trimEnd())) return;
    event.preventDefault();
    const { row, column } = place(cell);
    /** @type {Change[]} */
    const changes = [];
    let outside = 0;
    parse(text).forEach((line, down) => {
      line.forEach((value, across) => {
        const target = rows[row + down]?.[column + across];
        if (target === undefined) outside += value === '' ? 0 : 1;
        else changes.push({ cell: target, before: target.value, after: value });
      });
    });
    for (const change of changes) put(change.cell, change.after);
    history.add(changes);
    told();
    keep();
    say(word('gridPasted', changes.length, outside));
  });
  undo?.addEventListener('click', takeBack);
  undo?.removeAttribute('hidden');
  document.querySelector('[data-grid-help]')?.removeAttribute('hidden');
}

/** Start where a page has a grid. */
export function startGrid() {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-grid]'))) start(form);
}
