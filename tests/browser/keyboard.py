"""Hands that know only the keyboard, and eyes that must see where they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.browser.people import Person

MOST_STOPS = 160

# What stands where the focus is: its name, its outline, and whether something covers it.
STOP = """
() => {
  const active = document.activeElement;
  if (active === null || active === document.body) return null;
  const flat = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const labels = [...(active.labels ?? [])].map((label) => flat(label.innerText)).join(' ');
  const style = (element) => getComputedStyle(element);
  const drawn = (element) => element && style(element).outlineStyle !== 'none' && parseFloat(style(element).outlineWidth) >= 2;
  const near = [active, ...(active.labels ?? []), active.closest('.choice')];
  const shown = near.filter((element) => element && element.getBoundingClientRect().width > 1).at(-1) ?? active;
  const box = shown.getBoundingClientRect();
  const inside = [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2], [box.left + box.width / 2, box.top + box.height / 2]]
    .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  const top = inside.map(([x, y]) => document.elementFromPoint(x, y));
  const related = (one) => one && near.some((element) => element && (element.contains(one) || one.contains(element)));
  return {
    tag: active.tagName.toLowerCase(),
    type: active.getAttribute('type') ?? '',
    id: active.id,
    name: flat(active.getAttribute('aria-label')) || labels || flat(active.innerText) || flat(active.value),
    outlined: near.some(drawn) || (active.tagName === 'MAIN' || active.tabIndex === -1),
    seen: inside.length > 0 && top.some(related),
    path: location.pathname,
  };
}
"""


@dataclass
class Stop:
    """One place where the focus stands."""

    tag: str
    type: str
    id: str
    name: str
    outlined: bool
    seen: bool
    path: str


class Hands:
    """Goes through pages by Tab, Enter and Space; every stop must be visible and uncovered."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.stops: list[Stop] = []

    def here(self) -> Stop | None:
        """Where the focus stands now."""
        found: dict[str, Any] | None = self.page.evaluate(STOP)
        return Stop(**found) if found else None

    def tab(self, back: bool = False) -> Stop | None:
        """One step; the stop must be drawn and not hidden under anything."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        stop = self.here()
        if stop is not None:
            assert stop.outlined, f"no visible outline on {stop}"
            assert stop.seen, f"the focus is hidden or outside the window: {stop}"
            self.stops.append(stop)
        return stop

    def reach(self, name: str, tag: str = "") -> Stop:
        """Tab until something says this."""
        wanted = re.compile(name)
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop and wanted.search(stop.name) and (not tag or stop.tag == tag):
                return stop
        raise AssertionError(
            f"« {name} » is not reached with Tab on {self.page.url}: {[s.name for s in self.stops[-40:]]}"
        )

    def go(self, name: str, tag: str = "") -> None:
        """Reach something and press Enter."""
        self.reach(name, tag)
        self.page.keyboard.press("Enter")

    def skip(self) -> None:
        """The first stop of a page is the link that skips to what it says."""
        self.page.evaluate("() => document.activeElement?.blur?.()")
        stop = self.tab()
        assert stop is not None
        assert stop.name == "Aller au contenu", stop
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#contenu")).to_be_focused()

    def types(self, words: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(words)

    def choose(self, name: str) -> None:
        """Choose in a group of radio buttons: reach the group, then arrows."""
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop and stop.type in ("radio", "checkbox"):
                first = stop
                for _ in range(20):
                    here = self.here()
                    assert here is not None
                    if here.name.startswith(name):
                        self.page.keyboard.press("Space")
                        return
                    self.page.keyboard.press("ArrowDown")
                    if (now := self.here()) and now.id == first.id:
                        break
        raise AssertionError(f"« {name} » cannot be chosen on {self.page.url}")
