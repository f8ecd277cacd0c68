"""The axes: those that are proposed, one's own, their words and their order."""

from __future__ import annotations

import pytest

from portal.domain.contracts.models import Axis
from portal.domain.diagnostic import axes, queries
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.diagnostic import a_finding

NAME, QUESTION = "Le soir", "Que se passe-t-il le soir ?"


def known(world: World) -> list[tuple[int, str]]:
    return [(one.number, one.name) for one in world.read(lambda s: queries.axes(s, world.ours.contract_id))]


def test_the_ten_proposed_axes_come_after_one_s_own_and_once(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: axes.begin(s, director, here))
    found = known(world)
    assert [number for number, _name in found] == list(range(1, 12))
    assert found[0] == (1, "Vie quotidienne")
    assert found[4][1] == "Ressources humaines et qualité de vie au travail"
    questions = [one.question for one in world.read(lambda s: queries.axes(s, here))]
    assert all(one.endswith("?") for one in questions)
    with pytest.raises(InvalidError):
        world.do(lambda s: axes.begin(s, director, here))


@pytest.mark.parametrize("who", ["resident", "moderator", "authority"])
def test_nobody_but_the_direction_keeps_them(world: World, who: str) -> None:
    person, here = world.ours[who].actor, world.ours.contract_id
    with pytest.raises(RefusedError):
        world.do(lambda s: axes.begin(s, person, here))
    with pytest.raises(RefusedError):
        world.do(lambda s: axes.change(s, person, here, world.ours.axis_id, NAME, QUESTION, 1))
    assert known(world) == [(1, "Vie quotidienne")]


def test_one_s_own_has_a_name_and_a_question(world: World) -> None:
    deputy, here = world.ours["deputy"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: axes.add(s, deputy, here, "", ""))
    assert refused.value.errors.keys() == {"name", "question"}
    world.do(lambda s: axes.add(s, deputy, here, NAME, QUESTION))
    with pytest.raises(InvalidError, match="déjà ce nom"):
        world.do(lambda s: axes.add(s, deputy, here, NAME.upper(), QUESTION))
    assert known(world) == [(1, "Vie quotidienne"), (2, NAME)]


def test_two_who_write_an_axis_see_both_states(world: World) -> None:
    director, here, axis = world.ours["director"].actor, world.ours.contract_id, world.ours.axis_id
    world.do(lambda s: axes.change(s, director, here, axis, NAME, QUESTION, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: axes.change(s, director, here, axis, "Autre", QUESTION, 1))
    with pytest.raises(InvalidError, match="rien changé"):
        world.do(lambda s: axes.change(s, director, here, axis, NAME, QUESTION, 2))
    with pytest.raises(NotFoundError):
        world.do(lambda s: axes.change(s, director, here, world.other.axis_id, NAME, QUESTION, 1))


def test_their_order_changes_one_place_at_a_time(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    last = world.do(lambda s: axes.add(s, director, here, NAME, QUESTION))
    world.do(lambda s: axes.move(s, director, here, last, True, 1))
    assert known(world) == [(1, NAME), (2, "Vie quotidienne")]
    world.do(lambda s: axes.move(s, director, here, last, True, 2))
    assert known(world)[0] == (1, NAME), "nothing stands before the first"
    world.do(lambda s: axes.move(s, director, here, last, False, 2))
    assert known(world) == [(1, "Vie quotidienne"), (2, NAME)]


def test_an_axis_goes_when_nothing_is_on_it(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    first = world.do(lambda s: axes.add(s, director, here, NAME, QUESTION))
    world.do(lambda s: axes.add(s, director, here, "La nuit", "Dort-on bien ?"))
    finding = world.do(lambda s: a_finding(s, world.ours, axis_id=first))
    assert finding
    with pytest.raises(InvalidError, match="axe"):
        world.do(lambda s: axes.remove(s, director, here, first, 1))
    empty = next(one for one in world.read(lambda s: queries.axes(s, here)) if one.name == "La nuit")
    world.do(lambda s: axes.remove(s, director, here, empty.id, empty.version))
    assert known(world) == [(1, "Vie quotidienne"), (2, NAME)]
    assert world.read(lambda s: s.get(Axis, empty.id)) is None
