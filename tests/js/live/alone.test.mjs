import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Alone, IN_VAIN } from '../../../portal/static/js/live/alone.mjs';

const settle = (milliseconds = 5) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function harness() {
  const told = /** @type {string[]} */ ([]);
  const page = { read: async () => /** @type {Record<string, number> | null} */ ({ readers: 3 }), had: { readers: 3 }, seen: true, reads: 0 };
  const alone = new Alone(
    {
      read: () => {
        page.reads += 1;
        return page.read();
      },
      had: () => page.had,
      alone: () => told.push('alone'),
      news: () => told.push('news'),
      seen: () => page.seen,
    },
    10,
  );
  return { alone, page, told };
}

/** @param {Alone} alone @param {number} last */
async function fails(alone, last) {
  for (let failures = 1; failures <= last; failures += 1) await alone.failing(failures);
}

test('a few failures are no reason to say anything', async () => {
  const { alone, page, told } = harness();
  await fails(alone, IN_VAIN - 1);
  assert.equal(page.reads, 0);
  assert.deepEqual(told, []);
});

test('sockets that fail while pages pass are told once', async () => {
  const { alone, told } = harness();
  await fails(alone, IN_VAIN);
  assert.deepEqual(told, [], 'the server may just have started again');
  await fails(alone, IN_VAIN + 4);
  assert.deepEqual(told, ['alone']);
  alone.stop();
});

test('a portal that does not answer is only away', async () => {
  const { alone, page, told } = harness();
  page.read = () => Promise.reject(new Error('away'));
  await fails(alone, IN_VAIN + 5);
  assert.deepEqual(told, []);
});

test('something new is told once, and looked for no more', async () => {
  const { alone, page, told } = harness();
  await fails(alone, IN_VAIN + 1);
  await settle(30);
  assert.deepEqual(told, ['alone'], 'nothing new yet');
  page.read = async () => ({ readers: 4 });
  await settle(40);
  assert.deepEqual(told, ['alone', 'news']);
  const reads = page.reads;
  await settle(40);
  assert.equal(page.reads, reads);
});

test('a page that nobody looks at asks nothing', async () => {
  const { alone, page } = harness();
  await fails(alone, IN_VAIN + 1);
  const reads = page.reads;
  page.seen = false;
  await settle(40);
  assert.ok(page.reads <= reads + 1);
  alone.stop();
});

test('a page that is another one now is something new', async () => {
  const { alone, page, told } = harness();
  await fails(alone, IN_VAIN + 1);
  page.read = async () => null;
  await settle(40);
  assert.deepEqual(told, ['alone', 'news']);
});
