"""A pause of the space gives its days back to the survey: nobody loses the time to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from portal.domain.duties import queries as duties
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.domain.surveys import queries
from portal.domain.surveys.ending import Ending
from portal.domain.surveys.models import Survey, SurveyState
from portal.domain.surveys.queries import SurveyView
from portal.domain.surveys.rules import Given
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.errors import RefusedError
from tests.conftest import World
from tests.factories.surveys import DAY, a_sheet, an_open_survey

Go = Callable[[float], None]


@pytest.fixture
def survey(world: World) -> str:
    return world.do(lambda s: an_open_survey(s, world.ours, days=10))


@pytest.fixture
def go(world: World, move_clock: Go) -> Go:
    """Go to so many days from the start; the jobs of those days are done."""

    def to(days: float) -> None:
        move_clock((days * DAY).total_seconds())
        world.do(lambda s: space_service.advance_due(s, clock.now()))
        world.do(lambda s: Ending().advance_due(s, clock.now()))

    return to


def pause(world: World, *, resume: bool = False) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    if resume:
        world.do(lambda s: space_service.resume(s, director, space_id))
    else:
        world.do(lambda s: space_service.pause(s, director, space_id, "La grippe est dans la maison."))


def shown(world: World, survey_id: str) -> SurveyView:
    def read(session):  # type: ignore[no-untyped-def]
        space = spaces.view(session, world.ours.space_id, clock.now())
        return queries.view(session, survey_id, space, clock.now())

    found: SurveyView = world.read(read)
    return found


def due(world: World) -> date:
    def read(session):  # type: ignore[no-untyped-def]
        views = spaces.of_contracts(session, [world.ours.contract_id], clock.now())
        return next(one for one in duties.duties(session, views, clock.now()) if one.owed.survey_id).due_on

    found: date = world.read(read)
    return found


def test_a_survey_does_not_end_while_its_space_is_paused(world: World, survey: str, go: Go) -> None:
    announced = shown(world, survey).ends_at
    go(9)
    pause(world)
    go(14)
    assert shown(world, survey).state is SurveyState.OPEN
    with pytest.raises(RefusedError):
        world.do(lambda s: a_sheet(s, world.ours, survey, "family", Given((1,))))
    pause(world, resume=True)
    until = announced + 5 * DAY
    assert abs(shown(world, survey).ends_at - until) <= DAY
    page = world.client("family").see(f"/espaces/{world.ours.space_id}/questionnaires/{survey}").words
    assert f"Ouvert jusqu’au {day_label(shown(world, survey).ends_at)}" in page
    world.do(lambda s: a_sheet(s, world.ours, survey, "family", Given((1,))))
    go(17)
    assert shown(world, survey).state is SurveyState.CLOSED
    row = world.read(lambda s: s.get_one(Survey, survey))
    assert row.state is SurveyState.CLOSED
    assert announced + 5 * DAY <= closed_at(row) <= announced + 6 * DAY


def closed_at(row: Survey) -> datetime:
    assert row.closed_at is not None
    return row.closed_at


def test_results_are_never_due_before_the_survey_ends(world: World, survey: str, go: Go) -> None:
    def tight(session):  # type: ignore[no-untyped-def]
        row = session.get_one(Survey, survey)
        row.promised_on = paris(row.ends_at).date()

    world.do(tight)
    go(2)
    pause(world)
    go(2.1)
    pause(world, resume=True)
    assert due(world) >= paris(shown(world, survey).ends_at).date()


def test_what_waits_for_the_pause_keeps_no_other_survey_from_ending(
    world: World, survey: str, move_clock: Go
) -> None:
    """Four wait in a paused space, one more than a job takes at a time; one has ended elsewhere."""
    for _more in range(3):
        world.do(lambda s: an_open_survey(s, world.ours, days=10))
    elsewhere = world.do(lambda s: an_open_survey(s, world.other, days=11))
    pause(world)
    move_clock((12 * DAY).total_seconds())
    job = Ending()
    rounds = 0
    while world.do(lambda s: job.advance_due(s, clock.now())):
        rounds += 1
        assert rounds < 5
    states = world.read(lambda s: {one.id: one.state for one in s.query(Survey)})
    assert states.pop(elsewhere) is SurveyState.CLOSED
    assert set(states.values()) == {SurveyState.OPEN}


def test_the_end_of_the_space_still_ends_a_survey(world: World, survey: str, go: Go) -> None:
    go(5)
    pause(world)
    go(70)
    assert shown(world, survey).state is SurveyState.CLOSED
    assert world.read(lambda s: s.get_one(Survey, survey)).state is SurveyState.CLOSED
