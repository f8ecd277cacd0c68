"""Each day that is promised in writing is one on which people work."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.moderation.models import Appeal
from portal.domain.organisations.models import Establishment
from portal.domain.spaces import queries, service
from portal.domain.spaces.models import Space
from portal.domain.spaces.service import SpaceCorrection
from portal.kernel import calendar, clock
from portal.kernel.dates import day_label
from tests.conftest import World
from tests.factories.world import an_appeal

DAYS = 30


def test_the_note_of_a_later_answer_names_working_days(world: World) -> None:
    """The end moves so that the delay runs out on a Sunday."""
    director, space_id = world.ours["director"].actor, world.ours.space_id
    before = world.read(lambda s: queries.view(s, space_id, clock.now()))
    assert before is not None
    end = clock.paris(before.ends_at).date() + timedelta(days=14)
    while (end + timedelta(days=DAYS)).weekday() != 6:
        end += timedelta(days=1)

    def correct(session: Session) -> str:
        row = session.get_one(Space, space_id)
        command = SpaceCorrection(
            question=row.question,
            introduction=row.introduction,
            ends_at=datetime.combine(end, time(23, 59), clock.PARIS),
            answer_days=row.answer_days,
            moderation=row.moderation,
            reason="La fête a été reportée.",
        )
        return service.correct(session, director, space_id, command, version=row.version).promise_note

    note = world.do(correct)
    told = str(day_label(calendar.next_working(end + timedelta(days=DAYS))))
    assert f"Elle est maintenant promise avant le {told}." in note
    assert "dimanche" not in note
    assert "samedi" not in note


def test_an_appeal_is_decided_by_a_day_worked_where_the_house_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two weeks and a day from now, people rest there and nowhere else."""
    rest = clock.today() + timedelta(days=15)
    monkeypatch.setattr(
        calendar, "holidays", lambda _year, department="": {rest} if department == "57" else set()
    )

    def at_metz(session: Session) -> None:
        session.get_one(Establishment, world.ours.establishment_id).finess_et = "570000001"

    world.do(at_metz)
    world.do(lambda s: an_appeal(s, world.ours))
    due = clock.paris(world.read(lambda s: s.query(Appeal).one().due_at)).date()
    assert due > rest
    assert calendar.is_working(due, "57")
