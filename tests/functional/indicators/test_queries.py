"""Sixty indicators, five years, forty establishments: the pages ask the same few questions as for two."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.domain.indicators import catalogue, queries
from tests.conftest import World
from tests.factories.indicators import (
    categorise,
    compare_to,
    fill,
    follow_indicators,
    more_sites,
    this_year,
)
from tests.functional.pages.test_queries import questions

YEAR = this_year()
FEW, MANY, SITES, LIMIT = 2, 60, 39, 17
ROOT = "/contrats/{contract}/indicateurs"
PAGES = (
    ("family", ROOT),
    ("director", ROOT),
    ("family", ROOT + "/{indicator}"),
    ("director", ROOT + "/{indicator}"),
    ("director", ROOT + "/{indicator}/saisie"),
    ("director", ROOT + "/{indicator}/saisie?quoi=commentaires"),
    ("director", ROOT + "/{indicator}/reglages"),
    ("authority", ROOT + "/{indicator}/reperes"),
    ("director", ROOT + "/choisir"),
)


def counted(world: World, indicator: str) -> dict[tuple[str, str], int]:
    """How many questions each page asks."""
    counts = {}
    for who, pattern in PAGES:
        path, client = pattern.format(contract=world.ours.contract_id, indicator=indicator), world.client(who)
        client.see(path)
        with questions() as seen:
            client.see(path)
        counts[who, pattern] = len(seen)
    return counts


def written(world: World, indicators: list[str], sites: list[str]) -> None:
    """Five years of values everywhere, and what they are compared to."""
    years = range(YEAR - 4, YEAR + 1)
    for indicator in indicators:
        values = {(site, year): "4" for site in sites for year in years}
        world.do(lambda s, indicator=indicator, values=values: fill(s, world.ours, indicator, values))


@pytest.fixture
def few(world: World) -> list[str]:
    """Two indicators in one establishment, all written."""
    world.do(lambda s: categorise(s, world.ours))
    ids: list[str] = world.do(lambda s: follow_indicators(s, world.ours, "etp-vacants", "caf"))
    written(world, ids, [world.ours.establishment_id])
    world.do(lambda s: compare_to(s, world.ours, ids[0], "1", "2", "3", year=YEAR))
    return ids


def test_the_pages_ask_the_same_few_questions_however_much_is_followed(world: World, few: list[str]) -> None:
    before = counted(world, few[0])
    sites = world.do(lambda s: more_sites(s, world.ours, SITES))
    # Those that take numbers only, and whole ones: the value of every cell is 4.
    codes = [one.code for one in catalogue.entries() if one.unit.value not in ("oui-non", "annee")]
    wanted = ["etp-vacants", "caf", *(code for code in codes if code not in ("etp-vacants", "caf"))][:MANY]
    ids = world.do(lambda s: follow_indicators(s, world.ours, *wanted))
    written(world, ids, [world.ours.establishment_id, *sites])
    for year in range(YEAR - 4, YEAR):
        world.do(lambda s, year=year: compare_to(s, world.ours, few[0], "1", "2", "3", year=year, code="202"))
    assert len(world.read(lambda s: queries.followed(s, world.ours.contract_id))) == MANY
    after = counted(world, few[0])
    grown = {page: (before[page], count) for page, count in after.items() if count > before[page]}
    assert grown == {}
    assert max(after.values()) <= LIMIT, after


def test_control_one_question_for_each_indicator_is_found(
    world: World, few: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, every = counted(world, few[0]), queries.every

    def slow(session, contract_id):
        found = every(session, contract_id)
        for _one in found:
            session.execute(text("SELECT 1"))
        return found

    monkeypatch.setattr(queries, "every", slow)
    assert counted(world, few[0])["family", ROOT] > before["family", ROOT]


def test_a_grid_of_more_than_forty_goes_on_on_another_page(world: World, few: list[str]) -> None:
    world.do(lambda s: more_sites(s, world.ours, 45))
    path = f"/contrats/{world.ours.contract_id}/indicateurs/{few[0]}/saisie"
    first, second = world.client("director").see(path), world.client("director").see(f"{path}?page=2")
    assert len(first.tree.xpath("//tbody/tr")) == 40
    assert len(second.tree.xpath("//tbody/tr")) == 6
    assert "Les établissements suivants" in first.words
    assert "Les établissements d’avant" in second.words
