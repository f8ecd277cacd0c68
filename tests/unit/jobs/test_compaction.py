"""Old announcements and old form traces go; the register stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from portal.domain.journal.models import AudienceCursor, AudienceFrame
from portal.domain.participants.models import Operation
from portal.jobs import compaction
from portal.kernel.ids import new_id


def fill(unit, audience, count, space="s" * 26):
    def work(session):
        # The space itself does not matter here.
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(
            text(
                "INSERT OR IGNORE INTO space(id, contract_id, object, question, introduction, opens_at, ends_at, "
                "answer_days, moderation, phase, pause_reason, broken_promise, promise_note, created_at, version, epoch, "
                "authorities_read_words, end_reason) VALUES (:id, 'c', 'diagnostic', 'q', '', '2026-01-01', '2026-02-01', 30, "
                "'avant', 'ouvert', '', '', '', '2026-01-01', 1, 1, 0, '')"
            ),
            {"id": space},
        )
        session.execute(text("INSERT OR IGNORE INTO organisation(id, name, fictional) VALUES ('o', 'o', 1)"))
        session.execute(
            text(
                "INSERT OR IGNORE INTO contract(id, title, organisation_id, starts_on, ends_on, stage, created_at) "
                "VALUES ('c', 't', 'o', '2026-01-01', '2030-01-01', 'diagnostic', '2026-01-01')"
            )
        )
        session.add(AudienceCursor(space_id=space, audience=audience, count=count))
        session.flush()
        session.execute(
            insert(AudienceFrame),
            [
                {
                    "space_id": space, "audience": audience, "cursor": number, "contract_id": "c",
                    "tick": number, "kind": "reaction_changed", "object": "o",
                }
                for number in range(1, count + 1)
            ],
        )  # fmt: skip

    unit(work)


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
