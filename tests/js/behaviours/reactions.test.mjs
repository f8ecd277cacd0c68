// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { accepted, bodyOf, newOpId } from '../../../portal/static/js/behaviours/reactions.mjs';
import { parseList, parseReactions } from '../../../portal/static/js/behaviours/mine.mjs';

test('what is mine is read from the block of the page', () => {
  assert.deepEqual([...parseList(' a  b ')], ['a', 'b']);
  assert.deepEqual([...parseList(undefined)], []);
  assert.deepEqual([...parseReactions('a:accord b:desaccord broken')], [['a', 'accord'], ['b', 'desaccord']]);
});

test('an op id has the shape of the public ids and never repeats', () => {
  const ids = new Set(Array.from({ length: 200 }, () => newOpId()));
  assert.equal(ids.size, 200);
  for (const id of ids) assert.match(id, /^[a-z2-7]{26}$/);
});

test('the body carries token, op id and value', () => {
  const body = bodyOf('accord', 'jeton', 'op');
  assert.equal(body.toString(), 'csrf_token=jeton&op_id=op&valeur=accord');
});

for (const [answer, expected, why] of [
  [{ status: 204, ok: true, redirected: false, url: 'https://x.example/contributions/a/reagir' }, true, 'no content: done'],
  [{ status: 200, ok: true, redirected: true, url: 'https://x.example/espaces/b#c-a' }, true, 'sent back to the thread: done'],
  [{ status: 200, ok: true, redirected: true, url: 'https://x.example/entrer?suite=/x' }, false, 'sent to the sign-in page: not done'],
  [{ status: 200, ok: true, redirected: false, url: 'https://x.example/contributions/a/reagir' }, false, 'the form came back: not done'],
  [{ status: 403, ok: false, redirected: false, url: 'https://x.example/contributions/a/reagir' }, false, 'refused: not done'],
  [{ status: 500, ok: false, redirected: true, url: 'https://x.example/espaces/b' }, false, 'broken: not done'],
]) {
  test(String(why), () => {
    assert.equal(accepted(/** @type {Response} */ (answer), '/entrer'), expected);
  });
}
