"""The bell of the demonstration: something new for everybody who spoke, a history, no flood."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from portal.demo.notices import NEWS
from portal.domain.accounts.models import Account
from portal.domain.notifications.models import Notice, NoticeCursor
from portal.domain.participants.models import Seat
from portal.kernel import clock
from portal.vocabulary import NoticeKind


def test_personas_have_a_little_that_is_new_and_a_history(seeded):
    def read(session):
        personas = {
            seat: account.email.partition("@")[0]
            for seat, account in session.execute(
                select(Seat.participant_id, Account).join(Account).where(Account.persona.is_not(None))
            )
        }
        return [
            (personas.get(one.participant_id, ""), one.kind, one.at, one.read_at)
            for one in session.scalars(select(Notice))
        ]

    notices = seeded(read)
    new = Counter(who for who, _kind, _at, read_at in notices if who and read_at is None)
    old = Counter(who for who, _kind, _at, read_at in notices if who and read_at is not None)
    assert {"jeanne", "claire", "karim", "sandrine"} <= new.keys()
    assert {"jeanne", "claire"} <= old.keys()
    assert max(new.values()) <= NEWS
    assert max((new + old).values()) <= 20
    assert {kind for _who, kind, _at, _read in notices} >= {
        NoticeKind.ANSWERED,
        NoticeKind.REPLIED,
        NoticeKind.OPENED,
    }
    assert all(at <= clock.now() for _who, _kind, at, _read in notices)


def test_nothing_is_left_to_tell_at_the_first_start(seeded):
    from portal.domain.notifications.queries import behind

    assert seeded(lambda session: session.scalars(select(NoticeCursor)).all())
    assert seeded(behind) == []
