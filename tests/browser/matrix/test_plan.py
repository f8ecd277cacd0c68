"""The plan holds every route, and every pair."""

from __future__ import annotations

import json

import pytest

from tests.browser.matrix import plan
from tests.browser.matrix.modes import ALL_MODES
from tests.browser.matrix.reading import dead_controls
from tests.browser.matrix.test_matrix import CELLS, PAGES
from tests.guards.route_list import FILE


def test_every_route_is_a_page_of_the_matrix_or_left_out_with_a_reason():
    assert plan.unknown() == [], "give its parameters a value in plan.py, or a reason in EXCLUDED"
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    opened = {cell.page.partition("?")[0] for cell in CELLS}
    assert opened | set(plan.EXCLUDED) >= {one.removesuffix(" GET") for one in listed if one.endswith(" GET")}
    assert all(plan.EXCLUDED.values())
    assert all(plan.NO_FORM_OF_ITS_OWN.values())


def test_nothing_is_left_out_that_no_longer_exists():
    addresses = {one.rpartition(" ")[0] for one in json.loads(FILE.read_text(encoding="utf-8"))}
    assert {*plan.EXCLUDED, *plan.QUERIES, *plan.NO_FORM_OF_ITS_OWN} - addresses == set()


def test_control_a_new_route_is_seen():
    known = json.loads(FILE.read_text(encoding="utf-8"))
    assert plan.unknown([*known, "/desabonnement/<code> GET"]) == ["/desabonnement/<code>"]
    assert "/calendrier" in plan.pages([*known, "/calendrier GET"])


def test_every_pair_is_in_the_plan():
    assert plan.missing_pairs(CELLS, ALL_MODES) == []
    assert {cell.page for cell in CELLS} == set(PAGES)


def test_every_state_and_persona_is_looked_at_in_every_mode():
    looked = {(one, mode) for cell in CELLS for one in (cell.state, cell.persona) for mode in cell.modes}
    everything = {one for cell in CELLS for one in (cell.state, cell.persona) if " " not in one}
    assert {(one, mode) for one in everything for mode in ALL_MODES} - looked == set()


def test_every_mode_looks_at_a_third_of_the_pages():
    met = {mode: {cell.page for cell in CELLS if mode in cell.modes} for mode in ALL_MODES}
    assert all(len(pages) >= len(PAGES) // plan.TURNS for pages in met.values())
    assert all(met[mode] == set(PAGES) for mode in plan.ALWAYS)


@pytest.mark.parametrize("lost", ["resident", "closed", "pending", "320 px"])
def test_control_a_pair_that_is_missing_is_seen(lost: str):
    """Without what is lost on one page alone, this page's pair with it is missing."""
    page = next(cell.page for cell in CELLS if lost in (cell.persona, cell.state, *cell.modes))
    without = [
        cell for cell in CELLS if cell.page != page or lost not in (cell.persona, cell.state, *cell.modes)
    ]
    assert (page, lost) in plan.missing_pairs(without, ALL_MODES)


def test_the_whole_product_is_larger_than_the_plan():
    whole = plan.whole(PAGES, ALL_MODES)
    looks = sum(len(cell.modes) for cell in CELLS)
    assert sum(len(cell.modes) for cell in whole) > 50 * looks
    assert {(cell.page, cell.persona, cell.state) for cell in CELLS} <= {
        (cell.page, cell.persona, cell.state) for cell in whole
    }


@pytest.mark.parametrize(
    ("planted", "expected"),
    [
        ("<button type=button>Plus</button>", 1),
        ("<button>Plus</button>", 1),
        ("<form><input name=x></form>", 1),
        ("<a href='#'>Plus</a>", 1),
        ("<a>Plus</a>", 1),
        ("<div hidden><button type=button>Plus</button></div>", 0),
        ("<form><button>Envoyer</button></form>", 0),
        ("<a href='#suite'>Plus</a>", 0),
    ],
)
def test_what_does_nothing_without_scripts_is_seen(planted: str, expected: int):
    assert len(dead_controls(f"<main>{planted}</main>")) == expected
