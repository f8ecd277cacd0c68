// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cited } from '../../../portal/static/js/behaviours/synthesis.mjs';

test('a mark stands apart from the words around it, and one types after it', () => {
  assert.deepEqual(cited('', 0, '[c:a]'), ['[c:a]', 5]);
  assert.deepEqual(cited('Le soir.', 7, '[c:a]'), ['Le soir [c:a].', 13]);
  assert.deepEqual(cited('avant après', 5, '[c:a]'), ['avant [c:a] après', 11]);
  assert.deepEqual(cited('avant ', 6, '[c:a]'), ['avant [c:a]', 11]);
  assert.deepEqual(cited('ab', 1, '[c:a]'), ['a [c:a] b', 7]);
});
