"""Whatever the days bring: one e-mail a day at most, never empty, never in quiet hours, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from portal.domain.accounts.models import Account
from portal.domain.contracts.models import Contract
from portal.domain.notifications import mails, rules
from portal.domain.notifications.mails import Claimed, Outcome
from portal.domain.notifications.models import Mail, MailStop, Notice, NoticeSetting
from portal.domain.notifications.rules import Quiet
from portal.domain.organisations.models import Organisation
from portal.domain.participants.models import Participant, Seat
from portal.kernel.clock import paris
from portal.tables import METADATA
from portal.vocabulary import Cadence, Group, MailState, NoticeKind, Stage

# The night before the hour goes back, in Paris.
START = datetime(2026, 10, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Unit = Callable[[Callable[[Session], Any]], Any]
HOURS = 72
OUTCOMES = st.sampled_from(
    [
        Outcome(MailState.SENT),
        Outcome(MailState.SENT),
        Outcome(MailState.WAITING, "reponse-450"),
        Outcome(MailState.FAILED, "message-554"),
        Outcome(MailState.DOUBTFUL, "sans-reponse"),
    ]
)


@pytest.fixture(scope="module")
def unit() -> Unit:
    """Transactions on a database in memory: days go by quickly."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    METADATA.create_all(engine)

    def run(fn: Callable[[Session], Any]) -> Any:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return fn(session)

    run(furnish)
    return run


def furnish(session: Session) -> None:
    """One account with a seat in each of two contracts."""
    session.add(Organisation(id="o", name="Association", fictional=True))
    session.add(Account(id="a", email="anne@exemple.fr", name="Anne", created_at=START))
    session.flush()
    for name in ("un", "deux"):
        session.add(
            Contract(
                id=name,
                title=f"Contrat {name}",
                organisation_id="o",
                starts_on=START.date(),
                ends_on=START.date(),
                stage=Stage.DIAGNOSTIC,
                created_at=START,
            )
        )
        session.flush()
        session.add(Participant(id=name, contract_id=name, group=Group.FAMILIES, joined_at=START))
        session.flush()
        session.add(Seat(account_id="a", participant_id=name))


class Days:
    """Three days, hour by hour: what happens, what is read, what the mail server says."""

    def __init__(self, unit: Unit, quiet: Quiet, news: list[int], outcomes: list[Outcome]) -> None:
        self.unit, self.quiet, self.news, self.outcomes = unit, quiet, Counter(news), list(outcomes)
        self.arrived: list[tuple[datetime, Claimed]] = []

    def run(self) -> None:
        self.unit(self._begin)
        for hour in range(HOURS):
            at = START + hour * HOUR
            for number in range(self.news[hour]):
                self.unit(lambda session, n=number, at=at: self._tell(session, at, n))
            for minutes in (0, 30):
                self._work(at + timedelta(minutes=minutes))

    def _begin(self, session: Session) -> None:
        for kind in (Notice, MailStop, Mail, NoticeSetting):
            session.execute(delete(kind))
        mails.save_setting(session, "a", Cadence.DIGEST, self.quiet)

    def _tell(self, session: Session, at: datetime, number: int) -> None:
        where = ("un", "deux")[number % 2]
        mark = f"{at.isoformat()}:{number}"
        session.add(
            Notice(
                participant_id=where, kind=NoticeKind.LEVEL, mark=mark, contract_id=where, due_at=at, at=at
            )
        )

    def _work(self, at: datetime) -> None:
        self.unit(lambda session: (mails.doubt(session, at), mails.prepare(session, at)))
        while claimed := self.unit(lambda session: mails.claim(session, at)):
            outcome = self.outcomes.pop() if self.outcomes else Outcome(MailState.SENT)
            if outcome.state in (MailState.SENT, MailState.DOUBTFUL):
                self.arrived.append((at, claimed))
            self.unit(lambda session, one=claimed, said=outcome: mails.settle(session, one.id, said, at))

    def faults(self) -> list[str]:
        """What is wrong with what arrived."""
        days = Counter(paris(at).date() for at, _one in self.arrived)
        found = [f"{number} on {day}" for day, number in days.items() if number > 1]
        found += ["empty" for _at, one in self.arrived if not one.notices]
        found += [f"quiet at {at}" for at, _one in self.arrived if self.quiet.holds(at)]
        told = Counter(notice.id for _at, one in self.arrived for notice in one.notices)
        found += [f"told {number} times" for number in told.values() if number > 1]
        return found + self._lost(set(told))

    def _lost(self, told: set[str]) -> list[str]:
        """What is old enough, was in no e-mail, and waits for none."""

        def read(session: Session) -> list[str]:
            days = {one.day for one in session.scalars(select(Mail)) if one.state is MailState.WAITING}
            rows = session.scalars(select(Notice).where(Notice.mailed_on.is_not(None)))
            return [f"lost: {one.mark}" for one in rows if one.id not in told and one.mailed_on not in days]

        return self.unit(read)


hours = st.integers(0, 23)
news = st.lists(st.integers(0, HOURS - 1), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(from_=hours, until=hours, news=news, outcomes=st.lists(OUTCOMES, max_size=8))
def test_mornings(unit: Unit, from_: int, until: int, news: list[int], outcomes: list[Outcome]) -> None:
    days = Days(unit, Quiet(from_, until), news, outcomes)
    days.run()
    assert days.faults() == []


def test_the_days_do_bring_mail(unit: Unit) -> None:
    days = Days(unit, Quiet(), [0, 1, 1, 26, 50], [])
    days.run()
    assert [len(one.notices) for _at, one in days.arrived] == [3, 1, 1]


def test_control_a_portal_without_quiet_hours_is_found(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "is_due", lambda _quiet, _at: True)
    monkeypatch.setattr(Quiet, "holds", lambda _self, at: False)
    monkeypatch.setattr(rules, "cutoff", lambda at: at + HOUR)
    days = Days(unit, Quiet(20, 7), [0, 1], [])
    days.run()
    monkeypatch.undo()
    assert any(fault.startswith("quiet") for fault in days.faults())


def test_control_a_second_mail_the_same_day_is_found(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget_and_prepare(session: Session, at: datetime) -> bool:
        session.execute(delete(Mail))
        return prepare(session, at)

    prepare = mails.prepare
    monkeypatch.setattr(mails, "prepare", forget_and_prepare)
    monkeypatch.setattr(rules, "cutoff", lambda at: at + HOUR)
    days = Days(unit, Quiet(), [6, 9], [])
    days.run()
    assert any(fault.startswith("2 on") for fault in days.faults())


def test_an_address_that_refuses_is_left_alone(unit: Unit) -> None:
    refused = [Outcome(MailState.FAILED, "destinataire-550")] * 9
    days = Days(unit, Quiet(), list(range(HOURS)), refused)
    days.run()
    assert len(days.outcomes) == 9 - 3
    unit(lambda session: session.execute(delete(Mail)))
