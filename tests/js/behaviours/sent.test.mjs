// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrived, forget, left, lost, markOf, wasSent } from '../../../portal/static/js/behaviours/sent.mjs';

/** @param {Map<string, string>} [map] */
function memory(map = new Map()) {
  return { map, getItem: (/** @type {string} */ key) => map.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => void map.set(key, value), removeItem: (/** @type {string} */ key) => void map.delete(key) };
}

test('words that arrived are known again, in their form and their field only', () => {
  const here = memory();
  left(here, 'sujet', { body: 'Le dîner est trop tôt.' });
  assert.equal(wasSent(here, 'sujet', 'body', 'Le dîner est trop tôt.'), false, 'not before the portal said so');
  assert.equal(arrived(here), 'sujet');
  assert.equal(wasSent(here, 'sujet', 'body', 'Le dîner est trop tôt.'), true);
  assert.equal(wasSent(here, 'sujet', 'body', 'Le dîner est trop tard.'), false);
  assert.equal(wasSent(here, 'sujet', 'reason', 'Le dîner est trop tôt.'), false);
  assert.equal(wasSent(here, 'autre', 'body', 'Le dîner est trop tôt.'), false);
});

test('an empty field was never sent', () => {
  const here = memory();
  left(here, 'sujet', { body: '' });
  arrived(here);
  assert.equal(wasSent(here, 'sujet', 'body', ''), false);
});

test('the words themselves are not kept', () => {
  const here = memory();
  left(here, 'sujet', { body: 'Un secret.' });
  arrived(here);
  assert.doesNotMatch([...here.map.values()].join(' '), /secret/);
  forget(here);
  assert.equal(here.map.size, 0);
});

test('the end of a line is the same on every machine, other words have another mark', () => {
  assert.equal(markOf('a\r\nb').split('.').slice(1).join(), markOf('a\nb').split('.').slice(1).join());
  assert.notEqual(markOf('oui'), markOf('non'));
});

test('what cannot be read counts as nothing sent', () => {
  const here = memory(new Map([['polyphonie:envoi:parti', '{'], ['polyphonie:envoi:arrive', '3']]));
  assert.equal(arrived(here), null);
  assert.equal(wasSent(here, 'sujet', 'body', 'x'), false);
});

test('what left and never arrived is not taken for the next thing that is done', () => {
  const here = memory();
  left(here, 'sujet', { body: 'Le dîner est trop tôt.' });
  lost(here, 'autre');
  assert.equal(arrived(here), 'sujet', 'another form stands on the page');
  left(here, 'sujet', { body: 'Le dîner est trop tôt.' });
  lost(here, 'sujet');
  assert.equal(arrived(here), null, 'the form stands there again');
  left(here, 'sujet', { body: 'Le dîner est trop tôt.' });
  lost(here);
  assert.equal(arrived(here), null, 'another form leaves');
});
