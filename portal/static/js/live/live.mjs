// SPDX-License-Identifier: AGPL-3.0-or-later
// Entry point of pages that follow a space. Without it, the page is the same, as of when it was opened.
import { io } from 'socket.io-client';
import { HEARD } from '../behaviours/bell.mjs';
import { leave } from '../behaviours/leave.mjs';
import { Alone } from './alone.mjs';
import { Link, OPTIONS } from './link.mjs';
import { Thread } from './thread.mjs';
import { word } from '../words.mjs';

/** What the server says to the pages of somebody who went out. */
const ENDED = 'session-terminee';
/** A tab hidden for so long may have slept through the end of its connection, in milliseconds. */
const ASLEEP = 10_000;

/** @param {HTMLElement} section */
function start(section) {
  const thread = new Thread(section);
  const link = new Link(io(OPTIONS), section.dataset['liveSpace'] ?? '', JSON.parse(section.dataset['cursors'] ?? '{}'), {
    apply(frame) {
      thread.apply(frame);
      const forMe = frame.shape === 'card' ? frame['fresh'] || frame.audience === 'author' : frame.shape === 'space';
      if (forMe) document.dispatchEvent(new Event(HEARD));
    },
    live() {
      alone.stop();
      thread.together();
    },
    renewed: () => void thread.refresh(),
    waiting: () => thread.wait(),
    failing: (failures) => void alone.failing(failures),
    outdated: () => thread.bar.propose(word('muchChanged')),
    ended({ code, sentence }) {
      alone.stop();
      if (code === ENDED) {
        leave(sentence);
      } else {
        thread.end(sentence);
        void thread.refresh();
      }
    },
  });
  const alone = new Alone({
    read,
    had: () => /** @type {Record<string, number>} */ (link.channel.cursors()),
    alone() {
      link.slowDown();
      thread.alone();
    },
    news: () => thread.bar.propose(word('news')),
    seen: () => document.visibilityState === 'visible',
  });
  follow(link, thread);
  link.open();
}

/** @returns {Promise<Record<string, number> | null>} the counters of this page as it would be opened now */
async function read() {
  const answer = await fetch(globalThis.location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  const found = /\bdata-cursors="([^"]*)"/.exec(await answer.text())?.[1];
  return found === undefined ? null : JSON.parse(found.replace(/&(?:#34|quot);/g, '"'));
}

/**
 * The network and the tab come and go.
 * @param {Link} link
 * @param {Thread} thread
 */
function follow(link, thread) {
  let hiddenAt = Infinity;
  globalThis.addEventListener('offline', () => {
    if (!link.stopped) thread.wait();
  });
  globalThis.addEventListener('online', () => link.check());
  // A page kept by the browser for « back » must not keep a connection; it takes it again when shown.
  globalThis.addEventListener('pagehide', () => link.close());
  globalThis.addEventListener('pageshow', (event) => {
    if (event.persisted) link.open();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > ASLEEP) link.check();
  });
}

const section = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-space]'));
if (section !== null) start(section);
