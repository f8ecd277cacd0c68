// SPDX-License-Identifier: AGPL-3.0-or-later
// Pages without a document: the product's own connection and channel, for many clients at once. It repairs nothing.
// Orders come as lines of JSON on the standard input, answers leave as lines of JSON:
//   open {id, url, origin, cookie, space, cursors, transports, options}   state {id}   close {id}
// Argument: the folder of link.mjs (the product's, or a copy with a planted fault).
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { io } from 'socket.io-client';

const folder = path.resolve(process.argv[2] ?? '.');
/** @type {typeof import('../../portal/static/js/live/link.mjs')} */
const { Link, OPTIONS } = await import(pathToFileURL(path.join(folder, 'link.mjs')).href);

/** @typedef {import('../../portal/static/js/live/channel.mjs').Frame} Frame */

const PILL = /data-react="(\w+)"[^>]*>.*?<\/a>/gs;
/** « · au moins 5 », in any language. */
const COUNT = /\s·\s<span data-count>\D*(\d+)<\/span>/;

/** @param {string} html @returns {[string, number | null][]} what a card counts, as frames of reactions tell it */
function figuresOf(html) {
  return [...html.matchAll(PILL)].map(([pill, value]) => [String(value), Number(COUNT.exec(pill)?.[1] ?? Number.NaN) || null]);
}

/** @param {string} html */
function withoutFigures(html) {
  return html.replaceAll(new RegExp(COUNT, 'g'), '').replaceAll(/<p class="reactions__counts">.*?<\/p>\s*/gs, '');
}

class Client {
  /** @param {any} order */
  constructor({ url, origin, cookie, space, cursors, transports, options }) {
    /** Every frame as it was shown. @type {(string | number | null)[][]} */
    this.log = [];
    /** Cards of each audience, as they are now. @type {Record<string, Record<string, object>>} */
    this.cards = {};
    /** In the order of arrival. @type {Record<string, string[]>} */
    this.order = {};
    /** @type {Record<string, number>} */
    this.totals = {};
    /** @type {Record<string, unknown>} */
    this.figures = {};
    /** @type {Record<string, number>} */
    this.told = {};
    /** @type {string[]} */
    this.words = [];
    const headers = { Cookie: cookie, Origin: origin };
    const socket = io(url, { ...OPTIONS, ...options, transports: transports ?? OPTIONS.transports, extraHeaders: headers, forceNew: true });
    this.link = new Link(socket, space, cursors, {
      apply: (frame) => this.#apply(frame),
      live: () => this.#count('live'),
      renewed: () => this.#count('renewed'),
      waiting: () => this.#count('waiting'),
      failing: () => this.#count('failing'),
      outdated: () => this.#count('outdated'),
      ended: ({ code }) => {
        this.#count('ended');
        this.words.push(code);
      },
    });
    const ask = socket.timeout.bind(socket);
    socket.timeout = (/** @type {number} */ within) => {
      this.#count('asked');
      return ask(within);
    };
    this.link.open();
  }

  /** @param {string} name */
  #count(name) {
    this.told[name] = (this.told[name] ?? 0) + 1;
  }

  /** @param {Frame} frame */
  #apply(frame) {
    const one = /** @type {any} */ (frame);
    this.log.push([frame.audience, frame.cursor, frame.shape, one.id ?? one.item ?? null]);
    if (frame.shape === 'card') {
      const cards = (this.cards[frame.audience] ??= {});
      const order = (this.order[frame.audience] ??= []);
      if (!(one.id in cards)) order.push(one.id);
      cards[one.id] = { item: one.item, root: one.root, html: withoutFigures(one.html) };
      if (one.total !== undefined) this.totals[one.item] = one.total;
      // A card holds its figures; frames of reactions change nothing else of it.
      if (one.audience !== 'author') this.figures[one.id] = figuresOf(one.html);
    } else if (frame.shape === 'reactions') {
      this.figures[one.id] = one.figures;
    } else if (frame.shape !== 'none') {
      this.words.push(one.sentence ?? frame.shape);
    }
  }

  state() {
    const { log, cards, order, totals, figures, told, words, link } = this;
    return { log, cards, order, totals, figures, told, words, cursors: link.channel.cursors(), stopped: link.stopped, transport: link.socket.io.engine?.transport?.name };
  }

  /** What is compared often: where the client stands, without what it holds. */
  place() {
    return { cursors: this.link.channel.cursors(), stopped: this.link.stopped, connected: this.link.socket.connected, told: this.told };
  }
}

/** @type {Map<string, Client>} */
const clients = new Map();
/** @type {Record<string, (order: any) => unknown>} */
const orders = {
  open: (order) => void clients.set(order.id, new Client(order)),
  state: ({ id }) => clients.get(id)?.state(),
  place: ({ id }) => clients.get(id)?.place(),
  close({ id }) {
    clients.get(id)?.link.close();
    clients.delete(id);
  },
  modules: () => createHash('sha256').update(String(Link)).digest('hex'),
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(orders[order.do]?.(order) ?? null)}\n`);
}
process.exit(0);
