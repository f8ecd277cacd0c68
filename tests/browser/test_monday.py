"""An authority's Monday in a browser: on a wide screen, and at 320 pixels where each contract is a card."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"
ROWS = "table.table--stack tbody tr"


def fits(page: Page) -> None:
    """Nothing sticks out of the screen."""
    page.wait_for_load_state("load")
    assert not page.evaluate(OVERFLOWS), page.url


@pytest.mark.parametrize("width", [1280, 320])
def test_an_authority_s_monday(someone: Callable[..., Person], width: int) -> None:
    agent = someone("Sophie Arnaud", viewport={"width": width, "height": 900})
    agent.enters()
    page = agent.page

    page.goto("/suivi")
    fits(page)
    expect(page.get_by_role("heading", name="Mes contrats suivis")).to_be_visible()
    looks = page.get_by_role("region", name="À regarder cette semaine").or_(
        page.locator("section[aria-labelledby=semaine]")
    )
    expect(looks.first.locator("ol > li")).to_have_count(5)
    expect(page.locator(ROWS)).to_have_count(7)

    page.get_by_label("Département").select_option("97")
    page.get_by_label("Ranger par").select_option("titre")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(ROWS)).to_have_count(3)
    first = page.locator(f"{ROWS} th a").first
    expect(first).to_have_text("Contrat de l’association Les Hautes-Terres")
    fits(page)

    if width > 640:
        page.locator("thead a", has_text="Contrat").click()
        expect(page.locator("th[aria-sort=descending]")).to_contain_text("Contrat")
    else:
        assert "Étape" in page.locator(f"{ROWS} td").first.evaluate(
            "cell => getComputedStyle(cell, '::before').content"
        )

    with page.expect_download() as taken:
        page.get_by_role("link", name="tableur").click()
    sheet = load_workbook(BytesIO(Path(taken.value.path()).read_bytes())).worksheets[0]
    shown = page.locator(f"{ROWS} th a").all_inner_texts()
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == shown

    page.get_by_role("link", name="Lire les synthèses").first.click()
    expect(page.get_by_role("heading", level=1, name="Les synthèses")).to_be_visible()
    fits(page)
    page.go_back()

    page.get_by_role("link", name="Proposer un niveau").first.click()
    fits(page)
    page.get_by_label("Familles et proches").check()
    page.get_by_label("Donner son avis").check()
    page.get_by_label("La raison").last.fill("Les familles peuvent dire beaucoup sur le dimanche.")
    page.get_by_role("button", name="Envoyer cette proposition").click()
    expect(page.get_by_text("Votre proposition est envoyée à la direction")).to_be_visible()


def test_the_table_scrolls_inside_its_frame_on_a_tablet(someone: Callable[..., Person]) -> None:
    agent = someone("Sophie Arnaud", viewport={"width": 820, "height": 1180}).enters()
    agent.page.goto("/suivi")
    expect(agent.page.locator(ROWS)).to_have_count(7)
    fits(agent.page)


def test_a_space_without_its_words_says_why_and_leads_to_the_syntheses(
    someone: Callable[..., Person],
) -> None:
    agent = someone("Sophie Arnaud", viewport={"width": 320, "height": 700})
    agent.enters()
    page = agent.page
    page.goto("/suivi?texte=Grand-Large")
    page.locator(f"{ROWS} th a").click()
    expect(page.get_by_text("Les autorités lisent la synthèse de cet espace").first).to_be_visible()
    fits(page)
