"""What would count persons is no line of the register: it waits, and one line a day seals it all together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions import service as contributions
from portal.domain.journal import quiet
from portal.domain.journal.models import JournalLine, QuietLine
from portal.domain.participants import service as members
from portal.domain.register import queries, service
from portal.domain.surveys.rules import Given
from portal.kernel import clock
from portal.vocabulary import Group, ReactionValue
from tests.conftest import World
from tests.factories.surveys import a_sheet, an_open_survey
from tests.factories.world import a_contribution, a_person

DAY = timedelta(days=1)


@pytest.fixture
def words(world: World) -> str:
    return world.do(lambda s: a_contribution(s, world.ours))


@pytest.fixture
def survey(world: World) -> str:
    return world.do(lambda s: an_open_survey(s, world.ours))


def length(world: World) -> int:
    return world.read(lambda s: queries.head(s, world.ours.contract_id)).seq


def sealed(world: World, at_day: int) -> bool:
    return world.do(lambda s: quiet.seal_due(s, clock.now() + at_day * DAY))


def lines_of_the_day(world: World) -> list[JournalLine]:
    ours = select(JournalLine).filter_by(kind="quiet_sealed", contract_id=world.ours.contract_id)
    return world.read(lambda s: list(s.scalars(ours)))


QUIET_ACTS: dict[str, Callable[[Session, World, str, str], object]] = {
    "a reaction": lambda s, world, words, _: contributions.react(
        s, world.ours["resident"].actor, words, ReactionValue.AGREE
    ),
    "an answer to a survey": lambda s, world, _, survey: a_sheet(
        s, world.ours, survey, "resident", Given((1,))
    ),
    "somebody comes": lambda s, world, _, __: a_person(s, world.ours, "nouvelle", Group.FAMILIES),
    "somebody leaves": lambda s, world, _, __: members.remove_member(s, world.ours["resident"].id),
}


@pytest.mark.parametrize("act", QUIET_ACTS)
def test_the_register_is_as_long_whether_persons_act_or_not(
    world: World, words: str, survey: str, act: str
) -> None:
    """Told line by line, the acts between the two ends of a survey would be its number of answers."""
    world.do(lambda s: contributions.react(s, world.ours["resident_1"].actor, words, ReactionValue.AGREE))
    sealed(world, 0)
    before = length(world)
    world.do(lambda s: QUIET_ACTS[act](s, world, words, survey))
    assert length(world) == before
    assert world.read(lambda s: s.query(QuietLine).count()) > 0
    sealed(world, 1)
    assert length(world) == before + 1


def test_a_contract_that_lives_has_its_line_every_day_even_when_nobody_acts(world: World, words: str) -> None:
    for day in range(3):
        while sealed(world, day):
            pass
        assert len(lines_of_the_day(world)) == day + 1
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/registre")
    assert page.words.count("Les actes qui ne sont pas montrés un par un ont été scellés ensemble") == 1
    assert "et 2 autres avant elle" in page.words


def test_the_line_of_the_day_is_written_once(world: World, words: str) -> None:
    while sealed(world, 0):
        pass
    before = length(world)
    assert not sealed(world, 0)
    assert length(world) == before


def test_a_register_that_only_got_the_line_of_its_day_has_not_grown(world: World, words: str) -> None:
    world.do(lambda s: service.send_head(s, world.ours["director"].actor))
    for day in range(8):
        while sealed(world, day):
            pass
    assert not world.do(lambda s: service.send_weekly(s, clock.now() + 9 * DAY))
    world.do(lambda s: a_contribution(s, world.ours))
    assert world.do(lambda s: service.send_weekly(s, clock.now() + 9 * DAY))
