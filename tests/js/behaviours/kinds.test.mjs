// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameFor } from '../../../portal/static/js/behaviours/kinds.mjs';

const NAMES = { nameComment: 'Envoyer mon avis', nameQuestion: 'Envoyer ma question' };

for (const [kind, expected] of [['comment', 'Envoyer mon avis'], ['question', 'Envoyer ma question'], ['proposal', 'Envoyer'], ['', 'Envoyer']]) {
  test(`the button of « ${kind} » says « ${expected} »`, () => assert.equal(nameFor(NAMES, kind, 'Envoyer'), expected));
}
