"""The picture of the README: made here, from the page that people read.

It is written again only with PORTAL_SCREENSHOTS=1, so that two runs do not differ by a shade.
"""

from __future__ import annotations

import base64
import os
import struct

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.server import ROOT

pytestmark = pytest.mark.browser

PICTURE = ROOT / "docs" / "images" / "espace.png"
WIDTH, HEIGHT = 1280, 960
MOST_BYTES = 250_000
# The part of both pictures whose colours are nearly the same: other words may stand there, another page may not.
ALIKE = 0.8

COMPARE = """
async ([kept, drawn]) => {
  const pixels = async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  };
  const [one, other] = await Promise.all([pixels(kept), pixels(drawn)]);
  let same = 0;
  for (let at = 0; at < one.length; at += 4) {
    const far = Math.abs(one[at] - other[at]) + Math.abs(one[at + 1] - other[at + 1]) + Math.abs(one[at + 2] - other[at + 2]);
    if (far < 24) same += 1;
  }
  return same * 4 / one.length;
}
"""


def test_the_picture_of_a_space_shows_the_page_as_it_is_drawn(resident: Person):
    page = resident.page
    drawn = picture_of_a_subject(resident)
    if os.environ.get("PORTAL_SCREENSHOTS") == "1":
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(drawn)
    kept = PICTURE.read_bytes()

    assert struct.unpack(">II", kept[16:24]) == (WIDTH, HEIGHT)
    assert len(kept) < MOST_BYTES
    assert alike(page, kept, drawn) > ALIKE, (
        "the page has changed: make the picture again with PORTAL_SCREENSHOTS=1"
    )
    page.goto("/connexion")
    page.emulate_media(color_scheme="dark")
    assert alike(page, kept, page.screenshot()) < ALIKE, "any page would do"


def picture_of_a_subject(person: Person) -> bytes:
    """The first window of a subject, as a resident sees it."""
    page = person.page
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    person.enters().goes_to("la vie de tous les jours", "Le repas du soir est servi trop tôt")
    expect(person.heading("Vous pouvez donner votre avis")).to_be_visible()
    page.evaluate("() => document.fonts.ready.then(() => scrollTo(0, 0))")
    assert page.evaluate("() => [...document.fonts].some((face) => face.status === 'loaded')"), (
        "our font is not there"
    )
    return page.screenshot(animations="disabled", caret="hide")


def alike(page: Page, one: bytes, other: bytes) -> float:
    """The part of two pictures that has the same colours, from 0 to 1."""
    found: float = page.evaluate(COMPARE, [base64.b64encode(each).decode() for each in (one, other)])
    return found
