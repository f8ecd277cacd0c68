"""What a contract follows: few indicators, in an order, with a target; nothing that was written is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.domain.facts import FactKind
from portal.domain.indicators import catalogue, queries, service
from portal.domain.indicators.models import Axis, Direction, IndicatorValue, Unit
from portal.domain.indicators.service import Own, Settings
from portal.domain.journal.models import JournalLine
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.indicators import fill, follow_indicators, this_year

MEALS = Own(
    "Repas pris en commun", "Combien de repas on prend ensemble.", "", Unit.PERCENT, Direction.UP, Axis.CARE
)


def codes(world: World) -> list[str]:
    return [one.code for one in world.read(lambda s: queries.followed(s, world.ours.contract_id))]


def lines(world: World) -> int:
    kind = FactKind.INDICATORS_CHOSEN.value
    return len(world.read(lambda s: s.scalars(select(JournalLine.seq).where(JournalLine.kind == kind)).all()))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_proposed_eight_are_followed_in_their_order(world: World, who: str) -> None:
    wanted = [one.code for one in catalogue.proposed()]
    here = world.ours.contract_id
    world.do(lambda s: service.choose(s, world.ours[who].actor, here, wanted, 0))
    assert codes(world) == wanted
    assert lines(world) == 1
    world.do(lambda s: service.choose(s, world.ours[who].actor, here, wanted, 1))
    assert lines(world) == 1, "nothing changed, nothing is told"


@pytest.mark.parametrize("who", ["resident", "family", "authority", "moderator"])
def test_nobody_else_chooses(world: World, who: str) -> None:
    here = world.ours.contract_id
    with pytest.raises(RefusedError):
        world.do(lambda s: service.choose(s, world.ours[who].actor, here, ["caf"], 0))
    assert codes(world) == []


@pytest.mark.parametrize("wanted", [[], ["inconnu"], ["caf", "inconnu"]])
def test_nothing_or_what_is_not_in_the_catalogue_is_not_taken(world: World, wanted: list[str]) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: service.choose(s, director, here, wanted, 0))
    assert set(refused.value.errors) == {"codes"}
    assert codes(world) == []


def test_what_is_followed_no_more_keeps_its_values_and_comes_back(world: World) -> None:
    director, here, site = world.ours["director"].actor, world.ours.contract_id, world.ours.establishment_id
    caf, _ = world.do(lambda s: follow_indicators(s, world.ours, "caf", "vetuste"))
    world.do(lambda s: fill(s, world.ours, caf, {(site, this_year()): "4,5"}))
    world.do(lambda s: service.choose(s, director, here, ["vetuste"], 1))
    assert codes(world) == ["vetuste"]
    world.do(lambda s: service.choose(s, director, here, ["caf", "vetuste"], 2))
    assert codes(world) == ["caf", "vetuste"]
    kept = world.read(lambda s: s.scalars(select(IndicatorValue)).one())
    assert kept.value == Decimal("4.5")


def test_two_who_choose_see_both_states(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: service.choose(s, director, here, ["caf"], 0))
    with pytest.raises(StaleError):
        world.do(lambda s: service.choose(s, director, here, ["vetuste"], 0))
    assert codes(world) == ["caf"]


def test_one_s_own_is_followed_beside_the_others(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: follow_indicators(s, world.ours, "caf"))
    own = world.do(lambda s: service.add(s, director, here, MEALS, 1))
    shown = world.read(lambda s: queries.one(s, here, own))
    assert shown is not None
    assert (shown.label, shown.unit, shown.position, shown.entry) == (MEALS.label, Unit.PERCENT, 2, None)
    world.do(lambda s: service.choose(s, director, here, ["vetuste"], 2))
    assert codes(world) == ["", "vetuste"], "the choice of the catalogue leaves it alone"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (Own("", "", "", None, None, None), {"label", "plain", "unit", "direction", "axis"}),
        (Own("x" * 161, "Oui.", "", Unit.DAYS, Direction.UP, Axis.CARE), {"label"}),
        (Own("Repas", "Oui.", "", Unit.DAYS, Direction.UP, Axis.CARE, cost=True), {"cost"}),
    ],
)
def test_all_that_is_wrong_with_one_s_own_is_said_at_once(world: World, typed: Own, fields: set[str]) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: service.add(s, director, here, typed, 0))
    assert set(refused.value.errors) == fields
    assert codes(world) == []


def test_a_place_and_a_target_are_written(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    ids = world.do(lambda s: follow_indicators(s, world.ours, "caf", "vetuste", "occupation"))
    for typed, field in (
        (Settings(1, "beaucoup", ""), "target"),
        (Settings(1, "5", "bientôt"), "target_year"),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(lambda s, typed=typed: service.settle(s, director, here, ids[2], typed, 1))
        assert set(refused.value.errors) == {field}
    world.do(lambda s: service.settle(s, director, here, ids[2], Settings(1, "97,5", "2031"), 1))
    assert codes(world) == ["occupation", "caf", "vetuste"]
    shown = world.read(lambda s: queries.one(s, here, ids[2]))
    assert shown is not None
    assert (shown.target, shown.target_year) == (Decimal("97.5"), 2031)
    with pytest.raises(StaleError):
        world.do(lambda s: service.settle(s, director, here, ids[2], Settings(1, "1", ""), 1))


def test_the_unit_of_one_s_own_stays_once_values_are_written(world: World) -> None:
    director, here, site = world.ours["director"].actor, world.ours.contract_id, world.ours.establishment_id
    own = world.do(lambda s: service.add(s, director, here, MEALS, 0))
    days = Own(MEALS.label, MEALS.plain, "", Unit.DAYS, MEALS.direction, MEALS.axis)
    world.do(lambda s: service.settle(s, director, here, own, Settings(1, "", "", days), 1))
    world.do(lambda s: fill(s, world.ours, own, {(site, this_year()): "12"}))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: service.settle(s, director, here, own, Settings(1, "", "", MEALS), 2))
    assert set(refused.value.errors) == {"unit"}


def test_one_stops_and_takes_up_again(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    own = world.do(lambda s: service.add(s, director, here, MEALS, 0))
    world.do(lambda s: service.stop(s, director, here, own, 1))
    assert codes(world) == []
    world.do(lambda s: service.resume(s, director, here, own, 2))
    assert codes(world) == [""]
    with pytest.raises(NotFoundError):
        world.do(lambda s: service.stop(s, world.other["director"].actor, world.other.contract_id, own, 3))
