// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { PAUSE, mayPass } from '../../../portal/static/js/behaviours/guard.mjs';

test('the first sending passes, a second one right after does not', () => {
  assert.equal(mayPass(undefined, 1000), true);
  assert.equal(mayPass(1000, 1200), false);
});

test('after the pause one may send again, the page did not change', () => {
  assert.equal(mayPass(1000, 1000 + PAUSE), true);
});
