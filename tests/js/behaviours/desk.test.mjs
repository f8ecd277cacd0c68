// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOurs, moved } from '../../../portal/static/js/behaviours/desk.mjs';

const key = (/** @type {string} */ name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('j and k go from one to the next and stop at the ends', () => {
  /** @type {[number, number, number, number][]} */
  const moves = [
    [-1, 1, 3, 0],
    [-1, -1, 3, 2],
    [0, 1, 3, 1],
    [2, 1, 3, 2],
    [0, -1, 3, 0],
    [-1, 1, 0, -1],
  ];
  for (const [at, step, count, expected] of moves) {
    assert.equal(moved(at, step, count), expected);
  }
});

test('a key is ours only alone, and never while one types', () => {
  assert.ok(isOurs(key('j'), 'BODY', ''));
  assert.ok(isOurs(key('x'), 'INPUT', 'checkbox'));
  assert.ok(isOurs(key('?'), 'BUTTON', 'submit'));
  assert.ok(!isOurs(key('a'), 'BODY', ''));
  /** @type {[string, string][]} */
  const fields = [['TEXTAREA', ''], ['SELECT', ''], ['INPUT', 'text'], ['INPUT', 'search']];
  for (const [tag, type] of fields) {
    assert.ok(!isOurs(key('x'), tag, type), `${tag} ${type}`);
  }
  for (const held of ['ctrlKey', 'metaKey', 'altKey', 'isComposing']) {
    assert.ok(!isOurs(key('r', { [held]: true }), 'BODY', ''), held);
  }
});
