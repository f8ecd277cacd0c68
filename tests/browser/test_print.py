"""Every page of a resident on A4: no menu, nothing cut, what is folded is open, the strands stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.people import Person

pytestmark = pytest.mark.browser

# A4 less the margins of print.css, at 96 points an inch.
PAPER = {"width": 658, "height": 990}
SCREEN_ONLY = (
    ".nav, .nav__toggle, .skip, .demo, .button, .pager, [data-live-bar], .language, "
    ".card__action, form:not(.personas form)"
)
WRONG = """
(only) => {
  const shown = (one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && one.getClientRects().length > 0;
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className?.baseVal ?? one.className}`;
  const found = [];
  const room = document.documentElement.clientWidth;
  for (const one of document.querySelectorAll(only)) if (shown(one)) found.push(`on the screen only: ${name(one)}`);
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    if (one.closest('.visually-hidden, svg') || !shown(one)) continue;
    if (one.getBoundingClientRect().right > room + 1) found.push(`beyond the paper: ${name(one)}`);
    const style = getComputedStyle(one);
    const cut = (style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
      || (style.overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1);
    if (cut && style.display !== 'inline' && one.tagName !== 'TEXTAREA') found.push(`cut: ${name(one)}`);
    if (style.boxShadow !== 'none' && one.matches('.card, .notice')) found.push(`shadow: ${name(one)}`);
  }
  for (const fold of document.querySelectorAll('main details')) {
    if (fold.closest('.nav, form')) continue;
    const inside = [...fold.children].filter((one) => one.tagName !== 'SUMMARY' && one.innerText?.trim());
    if (inside.some((one) => !one.matches('form, .button-row') && one.getBoundingClientRect().height === 0)) found.push(`still folded: ${fold.innerText.slice(0, 40)}`);
  }
  for (const one of document.querySelectorAll('main section:not(.showcase, .showcase *)')) {
    const title = one.querySelector(':scope > :is(h2, h3)');
    if (title !== null && shown(title) && one.innerText.trim() === title.innerText.trim()) found.push(`a title alone: ${title.innerText}`);
  }
  if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') found.push('the paper has a ground');
  for (const one of document.querySelectorAll('.contribution')) {
    const strand = getComputedStyle(one, '::before');
    if (parseFloat(strand.borderInlineStartWidth) < 3 || strand.borderInlineStartStyle === 'none') found.push(`no strand: ${name(one)}`);
  }
  return [...new Set(found)];
}
"""


def on_paper(page: Page, address: str) -> None:
    """Open a page as the printer draws it, by day whatever the evening."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    page.goto(address, wait_until="load")


def wrong(page: Page) -> list[str]:
    """What must not be on the paper."""
    found: list[str] = page.evaluate(WRONG, SCREEN_ONLY)
    return found


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_every_page_of_a_resident_prints(resident: Person) -> None:
    resident.enters()
    portal, page = resident.portal, resident.page
    mine = resident.goes_to("la vie de tous", "Le repas du soir").gives_an_opinion("Une phrase à imprimer.")
    resident.corrects(mine, "Une phrase corrigée, à imprimer.")
    space, subject = portal.space("la vie de tous"), portal.item("Le repas du soir")
    contract = portal.one("SELECT contract_id FROM space WHERE id = ?", space)
    addresses = [
        "/contrats",
        "/glossaire",
        "/composants",
        f"/contrats/{contract}",
        f"/contrats/{contract}/engagements",
        f"/contrats/{contract}/mes-contributions",
        f"/espaces/{space}",
        f"/espaces/{space}/sujets/{subject}",
        f"/espaces/{space}/sujets/{subject}/contribuer",
        f"/contributions/{mine}/envoyee",
        f"/contributions/{mine}/corriger",
        f"/contributions/{mine}/retirer",
        f"/contributions/{mine}/fil",
        f"/contributions/{mine}/versions",
        f"/contrats/{contract}/sujets/{subject}/texte/clair/historique",
        f"/espaces/{space}/reglages",
        "/cette-page/n-existe-pas",
    ]
    told: dict[str, list[str]] = {}
    for address in addresses:
        on_paper(page, address)
        if found := wrong(page):
            told[address] = found
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF"), address
        assert pages_of(pdf) >= 1, address
    assert told == {}

    on_paper(page, f"/espaces/{space}/sujets/{subject}")
    assert page.get_by_text("Corrigée, version 2.").is_visible()
    head = page.locator(".print-only").inner_text()
    assert "Contrat 2027–2031" in head
    assert re.search(r"imprimé le \w+ \d", head, re.IGNORECASE)


def test_the_pages_of_a_contract_print_one_by_one(resident: Person) -> None:
    """Those that the page of the whole contract sends to the printer, and itself."""
    resident.enters()
    portal, page = resident.portal, resident.page
    contract = portal.one("SELECT id FROM contract WHERE title LIKE 'Contrat 2027%Rives'")
    objective = portal.one("SELECT id FROM item WHERE contract_id = ? AND kind = 'objective'", contract)
    here = f"/contrats/{contract}"
    told: dict[str, list[str]] = {}
    for address in (
        f"{here}/document",
        f"{here}/document/en-bref",
        f"{here}/diagnostic?tout=oui",
        f"{here}/objectifs?tout=oui",
        f"{here}/objectifs/{objective}",
        f"{here}/moyens",
        f"{here}/moyens/objectifs/{objective}",
        f"{here}/vie",
        f"{here}/trame",
    ):
        on_paper(page, address)
        assert page.title(), address
        if found := wrong(page):
            told[address] = found
    assert told == {}
    on_paper(page, f"{here}/document/en-bref")
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert sheets == 1


@pytest.mark.parametrize(
    ("plant", "seen"),
    [
        ("document.querySelector('.card').style.width = '900px'", "beyond the paper"),
        (
            "document.querySelector('.nav').style.setProperty('display', 'block', 'important')",
            "on the screen only",
        ),
        (
            "Object.assign(document.querySelector('.card').style, {blockSize: '40px', overflow: 'hidden'})",
            "cut",
        ),
        (
            "for (const one of document.querySelectorAll('main details > :not(summary)')) one.style.display = 'none'",
            "still folded",
        ),
        (
            "for (const one of document.querySelectorAll('main section > :not(h2, h3)')) one.style.setProperty('display', 'none', 'important')",
            "a title alone",
        ),
        ("document.body.style.background = '#FBF7F0'", "ground"),
    ],
)
def test_what_spoils_a_sheet_is_seen(resident: Person, plant: str, seen: str) -> None:
    resident.enters()
    on_paper(resident.page, f"/espaces/{resident.portal.space('la vie de tous')}")
    assert wrong(resident.page) == []
    resident.page.evaluate(f"() => {{ {plant}; }}")
    assert any(seen in one for one in wrong(resident.page)), wrong(resident.page)
