"""What every page must pass, whoever reads it: axe, one title, room at 320 px and at 200 %, large targets."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}

RUN_AXE = """
async (tags) => {
  const rules = {};
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags }, rules, resultTypes: ['violations'] });
  return found.violations.map((one) => `axe ${one.id} (${one.impact}): ${one.help} at `
    + one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.html.slice(0, 140)}`).join(' | '));
}
"""
# In another language, colours are the same: the longest rule was asked already.
RUN_BUT_CONTRAST = RUN_AXE.replace("rules = {}", "rules = { 'color-contrast': { enabled: false } }")
RUN_CONTRAST = """
async () => {
  const found = await axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] });
  return found.violations.flatMap((one) => one.nodes.slice(0, 4).map((node) =>
    `dark contrast: ${node.target.join(' ')} ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`));
}
"""
TITLES = "() => [...document.querySelectorAll('h1')].filter((one) => one.innerText.trim()).length"
TOO_WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > room + 1 && !one.closest('.table-wrap'))
    .slice(0, 4).map((one) => `${one.tagName.toLowerCase()}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`)
    .concat([`page ${document.documentElement.scrollWidth}`]);
}
"""
# A link inside running text keeps the height of its line (WCAG 2.5.8): words that are not links stand in its block.
SMALL = """
() => {
  const least = 44;
  const flat = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const block = (element) => {
    let one = element.parentElement;
    while (one && getComputedStyle(one).display.startsWith('inline')) one = one.parentElement;
    return one;
  };
  const running = (link) => {
    if (link.tagName !== 'A' || getComputedStyle(link).display !== 'inline') return false;
    const around = block(link);
    if (around === null) return false;
    const copy = around.cloneNode(true);
    for (const other of copy.querySelectorAll('a, button, .visually-hidden')) other.remove();
    return /[\\p{L}\\p{N}]{2}/u.test(flat(copy.textContent));
  };
  const box = (element) => {
    const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    return { width: Math.max(...boxes.map((one) => one.width)), height: Math.max(...boxes.map((one) => one.height)) };
  };
  const found = [];
  for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (one.type === 'hidden' || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (one.closest('.visually-hidden') || one.matches('.skip') || running(one)) continue;
    const { width, height } = box(one);
    if (width === 0 || (height >= least - 0.5 && width >= least - 0.5)) continue;
    found.push(`${one.tagName.toLowerCase()}.${one.className} « ${flat(one.innerText || one.value).slice(0, 40)} » `
      + `${Math.round(width)}×${Math.round(height)}`);
  }
  return [...new Set(found)];
}
"""


def axe_source() -> str:
    """The checker, as it was published."""
    return AXE.read_text(encoding="utf-8")
