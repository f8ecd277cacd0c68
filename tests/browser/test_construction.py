"""The account of a contract: read on a telephone, printed, taken away, under the server as it runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser.people import Person
from tests.browser.test_print import on_paper, wrong

pytestmark = pytest.mark.browser

NAMES = ("construction", "demandes", "dossier-cvs")
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The captions of the tables that are wider than their place.
CUT = """[...document.querySelectorAll(".table-wrap")]
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.getAttribute("aria-label"))"""


def test_it_is_found_read_printed_and_taken_away(resident: Person) -> None:
    resident.enters()
    portal, page = resident.portal, resident.page
    contract = portal.one("SELECT contract_id FROM space WHERE id = ?", portal.space("la vie de tous"))
    page.goto(f"/contrats/{contract}")
    page.get_by_text("autres pages").click()
    page.get_by_role("link", name="Comment ce contrat a été construit").click()
    assert page.url.endswith(f"/contrats/{contract}/construction")
    with page.expect_download() as taken:
        page.get_by_role("link", name="PDF accessible").click()
    paper = PdfReader(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert "Comment ce contrat" in paper.pages[0].extract_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="texte (.docx)").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"PK")
    for width in (1024, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for name in NAMES:
            page.goto(f"/contrats/{contract}/{name}")
            assert page.evaluate(CUT) == [], (width, name)
    told: dict[str, list[str]] = {}
    for name in NAMES:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"/contrats/{contract}/{name}")
        assert page.evaluate(WIDE) <= 0, name
        on_paper(page, f"/contrats/{contract}/{name}")
        if found := wrong(page):
            told[name] = found
    assert told == {}
