// SPDX-License-Identifier: AGPL-3.0-or-later
// Every pair of inks and grounds the style sheet uses, light and dark, at the ratios the look promises (its figures are rounded to a tenth).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const source = readFileSync(new URL('../../../portal/static/css/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = source.split('@media (prefers-color-scheme: dark)');

/** @param {string} text */
function tokens(text) {
  return new Map([...text.matchAll(/--([\w-]+): (#[0-9A-F]{6});/g)].map(([, name, value]) => [String(name), String(value)]));
}

/** @param {string} hex */
function luminance(hex) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {string} one
 * @param {string} other
 */
function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const PAIRS = /** @type {const} */ ([
  ['ink', 'paper', 14.4],
  ['ink', 'card', 14.5],
  ['ink', 'blue-2', 12],
  ['ink', 'green-2', 12],
  ['ink', 'amber-2', 12],
  ['soft', 'paper', 7.1],
  ['soft', 'card', 7.2],
  ['soft', 'blue-2', 6.4],
  ['soft', 'green-2', 6.4],
  ['blue', 'card', 11.15],
  ['blue', 'paper', 10.4],
  ['blue', 'blue-2', 9.55],
  ['blue', 'amber-2', 9.6],
  ['blue', 'green-2', 9.4],
  ['on-blue', 'blue', 11.15],
  ['on-blue', 'blue-deep', 11.15],
  ['green', 'green-2', 6.05],
  ['green', 'card', 7],
  ['amber', 'amber-2', 6.35],
  ['red', 'card', 8],
  ['red', 'paper', 7.5],
  ['red', 'red-2', 6.9],
  ['field', 'card', 4.7],
  ['field', 'paper', 4.4],
  ['focus', 'card', 6],
  ['focus', 'paper', 5.6],
  ['terracotta', 'card', 6],
  ['violet', 'card', 6],
]);

const palettes = { light: tokens(light), dark: new Map([...tokens(light), ...tokens(dark)]) };

test('the dark palette redefines every colour', () => {
  assert.deepEqual([...tokens(dark).keys()].sort(), [...tokens(light).keys()].sort());
});

for (const [name, palette] of Object.entries(palettes)) {
  for (const [ink, ground, ratio] of PAIRS) {
    test(`${name}: ${ink} on ${ground} reaches ${ratio}`, () => {
      const found = contrast(palette.get(ink) ?? '', palette.get(ground) ?? '');
      assert.ok(found >= ratio, `${found.toFixed(2)} < ${ratio}`);
    });
  }
}
