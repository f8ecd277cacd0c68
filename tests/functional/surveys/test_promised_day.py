"""The day promised for the results of a survey."""

from __future__ import annotations

from portal.domain.surveys import service
from portal.domain.surveys.models import Survey
from portal.domain.surveys.service import NewSurvey
from portal.kernel import clock
from portal.kernel.calendar import next_working
from tests.conftest import World
from tests.factories.surveys import DAY


def test_the_promised_day_is_a_working_day(world: World) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    ends = clock.now() + 5 * DAY
    sunday = clock.paris(ends).date() + 10 * DAY
    sunday += (6 - sunday.weekday()) * DAY
    command = NewSurvey("Les repas", "Dites-nous ce que vous en pensez.", ends, sunday)
    survey_id = world.do(lambda s: service.prepare(s, director, space_id, command).id)
    kept = world.read(lambda s: s.get_one(Survey, survey_id).promised_on)
    assert kept == next_working(sunday)
    assert kept > sunday
    page = world.client("director").see(f"/espaces/{space_id}/questionnaires/nouveau")
    assert "devient le jour ouvré qui suit" in page.words
