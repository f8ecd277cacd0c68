"""Several processes make and carry one morning's e-mails, and fall in the middle: nobody gets two, nobody is forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.notifications import mails
from portal.domain.notifications.models import Mail, Notice
from portal.domain.participants.models import Seat
from portal.extensions import unit
from portal.jobs.digests import Postman, prepare
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.mail.server import Server
from portal.mail.smtp import SmtpPost
from portal.vocabulary import MailState
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.post_office import PostOffice
from tests.stores import Store

pytestmark = pytest.mark.slow
ENTRY = Path(__file__).with_name("mailers_entry.py")
ROOT = Path(__file__).resolve().parents[2]
KILLED, PATIENCE = -9, 40.0
THINKS_SECONDS = 0.1
KILLS = 3


@pytest.fixture
def store_name() -> str:
    """SQLite is served by one process."""
    return "postgresql"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        running.office.seconds = THINKS_SECONDS
        yield running


class Mailer:
    """A process that waits for the morning."""

    def __init__(self, store: Store, office: PostOffice, point: str = "", fault: str = "") -> None:
        environ = {**os.environ, **store.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, ENTRY, str(store.instance), office.url(), point, fault],
            env=environ, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def go(self, begun: float) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{begun}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    @property
    def fell(self) -> bool:
        return self.process.poll() == KILLED


@contextmanager
def mailers(store: Store, office: PostOffice, *points: str, fault: str = "") -> Iterator[list[Mailer]]:
    started = [Mailer(store, office, point, fault) for point in points]
    try:
        for one in started:
            one.ready()
        yield started
    finally:
        for one in started:
            one.kill()


def wait(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def expected(world: World) -> set[str]:
    """The addresses of whoever has something new."""
    query = (
        select(Account.email)
        .join(Seat, Seat.account_id == Account.id)
        .join(Notice, Notice.participant_id == Seat.participant_id)
    )
    return world.read(lambda session: set(session.scalars(query)))


def carried(world: World, people: int) -> bool:
    """Whether everybody has an e-mail, and nobody has one that may still be claimed."""
    known = world.read(lambda s: dict(s.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()))
    return sum(known.values()) == people and not known.get(MailState.WAITING)


def carrying(world: World) -> bool:
    """Whether somebody who works has a letter in hand: the lost ones stay at « sending »."""
    query = select(func.count()).where(Mail.state == MailState.SENDING)
    return (world.read(lambda s: s.scalar(query)) or 0) > 0


def faults(world: World, office: PostOffice, kills: int) -> list[str]:
    """What is wrong with one morning, once those who fell are given up."""
    arrived = Counter(str(letter["To"]) for letter in office.office.letters)
    query = select(Account.email, Mail.state).join(Mail, Mail.account_id == Account.id)
    rows = world.read(lambda session: session.execute(query).all())
    found = [f"{who} has {number} letters" for who, number in arrived.items() if number > 1]
    found += [f"{who} has no e-mail of the day" for who in expected(world) - {row[0] for row in rows}]
    found += [f"{who} is {state}" for who, state in rows if state not in (MailState.SENT, MailState.DOUBTFUL)]
    found += [f"{who} lost a letter" for who, state in rows if state is MailState.SENT and not arrived[who]]
    doubts = sum(state is MailState.DOUBTFUL for _, state in rows)
    return found + ([f"{doubts} doubts after {kills} kills"] if doubts > kills else [])


def give_up(world: World) -> list[str]:
    """The patience with those who fell ends."""
    later = tomorrow(9) + timedelta(hours=2)
    return world.do(lambda session: mails.doubt(session, later))


def tomorrow(hour: int, days: int = 1) -> datetime:
    day = clock.paris(clock.now()).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


def morning_with_kills(world: World, store: Store, office: PostOffice) -> None:
    """Two work at any time; three fall: with the lease, with a letter in hand, at any instant."""
    people = len(expected(world))
    with mailers(store, office, "prepared", "claimed", "", "") as (first, second, third, last):
        begun = time.time()
        for one in (first, second):
            one.go(begun)
        wait(lambda: first.fell)
        third.go(begun)
        wait(lambda: second.fell)
        last.go(begun)
        before = office.office.begun
        wait(lambda: office.office.begun >= before + 3)
        third.kill()
        wait(lambda: carried(world, people))
        time.sleep(THINKS_SECONDS * 4)


def test_nobody_gets_two_letters_and_nobody_is_forgotten(
    world: World, store: Store, office: PostOffice
) -> None:
    follow(world)
    morning_with_kills(world, store, office)
    doubtful = give_up(world)
    assert faults(world, office, KILLS) == []
    assert doubtful, "nobody fell with a letter in hand: this proves nothing"
    never_arrived = lost(world, office)
    assert never_arrived, "one fell before its letter left"
    # The operator, who is told of each, hands them back: they go with the next morning's.
    for one in doubtful:
        world.do(lambda session, one=one: mails.hand_back(session, one))
    next_morning(world, office)
    assert lost(world, office) == set()
    control_what_left_must_not_be_sent_again(world, office)


def lost(world: World, office: PostOffice) -> set[str]:
    return expected(world) - {str(letter["To"]) for letter in office.office.letters}


def next_morning(world: World, office: PostOffice) -> None:
    at = tomorrow(9, days=2)
    world.do(lambda session: prepare(session, at))
    carry(world, office, at)


def carry(world: World, office: PostOffice, at: datetime) -> None:
    post = SmtpPost(Server.of(office.url()), "Polyphonie <portail@exemple.fr>")
    postman = Postman(world.app, unit, post, now=lambda: at)
    try:
        postman.round()
    finally:
        postman.stop()


def control_what_left_must_not_be_sent_again(world: World, office: PostOffice) -> None:
    """A letter that left is put back as if nobody knew: the judge must say so."""
    at = tomorrow(10)
    address = world.do(lambda session: forgotten(session, at))
    carry(world, office, at)
    assert f"{address} has 2 letters" in faults(world, office, KILLS)


def forgotten(session: Session, at: datetime) -> str:
    sent = select(Mail).where(Mail.state == MailState.SENT, Mail.day == at.date())
    row = session.scalars(sent.order_by(Mail.id)).first()
    assert row is not None
    row.state = MailState.WAITING
    return session.get_one(Account, row.account_id).email


def test_control_two_who_lock_nothing_are_found(world: World, store: Store, office: PostOffice) -> None:
    follow(world)
    people = len(expected(world))
    with mailers(store, office, "", "", fault="unlocked") as started:
        begun = time.time()
        for one in started:
            one.go(begun)
        wait(lambda: carried(world, people) and not carrying(world))
    assert any("letters" in fault for fault in faults(world, office, 0))
