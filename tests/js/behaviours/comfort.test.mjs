// SPDX-License-Identifier: AGPL-3.0-or-later
// The dark colours are written twice: for the system's wish (tokens.css) and for the person's (comfort.css).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

/** @param {string} name */
function css(name) {
  return readFileSync(new URL(`../../../portal/static/css/${name}`, import.meta.url), 'utf8');
}

/** @param {string} text */
function colours(text) {
  return Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9A-Fa-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/**
 * @param {string} text
 * @param {string} from
 */
function block(text, from) {
  const start = text.indexOf(from);
  assert.notEqual(start, -1, from);
  return text.slice(start, text.indexOf('}', start));
}

test('whoever chooses the dark colours has those of a dark system', () => {
  const system = colours(block(css('tokens.css'), '@media (prefers-color-scheme: dark)'));
  assert.ok(Object.keys(system).length > 15);
  assert.deepEqual(colours(block(css('comfort.css'), '[data-colours="dark"] {')), system);
});

test('light colours win over a dark system', () => {
  assert.match(block(css('tokens.css'), '@media (prefers-color-scheme: dark)'), /:root:where\(:not\(\[data-colours="light"\]\)\)/);
});
