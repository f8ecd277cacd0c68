// SPDX-License-Identifier: AGPL-3.0-or-later
// The sentences of scripts: the same keys in each language, each of them used, and none written elsewhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { TABLES, word } from '../../portal/static/js/words.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../portal/static/js');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mjs') && name !== 'words.mjs');
const SOURCES = new Map(FILES.map((name) => [name, readFileSync(path.join(ROOT, name), 'utf8')]));
const USED = /\bword\('(\w+)'/g;
const PICKED = /@typedef \{((?:'\w+'(?: \| )?)+)\} State/;
// Letters that only French has, a space no line breaks at, or a word and another: a sentence.
const SENTENCE = /[éèêàùçÉÀ’…\u00a0]|\\u00a0|^[A-ZÉÀ][a-zé’]+(?: [a-zé’]+)+/;

/** @param {string} source */
function keysOf(source) {
  const picked = PICKED.exec(source)?.[1]?.match(/\w+/g) ?? [];
  return [...[...source.matchAll(USED)].map((found) => found[1] ?? ''), ...picked];
}

/** @param {string} source */
function sentencesIn(source) {
  const code = source.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '').replace(/\/(?![/*])(?:[^/\n\\[]|\\.|\[[^\]\n]*\])+\/[a-z]+/g, '');
  return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`([^`]*)`/g)].map((found) => found[1] ?? found[2] ?? '').filter((words) => SENTENCE.test(words));
}

/**
 * @param {Record<string, Record<string, unknown>>} tables
 * @param {Iterable<string>} used
 */
function faults(tables, used) {
  const wanted = new Set(used);
  return Object.entries(tables).flatMap(([code, table]) => [
    ...[...wanted].filter((key) => !(key in table)).map((key) => `${code} misses ${key}`),
    ...Object.keys(table).filter((key) => !wanted.has(key)).map((key) => `${code} never says ${key}`),
    ...Object.entries(table).filter(([, told]) => told === '').map(([key]) => `${code} says nothing for ${key}`),
  ]);
}

test('each language has each sentence that scripts say, and no other', () => {
  assert.deepEqual(faults(TABLES, [...SOURCES.values()].flatMap(keysOf)), []);
});

test('control: a missing, a useless and an empty sentence are found', () => {
  assert.deepEqual(faults({ fr: { one: 'Un', two: 'Deux' }, en: { one: '' } }, ['one', 'two', 'three']), [
    'fr misses three',
    'en misses two',
    'en misses three',
    'en says nothing for one',
  ]);
  assert.deepEqual(faults({ fr: { one: 'Un', two: 'Deux' } }, ['one']), ['fr never says two']);
});

test('no script writes a sentence of its own', () => {
  const found = [...SOURCES].flatMap(([name, source]) => (name === 'behaviours/listen.mjs' ? [] : sentencesIn(source).map((words) => `${name}: ${words}`)));
  assert.deepEqual(found.filter((line) => !line.includes('no card in the fragment')), []);
});

test('control: a sentence in a script is found', () => {
  assert.deepEqual(sentencesIn("say('Envoyé.');"), ['Envoyé.']);
  assert.deepEqual(sentencesIn('say(`Il y a ${count} mots`);'), ['Il y a ${count} mots']);
  assert.deepEqual(sentencesIn("// « Envoyé »\nquery('[data-live]', 'button button--quiet')"), []);
});

test('a page speaks its own language, French when it does not say', (context) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'document');
  context.after(() => (before === undefined ? Reflect.deleteProperty(globalThis, 'document') : Object.defineProperty(globalThis, 'document', before)));
  for (const [lang, told] of [
    ['en', '1,200 new contributions'],
    ['fr', '1\u00a0200 nouvelles contributions'],
    ['', '1\u00a0200 nouvelles contributions'],
    ['constructor', '1\u00a0200 nouvelles contributions'],
  ]) {
    Object.defineProperty(globalThis, 'document', { configurable: true, value: { documentElement: { lang } } });
    assert.equal(word('newContributions', 1200), told);
  }
});

test('English keeps its own typography', () => {
  for (const told of Object.values(TABLES['en'] ?? {})) {
    const words = typeof told === 'string' ? told : told('Word', 2);
    assert.doesNotMatch(words, /\s[;:!?]|[«»\u00a0]|'/);
  }
});

test('an hour is written as one reads it in each language', () => {
  const told = Object.fromEntries(Object.entries(TABLES).map(([code, table]) => [code, /** @type {any} */ (table)['draftKept'](9, 5)]));
  assert.equal(told['fr'], 'Enregistré sur cet appareil à 9\u00a0h\u00a005. Pas encore envoyé.');
  assert.equal(told['en'], 'Saved on this device at 9:05. Not sent yet.');
});
