import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcer, SAY_EVERY, wordsFor } from '../../../portal/static/js/live/bar.mjs';
import { classesFor } from '../../../portal/static/js/live/viewer.mjs';

test('one contribution, several contributions', () => {
  assert.equal(wordsFor(1), '1 nouvelle contribution');
  assert.equal(wordsFor(3), '3 nouvelles contributions');
});

test('what comes within five seconds is said once, the last words only', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 1_000_000;
  const said = /** @type {string[]} */ ([]);
  const announcer = new Announcer((words) => said.push(words), () => now);
  for (const words of ['un', 'deux', 'trois']) {
    announcer.say(words);
    now += 1000;
  }
  assert.deepEqual(said, ['un']);
  now += SAY_EVERY;
  context.mock.timers.tick(SAY_EVERY);
  assert.deepEqual(said, ['un', 'trois']);
  now += SAY_EVERY;
  announcer.say('quatre');
  assert.deepEqual(said, ['un', 'trois', 'quatre']);
});

test('rights replace rights and leave the other classes alone', () => {
  assert.deepEqual(classesFor(['card', 'thread', 'can-reply'], ['react', 'can-comment']), ['card', 'thread', 'can-react', 'can-comment']);
  assert.deepEqual(classesFor(['thread', 'can-reply', 'can-react'], []), ['thread']);
});
