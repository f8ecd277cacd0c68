"""The links of the menu keep their place from page to page, whatever a page adds to them."""

from __future__ import annotations

import pytest

from tests.browser.checks import WIDE
from tests.browser.people import Person

pytestmark = pytest.mark.browser

PLACES = """() => Object.fromEntries([...document.querySelectorAll('.nav__list .nav__link')].map((one) => {
  const { left, top } = one.getBoundingClientRect();
  return [one.getAttribute('href'), [Math.round(left), Math.round(top - document.querySelector('.top').getBoundingClientRect().top)]];
}))"""


def test_links_stand_at_one_place_with_a_contract_or_without(resident: Person):
    resident.enters()
    page = resident.page
    page.set_viewport_size(WIDE)
    page.goto("/glossaire")
    known = page.evaluate(PLACES)
    assert len(known) == 4
    space = resident.portal.space("la vie de tous")
    for address in ("/contrats", f"/espaces/{space}", "/notifications"):
        page.goto(address)
        found = page.evaluate(PLACES)
        assert (len(found) > len(known)) == (space in address), "a contract has its own link"
        assert {name: found[name] for name in known} == known, address
