// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLD, Voice } from '../../../portal/static/js/behaviours/announce.mjs';

test('everything is said, one thing after the other', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const written = /** @type {string[]} */ ([]);
  const voice = new Voice((words) => written.push(words));
  voice.say('1 nouvelle contribution.');
  voice.say('Texte gardé sur cet appareil.');
  context.mock.timers.tick(100);
  assert.deepEqual(written.filter(Boolean), ['1 nouvelle contribution.']);
  context.mock.timers.tick(HOLD);
  context.mock.timers.tick(100);
  assert.deepEqual(written.filter(Boolean), ['1 nouvelle contribution.', 'Texte gardé sur cet appareil.']);
});

test('the same words, later, are heard again: the region was empty in between', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const written = /** @type {string[]} */ ([]);
  const voice = new Voice((words) => written.push(words));
  voice.say('Fait.');
  context.mock.timers.tick(2 * HOLD);
  voice.say('Fait.');
  context.mock.timers.tick(100);
  assert.deepEqual(written, ['', 'Fait.', '', 'Fait.']);
});

test('words that wait already are not said twice for one thing', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const written = /** @type {string[]} */ ([]);
  const voice = new Voice((words) => written.push(words));
  for (const words of ['Un.', 'Deux.', 'Deux.']) voice.say(words);
  context.mock.timers.tick(5 * HOLD);
  context.mock.timers.tick(5 * HOLD);
  context.mock.timers.tick(5 * HOLD);
  assert.deepEqual(written.filter(Boolean), ['Un.', 'Deux.']);
});
