// SPDX-License-Identifier: AGPL-3.0-or-later
// Words that were sent do not stand in the box again when one goes back. What is remembered is a mark of the words, in this tab only, never the words.
const PREFIX = 'polyphonie:envoi:';
const LEFT = `${PREFIX}parti`;
const SENT = `${PREFIX}arrive`;

/**
 * @typedef {{ key: string, marks: Record<string, string> }} Sending a form that left, and the marks of its fields
 * @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Memory
 */

/**
 * @param {string} words
 * @returns {string} the same for the same words, however their lines end; says nothing of them
 */
export function markOf(words) {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (const sign of words.replaceAll('\r\n', '\n')) {
    const code = sign.codePointAt(0) ?? 0;
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  return `${[...words.replaceAll('\r\n', '\n')].length}.${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
}

/**
 * @param {Memory} memory
 * @param {string} name
 * @returns {Sending | null}
 */
function read(memory, name) {
  try {
    const found = JSON.parse(memory.getItem(name) ?? 'null');
    return typeof found?.key === 'string' && typeof found.marks === 'object' ? found : null;
  } catch {
    return null;
  }
}

/**
 * A form leaves.
 * @param {Memory} memory
 * @param {string} key
 * @param {Record<string, string>} values
 */
export function left(memory, key, values) {
  const marks = Object.fromEntries(Object.entries(values).map(([name, words]) => [name, markOf(words)]));
  memory.setItem(LEFT, JSON.stringify({ key, marks }));
}

/**
 * The portal says that it has them.
 * @param {Memory} memory
 * @returns {string | null} the key of the form that was sent
 */
export function arrived(memory) {
  const sending = read(memory, LEFT);
  if (sending === null) return null;
  memory.removeItem(LEFT);
  memory.setItem(SENT, JSON.stringify(sending));
  return sending.key;
}

/**
 * What left did not arrive: the form stands here again, or another one leaves.
 * @param {Memory} memory
 * @param {string} [key] only when it is this form
 */
export function lost(memory, key) {
  if (key === undefined || read(memory, LEFT)?.key === key) memory.removeItem(LEFT);
}

/**
 * @param {Memory} memory
 * @param {string} key
 * @param {string} name of a field
 * @param {string} words that stand in it
 * @returns {boolean} whether these words were already sent from this form
 */
export function wasSent(memory, key, name, words) {
  const sending = read(memory, SENT);
  return words !== '' && sending?.key === key && sending.marks[name] === markOf(words);
}

/** @param {Memory} memory */
export function forget(memory) {
  memory.removeItem(LEFT);
  memory.removeItem(SENT);
}
