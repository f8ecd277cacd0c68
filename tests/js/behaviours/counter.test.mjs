// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { aloud, left, words } from '../../../portal/static/js/behaviours/counter.mjs';

test('signs are counted as people see them in a text, not as halves', () => {
  assert.equal(left('œuf', 10), 7);
  assert.equal(left('🙂', 10), 9);
  assert.equal(left('a\r\nb', 10), 7);
});

for (const [remaining, sentence] of [
  [400, ''],
  [201, ''],
  [200, 'Il reste 200 signes.'],
  [2, 'Il reste 2 signes.'],
  [1, 'Il reste 1 signe.'],
  [0, 'Il ne reste plus de place.'],
  [-1, '1 signe en trop.'],
  [-12, '12 signes en trop. Raccourcissez un peu votre texte.'],
]) {
  test(`${remaining} left: ${sentence || 'nothing is said'}`, () => {
    assert.ok(words(Number(remaining)).startsWith(String(sentence)));
    if (sentence === '') assert.equal(words(Number(remaining)), '');
  });
}

test('aloud only when a threshold near the end is crossed', () => {
  assert.equal(aloud(500, 300), false);
  assert.equal(aloud(201, 199), false);
  assert.equal(aloud(101, 100), true);
  assert.equal(aloud(100, 99), false);
  assert.equal(aloud(51, 40), true);
  assert.equal(aloud(1, 0), true);
  assert.equal(aloud(0, -1), true);
  assert.equal(aloud(-1, -2), false);
  assert.equal(aloud(40, 60), false);
});
