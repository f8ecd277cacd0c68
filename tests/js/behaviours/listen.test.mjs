// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { localVoice, sentences } from '../../../portal/static/js/behaviours/listen.mjs';

for (const [text, expected] of /** @type {[string, string[]][]} */ ([
  ['', []],
  ['   \n ', []],
  ['…', []],
  ['Bonjour', ['Bonjour']],
  ['Le dîner est tôt. Que faire\u00a0? Parlons\u00a0!', ['Le dîner est tôt.', 'Que faire ?', 'Parlons !']],
  ['M. Durand et Mme. Morel sont là. Dr. Petit aussi.', ['M. Durand et Mme. Morel sont là.', 'Dr. Petit aussi.']],
  ['Il dit\u00a0: «\u00a0Non.\u00a0» Puis il part.', ['Il dit : « Non. »', 'Puis il part.']],
  ['Page 3.5 du texte. 12 familles ont écrit.', ['Page 3.5 du texte.', '12 familles ont écrit.']],
  ['Je ne sais pas… Et vous\u00a0?', ['Je ne sais pas…', 'Et vous ?']],
  ['L’agence (A. R. S.) décide. Fin.', ['L’agence (A. R. S.) décide.', 'Fin.']],
  ['Le repas\n   est   froid.', ['Le repas est froid.']],
])) {
  test(`cut: ${text.slice(0, 40)}`, () => assert.deepEqual(sentences(text), expected));
}

test('a long sentence is cut where one breathes, and no word is lost', () => {
  const long = `${'Il faut dire que le repas du soir, servi à dix-huit heures, laisse une longue nuit. '.repeat(1).trim().slice(0, -1)}, ${'mot '.repeat(150).trim()}.`;
  const found = sentences(long);
  assert.ok(found.length > 2);
  assert.ok(found.every((one) => one.length <= 220));
  assert.equal(found.join(' '), long);
});

test('a word without end is cut too', () => {
  const found = sentences('a'.repeat(500));
  assert.equal(found.join(''), 'a'.repeat(500));
  assert.ok(found.every((one) => one.length <= 220));
});

/**
 * @param {string} lang
 * @param {boolean} localService
 * @param {boolean} [standard]
 */
function voice(lang, localService, standard = false) {
  return /** @type {SpeechSynthesisVoice} */ ({ lang, localService, default: standard, name: lang, voiceURI: lang });
}

test('only a voice of the device that speaks the language of the page is taken', () => {
  assert.equal(localVoice([], 'fr'), null);
  assert.equal(localVoice([voice('fr-FR', false)], 'fr'), null);
  assert.equal(localVoice([voice('en-GB', true)], 'fr'), null);
  assert.equal(localVoice([voice('en-GB', true)], 'en')?.lang, 'en-GB');
  assert.equal(localVoice([voice('fr-FR', false), voice('fr_CA', true)], 'fr')?.lang, 'fr_CA');
  assert.equal(localVoice([voice('fr-CA', true), voice('fr-FR', true, true)], 'fr')?.lang, 'fr-FR');
  assert.equal(localVoice([/** @type {SpeechSynthesisVoice} */ ({ lang: 'fr-FR' })], 'fr'), null);
});
