"""Old announcements and old form traces go; the register stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from portal.domain.contracts.models import Contract
from portal.domain.journal.models import AudienceCursor, AudienceFrame
from portal.domain.organisations.models import Organisation
from portal.domain.participants.models import Operation
from portal.domain.spaces.models import Space
from portal.jobs import compaction
from portal.kernel.ids import new_id
from portal.vocabulary import ModerationMode, Phase, SpaceObject, Stage


def fill(unit, audience, count, space="s" * 26):
    def work(session):
        if session.get(Space, space) is None:
            _stage(session, space)
        session.add(AudienceCursor(space_id=space, audience=audience, count=count))
        session.flush()
        session.execute(
            insert(AudienceFrame),
            [
                {
                    "space_id": space, "audience": audience, "cursor": number, "contract_id": "c" * 26,
                    "tick": number, "kind": "reaction_changed", "object": "o",
                }
                for number in range(1, count + 1)
            ],
        )  # fmt: skip

    unit(work)


def _stage(session, space):
    """A space to announce in; what it says does not matter here."""
    day, moment = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
    session.add(Organisation(id="o" * 26, name="o"))
    session.flush()
    session.add(
        Contract(
            id="c" * 26,
            title="t",
            organisation_id="o" * 26,
            starts_on=day,
            ends_on=date(2030, 1, 1),
            stage=Stage.DIAGNOSTIC,
            created_at=moment,
        )
    )
    session.flush()
    session.add(
        Space(
            id=space,
            contract_id="c" * 26,
            object=SpaceObject.DIAGNOSTIC,
            question="q",
            opens_at=moment,
            ends_at=moment + timedelta(days=30),
            moderation=ModerationMode.BEFORE,
            phase=Phase.OPEN,
            created_at=moment,
        )
    )
    session.flush()


def kept(unit, audience):
    def read(session):
        column = AudienceFrame.cursor
        found = select(func.min(column), func.max(column), func.count()).where(
            AudienceFrame.audience == audience
        )
        return tuple(session.execute(found).one())

    return unit(read)


def run_to_the_end(unit, at):
    rounds = 0
    while unit(lambda session: compaction.compact(session, at)):
        rounds += 1
        assert rounds < 100
    return rounds


def test_the_last_thousand_frames_of_each_audience_stay(unit, time):
    fill(unit, "readers", 2300)
    fill(unit, "moderators", 1001)
    fill(unit, "author:x", 1000)
    assert run_to_the_end(unit, time()) >= 3
    assert kept(unit, "readers") == (1301, 2300, 1000)
    assert kept(unit, "moderators") == (2, 1001, 1000)
    assert kept(unit, "author:x") == (1, 1000, 1000)


def test_one_piece_is_small(unit, time):
    fill(unit, "readers", 3000)
    unit(lambda session: compaction.compact(session, time()))
    assert kept(unit, "readers") == (501, 3000, 2500)


def test_counters_are_never_changed(unit, time):
    fill(unit, "readers", 1500)
    run_to_the_end(unit, time())
    assert unit(lambda session: session.scalar(select(AudienceCursor.count))) == 1500


@pytest.mark.parametrize(("age", "stays"), [(timedelta(days=29), True), (timedelta(days=31), False)])
def test_traces_of_forms_go_after_thirty_days(unit, time, age, stays):
    def add(session):
        session.add(Operation(participant_id=new_id(), op_id="1", digest="", outcome="/", at=time() - age))

    unit(add)
    run_to_the_end(unit, time())
    assert unit(lambda session: session.scalar(select(func.count()).select_from(Operation))) == int(stays)


def test_nothing_to_remove_is_said(unit, time):
    assert unit(lambda session: compaction.compact(session, time())) is False
