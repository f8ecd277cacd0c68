import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel, PATIENCE } from '../../../portal/static/js/live/channel.mjs';

/** @typedef {import('../../../portal/static/js/live/channel.mjs').Frame} Frame */

/** @param {number} cursor @param {'readers' | 'author'} [audience] @returns {Frame} */
const frame = (cursor, audience = 'readers') => ({ audience, prev: cursor - 1, cursor, shape: 'card', id: `${audience}-${cursor}` });

/** A server that remembers every frame and counts the questions. */
function harness({ cursors = /** @type {{ readers?: number, author?: number }} */ ({ readers: 0, author: 0 }), last = 0, page = 50 } = {}) {
  const seen = /** @type {string[]} */ ([]);
  const asked = /** @type {[string, number][]} */ ([]);
  const told = /** @type {unknown[]} */ ([]);
  const server = { last, page, answer: /** @type {any} */ (null), busy: 0, crowded: false };
  const channel = new Channel(cursors, {
    async ask(audience, cursor) {
      asked.push([audience, cursor]);
      server.crowded ||= server.busy > 0;
      server.busy += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      server.busy -= 1;
      if (server.answer !== null) return typeof server.answer === 'function' ? server.answer(cursor) : server.answer;
      const end = Math.min(server.last, cursor + server.page);
      const frames = [];
      for (let n = cursor + 1; n <= end; n += 1) frames.push(frame(n, /** @type {any} */ (audience)));
      return { cursor: end, more: end < server.last, frames };
    },
    apply: (one) => seen.push(String(one['id'])),
    reload: () => told.push('reload'),
    refused: (refusal) => told.push(refusal.code),
  });
  current = channel;
  return { channel, seen, asked, told, server };
}

const names = (/** @type {number} */ last, audience = 'readers') => Array.from({ length: last }, (_, n) => `${audience}-${n + 1}`);
/** The last one made. @type {Channel} */
let current;
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Until nothing is asked any more, however slow the machine. */
async function settle() {
  do await tick();
  while (!current.stopped && [...current.states.values()].some((state) => state.healing));
  await tick();
}

test('frames in order are shown at once, without a question', () => {
  const { channel, seen, asked } = harness();
  for (const n of [1, 2, 3]) channel.receive(frame(n));
  assert.deepEqual(seen, names(3));
  assert.deepEqual(asked, []);
  assert.deepEqual(channel.cursors(), { readers: 3, author: 0 });
});

test('a frame heard twice is shown once', () => {
  const { channel, seen, asked } = harness();
  for (const n of [1, 1, 2, 1, 2]) channel.receive(frame(n));
  assert.deepEqual(seen, names(2));
  assert.deepEqual(asked, []);
});

test('a dropped frame is fetched, and what came after it waits', async () => {
  const { channel, seen, asked, server } = harness({ last: 3 });
  channel.receive(frame(1));
  channel.receive(frame(3));
  assert.deepEqual(seen, names(1), 'the third is not shown before the second');
  channel.receive(frame(4));
  server.last = 3;
  await settle();
  assert.deepEqual(seen, names(4));
  assert.deepEqual(asked, [['readers', 1]]);
});

test('reordered frames are shown in order, each once', async () => {
  const { channel, seen } = harness({ last: 5 });
  for (const n of [2, 1, 5, 3, 4]) channel.receive(frame(n));
  await settle();
  assert.deepEqual(seen, names(5));
});

test('any order, any loss, any doubling ends with every frame once and in order', async () => {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let round = 0; round < 40; round += 1) {
    const last = 12;
    const { channel, seen, told } = harness({ last, page: 3 });
    const heard = names(last).map((_, n) => n + 1).filter(() => random() > 0.3);
    for (const n of [...heard, ...heard.filter(() => random() > 0.5)].sort(() => random() - 0.5)) channel.receive(frame(n));
    channel.entered({ ok: true, epoch: 1, audiences: { readers: { cursor: last }, author: { cursor: 0 } } });
    await settle();
    assert.deepEqual(seen, names(last), `round ${round}`);
    assert.deepEqual(told, []);
  }
});

test('one question at a time, even with two audiences behind', async () => {
  const { channel, seen, server } = harness({ last: 4, page: 1 });
  channel.entered({ ok: true, epoch: 1, audiences: { readers: { cursor: 4 }, author: { cursor: 4 } } });
  await settle();
  assert.equal(server.crowded, false);
  assert.deepEqual(seen.filter((id) => id.startsWith('readers')), names(4));
  assert.deepEqual(seen.filter((id) => id.startsWith('author')), names(4, 'author'));
});

test('entering again fetches what was missed while away', async () => {
  const { channel, seen, asked } = harness({ cursors: { readers: 2, author: 0 }, last: 5 });
  channel.entered({ ok: true, epoch: 2, audiences: { readers: { cursor: 5 }, author: { cursor: 0 } } });
  await settle();
  assert.deepEqual(seen, ['readers-3', 'readers-4', 'readers-5']);
  assert.deepEqual(asked, [['readers', 2]]);
});

test('an answer without frames moves the cursor', async () => {
  const { channel, server, seen } = harness();
  server.answer = { cursor: 6, more: false, frames: [] };
  channel.receive(frame(7));
  await settle();
  assert.deepEqual(seen, ['readers-7']);
  assert.equal(channel.cursors().readers, 7);
});

test('an answer that never fills the gap ends in a reload, not in a loop', async () => {
  const { channel, server, told, asked } = harness();
  server.answer = (/** @type {number} */ cursor) => ({ cursor, more: true, frames: [] });
  channel.receive(frame(5));
  await settle();
  assert.deepEqual(told, ['reload']);
  assert.equal(asked.length, PATIENCE);
});

test('too far behind, the page reloads and shows nothing more', async () => {
  const { channel, server, told, seen } = harness();
  server.answer = { reload: true };
  channel.receive(frame(600));
  await settle();
  channel.receive(frame(1));
  assert.deepEqual(told, ['reload']);
  assert.deepEqual(seen, []);
});

test('a refusal is told and stops everything', async () => {
  const { channel, server, told, seen } = harness();
  server.answer = { ok: false, code: 'niveau', sentence: 'Non.' };
  channel.receive(frame(2));
  await settle();
  channel.receive(frame(1));
  assert.deepEqual(told, ['niveau']);
  assert.deepEqual(seen, []);
});

test('a lost answer is asked again after entering again', async () => {
  const { channel, server, seen } = harness({ last: 2 });
  server.answer = () => Promise.reject(new Error('gone'));
  channel.receive(frame(2));
  await settle();
  assert.deepEqual(seen, []);
  server.answer = null;
  channel.entered({ ok: true, epoch: 1, audiences: { readers: { cursor: 2 }, author: { cursor: 0 } } });
  await settle();
  assert.deepEqual(seen, names(2));
});

test('another audience than the one the page was written for means a reload', () => {
  const { channel, told } = harness();
  channel.entered({ ok: true, epoch: 3, audiences: { moderators: { cursor: 4 }, author: { cursor: 0 } } });
  assert.deepEqual(told, ['reload']);
});

test('a counter that went back means a reload', () => {
  const { channel, told } = harness({ cursors: { readers: 9, author: 0 } });
  channel.entered({ ok: true, epoch: 3, audiences: { readers: { cursor: 4 }, author: { cursor: 0 } } });
  assert.deepEqual(told, ['reload']);
});

test('a frame of an audience that the page does not follow is ignored', () => {
  const { channel, seen } = harness({ cursors: { readers: 0 } });
  channel.receive(frame(1, 'author'));
  assert.deepEqual(seen, []);
});
