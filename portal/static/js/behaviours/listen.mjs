// SPDX-License-Identifier: AGPL-3.0-or-later
// « Écouter »: the page read aloud by a voice of this device, and by no other: remote voices would send the words away.
// Without such a voice the buttons stay hidden. It never begins by itself.

/** Longer utterances stop by themselves in some browsers. */
const LONGEST = 220;
const SHORT_FORMS = /(?:^|[\s(«"'’])(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|St|Ste|art|chap|env|etc|ex|p|pp|n|vol|Mr|Mrs|Ms|\p{Lu})\.$/u;
const BLOCKS = 'h1, h2, h3, h4, h5, h6, p, li, dt, dd, th, td, blockquote, legend, figcaption, pre';
const SILENT = 'form, button, nav, script, textarea, select, .visually-hidden, [hidden], [aria-hidden="true"], [data-listen], .button-row, .contribution__actions, .reactions';

/**
 * @param {string} text
 * @returns {string[]} its sentences, each short enough to be said in one go
 */
export function sentences(text) {
  const words = text.replace(/\s+/gu, ' ').trim();
  /** @type {string[]} */
  const found = [];
  let start = 0;
  for (const end of words.matchAll(/[.!?…]+["»”)\]]*(?:\s+[»”])?(?=\s+["«“(\[\-–—]*\s*[\p{Lu}\p{N}])/gu)) {
    const at = end.index + end[0].length;
    const sentence = words.slice(start, at).trim();
    if (SHORT_FORMS.test(sentence)) continue;
    found.push(sentence);
    start = at;
  }
  found.push(words.slice(start).trim());
  return found.filter((one) => /[\p{L}\p{N}]/u.test(one)).flatMap(pieces);
}

/**
 * @param {string} sentence
 * @returns {string[]} cut where one would breathe, else between words
 */
function pieces(sentence) {
  /** @type {string[]} */
  const found = [];
  let rest = sentence;
  while (rest.length > LONGEST) {
    const head = rest.slice(0, LONGEST);
    const breath = Math.max(...[', ', '; ', ': ', ' – '].map((mark) => head.lastIndexOf(mark) + mark.length - 1));
    const space = head.lastIndexOf(' ');
    const at = breath > LONGEST / 3 ? breath : space > 0 ? space : LONGEST;
    found.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === '' ? found : [...found, rest];
}

/**
 * @param {readonly SpeechSynthesisVoice[]} voices
 * @param {string} language of the page, as « fr »
 * @returns {SpeechSynthesisVoice | null} a voice of the device that speaks it; never a remote one
 */
export function localVoice(voices, language) {
  const wanted = language.toLowerCase().split('-')[0];
  const own = voices.filter((one) => one.localService === true && one.lang.toLowerCase().split(/[-_]/)[0] === wanted);
  return own.find((one) => one.default) ?? own[0] ?? null;
}

/**
 * @param {Element} main
 * @returns {{ block: Element, words: string }[]} what is read, with the block that holds it
 */
function script(main) {
  /** @type {Map<Element, string>} */
  const texts = new Map();
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const holder = walker.currentNode.parentElement;
    if (holder === null || holder.closest(SILENT) !== null || !seen(holder)) continue;
    const block = holder.closest(BLOCKS) ?? holder;
    texts.set(block, (texts.get(block) ?? '') + (walker.currentNode.nodeValue ?? ''));
  }
  return [...texts].flatMap(([block, text]) => sentences(text).map((words) => ({ block, words })));
}

/** @param {Element} element */
function seen(element) {
  return typeof element.checkVisibility !== 'function' || element.checkVisibility();
}

class Reader {
  /**
   * @param {HTMLElement} place
   * @param {SpeechSynthesisVoice} voice
   */
  constructor(place, voice) {
    this.voice = voice;
    this.play = /** @type {HTMLButtonElement} */ (place.querySelector('[data-listen-play]'));
    this.hold = /** @type {HTMLButtonElement} */ (place.querySelector('[data-listen-pause]'));
    this.end = /** @type {HTMLButtonElement} */ (place.querySelector('[data-listen-stop]'));
    this.first = this.play.querySelector('span')?.textContent ?? '';
    /** @type {{ block: Element, words: string }[]} */
    this.lines = [];
    this.next = 0;
    this.turn = 0;
    this.play.addEventListener('click', () => this.begin());
    this.hold.addEventListener('click', () => this.pause());
    this.end.addEventListener('click', () => this.stop());
    globalThis.addEventListener('pagehide', () => this.stop());
  }

  begin() {
    const main = document.querySelector('main');
    if (main === null) return;
    if (this.next === 0) this.lines = script(main);
    this.#show(true);
    this.hold.focus();
    this.#say();
  }

  // Browsers differ on pausing inside a sentence: the sentence under way is read again.
  pause() {
    this.#hush();
    this.#show(false);
    this.play.focus();
  }

  stop() {
    this.#hush();
    const focused = document.activeElement === this.hold || document.activeElement === this.end;
    this.next = 0;
    this.#show(false);
    if (focused) this.play.focus();
  }

  #say() {
    this.#mark(null);
    const line = this.lines[this.next];
    if (line === undefined) {
      this.stop();
      return;
    }
    const turn = ++this.turn;
    const spoken = new SpeechSynthesisUtterance(line.words);
    spoken.voice = this.voice;
    spoken.lang = this.voice.lang;
    spoken.onend = () => {
      if (turn !== this.turn) return;
      this.next += 1;
      this.#say();
    };
    spoken.onerror = () => {
      if (turn === this.turn) this.pause();
    };
    this.#mark(line.block);
    speechSynthesis.speak(spoken);
  }

  #hush() {
    this.turn += 1;
    speechSynthesis.cancel();
    this.#mark(null);
  }

  /** @param {Element | null} block what is being read */
  #mark(block) {
    for (const one of document.querySelectorAll('[data-reading]')) one.removeAttribute('data-reading');
    block?.setAttribute('data-reading', '');
  }

  /** @param {boolean} reading */
  #show(reading) {
    const label = this.play.querySelector('span');
    this.play.hidden = reading;
    this.hold.hidden = !reading;
    this.end.hidden = !reading && this.next === 0;
    if (label !== null) label.textContent = this.next === 0 ? this.first : (this.play.dataset['again'] ?? this.first);
  }
}

export function startListen() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-listen]'));
  if (place === null || !('speechSynthesis' in globalThis)) return;
  /** @type {Reader | null} */
  let reader = null;
  const look = () => {
    const voice = localVoice(speechSynthesis.getVoices(), document.documentElement.lang);
    if (voice !== null && reader === null) reader = new Reader(place, voice);
    else if (voice !== null && reader !== null) reader.voice = voice;
    place.hidden = voice === null;
  };
  speechSynthesis.addEventListener?.('voiceschanged', look);
  look();
}
