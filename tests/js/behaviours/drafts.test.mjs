// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { LIFETIME, dropAll, dropDraft, readDraft, restorable, sweep, writeDraft } from '../../../portal/static/js/behaviours/drafts.mjs';

const NOW = Date.UTC(2026, 10, 24);

/** @returns {Storage} */
function memory() {
  /** @type {Map<string, string>} */
  const map = new Map();
  return {
    get length() {
      return map.size;
    },
    clear: () => map.clear(),
    getItem: (key) => map.get(key) ?? null,
    key: (index) => [...map.keys()][index] ?? null,
    removeItem: (key) => void map.delete(key),
    setItem: (key, value) => void map.set(key, value),
  };
}

const FIELDS = { avis: { value: 'Une soupe à 21 h', base: '' } };

test('what was typed comes back for the same person and the same form', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'avis-1', FIELDS, NOW);
  assert.deepEqual(readDraft(storage, 'ana', 'avis-1', NOW + 1000), FIELDS);
});

test('another person on the same tablet does not see it', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'avis-1', FIELDS, NOW);
  assert.equal(readDraft(storage, 'ben', 'avis-1', NOW), null);
});

test('another form does not receive it', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'avis-1', FIELDS, NOW);
  assert.equal(readDraft(storage, 'ana', 'avis-2', NOW), null);
});

test('a draft lives seven days, not longer', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'avis-1', FIELDS, NOW);
  assert.deepEqual(readDraft(storage, 'ana', 'avis-1', NOW + LIFETIME), FIELDS);
  assert.equal(readDraft(storage, 'ana', 'avis-1', NOW + LIFETIME + 1), null);
  assert.equal(LIFETIME, 7 * 24 * 3600 * 1000);
});

test('the confirmation clears its own draft only', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'avis-1', FIELDS, NOW);
  writeDraft(storage, 'ana', 'avis-2', FIELDS, NOW);
  dropDraft(storage, 'ana', 'avis-1');
  assert.equal(readDraft(storage, 'ana', 'avis-1', NOW), null);
  assert.deepEqual(readDraft(storage, 'ana', 'avis-2', NOW), FIELDS);
});

test('sweeping removes what is too old and what cannot be read, and nothing of others', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'old', FIELDS, NOW - LIFETIME - 1);
  writeDraft(storage, 'ana', 'new', FIELDS, NOW);
  storage.setItem('polyphonie:brouillon:ana:broken', '{');
  storage.setItem('ailleurs', 'x');
  sweep(storage, NOW);
  assert.deepEqual(readDraft(storage, 'ana', 'new', NOW), FIELDS);
  assert.equal(storage.getItem('ailleurs'), 'x');
  assert.equal(storage.length, 2);
});

test('leaving clears every draft of the device', () => {
  const storage = memory();
  writeDraft(storage, 'ana', 'a', FIELDS, NOW);
  writeDraft(storage, 'ben', 'b', FIELDS, NOW);
  storage.setItem('ailleurs', 'x');
  dropAll(storage);
  assert.equal(storage.length, 1);
});

test('an unreadable draft counts as none', () => {
  const storage = memory();
  storage.setItem('polyphonie:brouillon:ana:x', '{"at":"yesterday"}');
  assert.equal(readDraft(storage, 'ana', 'x', NOW), null);
});

for (const [saved, base, shown, expected, why] of [
  ['mots', '', '', true, 'an empty field takes the draft'],
  ['mots', 'avant', 'avant', true, 'a correction takes the draft begun from the same words'],
  ['mots', '', 'renvoyé par le portail', false, 'what the portal sends back is not overwritten'],
  ['mots', 'avant', 'plus récent', false, 'words changed meanwhile are not overwritten'],
  ['mots', 'mots', 'mots', false, 'nothing to restore when nothing differs'],
]) {
  test(String(why), () => {
    assert.equal(restorable({ value: String(saved), base: String(base) }, String(shown)), expected);
  });
}

test('a device that refuses storage does not break the page', () => {
  const broken = /** @type {any} */ ({ length: 1, key() { throw new Error(); }, getItem() { throw new Error(); }, setItem() { throw new Error(); }, removeItem() { throw new Error(); } });
  assert.equal(writeDraft(broken, 'ana', 'a', FIELDS, NOW), false);
  assert.equal(readDraft(broken, 'ana', 'a', NOW), null);
  assert.doesNotThrow(() => { dropDraft(broken, 'ana', 'a'); sweep(broken, NOW); dropAll(broken); });
});
