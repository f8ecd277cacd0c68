"""Authorities that read the synthesis of a space alone are owed it once anybody spoke: a duty, with its day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.duties import clocks, queries
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import words
from portal.kernel import clock
from portal.vocabulary import ContributionKind, DutyKind, DutyState, Group, Level
from tests.conftest import World
from tests.factories.syntheses import a_synthesis, ended
from tests.factories.world import a_contribution, a_level, a_space

WHY = "Le temps a manqué pour écrire cette synthèse."
OWED = "Une synthèse de ce qui a été dit"


def a_place(world: World, *, words_told: bool = False, level: Level = Level.CONSULTATION) -> str:
    space = world.do(lambda s: a_space(s, world.ours, words_told=words_told))
    if level is not Level.INFORMATION:
        world.do(lambda s: a_level(s, world.ours, Group.AUTHORITIES, level, space_id=space))
    return space


def towards(world: World, space: str) -> list[tuple[DutyKind, DutyState]]:
    """What is owed to the authorities there, by the list of duties; the lines of pages say the same."""

    def read(session):
        view = spaces.view(session, space, clock.now())
        dates = clocks.of(session, [view], clock.now())
        listed = queries.duties(session, [view], clock.now())
        lines = queries.towards(session, [view], dates, Group.AUTHORITIES)
        whole = queries.lines(session, [view], dates)
        own = [(one.owed.kind, one.state) for one in listed if one.owed.group is Group.AUTHORITIES]
        assert [(one.kind, one.state) for one in lines] == own
        assert sum(one.number for one in whole) == len(listed)
        return own

    return world.read(read)


def test_it_is_owed_once_somebody_spoke(world: World) -> None:
    space = a_place(world)
    assert towards(world, space) == []
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    assert towards(world, space) == [(DutyKind.SYNTHESIS, DutyState.TO_DO)]


@pytest.mark.parametrize(("words_told", "level"), [(True, Level.CONSULTATION), (False, Level.INFORMATION)])
def test_who_reads_the_words_or_is_informed_only_is_owed_nothing_for_the_words_of_others(
    world: World, words_told: bool, level: Level
) -> None:
    space = a_place(world, words_told=words_told, level=level)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    assert towards(world, space) == []


def test_pages_say_it_to_both_sides_and_lead_the_authority_to_the_synthesis(world: World) -> None:
    space = a_place(world)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    contract = f"/contrats/{world.ours.contract_id}"
    page = world.client("authority").see(contract)
    (owed,) = page.tree.xpath("//section[@aria-labelledby='vous-est-du']")
    assert OWED in owed.text_content()
    assert not owed.xpath(".//a"), "nothing is published: the page would refuse"
    assert "Promis avant le" in owed.text_content()
    assert OWED in world.client("director").see(f"{contract}/devoirs?genre=synthese").words
    world.do(lambda s: a_synthesis(s, world.ours, space_id=space))
    page = world.client("authority").see(contract)
    (owed,) = page.tree.xpath("//section[@aria-labelledby='vous-est-du']")
    assert "La synthèse est publiée." in owed.text_content()
    (link,) = owed.xpath(".//a/@href")
    assert "ce qui a été dit" in world.client("authority").see(str(link)).words


def test_closed_without_it_the_authority_reads_why(world: World) -> None:
    space = a_place(world)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    world.do(lambda s: ended(s, world.ours, space))
    director = world.ours["director"].actor
    world.do(lambda s: answers.close(s, director, space, broken_promise=WHY))
    assert towards(world, space) == [(DutyKind.SYNTHESIS, DutyState.EXPLAINED)]
    words = world.client("authority").see(f"/contrats/{world.ours.contract_id}").words
    assert f"La direction a écrit pourquoi : {WHY}" in words


def test_what_is_lowered_later_takes_it_not_away(world: World, move_clock: Callable[[float], None]) -> None:
    space = a_place(world)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    world.do(lambda s: a_level(s, world.ours, Group.AUTHORITIES, Level.INFORMATION, space_id=space))
    move_clock(8 * 86400)
    assert towards(world, space) == [(DutyKind.SYNTHESIS, DutyState.TO_DO)]


def test_lowered_before_anybody_spoke_it_is_not_owed(
    world: World, move_clock: Callable[[float], None]
) -> None:
    space = a_place(world)
    world.do(lambda s: a_level(s, world.ours, Group.AUTHORITIES, Level.INFORMATION, space_id=space))
    move_clock(8 * 86400)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    assert towards(world, space) == []


def test_no_delay_is_asked_of_who_cannot_read_the_demand(world: World) -> None:
    space = a_place(world)
    director, here = world.client("director"), f"/espaces/{space}/delais"
    page = director.see(here)
    offered = page.tree.xpath("//input[@name='group']/@value")
    assert "families" in offered
    assert "authorities" not in offered
    assert "Autorités" not in " ".join(one.text_content() for one in page.tree.xpath("//main//li"))
    typed = page.form(here) | {"group": "authorities", "until_on": "2099-01-04", "reason": "Le temps manque."}
    answer = director.post(here, data=typed)
    assert answer.status_code == 422
    assert "Choisissez un groupe qui participe" in answer.get_data(as_text=True)


def test_it_is_kept_by_the_synthesis_that_is_published(world: World) -> None:
    space = a_place(world)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    world.do(lambda s: a_synthesis(s, world.ours, space_id=space))
    assert towards(world, space) == [(DutyKind.SYNTHESIS, DutyState.KEPT)]


def test_of_their_own_words_closed_since_nothing_false_is_said_and_nothing_leads_to_a_refusal(
    world: World,
) -> None:
    space = a_place(world, words_told=True)
    question = ContributionKind.QUESTION
    asked = world.do(lambda s: a_contribution(s, world.ours, "authority", kind=question, space_id=space))
    director = world.ours["director"].actor
    command = NewAnswer("C’est prévu pour le printemps prochain.", None, "")
    world.do(lambda s: answers.give(s, director, asked, command))
    seen = world.read(lambda s: spaces.view(s, space, clock.now())).version
    world.do(lambda s: words.tell(s, director, space, reads=False, version=seen, reason=WHY))
    page = world.client("authority").see(f"/contrats/{world.ours.contract_id}")
    (owed,) = page.tree.xpath("//section[@aria-labelledby='vous-est-du']")
    assert "Une réponse" in owed.text_content()
    assert "La synthèse est publiée." not in owed.text_content()
    assert not owed.xpath(".//a")
