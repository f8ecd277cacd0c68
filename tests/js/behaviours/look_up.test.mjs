// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAUSE_MS, watch } from '../../../portal/static/js/behaviours/look_up.mjs';

/** @param {import('node:test').TestContext} context */
function harness(context) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const asked = /** @type {{ address: string, signal: AbortSignal }[]} */ ([]);
  context.mock.method(globalThis, 'fetch', (/** @type {string} */ address, /** @type {{ signal: AbortSignal }} */ { signal }) => {
    asked.push({ address, signal });
    return new Promise(() => {});
  });
  const field = Object.assign(new EventTarget(), { name: 'q', value: '' });
  const place = { emptied: 0, replaceChildren: () => { place.emptied += 1; } };
  const form = { dataset: { lookUp: '/chercher' }, querySelector: () => field };
  watch(/** @type {any} */ (form), /** @type {any} */ (place));
  const type = (/** @type {string} */ words) => {
    field.value = words;
    field.dispatchEvent(new Event('input'));
  };
  return { asked, place, type, wait: () => context.mock.timers.tick(PAUSE_MS) };
}

test('one question is asked once nobody types any more', (context) => {
  const { asked, type, wait } = harness(context);
  type('til');
  type('till');
  assert.equal(asked.length, 0);
  wait();
  assert.deepEqual(asked.map((one) => one.address), ['/chercher?q=till']);
});

test('what was asked before another letter is cut off', (context) => {
  const { asked, type, wait } = harness(context);
  type('til');
  wait();
  assert.equal(asked[0]?.signal.aborted, false);
  type('till');
  assert.equal(asked[0]?.signal.aborted, true);
});

test('nothing comes back into a field that was emptied', (context) => {
  const { asked, place, type, wait } = harness(context);
  type('til');
  wait();
  type('');
  assert.equal(place.emptied, 1);
  assert.equal(asked[0]?.signal.aborted, true);
  wait();
  assert.equal(asked.length, 1);
});
