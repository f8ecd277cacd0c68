"""One contract that fails, a long journal, an outage: the others are told, and history keeps its dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.domain.figures import queries as figures
from portal.domain.involvement.models import Involvement
from portal.domain.journal.models import JournalHead
from portal.domain.notifications import queries, reminders, service
from portal.domain.notifications.models import Notice, NoticeCursor
from portal.domain.notifications.service import Teller
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.policy import permits
from portal.vocabulary import ContributionKind, Group, Level, NoticeKind
from tests.conftest import World
from tests.factories.notices import follow, number, remind, skip
from tests.factories.world import a_contribution

pytestmark = pytest.mark.both_stores

DAY = timedelta(days=1)


def break_one(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> str:
    """The contract that comes first fails once it has written something; its id."""
    first = min(world.ours.contract_id, world.other.contract_id)
    tidy, remind_end = Teller.tidy, reminders._remind_end

    def failing(teller: Teller) -> None:
        tidy(teller)
        if teller.contract_id == first:
            raise error

    def failing_end(teller: Teller, space: object) -> int:
        done = remind_end(teller, space)
        failing(teller)
        return done

    monkeypatch.setattr(Teller, "tidy", failing)
    monkeypatch.setattr(reminders, "_remind_end", failing_end)
    return first


def contracts_told(world: World) -> set[str]:
    return world.read(lambda s: set(s.scalars(select(Notice.contract_id))))


def test_a_contract_that_fails_stops_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = break_one(world, monkeypatch, ValueError("nobody knows why"))
    follow(world)
    assert contracts_told(world) == {world.ours.contract_id, world.other.contract_id} - {first}
    assert world.read(lambda s: s.get(NoticeCursor, first)) is None, "it begins again whole"
    remind(world, clock.now() + 24 * DAY)
    assert contracts_told(world) == {world.ours.contract_id, world.other.contract_id} - {first}
    monkeypatch.undo()
    follow(world)
    assert contracts_told(world) == {world.ours.contract_id, world.other.contract_id}


def test_a_contract_that_fails_is_left_alone_for_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = break_one(world, monkeypatch, ValueError("nobody knows why"))
    at, aside = clock.now(), {}
    assert world.do(lambda s: service.follow(s, at, aside))
    assert set(aside) == {first}
    monkeypatch.undo()
    assert not world.do(lambda s: service.follow(s, at + timedelta(seconds=29), aside))
    assert world.do(lambda s: service.follow(s, at + timedelta(seconds=31), aside))
    assert first in contracts_told(world)


def test_a_database_that_is_away_ends_the_whole_unit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    break_one(world, monkeypatch, OperationalError("", {}, psycopg.OperationalError("gone")))
    with pytest.raises(Exception, match="pas pu enregistrer"):
        follow(world)
    assert number(world) == 0


def test_the_bell_counts_lines_on_both(world: World) -> None:
    account_id = world.ours["family"].account_id
    assert world.read(lambda s: figures.unread_notices(s, account_id)) == 0
    follow(world)
    assert world.read(lambda s: figures.unread_notices(s, account_id)) == 1
    world.do(lambda s: new_level(s, world))
    follow(world)
    assert world.read(lambda s: figures.unread_notices(s, account_id)) == 1


class TestOnOne:
    """The same code on both databases."""

    @pytest.fixture
    def store_name(self) -> str:
        return "sqlite"

    def test_one_run_reads_few_lines_of_several_contracts(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heads = world.read(lambda s: {one.contract_id: one.seq for one in s.scalars(select(JournalHead))})
        first, second = sorted(heads)
        monkeypatch.setattr(service, "LINES_AT_ONCE", heads[first] + 1)
        assert world.do(lambda s: service.follow(s, clock.now()))
        cursors = world.read(lambda s: {one.contract_id: one.seq for one in s.scalars(select(NoticeCursor))})
        assert cursors == {first: heads[first], second: 1}
        assert service.LINES_AT_ONCE > 1
        follow(world)
        assert not world.do(lambda s: service.follow(s, clock.now()))

    def test_who_was_told_of_a_date_costs_no_right_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now() + 24 * DAY
        remind(world, at)
        asked: list[object] = []
        allows = permits.allows
        monkeypatch.setattr(permits, "allows", lambda *some: asked.append(some) or allows(*some))
        remind(world, at)
        assert asked == []

    def test_an_outage_does_not_redate_what_happened(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        skip(world)
        before = at_noon(monkeypatch)
        root = world.do(lambda s: a_contribution(s, world.ours))
        reply = ContributionKind.REPLY
        world.do(lambda s: a_contribution(s, world.ours, "professional", kind=reply, parent_id=root))
        world.do(lambda s: new_level(s, world))
        follow(world, before + 3 * DAY)
        days = world.read(lambda s: {(one.kind, paris(one.at).date()) for one in s.scalars(select(Notice))})
        assert days == {(NoticeKind.REPLIED, today(before)), (NoticeKind.LEVEL, today(before))}

    def test_what_is_told_at_once_keeps_the_instant(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        skip(world)
        at = at_noon(monkeypatch)
        root = world.do(lambda s: a_contribution(s, world.ours))
        reply = ContributionKind.REPLY
        world.do(lambda s: a_contribution(s, world.ours, "professional", kind=reply, parent_id=root))
        follow(world, at)
        assert world.read(lambda s: list(s.scalars(select(Notice.at)))) == [at]

    def test_the_first_level_of_a_contract_is_no_change_whatever_its_spaces_say(self, world: World) -> None:
        def add(session: Session, level: Level) -> bool:
            record = Involvement(
                contract_id=world.ours.contract_id,
                space_id=None,
                group=Group.RESIDENTS,
                level=level,
                effective_at=clock.now(),
                recorded_at=clock.now(),
                by_function="Direction",
            )
            session.add(record)
            session.flush()
            return queries.is_first(session, record)

        assert world.do(lambda s: add(s, Level.CONSULTATION))
        assert not world.do(lambda s: add(s, Level.CONCERTATION))


def at_noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stops at noon in Paris, tomorrow: a day that ended in the middle of a test would be another day."""
    noon = datetime.combine(today(clock.now()) + DAY, time(12), clock.PARIS).astimezone(UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    return noon


def new_level(session: Session, world: World) -> None:
    from tests.factories.world import a_level

    a_level(session, world.ours, Group.RESIDENTS, Level.CONCERTATION)


def today(at: datetime) -> date:
    return paris(at).date()
