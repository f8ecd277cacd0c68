"""The ways in which a page is looked at. Each gives what is wrong; then all but the window is as before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.browser import checks
from tests.browser.matrix import seen

Look = Callable[[Page], list[str]]

NARROW, WIDE = checks.NARROW, checks.WIDE
# 1280 px wide at 200 %, as the page then measures itself; A4 less its margins at 96 points an inch.
ZOOMED, PAPER = {"width": 640, "height": 450}, {"width": 718, "height": 1000}
MOST_STOPS = 700
MORE_STOPS_IN_A_DATE = 3
# How often Tab is pressed before the page is asked where that led.
PRESSES = 12
# In print nothing is as wide as a screen: what hides there is judged by its own tests.
ONLY_CONTRAST = checks.RUN_CONTRAST.replace("dark contrast", "contrast")


def light(page: Page) -> list[str]:
    """As most people see it: axe by every rule of WCAG 2.2 AA and RGAA, one title, large targets, no scroll."""
    titles = page.evaluate(checks.TITLES)
    found = [] if titles == 1 else [f"{titles} h1"]
    found += axe(page)
    return found + _small(page) + _overflow(page)


def dark(page: Page) -> list[str]:
    """With the dark colours, every word still stands out."""
    _calm(page, color_scheme="dark")
    return axe(page, ONLY_CONTRAST)


def forced(page: Page) -> list[str]:
    """With the person's own few colours: controls, marks and choices keep their edges."""
    page.evaluate(seen.CHIPS)
    page.emulate_media(forced_colors="active", color_scheme="dark", reduced_motion="reduce", media="screen")
    return list(page.evaluate(seen.EDGES))


def still(page: Page) -> list[str]:
    """Somebody whom movement makes ill sees none."""
    return [f"moves: {one}" for one in page.evaluate(seen.MOVING)]


def narrow(page: Page) -> list[str]:
    """On a small telephone, which is also a screen at 400 %."""
    return _overflow(page) + _small(page) + _clipped(page)


def zoomed(page: Page) -> list[str]:
    """At 200 %: the whole page, then the letters alone."""
    page.set_viewport_size(ZOOMED)
    found = _overflow(page) + _clipped(page)
    as_wide_as(page, WIDE)
    page.evaluate("() => { document.documentElement.style.fontSize = '225%'; }")
    return found + _overflow(page) + _clipped(page)


def spaced(page: Page) -> list[str]:
    """With the spacing that some people need to read (WCAG 1.4.12), wide and narrow."""
    page.evaluate(seen.SPACING, True)
    found = _overflow(page) + _clipped(page)
    page.set_viewport_size(NARROW)
    return found + _overflow(page) + _clipped(page)


def at_ease(page: Page) -> list[str]:
    """With the largest letters, the widest spacing and the widest font of « Affichage », wide and narrow."""
    page.evaluate(seen.COMFORT, {"size": "200", "spacing": "wide", "font": "opendyslexic"})
    page.evaluate("() => document.fonts.ready.then(() => true)")
    found = _overflow(page) + _clipped(page)
    page.set_viewport_size(NARROW)
    return found + _overflow(page) + _clipped(page) + _small(page)


def contrasted(page: Page) -> list[str]:
    """With the contrast of « Affichage », on light and on dark."""
    page.evaluate(seen.COMFORT, {"contrast": "high", "colours": "light"})
    found = axe(page, ONLY_CONTRAST)
    page.evaluate(seen.COMFORT, {"contrast": "high", "colours": "dark"})
    return found + axe(page, ONLY_CONTRAST)


def printed(page: Page) -> list[str]:
    """On A4, from a screen with dark colours: nothing beside the sheet, dark on white."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    return _overflow(page) + axe(page, ONLY_CONTRAST)


def keyboard(page: Page) -> list[str]:
    """With Tab alone: everything is reached, in its order, seen, uncovered, and left again."""
    return tour(page)


def keyboard_narrow(page: Page) -> list[str]:
    """The same in a small window, where what sticks covers most."""
    return tour(page)


def tour(page: Page) -> list[str]:
    """Press Tab until the page is left."""
    wanted = page.evaluate(seen.EXPECTED_STOPS)
    reached: list[int] = []
    found: list[str] = []
    # A date has a stop for its day, its month, its year and its calendar.
    steps = wanted + MORE_STOPS_IN_A_DATE * page.locator("input[type=date]").count()
    for stop in _stops(page, min(MOST_STOPS, steps + 5)):
        # After the last stop the browser leaves the page, or begins it again.
        if stop is None or (stop["at"] == 0 and len(set(reached)) >= wanted):
            break
        found += _wrong_with(stop, reached)
        reached.append(stop["at"])
    else:
        found.append(f"Tab does not leave the page: {wanted} stops")
    missed = sorted(set(range(wanted)) - set(reached))
    found += [f"never reached: {page.evaluate(NAME_OF, one)}" for one in missed[:3]]
    return found


def _stops(page: Page, most: int) -> Iterator[dict[str, Any] | None]:
    """Where each press of Tab leads; the page itself notes it, and is asked after several presses."""
    page.evaluate(seen.NOTE_STOPS)
    for pressed in range(0, most, PRESSES):
        presses = min(PRESSES, most - pressed)
        for _ in range(presses):
            page.keyboard.press("Tab")
        noted = page.evaluate(seen.NOTED)
        # A page that keeps a press from being noted cannot be judged by fewer.
        assert len(noted) == presses, f"{presses} presses of Tab, {len(noted)} noted"
        yield from noted


NAME_OF = "(at) => globalThis.matrixStops[at].outerHTML.slice(0, 120)"


def _wrong_with(stop: dict[str, Any], reached: list[int]) -> list[str]:
    told = {
        "no visible focus": not stop["drawn"],
        "focus out of sight": not stop["seen"],
        "focus under what sticks": stop["covered"],
        "out of order": bool(reached) and stop["at"] not in (-1, reached[-1]) and stop["at"] < max(reached),
    }
    return [f"{what}: {stop['name']}" for what, true in told.items() if true]


# In this order the window changes its size least.
MODES: dict[str, Look] = {
    "light": light,
    "dark": dark,
    "forced colours": forced,
    "still": still,
    "contrast": contrasted,
    "keyboard": keyboard,
    "200 %": zoomed,
    "printed": printed,
    "text spacing": spaced,
    "at ease": at_ease,
    "320 px": narrow,
    "keyboard 320 px": keyboard_narrow,
}
SMALL_WINDOW = ("320 px", "keyboard 320 px")
# Modes in which the page is opened again, by a browser set otherwise.
NO_SCRIPT, ENGLISH = "no script", "English"
ALL_MODES = (*MODES, NO_SCRIPT, ENGLISH)


def as_wide_as(page: Page, size: ViewportSize) -> None:
    """The window in this size; setting it again would cost as much as setting it."""
    if page.viewport_size != size:
        page.set_viewport_size(size)


def looked_at(page: Page, mode: str) -> list[str]:
    """What is wrong with the page in one mode, which is then left; the window stays as it was last."""
    try:
        as_wide_as(page, WIDE if mode not in SMALL_WINDOW else NARROW)
        return list(dict.fromkeys(f"[{mode}] {one}" for one in MODES[mode](page)))
    finally:
        if page.evaluate(seen.AS_BEFORE):
            _calm(page)


def without_scripts(page: Page) -> list[str]:
    """The same page where no script runs: all its words are there, and fit."""
    page.set_viewport_size(NARROW)
    titles = page.evaluate(checks.TITLES)
    found = [] if titles == 1 else [f"{titles} h1"]
    found += _overflow(page)
    return [f"[{NO_SCRIPT}] {one}" for one in found]


def in_english(page: Page) -> list[str]:
    """The same page for somebody whose browser asks for English: its language and names are told, its words fit."""
    found = (
        []
        if page.evaluate("() => document.documentElement.lang") == "en"
        else ["the page says another language"]
    )
    found += axe(page, checks.RUN_BUT_CONTRAST)
    page.set_viewport_size(NARROW)
    found += _overflow(page) + _clipped(page) + _small(page)
    return [f"[{ENGLISH}] {one}" for one in found]


REOPENED = {NO_SCRIPT: without_scripts, ENGLISH: in_english}


def axe(page: Page, script: str = checks.RUN_AXE) -> list[str]:
    """What axe finds; with every rule unless told otherwise."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(checks.axe_source())
    found: list[str] = page.evaluate(script, checks.TAGS)
    return found


def _calm(page: Page, color_scheme: str = "light") -> None:
    page.emulate_media(
        media="screen", color_scheme=color_scheme, reduced_motion="reduce", forced_colors="none"
    )  # type: ignore[arg-type]


def _small(page: Page) -> list[str]:
    return [f"small target: {one}" for one in page.evaluate(checks.SMALL)]


def _overflow(page: Page) -> list[str]:
    found = page.evaluate(checks.TOO_WIDE)
    return [f"scrolls sideways: {json.dumps(found, ensure_ascii=False)}"] if found else []


def _clipped(page: Page) -> list[str]:
    return [f"words cut off: {one}" for one in page.evaluate(seen.CLIPPED)]
