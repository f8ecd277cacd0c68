"""A space in pause: nobody is reminded of what moves on with it, and what is due comes later by as much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.duties import clocks
from portal.domain.notifications.models import Notice
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.vocabulary import NoticeKind
from tests.conftest import World
from tests.factories.notices import remind
from tests.factories.world import a_contribution

DAY = timedelta(days=1)
Move = Callable[[float], None]


def due(world: World) -> date:
    def read(session: Session) -> date:
        now = clock.now()
        space = spaces.view(session, world.ours.space_id, now)
        assert space is not None
        return clocks.of(session, [space], now).due_on(space)

    return world.read(read)


def reminders(world: World) -> int:
    return world.read(lambda s: s.query(Notice).filter_by(kind=NoticeKind.DUTY).count())


def pause(world: World) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: space_service.pause(s, director, world.ours.space_id, "La grippe est dans la maison."))


def soon_due(world: World) -> None:
    """Words that wait, in a space that promises its answers within five days of its end."""
    world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: setattr(s.get_one(Space, world.ours.space_id), "answer_days", 5))


def test_a_pause_reminds_nobody_and_its_end_does_once(world: World, move_clock: Move) -> None:
    soon_due(world)
    move_clock(24 * DAY.total_seconds())
    promised = due(world)
    pause(world)
    for days in (25, 26, 27, 28):
        move_clock(days * DAY.total_seconds())
        remind(world, clock.now())
    assert reminders(world) == 0, "what moves on each day comes near nobody"
    world.do(lambda s: space_service.resume(s, world.ours["director"].actor, world.ours.space_id))
    shifted = due(world)
    assert promised + 4 * DAY <= shifted <= promised + 9 * DAY
    for days in (28.1, 28.2, 28.3):
        move_clock(days * DAY.total_seconds())
        remind(world, clock.now())
    assert reminders(world) == 3, "each of the three who keep it, once"
    assert due(world) == shifted


def test_the_end_of_a_space_ends_its_pause_before_the_job_says_so(world: World, move_clock: Move) -> None:
    move_clock(20 * DAY.total_seconds())
    pause(world)
    move_clock(32 * DAY.total_seconds())
    at_the_end = due(world)
    move_clock(52 * DAY.total_seconds())
    assert due(world) == at_the_end
