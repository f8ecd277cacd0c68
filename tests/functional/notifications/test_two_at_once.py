"""Two clicks, two postmen at the same instant: on PostgreSQL they do meet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.notifications import mails, queries, service
from portal.domain.notifications.mails import Outcome
from portal.domain.notifications.models import Mail, NoticeChoice
from portal.domain.notifications.rules import Quiet
from portal.extensions import unit
from portal.jobs.digests import Postman, prepare
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.mail.port import Letter
from portal.vocabulary import Cadence, MailState, NoticeChoiceKind
from tests.conftest import World
from tests.factories.notices import follow

pytestmark = [pytest.mark.slow, pytest.mark.both_stores]
SENT = Outcome(MailState.SENT)


@pytest.fixture
def store_name() -> str:
    """SQLite runs one unit at a time: nobody meets there."""
    return "postgresql"


def meet(first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """Run both; the second begins when the first has written and has not ended."""
    written = Event()

    def slow(session: Session) -> None:
        first(session)
        session.flush()
        written.set()
        time.sleep(0.3)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(unit, slow)
        assert written.wait(10)
        two = pool.submit(unit, second)
        one.result(20)
        two.result(20)


def test_two_clicks_on_the_settings_keep_the_last(world: World) -> None:
    account_id = world.ours["family"].account_id
    meet(
        lambda s: mails.save_setting(s, account_id, Cadence.DIGEST),
        lambda s: mails.save_setting(s, account_id, Cadence.NONE, Quiet(18, 9)),
    )
    kept = world.read(lambda s: queries.setting(s, account_id))
    assert (kept.cadence, kept.quiet) == (Cadence.NONE, Quiet(18, 9))


@pytest.mark.parametrize("last", [NoticeChoiceKind.MUTED, None])
def test_two_clicks_on_a_choice_keep_the_last(world: World, last: NoticeChoiceKind | None) -> None:
    person, space = world.ours["family"].id, world.ours.space_id or ""
    meet(
        lambda s: service.choose(s, person, space, NoticeChoiceKind.FOLLOWED),
        lambda s: service.choose(s, person, space, last),
    )
    kept = world.read(lambda s: [one.choice for one in s.scalars(select(NoticeChoice))])
    assert kept == ([] if last is None else [last])


class SlowPost:
    """Keeps the ids of what it carried, and takes its time."""

    def __init__(self) -> None:
        self.carried: list[str] = []

    def send(self, letter: Letter) -> Outcome:
        self.carried.append(letter.id)
        time.sleep(0.02)
        return SENT


def tomorrow() -> datetime:
    day = clock.paris(clock.now()).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=PARIS)


def carried_by_two(world: World) -> Counter[str]:
    """How often each e-mail of tomorrow left, when two processes carry them."""
    follow(world)
    at, post = tomorrow(), SlowPost()
    world.do(lambda session: prepare(session, at))

    def waits() -> bool:
        query = select(Mail.id).where(Mail.state == MailState.WAITING).limit(1)
        return world.read(lambda s: s.scalar(query)) is not None

    def carry() -> int:
        postman, tried = Postman(world.app, unit, post, now=lambda: at), 0
        try:
            while waits():
                tried += postman.round()
        finally:
            postman.stop()
        return tried

    with ThreadPoolExecutor(2) as pool:
        rounds = [pool.submit(carry) for _ in range(2)]
        tried = [one.result(60) for one in rounds]
    assert min(tried) > 0, "both did carry"
    return Counter(post.carried)


def test_two_postmen_carry_each_letter_once(world: World) -> None:
    carried = carried_by_two(world)
    rows = world.read(lambda s: list(s.scalars(select(Mail))))
    assert set(carried) == {one.id for one in rows}
    assert set(carried.values()) == {1}
    assert {one.state for one in rows} == {MailState.SENT}


def test_control_two_postmen_who_lock_nothing_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, claim_one = mails._waiting, mails._claim_one

    def without(at: datetime) -> Select[Mail]:
        query = waiting(at)
        query._for_update_arg = None
        return query

    def slow(*arguments: object) -> object:
        time.sleep(0.05)
        return claim_one(*arguments)

    monkeypatch.setattr(mails, "_waiting", without)
    monkeypatch.setattr(mails, "_claim_one", slow)
    assert max(carried_by_two(world).values()) > 1


@pytest.mark.parametrize("late", [SENT, Outcome(MailState.WAITING, "message-451")])
def test_what_was_given_up_is_not_opened_again(world: World, late: Outcome) -> None:
    """The operator handed its notices back: a late answer changes nothing."""
    follow(world)
    at = tomorrow()
    world.do(lambda session: prepare(session, at))
    claimed = world.do(lambda session: mails.claim(session, at))
    assert claimed is not None
    later = at + timedelta(minutes=16)
    assert world.do(lambda session: mails.doubt(session, later)) == [claimed.id]
    world.do(lambda session: mails.hand_back(session, claimed.id))
    world.do(lambda session: mails.settle(session, claimed.id, late, later))
    row = world.read(lambda s: s.get_one(Mail, claimed.id))
    assert (row.state, row.error) == (MailState.FAILED, "rendu")


def test_an_answer_that_is_being_written_is_no_doubt(world: World) -> None:
    follow(world)
    at = tomorrow()
    world.do(lambda session: prepare(session, at))
    claimed = world.do(lambda session: mails.claim(session, at))
    assert claimed is not None
    found: list[str] = []
    meet(
        lambda s: mails.settle(s, claimed.id, SENT, at),
        lambda s: found.extend(mails.doubt(s, at + timedelta(minutes=16))),
    )
    assert found == []
    assert world.read(lambda s: s.get_one(Mail, claimed.id).state) is MailState.SENT
