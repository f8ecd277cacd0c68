// SPDX-License-Identifier: AGPL-3.0-or-later
// The one place where text becomes elements. It refuses rather than repairs: what comes from our server is already clean,
// so a fault means that something is wrong, and nothing of it is shown.

const FORBIDDEN = new Set([
  'animate', 'animatemotion', 'animatetransform', 'applet', 'base', 'embed', 'foreignobject', 'form', 'frame', 'frameset', 'iframe', 'link', 'math',
  'meta', 'noscript', 'object', 'portal', 'script', 'set', 'style', 'template',
]);
const ADDRESSES = new Set(['action', 'cite', 'data', 'href', 'poster', 'src', 'xlink:href']);
const NEVER = new Set(['background', 'formaction', 'http-equiv', 'ping', 'srcdoc', 'srcset', 'style']);
const OUTWARD = /^(?:https?:\/\/|mailto:|tel:)/i;
const INWARD = /^(?:[#?]|\/(?![/\\])|$)/;

/**
 * @typedef {{ readonly name: string, readonly value: string }} AttributeLike
 * @typedef {{ readonly localName?: string, readonly attributes?: Iterable<AttributeLike>, readonly children: Iterable<NodeLike> }} NodeLike
 */

/**
 * @param {string} localName
 * @returns {string | null} what is wrong with the element, or null
 */
export function elementFault(localName) {
  return FORBIDDEN.has(localName.toLowerCase()) ? `<${localName}>` : null;
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [localName] the element that carries it
 * @returns {string | null} what is wrong with the attribute, or null
 */
export function attributeFault(name, value, localName = '') {
  const lower = name.toLowerCase();
  if (lower.startsWith('on') || NEVER.has(lower)) return lower;
  if (!ADDRESSES.has(lower)) return null;
  // Browsers drop control signs and blanks inside a scheme before they read it.
  const address = value.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '');
  if (localName.toLowerCase() === 'use') return address.startsWith('#') ? null : `${lower}=${value}`;
  if (INWARD.test(address)) return null;
  return localName.toLowerCase() === 'a' && OUTWARD.test(address) ? null : `${lower}=${value}`;
}

/**
 * @param {NodeLike} node
 * @returns {string | null} the first fault in the node or below it
 */
export function firstFault(node) {
  const own = node.localName === undefined ? null : elementFault(node.localName);
  if (own !== null) return own;
  for (const { name, value } of node.attributes ?? []) {
    const fault = attributeFault(name, value, node.localName);
    if (fault !== null) return `${node.localName} ${fault}`;
  }
  for (const child of node.children) {
    const fault = firstFault(child);
    if (fault !== null) return fault;
  }
  return null;
}

/** @typedef {{ createHTML(html: string): string }} Policy */

/** @type {Policy | undefined} */
let policy;

/** @returns {Policy} */
function portalPolicy() {
  const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }} */ (/** @type {unknown} */ (globalThis));
  // Made at first use: a page that never receives a fragment has no policy at all.
  policy ??= trustedTypes?.createPolicy('portal', { createHTML: (html) => html }) ?? { createHTML: (html) => html };
  return policy;
}

/**
 * Parse HTML that our own server sent, in an inert document.
 * @param {string} html
 * @returns {DocumentFragment}
 * @throws {TypeError} when it holds a script, a style, a handler, a form or an address that runs
 */
export function fragment(html) {
  const template = document.createElement('template');
  template.innerHTML = portalPolicy().createHTML(html);
  const fault = firstFault(template.content);
  if (fault !== null) throw new TypeError(`fragment refused: ${fault}`);
  return template.content;
}
