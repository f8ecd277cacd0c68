"""Scripts that look at the open page: each gives the list of what is wrong."""

from __future__ import annotations

# WCAG 1.4.12, as written there. A sheet of our own, not an element: the policy of the portal refuses others' styles.
SPACING = """
(on) => {
  if (!on && !document.adoptedStyleSheets.some((sheet) => sheet.ofMatrix)) return;
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheet.ofMatrix);
  if (!on) return;
  const sheet = new CSSStyleSheet();
  sheet.ofMatrix = true;
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
"""

# What « Affichage » writes on the page; what is not named is as it was.
COMFORT = """
(chosen) => {
  const page = document.documentElement;
  globalThis.matrixComfort ??= { ...page.dataset };
  for (const name of ['size', 'contrast', 'spacing', 'font', 'motion', 'colours']) {
    const value = chosen[name] ?? globalThis.matrixComfort[name];
    if (value === undefined) delete page.dataset[name]; else page.dataset[name] = value;
  }
}
"""

# What spacing, comfort and larger letters wrote is taken off; whether the colours or the paper are not the usual ones.
AS_BEFORE = f"""
() => {{
  document.documentElement.style.fontSize = '';
  ({SPACING})(false);
  ({COMFORT})({{}});
  return ['print', '(prefers-color-scheme: dark)', '(forced-colors: active)'].some((one) => matchMedia(one).matches);
}}
"""

# Words cut off by their box, or that run out of it.
CLIPPED = """
() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cuts = (style) => /hidden|clip/.test(style.overflowX + style.overflowY);
  const scrolls = (style) => /auto|scroll/.test(style.overflowX + style.overflowY);
  // What only screen readers are told stands in a box of one point.
  const unseen = (one) => { for (; one; one = one.parentElement) if (getComputedStyle(one).clipPath === 'inset(50%)') return true; };
  while (walker.nextNode()) {
    const node = walker.currentNode, home = node.parentElement;
    if (!node.data.trim() || home.closest('script, style, textarea, select, option, svg, .visually-hidden, template')) continue;
    if (!home.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || unseen(home)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const words = range.getBoundingClientRect();
    if (words.width === 0) continue;
    for (let box = home; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (scrolls(style)) break;
      if (style.display === 'inline' || style.display === 'contents') continue;
      const room = box.getBoundingClientRect();
      // A tall letter may pass a line; words that nothing cuts stay readable half a letter further.
      const high = cuts(style) ? 4 : parseFloat(style.fontSize) / 2;
      // Spaced letters end with their space.
      const wide = 2 + (parseFloat(style.letterSpacing) || 0);
      const out = words.right > room.right + wide || words.left < room.left - wide
        || words.bottom > room.bottom + high || words.top < room.top - high;
      const first = box === home || (box.contains(home) && getComputedStyle(home).display === 'inline');
      if (out && (cuts(style) || first)) {
        found.push(`${box.tagName.toLowerCase()}.${box.className} « ${node.data.trim().slice(0, 40)} »`);
        break;
      }
      if (style.position === 'absolute' || style.position === 'fixed') break;
    }
  }
  return [...new Set(found)].slice(0, 6);
}
"""

# With the colours of the person, edges alone say what is a control, what is a mark and what is chosen.
EDGES = """
() => {
  const canvas = getComputedStyle(document.documentElement).backgroundColor;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !one.closest('.visually-hidden, .skip') && one.getBoundingClientRect().width > 1;
  const drawn = (colour) => !/^rgba\\(.*, 0\\)$|transparent/.test(colour);
  const edged = (one) => ['', '::before', '::after'].some((part) => {
    const style = getComputedStyle(one, part || null);
    if (part && style.content === 'none') return false;
    return ['Top', 'Right', 'Bottom', 'Left'].some((side) => style[`border${side}Style`] !== 'none'
      && parseFloat(style[`border${side}Width`]) >= 1 && drawn(style[`border${side}Color`]))
      || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1);
  });
  const underlined = (one) => getComputedStyle(one).textDecorationLine.includes('underline');
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className} « ${(one.innerText || one.value || '').trim().slice(0, 40)} »`;
  const found = [];
  for (const one of document.querySelectorAll('button, .button, input:not([type=hidden]), select, textarea')) {
    if (!seen(one) || ['radio', 'checkbox', 'file'].includes(one.type)) continue;
    if (!edged(one) && !underlined(one)) found.push(`no edge: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('[aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true]')) {
    if (!seen(one)) continue;
    const like = [...one.parentElement.parentElement.querySelectorAll(one.tagName)].find((other) => other !== one
      && seen(other) && !other.matches('[aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true]'));
    if (!like) continue;
    const marks = (element) => { const style = getComputedStyle(element); return JSON.stringify([
      style.borderTopWidth, style.borderBottomWidth, style.borderLeftWidth, style.borderTopStyle, style.fontWeight,
      style.textDecorationLine, style.textDecorationThickness, style.outlineStyle, style.outlineWidth,
      element.querySelectorAll('svg').length, getComputedStyle(element, '::before').content, getComputedStyle(element, '::after').content]); };
    if (marks(one) === marks(like)) found.push(`chosen by colour alone: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('[data-matrix-chip]')) {
    if (seen(one) && !edged(one)) found.push(`a mark without an edge: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('body *')) {
    if (getComputedStyle(one).forcedColorAdjust === 'none' && seen(one) && one.innerText?.trim())
      found.push(`words that keep their own colours: ${name(one)}`);
  }
  void canvas;
  return [...new Set(found)].slice(0, 8);
}
"""
# Before colours are forced: small coloured marks, whose ground alone tells them apart.
CHIPS = """
() => {
  const plain = (colour) => /^rgba\\(.*, 0\\)$|transparent/.test(colour);
  const ground = (one) => { while (one) { const colour = getComputedStyle(one).backgroundColor; if (!plain(colour)) return colour; one = one.parentElement; } };
  for (const one of document.querySelectorAll('main span, main strong, main em, main a, main li, main p')) {
    const style = getComputedStyle(one);
    const small = style.display.startsWith('inline-') || /flex|grid/.test(getComputedStyle(one.parentElement).display);
    if (!small || plain(style.backgroundColor) || !one.innerText?.trim()) continue;
    if (one.innerText.length < 60 && style.backgroundColor !== ground(one.parentElement)) one.dataset.matrixChip = '';
  }
}
"""

MOVING = """
() => [...document.querySelectorAll('body *')].flatMap((one) => ['', '::before', '::after'].flatMap((part) => {
  const style = getComputedStyle(one, part || null);
  const long = (times) => times.split(',').some((time) => parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000) > 10);
  const moves = (style.animationName !== 'none' && long(style.animationDuration))
    || (long(style.transitionDuration) && style.transitionProperty !== 'none') || style.scrollBehavior === 'smooth';
  return moves ? [`${one.tagName.toLowerCase()}.${one.className}${part}`] : [];
})).slice(0, 4)
"""

# What Tab must reach, in the order of the page; one stop for a group of radio buttons.
EXPECTED_STOPS = """
() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0;
  const groups = new Set();
  globalThis.matrixStops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]')]
    .filter((one) => {
      if (one.disabled || one.type === 'hidden' || one.tabIndex < 0 || !seen(one) || one.closest('[inert]')) return false;
      if (one.type !== 'radio') return true;
      const group = `${one.form?.action} ${one.name}`;
      if (groups.has(group)) return false;
      groups.add(group);
      return true;
    });
  // Wherever the focus was left, Tab begins at the top.
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute('tabindex');
  scrollTo(0, 0);
  return globalThis.matrixStops.length;
}
"""
# Where the focus is among them, and whether an eye finds it there.
STOP = """
() => {
  const active = document.activeElement;
  if (active === null || active === document.body) return null;
  const radio = active.type === 'radio';
  const at = globalThis.matrixStops.findIndex((one) => one === active
    || (radio && one.type === 'radio' && one.name === active.name && one.form === active.form));
  const near = [active, ...(active.labels ?? []), active.closest('.choice')].filter(Boolean);
  const clear = (colour) => /^rgba\\(.*, 0\\)$|transparent/.test(colour);
  const drawn = near.some((one) => { const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !clear(style.outlineColor); });
  const shown = near.find((one) => one.getBoundingClientRect().width > 4) ?? active;
  const box = [...shown.getClientRects()][0] ?? shown.getBoundingClientRect();
  const edge = Math.min(4, box.width / 3, box.height / 3);
  const points = [[box.left + edge, box.top + edge], [box.right - edge, box.top + edge], [box.left + edge, box.bottom - edge],
    [box.right - edge, box.bottom - edge], [box.left + box.width / 2, box.top + box.height / 2]]
    .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  const related = (one) => one && near.some((element) => element.contains(one) || one.contains(element));
  const sticks = (one) => { for (; one && one !== document.body; one = one.parentElement)
    if (/fixed|sticky/.test(getComputedStyle(one).position)) return true; return false; };
  const tops = points.map(([x, y]) => document.elementFromPoint(x, y));
  const flat = (text) => (text ?? '').replace(/\\s+/g, ' ').trim().slice(0, 40);
  return {
    at, drawn, seen: points.length > 0 && tops.some(related),
    covered: tops.some((one) => one && !related(one) && sticks(one)),
    name: `${active.tagName.toLowerCase()}.${active.className} « ${flat(active.innerText) || flat(active.value) || flat(active.name)} »`,
  };
}
"""

# The page notes where each press of Tab led, when the key comes up: the focus has moved and the page has scrolled.
NOTE_STOPS = f"""
() => {{
  globalThis.matrixNoted = [];
  if (globalThis.matrixNotes) return;
  globalThis.matrixNotes = true;
  const stop = {STOP.strip()};
  addEventListener('keyup', (event) => {{ if (event.key === 'Tab') globalThis.matrixNoted.push(stop()); }}, true);
}}
"""
NOTED = "() => globalThis.matrixNoted.splice(0)"
