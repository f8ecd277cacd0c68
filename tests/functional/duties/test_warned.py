"""Lateness is shown to others once the direction was really told of it; without any direction, a week later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.duties import clocks
from portal.domain.duties.models import DutyWarning
from portal.domain.notifications.service import Teller
from portal.domain.participants import service as members
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.kernel import calendar, clock
from portal.vocabulary import Group, NoticeKind, Role
from tests.conftest import World
from tests.factories.notices import remind, skip, told
from tests.factories.world import a_contribution


@pytest.fixture
def day(world: World, move_clock: Callable[[float], None]) -> Callable[[int], date]:
    """Go to so many days after the one that was promised; the same days with or without a direction."""
    world.do(lambda s: a_contribution(s, world.ours))
    skip(world)
    began = clock.now()

    def dates(session: Session) -> date:
        view = spaces.view(session, world.ours.space_id, clock.now())
        assert view is not None
        return clocks.of(session, [view], clock.now()).due_on(view, Group.FAMILIES)

    due = world.read(dates)

    def go(days: int) -> date:
        wanted = datetime.combine(due + timedelta(days=days), time(12), clock.PARIS)
        move_clock((wanted - began).total_seconds())
        world.do(lambda s: space_service.advance_due(s, clock.now()))
        remind(world, clock.now())
        return due

    return go


def alone(world: World) -> None:
    """Everybody who directs the contract leaves it."""
    for name in ("director", "second_director", "deputy"):
        world.do(lambda s, name=name: members.remove_member(s, world.ours[name].id))


def is_late(world: World) -> bool:
    """Whether a family reads that the promise is broken, and an authority too."""
    family = "en retard" in world.client("family").see(f"/contrats/{world.ours.contract_id}").words
    assert ("en retard" in world.client("authority").see("/contrats").words) is family
    return family


def test_a_promise_that_nobody_keeps_is_seen_broken_a_week_later(
    world: World, day: Callable[[int], date]
) -> None:
    alone(world)
    due = day(1)
    assert not is_late(world)
    fifth = due
    for _ in range(5):
        fifth = calendar.next_working(fifth + timedelta(days=1))
    day((fifth - due).days - 1)
    assert not is_late(world)
    assert world.read(lambda s: s.query(DutyWarning).count()) == 0
    day((fifth - due).days)
    assert is_late(world)


def test_a_direction_that_could_not_be_told_is_still_waited_for(
    world: World, day: Callable[[int], date], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Teller, "add", lambda *_given, **_more: 0)
    day(60)
    assert not is_late(world)


def test_with_a_direction_lateness_waits_for_its_warning(world: World, day: Callable[[int], date]) -> None:
    """Whoever comes to direct is told at once, and others read it then."""
    alone(world)
    day(1)
    ours, path = world.ours, f"/contrats/{world.ours.contract_id}"
    assert not is_late(world)
    world.do(lambda s: members.give_role(s, ours["manager"].id, Role.DIRECTOR))
    assert not is_late(world)
    remind(world, clock.now())
    assert {name for name, kind in told(world) if kind == NoticeKind.DUTY.name} == {"manager"}
    assert "en retard" in world.client("family").see(path).words
