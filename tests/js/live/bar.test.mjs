import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcer, Bar, SAY_EVERY, SETTLE, wordsFor } from '../../../portal/static/js/live/bar.mjs';
import { classesFor } from '../../../portal/static/js/live/viewer.mjs';

test('one contribution, several contributions', () => {
  assert.equal(wordsFor(1), '1 nouvelle contribution');
  assert.equal(wordsFor(3), '3 nouvelles contributions');
});

/** @param {import('node:test').TestContext} context */
function listening(context) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const said = /** @type {string[]} */ ([]);
  const clock = { now: 1_000_000 };
  const announcer = new Announcer((words) => said.push(words), () => clock.now);
  /** @param {number} time */
  const pass = (time) => {
    clock.now += time;
    context.mock.timers.tick(time);
  };
  return { said, announcer, pass };
}

test('what comes within five seconds is said once, the last count only', (context) => {
  const { said, announcer, pass } = listening(context);
  for (const words of ['un', 'deux', 'trois']) {
    announcer.say(words);
    pass(1000);
  }
  assert.deepEqual(said, ['un']);
  pass(SAY_EVERY);
  assert.deepEqual(said, ['un', 'trois']);
  pass(SAY_EVERY);
  announcer.say('quatre');
  pass(SETTLE);
  assert.deepEqual(said, ['un', 'trois', 'quatre']);
});

test('what was missed during a cut comes together and is counted together', (context) => {
  const { said, announcer, pass } = listening(context);
  announcer.say('1 nouvelle contribution.');
  announcer.say('2 nouvelles contributions.');
  pass(SAY_EVERY);
  assert.deepEqual(said, ['2 nouvelles contributions.']);
});

test('what was shown meanwhile is not announced any more', (context) => {
  const { said, announcer, pass } = listening(context);
  announcer.say('1 nouvelle contribution.');
  announcer.hush();
  pass(SAY_EVERY);
  assert.deepEqual(said, []);
  announcer.say('1 nouvelle contribution.');
  pass(SETTLE);
  assert.deepEqual(said, ['1 nouvelle contribution.']);
});

/** A bar whose button is nowhere, and what it says. @param {import('node:test').TestContext} context */
function silentBar(context) {
  const { said, announcer, pass } = listening(context);
  const bar = new Bar(null, () => {});
  bar.announcer = announcer;
  return { said, bar, pass };
}

test('fewer that wait are no news', (context) => {
  const { said, bar, pass } = silentBar(context);
  bar.show(2);
  pass(SAY_EVERY);
  bar.show(1);
  pass(SAY_EVERY * 2);
  assert.deepEqual(said, ['2 nouvelles contributions.']);
  bar.show(2);
  pass(SAY_EVERY);
  assert.deepEqual(said, ['2 nouvelles contributions.', '2 nouvelles contributions.']);
});

test('what was not said yet is said as it is by then', (context) => {
  const { said, bar, pass } = silentBar(context);
  bar.show(2);
  bar.show(1);
  pass(SAY_EVERY);
  assert.deepEqual(said, ['1 nouvelle contribution.']);
});

test('rights replace rights and leave the other classes alone', () => {
  assert.deepEqual(classesFor(['card', 'thread', 'can-reply'], ['react', 'can-comment']), ['card', 'thread', 'can-react', 'can-comment']);
  assert.deepEqual(classesFor(['thread', 'can-reply', 'can-react'], []), ['thread']);
});
