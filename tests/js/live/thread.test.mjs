import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Thread } from '../../../portal/static/js/live/thread.mjs';

/** As much of a page as a thread asks for when nothing of it is on the screen. */
function nothingOnThePage() {
  const absent = { querySelector: () => null, querySelectorAll: () => [], getElementById: () => null };
  Object.assign(globalThis, { document: absent, CSS: { escape: (/** @type {string} */ text) => text } });
}

/** A page of a subject, and what its bar was asked to show. */
function harness() {
  nothingOnThePage();
  const section = { dataset: { liveItem: 'sujet', audience: 'readers' }, querySelector: () => null };
  const thread = new Thread(/** @type {any} */ (section));
  const counts = /** @type {number[]} */ ([]);
  thread.bar = /** @type {any} */ ({ show: (/** @type {number} */ count) => counts.push(count), propose: assert.fail });
  /** @param {string} id @param {object} [more] */
  const hear = (id, more = {}) => thread.apply(/** @type {any} */ ({ shape: 'card', audience: 'readers', id, item: 'sujet', root: null, html: '', ...more }));
  return { thread, counts, hear };
}

test('a card that is withdrawn while it waits is counted no more', () => {
  const { thread, counts, hear } = harness();
  hear('un', { fresh: true });
  hear('deux', { fresh: true });
  hear('un', { fresh: false, quiet: true });
  assert.deepEqual(counts, [1, 2, 1]);
  hear('deux', { fresh: false, quiet: true });
  assert.deepEqual(counts, [1, 2, 1, 0]);
  assert.equal(thread.waiting, 0);
});

test('what is told later of a withdrawn card makes no news of it', () => {
  const { thread, hear } = harness();
  hear('un', { fresh: true });
  hear('deux', { fresh: true });
  hear('un', { fresh: false, quiet: true });
  hear('un', { fresh: false });
  assert.equal(thread.waiting, 1);
});

test('words that are published after all are news', () => {
  const { thread, hear } = harness();
  hear('un', { fresh: true });
  hear('deux', { fresh: true });
  hear('un', { fresh: false, quiet: true });
  hear('un', { fresh: true });
  assert.equal(thread.waiting, 2);
});

test('a card that was corrected while it waited is still news', () => {
  const { counts, hear } = harness();
  hear('un', { fresh: true });
  hear('un', { fresh: false });
  assert.deepEqual(counts, [1]);
});
