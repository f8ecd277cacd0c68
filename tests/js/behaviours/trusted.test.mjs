// SPDX-License-Identifier: AGPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { attributeFault, elementFault, firstFault } from '../../../portal/static/js/trusted.mjs';

/**
 * @param {string} localName
 * @param {Record<string, string>} attributes
 * @param {any[]} children
 * @returns {any}
 */
function node(localName, attributes = {}, children = []) {
  return {
    localName,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    children,
  };
}

for (const name of ['script', 'style', 'iframe', 'object', 'embed', 'link', 'meta', 'base', 'form', 'template', 'foreignObject', 'animate', 'set', 'math']) {
  test(`a fragment holding <${name}> is refused`, () => {
    assert.ok(elementFault(name));
  });
}

for (const name of ['article', 'p', 'a', 'svg', 'use', 'time', 'ul', 'blockquote', 'h3']) {
  test(`<${name}> may stand in a card`, () => {
    assert.equal(elementFault(name), null);
  });
}

for (const [name, value] of [
  ['onclick', ''],
  ['ONLOAD', 'x'],
  ['style', 'color: red'],
  ['srcdoc', '<p>'],
  ['href', 'javascript:alert(1)'],
  ['href', ' \u0001java\tscript:alert(1)'],
  ['href', 'JaVaScRiPt:alert(1)'],
  ['xlink:href', 'data:image/svg+xml,x'],
  ['src', 'vbscript:x'],
  ['src', 'https://ailleurs.example/x.png'],
  ['href', '//ailleurs.example/'],
  ['href', '/\\ailleurs.example/'],
  ['formaction', '/x'],
  ['ping', '/x'],
]) {
  test(`the attribute ${name}=${JSON.stringify(value)} is refused`, () => {
    assert.ok(attributeFault(/** @type {string} */ (name), /** @type {string} */ (value), 'img'));
  });
}

for (const [name, value, element] of [
  ['href', '/contributions/abc/repondre?valeur=accord', 'a'],
  ['href', '#i-check', 'use'],
  ['href', '?page=2', 'a'],
  ['href', 'https://exemple.example/une-page', 'a'],
  ['href', 'mailto:accueil@exemple.example', 'a'],
  ['href', 'tel:0199000000', 'a'],
  ['class', 'contribution contribution--personnes', 'article'],
  ['data-react', 'accord', 'a'],
]) {
  test(`${name}=${value} may stand on <${element}>`, () => {
    assert.equal(attributeFault(/** @type {string} */ (name), /** @type {string} */ (value), element), null);
  });
}

test('<use> may only point into the page itself', () => {
  assert.ok(attributeFault('href', '/static/img/x.svg#a', 'use'));
});

test('a fault deep inside a tree is found', () => {
  const tree = node('div', {}, [node('article', {}, [node('p'), node('a', { href: '/x', onfocus: 'x()' })])]);
  assert.match(String(firstFault(tree)), /onfocus/);
});

test('a plain card has no fault', () => {
  const tree = node('div', {}, [node('article', { id: 'c-a' }, [node('p'), node('a', { href: '/contributions/a/repondre' })])]);
  assert.equal(firstFault(tree), null);
});
