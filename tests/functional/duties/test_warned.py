"""Lateness is shown to others once the direction was really told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal.domain.duties.models import DutyWarning
from portal.domain.participants import service as members
from portal.domain.spaces import service as space_service
from portal.kernel import clock
from portal.vocabulary import NoticeKind, Role
from tests.conftest import World
from tests.factories.notices import remind, skip, told
from tests.factories.world import a_contribution

MONTHS = timedelta(days=120).total_seconds()


def test_a_warning_that_nobody_could_receive_is_none(
    world: World, move_clock: Callable[[float], None]
) -> None:
    ours = world.ours
    world.do(lambda s: a_contribution(s, ours))
    skip(world)
    for name in ("director", "second_director", "deputy"):
        world.do(lambda s, name=name: members.remove_member(s, ours[name].id))
    move_clock(MONTHS)
    world.do(lambda s: space_service.advance_due(s, clock.now()))
    remind(world, clock.now())
    assert world.read(lambda s: s.query(DutyWarning).count()) == 0
    path = f"/contrats/{ours.contract_id}"
    assert "en retard" not in world.client("family").see(path).words
    assert "en retard" not in world.client("authority").see("/contrats").words

    world.do(lambda s: members.give_role(s, ours["manager"].id, Role.DIRECTOR))
    remind(world, clock.now())
    assert {name for name, kind in told(world) if kind == NoticeKind.DUTY.name} == {"manager"}
    assert "en retard" in world.client("family").see(path).words
