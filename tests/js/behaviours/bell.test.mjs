// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Bell, LOOK_AFTER, LOOK_EVERY, LOOK_REST, LOOK_SPREAD } from '../../../portal/static/js/behaviours/bell.mjs';

function harness() {
  const page = { unread: /** @type {number | null} */ (2), seen: true, reads: 0, fails: false, chance: 0 };
  const shown = /** @type {number[]} */ ([]);
  const told = /** @type {number[]} */ ([]);
  const bell = new Bell({
    read: async () => {
      page.reads += 1;
      if (page.fails) throw new Error('away');
      return page.unread;
    },
    show: (unread) => shown.push(unread),
    seen: () => page.seen,
    chance: () => page.chance,
    tell: (unread) => told.push(unread),
  });
  return { bell, page, shown, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a look shows the number', async () => {
  const { bell, shown } = harness();
  await bell.look();
  assert.deepEqual(shown, [2]);
});

test('a page that nobody looks at asks nothing', async () => {
  const { bell, page, shown } = harness();
  page.seen = false;
  await bell.look();
  assert.equal(page.reads, 0);
  page.seen = true;
  await bell.look();
  assert.deepEqual(shown, [2]);
});

test('once nobody is signed in, nothing is asked any more', async () => {
  const { bell, page, shown } = harness();
  page.unread = null;
  await bell.look();
  page.unread = 1;
  await bell.look();
  assert.equal(page.reads, 1);
  assert.deepEqual(shown, []);
});

test('a portal that is away changes nothing, and is asked again', async () => {
  const { bell, page, shown } = harness();
  page.fails = true;
  await bell.look();
  assert.deepEqual(shown, []);
  page.fails = false;
  await bell.look();
  assert.deepEqual(shown, [2]);
});

test('all that is heard together is one look, a moment later', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { bell, page } = harness();
  bell.heard();
  bell.heard();
  assert.equal(page.reads, 0);
  context.mock.timers.tick(LOOK_AFTER);
  assert.equal(page.reads, 1);
});

test('coming back to the page looks only when the last look is old', async () => {
  const clock = mock.method(Date, 'now', () => 1_000_000);
  const { bell, page } = harness();
  await bell.look();
  bell.back();
  assert.equal(page.reads, 1);
  clock.mock.mockImplementation(() => 1_000_000 + LOOK_EVERY);
  bell.back();
  assert.equal(page.reads, 2);
  clock.mock.restore();
});

test('people who heard the same together do not all ask at once', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { bell, page } = harness();
  page.chance = 1;
  bell.heard();
  context.mock.timers.tick(LOOK_AFTER + LOOK_SPREAD - 1);
  assert.equal(page.reads, 0);
  context.mock.timers.tick(1);
  assert.equal(page.reads, 1);
});

test('where much is said, a look is not asked for each word', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { bell, page } = harness();
  await bell.look();
  bell.heard();
  context.mock.timers.tick(LOOK_REST - 1);
  assert.equal(page.reads, 1);
  context.mock.timers.tick(1);
  assert.equal(page.reads, 2);
});

test('what was heard while nobody looked is seen on coming back', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { bell, page } = harness();
  await bell.look();
  page.seen = false;
  bell.heard();
  context.mock.timers.tick(LOOK_REST);
  assert.equal(page.reads, 1);
  page.seen = true;
  bell.back();
  assert.equal(page.reads, 2);
});

test('what a look finds is told to the other tabs', async () => {
  const { bell, told } = harness();
  await bell.look();
  assert.deepEqual(told, [2]);
});

test('what another tab knows is shown at once, then looked at', async () => {
  const { bell, page, shown, told } = harness();
  bell.starts(2);
  assert.deepEqual(told, [2], 'a page that opens tells what it was given');
  page.unread = 1;
  bell.agrees(0);
  assert.deepEqual(shown, [0]);
  await settled();
  assert.deepEqual(shown, [0, 1], 'the portal knows best');
  assert.deepEqual(told, [2, 1]);
});

test('tabs that agree ask nothing', async () => {
  const { bell, page, shown } = harness();
  bell.starts(2);
  bell.agrees(2);
  await settled();
  assert.equal(page.reads, 0);
  assert.deepEqual(shown, []);
});

test('a tab behind another one shows the number, and looks when somebody comes back to it', async () => {
  const { bell, page, shown } = harness();
  bell.starts(2);
  page.seen = false;
  page.unread = 0;
  bell.agrees(0);
  await settled();
  assert.equal(page.reads, 0);
  assert.deepEqual(shown, [0]);
  page.seen = true;
  bell.back();
  assert.equal(page.reads, 1);
});
