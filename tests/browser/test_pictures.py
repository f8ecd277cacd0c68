"""The page of components looks as it did: every part, by day, by night, on a phone and in forced colours.

Pictures are compared by small squares, so that another way of smoothing letters changes nothing, and another colour,
another border or another height does. `PORTAL_PICTURES=1` draws them anew.
"""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.server import Portal

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parent / "pictures"
MODES: dict[str, dict[str, object]] = {
    "jour": {"viewport": {"width": 1000, "height": 800}},
    "nuit": {"viewport": {"width": 1000, "height": 800}, "color_scheme": "dark"},
    "telephone": {"viewport": {"width": 390, "height": 800}},
    "contraste": {"viewport": {"width": 1000, "height": 800}, "forced_colors": "active"},
}
# By night and in forced colours, the parts that have colours of their own.
COLOURED = {
    "brins", "couleurs", "actes", "etiquettes", "echelle", "marge", "contributions", "messages", "etats", "formulaires", "tableaux",
}  # fmt: skip
# Fewer pixels are enough to see what changed, and far fewer bytes to keep.
SCALE = 0.4
SQUARE = 5
# Far enough in the mean colour of a square (three channels together) to be seen as another colour.
FAR = 12
# The part of the squares that may differ: nothing that a person would notice.
MOST = 0.004
HIGHER = 4
MOST_BYTES = 1_500_000

COMPARE = """
async ([kept, drawn, square, far]) => {
  const pixels = async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [one, other] = await Promise.all([pixels(kept), pixels(drawn)]);
  const width = Math.min(one.width, other.width);
  const height = Math.min(one.height, other.height);
  let all = 0, different = 0;
  for (let top = 0; top + square <= height; top += square) {
    for (let left = 0; left + square <= width; left += square) {
      const sums = [0, 0, 0];
      for (let y = top; y < top + square; y += 1) {
        for (let x = left; x < left + square; x += 1) {
          for (const channel of [0, 1, 2]) {
            sums[channel] += one.data[(y * one.width + x) * 4 + channel] - other.data[(y * other.width + x) * 4 + channel];
          }
        }
      }
      const distance = sums.reduce((total, sum) => total + Math.abs(sum), 0) / (square * square);
      all += 1;
      if (distance > far) different += 1;
    }
  }
  return different / Math.max(all, 1);
}
"""


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Page]:
    """An empty page that compares pictures."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def gallery(browser: Browser, portal: Portal) -> Iterator[Callable[[str], Page]]:
    """The page of components in one of the modes."""
    opened: list[Page] = []

    def show(mode: str) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            locale="fr-FR",
            reduced_motion="reduce",
            device_scale_factor=SCALE,
            **MODES[mode],
        )
        opened.append(context.new_page())
        opened[-1].goto("/composants")
        opened[-1].evaluate("() => document.fonts.ready.then(() => document.activeElement?.blur())")
        assert opened[-1].evaluate("() => [...document.fonts].some((face) => face.status === 'loaded')")
        return opened[-1]

    yield show
    for page in opened:
        page.context.close()


def sections(page: Page) -> list[str]:
    """The names of the parts of the page."""
    found: list[str] = page.eval_on_selector_all(".showcase", "(all) => all.map((one) => one.id)")
    assert len(found) > 12
    return found


def seen(page: Page, mode: str) -> list[str]:
    """The parts that are looked at in a mode."""
    every = sections(page)
    assert set(every) >= COLOURED
    return [one for one in every if one in COLOURED] if mode in ("nuit", "contraste") else every


def picture(page: Page, section: str) -> bytes:
    """One part of the page, as it is drawn now."""
    return page.locator(f"#{section}").screenshot(animations="disabled", caret="hide")


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def changed(judge: Page, kept: bytes, drawn: bytes) -> str:
    """What a person would see of the difference; empty when nothing."""
    (width, height), (new_width, new_height) = size(kept), size(drawn)
    if width != new_width or abs(height - new_height) > HIGHER:
        return f"{width}×{height} became {new_width}×{new_height}"
    texts = [base64.b64encode(one).decode() for one in (kept, drawn)]
    part = judge.evaluate(COMPARE, [*texts, SQUARE, FAR])
    return f"{part:.1%} of the squares have another colour" if part > MOST else ""


@pytest.mark.parametrize("mode", MODES)
def test_every_component_looks_as_it_did(gallery: Callable[[str], Page], judge: Page, mode: str) -> None:
    page = gallery(mode)
    drawn = {section: picture(page, section) for section in seen(page, mode)}
    if os.environ.get("PORTAL_PICTURES") == "1":
        for old in PICTURES.glob(f"{mode}-*.png"):
            old.unlink()
        for section, bytes_ in drawn.items():
            (PICTURES / f"{mode}-{section}.png").write_bytes(bytes_)
    kept = {file.stem.partition("-")[2]: file.read_bytes() for file in PICTURES.glob(f"{mode}-*.png")}

    assert set(kept) == set(drawn), "draw the pictures anew with PORTAL_PICTURES=1"
    told = {section: changed(judge, kept[section], drawn[section]) for section in drawn}
    assert {section: words for section, words in told.items() if words} == {}, "PORTAL_PICTURES=1 draws anew"


@pytest.mark.parametrize(
    ("token", "colour", "section"),
    [
        ("--green-2", "#F2E4EA", "suites"),
        ("--terracotta", "#1E3A6D", "contributions"),
        ("--blue", "#6A3D8F", "echelle"),
        ("--radius-control", "0px", "actes"),
        ("--small", "1rem", "etiquettes"),
    ],
)
def test_a_token_changed_by_hand_is_found(
    gallery: Callable[[str], Page], judge: Page, token: str, colour: str, section: str
) -> None:
    page = gallery("jour")
    before = picture(page, section)
    assert changed(judge, before, picture(page, section)) == "", "two drawings of the same page differ"
    page.evaluate(
        "([name, value]) => document.documentElement.style.setProperty(name, value)", [token, colour]
    )
    assert changed(judge, before, picture(page, section)), f"{token} changed and nobody saw it"


def test_the_pictures_stay_small() -> None:
    weights = {file.name: file.stat().st_size for file in PICTURES.glob("*.png")}
    assert 0 < sum(weights.values()) <= MOST_BYTES
