// Moving in a grid of numbers, what a spreadsheet pastes, and undoing: the rules, without a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, parse, step } from '../../../portal/static/js/behaviours/grid.mjs';

test('what a spreadsheet copies is read line by line', () => {
  assert.deepEqual(parse('12,5\t13\r\n1 234\t\r\n'), [['12,5', '13'], ['1 234', '']]);
  assert.deepEqual(parse('"dit ""vrai"""\t2'), [['dit "vrai"', '2']]);
  assert.deepEqual(parse('7'), [['7']]);
});

test('arrows and Enter lead to the next cell, and inside a number they stay in it', () => {
  const inside = { start: 1, end: 1, length: 3 };
  const whole = { start: 0, end: 3, length: 3 };
  assert.deepEqual(step({ key: 'Enter', shift: false }, inside), [1, 0]);
  assert.deepEqual(step({ key: 'Enter', shift: true }, inside), [-1, 0]);
  assert.deepEqual(step({ key: 'ArrowUp', shift: false }, inside), [-1, 0]);
  assert.equal(step({ key: 'ArrowLeft', shift: false }, inside), null);
  assert.equal(step({ key: 'ArrowRight', shift: false }, inside), null);
  assert.deepEqual(step({ key: 'ArrowLeft', shift: false }, whole), [0, -1]);
  assert.deepEqual(step({ key: 'ArrowRight', shift: false }, { start: 3, end: 3, length: 3 }), [0, 1]);
  assert.equal(step({ key: '5', shift: false }, whole), null);
});

test('a paste is undone at once, typing in a cell until one leaves it', () => {
  const history = new History();
  const [one, two] = [/** @type {any} */ ({}), /** @type {any} */ ({})];
  history.typed(one, '', '1');
  history.typed(one, '1', '12');
  history.typed(two, '', '3');
  history.add([{ cell: one, before: '12', after: '5' }, { cell: two, before: '3', after: '3' }]);
  assert.deepEqual(history.back(), [{ cell: one, before: '12', after: '5' }]);
  assert.deepEqual(history.back(), [{ cell: two, before: '', after: '3' }]);
  assert.deepEqual(history.back(), [{ cell: one, before: '', after: '12' }]);
  assert.deepEqual(history.back(), []);
});
