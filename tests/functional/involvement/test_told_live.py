"""What an open page is told when a level changes: which group, from what to what, and from when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal import languages
from portal.domain.involvement import changes, service
from portal.domain.involvement.service import NewLevel
from portal.domain.journal import queries as journal
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.realtime import outbound
from portal.vocabulary import Audience, Group, Level
from tests.conftest import World

REASON = "Le conseil de la vie sociale l’a demandé."
AT_ONCE = (
    (
        Group.RESIDENTS,
        Level.COCONSTRUCTION,
        (
            "Le niveau d’implication des résidents et personnes accompagnées passe "
            "de « Discuter et proposer » à « Écrire ensemble »."
        ),
        (
            "The level of involvement of residents and people supported goes "
            "from “Discuss and propose” to “Write together”."
        ),
    ),
    (
        Group.FAMILIES,
        Level.COCONSTRUCTION,
        "Le niveau d’implication des familles et proches passe de « Donner son avis » à « Écrire ensemble ».",
        "The level of involvement of families and friends goes from “Give your opinion” to “Write together”.",
    ),
    (
        Group.BOARD,
        Level.CONSULTATION,
        (
            "Le niveau d’implication du conseil d’administration passe "
            "de « Ne participe pas » à « Donner son avis »."
        ),
        (
            "The level of involvement of the board of directors goes "
            "from “Does not take part” to “Give your opinion”."
        ),
    ),
)


def begin(world: World, **levels: Level | None) -> None:
    """The levels of the space before the story, and nothing told of them."""

    def do(session: Session) -> None:
        director = world.ours["director"].actor
        asked = {Group(name): level for name, level in levels.items()}
        service.set_first(session, director, world.ours.contract_id, world.ours.space_id, asked)

    world.do(do)


@pytest.fixture
def house(world: World) -> World:
    begin(
        world,
        residents=Level.CONCERTATION,
        families=Level.CONSULTATION,
        board=None,
        management=Level.CONCERTATION,
    )
    return world


def change(world: World, group: Group, level: Level | None, *, whole: bool = False) -> None:
    def do(session: Session) -> None:
        director = world.ours["director"].actor
        space = None if whole else world.ours.space_id
        command = NewLevel(group, level, REASON)
        service.record(session, director, world.ours.contract_id, space, command)

    world.do(do)


def last_frame(world: World, lang: str = "fr", *, caught_up: bool = False) -> dict[str, Any]:
    """The frame that readers of a language get of the last line, live or when they catch up."""
    with world.app.app_context(), languages.speaking(lang):
        session = db.session()
        rows = journal.audience_frames(session, world.ours.space_id, Audience.READERS.value, 0, 500)
        if caught_up:
            return list(outbound.frames(session, rows, Audience.READERS))[-1]
        return outbound.frame(outbound.Shelf(session, rows[-1:]), rows[-1], Audience.READERS)


def test_a_change_names_its_group_and_both_levels(house: World) -> None:
    for group, level, french, english in AT_ONCE:
        change(house, group, level)
        assert last_frame(house)["sentence"] == french
        assert last_frame(house, caught_up=True)["sentence"] == french
        assert last_frame(house, "en")["sentence"] == english


def test_a_change_to_come_says_from_when(house: World) -> None:
    change(house, Group.FAMILIES, Level.INFORMATION)
    day = day_label(clock.now() + timedelta(days=7))
    assert last_frame(house)["sentence"] == (
        "Le niveau d’implication des familles et proches passera "
        f"de « Donner son avis » à « S’informer », à partir du {day}."
    )


def test_the_day_it_takes_effect_the_page_hears_it_again(house: World) -> None:
    change(house, Group.FAMILIES, None)
    house.do(lambda session: service.apply_due(session, clock.now() + timedelta(days=8)))
    assert last_frame(house)["sentence"] == (
        "Le niveau d’implication des familles et proches passe de « Donner son avis » à « Ne participe pas »."
    )


def test_a_change_that_is_given_up_says_so(house: World) -> None:
    change(house, Group.FAMILIES, None)
    change(house, Group.FAMILIES, Level.CONSULTATION)
    assert last_frame(house)["sentence"] == (
        "Le niveau d’implication des familles et proches reste « Donner son avis ». "
        "Le changement qui était prévu n’aura pas lieu."
    )


def test_a_change_of_the_whole_contract_promises_nothing_about_one_space(house: World) -> None:
    change(house, Group.RESIDENTS, Level.COCONSTRUCTION, whole=True)
    assert "résidents" not in last_frame(house)["sentence"]
    assert last_frame(house)["sentence"].endswith("Lisez les engagements de participation.")


def test_a_frame_tells_no_reason_and_nobody(house: World) -> None:
    change(house, Group.FAMILIES, Level.INFORMATION)
    told = last_frame(house)
    assert set(told) == {"space", "audience", "prev", "cursor", "shape", "sentence"}
    assert REASON not in str(told)


@pytest.mark.parametrize("group", list(Group))
def test_every_group_has_its_words(group: Group) -> None:
    french = changes.OF_GROUP[group]
    assert french.removeprefix("des ").removeprefix("du ").removeprefix("de la ") == group.label
    with languages.speaking("en"):
        assert languages.spoken(french).removeprefix("of ").removeprefix("the ") == languages.spoken(
            group.label
        )
