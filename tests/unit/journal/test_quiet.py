"""What one line of the chain seals together: it is verified, and every change of it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.facts import FactKind
from portal.domain.journal import queries, quiet, service
from portal.domain.journal.verify import verify_database
from portal.kernel import clock
from portal.kernel.ids import new_id

REACTED = "kind = 'reaction_changed'"
PLANTED = {
    "an act is changed": f"UPDATE quiet_line SET object = '{'a' * 26}' WHERE {REACTED}",
    "whose it is is changed": f"UPDATE quiet_line SET \"commit\" = '{'0' * 64}' WHERE {REACTED}",
    "an act is removed": "DELETE FROM quiet_line WHERE tick = (SELECT min(tick) FROM quiet_line)",
    "an act is added": (
        'INSERT INTO quiet_line SELECT contract_id, 1, at, kind, group_, object, digest, "commit" '
        f"FROM quiet_line WHERE {REACTED} LIMIT 1"
    ),
    "the line says that it goes less far": "UPDATE quiet_batch SET upto = upto - 1",
    "the salt of the line is removed": "DELETE FROM journal_salt WHERE seq = (SELECT max(seq) FROM journal_salt)",
    "what it seals is forgotten": "DELETE FROM quiet_batch",
}


def reacted(session, world, times=1):
    for _ in range(times):
        service.append(session, world.fact(FactKind.REACTION_CHANGED, participant_id=new_id()))


def test_a_quiet_act_is_no_line_but_is_told_in_its_place(session, world):
    service.append(session, world.fact(FactKind.SPACE_OPENED))
    reacted(session, world)
    assert service.append(session, world.fact(FactKind.SPACE_PAUSED)) == 2
    told = [row.kind for row in queries.audience_frames(session, world.space, "readers", 0, 9)]
    assert told == [FactKind.SPACE_OPENED, FactKind.REACTION_CHANGED, FactKind.SPACE_PAUSED]


@pytest.mark.parametrize("planted", [None, *PLANTED])
def test_what_was_sealed_together_is_verified(database, session, raw, written, planted):
    reacted(session, written, 3)
    assert quiet.seal_due(session, clock.now())
    session.commit()
    if planted is not None:
        names = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'quiet_line'"
        )
        for (name,) in names.fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        assert raw.execute(PLANTED[planted]).rowcount > 0
        raw.commit()
    verdict = verify_database(database)
    assert verdict.ok is (planted is None), verdict


def test_each_day_seals_what_came_after_the_day_before(database, session, raw, written):
    for day in range(3):
        reacted(session, written, day)
        assert quiet.seal_due(session, clock.now() + timedelta(days=day))
    session.commit()
    assert raw.execute("SELECT count(*) FROM quiet_batch").fetchone() == (3,)
    assert verify_database(database).ok


def test_a_clock_that_ran_ahead_once_does_not_stop_the_lines_of_the_days(session, written):
    reacted(session, written)
    assert quiet.seal_due(session, clock.now() + timedelta(days=3650))
    reacted(session, written)
    assert quiet.seal_due(session, clock.now())
    assert not quiet.seal_due(session, clock.now())
