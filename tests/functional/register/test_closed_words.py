"""The register for who may not read the words of a space: every line, no group of who wrote them."""

from __future__ import annotations

import json

import pytest

from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.register import fault
from tests.factories.world import LEVELS, a_contribution, a_space

GROUP = "familles et proches"


@pytest.fixture
def closed(world: World) -> World:
    """A space of which authorities read the synthesis only: three families spoke there, and the direction."""

    def say(session) -> str:
        space = a_space(session, world.ours, words_told=False)
        for name in ("family", "family_0", "family_1"):
            a_contribution(session, world.ours, name, space_id=space)
        return space

    world.do(say)
    return world


def lines(world: World, who: str, query: str = "") -> list[str]:
    page = world.client(who).see(f"/contrats/{world.ours.contract_id}/registre{query}")
    return [one.text_content() for one in page.tree.xpath("//main//ol[@class='versions']/li")]


def file(world: World, who: str, kind: str) -> bytes:
    return bytes(
        world.client(who).get(f"/contrats/{world.ours.contract_id}/registre/telecharger/{kind}").data
    )


def of_words(exported: bytes) -> list[dict[str, object]]:
    rows = [json.loads(one) for one in exported.splitlines()[1:-1]]
    return [row for row in rows if row.get("sorte") == "contribution_published"]


@pytest.mark.parametrize(("who", "told"), [("authority", False), ("resident", True), ("director", True)])
def test_the_page_says_the_group_to_who_reads_the_words_alone(closed: World, who: str, told: bool) -> None:
    found = [one for one in lines(closed, who) if "Une contribution a été publiée." in one]
    assert len(found) == 3
    assert [GROUP in one for one in found] == [told] * 3


@pytest.mark.parametrize(("who", "count"), [("authority", 0), ("resident", 3)])
def test_no_filter_counts_a_group_for_who_does_not_read_its_words(
    closed: World, who: str, count: int
) -> None:
    assert len(lines(closed, who, "?groupe=families&sorte=paroles")) == count
    assert len(lines(closed, who, "?sorte=paroles")) == 3


@pytest.mark.parametrize(("who", "told"), [("authority", False), ("resident", True)])
def test_the_sealed_export_folds_the_group_and_is_verified_all_the_same(
    closed: World, who: str, told: bool
) -> None:
    exported = file(closed, who, "jsonl")
    assert fault(exported) is None
    assert [("groupe" in row, "repli" in row) for row in of_words(exported)] == [(told, not told)] * 3


def test_the_files_for_people_say_no_group_either(closed: World) -> None:
    assert f";{GROUP};".encode() not in file(closed, "authority", "csv")
    assert f";{GROUP};".encode() in file(closed, "resident", "csv")


def test_where_the_words_are_told_authorities_read_the_group_as_everybody_does(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    assert GROUP in lines(world, "authority", "?groupe=families&sorte=paroles")[0]


def test_a_group_that_is_not_invited_reads_no_group_either(world: World) -> None:
    levels = {group: level for group, level in LEVELS.items() if group is not Group.PROFESSIONALS}

    def say(session) -> str:
        space = a_space(session, world.ours, levels=levels | {Group.FAMILIES: Level.CONCERTATION})
        return a_contribution(session, world.ours, space_id=space)

    world.do(say)
    assert lines(world, "professional", "?groupe=families&sorte=paroles") == []
    assert len(lines(world, "professional", "?sorte=paroles")) == 1
