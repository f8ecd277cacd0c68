"""Not taking part, and a planned change: told to the group, and given up when decided again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal.domain.involvement import service as involvement
from portal.domain.involvement.service import NewLevel
from portal.domain.journal import queries as journal
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service
from portal.kernel import clock
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import LEVELS, a_level, a_space


def levels(world: World, space_id: str) -> dict[Group, Level]:
    found = world.read(lambda s: spaces.view(s, space_id, clock.now()))
    assert found is not None
    return dict(found.target.levels)


def frames(world: World) -> int:
    """How much the readers of the space were told so far."""
    space_id = world.ours.space_id
    return world.read(lambda s: journal.cursors(s, space_id, ["readers"]))["readers"]


def test_a_group_left_out_has_no_access_whatever_the_default(world: World) -> None:
    world.do(
        lambda s: involvement.set_first(
            s, None, world.ours.contract_id, None, dict.fromkeys(Group, Level.CONSULTATION)
        )
    )
    without = {group: level for group, level in LEVELS.items() if group is not Group.BOARD}
    space = world.do(lambda s: a_space(s, world.ours, levels=without))
    assert Group.BOARD not in levels(world, space)
    refused = world.client("board").get(f"/espaces/{space}")
    assert refused.status_code == 403
    assert "conseil d’administration" in Page(refused).words
    assert world.client("family").get(f"/espaces/{space}").status_code == 200


def test_a_planned_lowering_is_told_to_the_group_with_its_reason(world: World) -> None:
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.INFORMATION, "Le calendrier est court."))
    told = world.client("family").see(f"/espaces/{world.ours.space_id}").words
    assert "Le niveau de votre groupe va changer" in told
    assert "Raison : Le calendrier est court." in told
    assert "va changer" not in world.client("resident").see(f"/espaces/{world.ours.space_id}").words


def test_deciding_again_gives_up_what_was_planned(world: World, move_clock: Callable[[float], None]) -> None:
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.INFORMATION))
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.CONCERTATION))
    assert "va changer" not in world.client("family").see(f"/espaces/{world.ours.space_id}").words
    move_clock(timedelta(days=8).total_seconds())
    world.do(lambda s: involvement.apply_due(s, clock.now()))
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is Level.CONCERTATION


def test_a_lower_level_decided_meanwhile_gives_up_the_one_that_was_planned(
    world: World, move_clock: Callable[[float], None]
) -> None:
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.CONSULTATION))
    move_clock(timedelta(days=2).total_seconds())
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.INFORMATION))
    move_clock(timedelta(days=8).total_seconds())
    told = frames(world)
    world.do(lambda s: involvement.apply_due(s, clock.now()))
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is Level.CONCERTATION
    assert frames(world) == told, "nothing took effect: nobody hears of it"
    move_clock(timedelta(days=10).total_seconds())
    world.do(lambda s: involvement.apply_due(s, clock.now()))
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is Level.INFORMATION
    assert frames(world) == told + 1


def test_a_lowering_takes_effect_on_its_day(world: World, move_clock: Callable[[float], None]) -> None:
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.INFORMATION))
    move_clock(timedelta(days=6, hours=23).total_seconds())
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is Level.CONCERTATION
    move_clock(timedelta(days=7, minutes=1).total_seconds())
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is Level.INFORMATION


def test_a_group_may_be_left_out_later_with_notice_and_reason(world: World) -> None:
    director = world.ours["director"].actor
    row = world.do(
        lambda s: service.record_level(
            s,
            director,
            world.ours.space_id,
            NewLevel(Group.BOARD, None, "Le conseil a déjà délibéré."),
            seen=1,
        )
    )
    assert row.level is None
    assert row.effective_at - row.recorded_at >= timedelta(days=7)


def test_the_level_of_today_with_a_day_gives_up_the_plan_at_once(
    world: World, move_clock: Callable[[float], None]
) -> None:
    today = levels(world, world.ours.space_id)[Group.FAMILIES]
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.INFORMATION))
    later = clock.now() + timedelta(days=30)
    again = NewLevel(Group.FAMILIES, today, effective_at=later)
    world.do(
        lambda s: service.record_level(s, world.ours["director"].actor, world.ours.space_id, again, seen=2)
    )
    assert "va changer" not in world.client("family").see(f"/espaces/{world.ours.space_id}").words
    told = frames(world)
    move_clock(timedelta(days=31).total_seconds())
    world.do(lambda s: involvement.apply_due(s, clock.now()))
    assert levels(world, world.ours.space_id)[Group.FAMILIES] is today
    assert frames(world) == told
