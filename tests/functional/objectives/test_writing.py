"""Objectives and actions: who writes which, on what state, and what stays in the history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.objectives import actions, queries, service, told, tree
from portal.domain.objectives.models import Financing, News, State
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.objectives import (
    EXPECTED,
    a_branch,
    action_version,
    an_action,
    an_objective,
    typed,
    typed_action,
    version_of,
)

WHY = "Le médecin attendu n’est pas encore arrivé."


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(
        JournalLine.kind == kind.value, JournalLine.contract_id == world.ours.contract_id
    )
    return len(world.read(lambda s: s.scalars(query).all()))


def sheet(world: World, objective: str) -> queries.SheetView:
    found = world.read(lambda s: queries.sheet(s, world.ours.contract_id, objective))
    assert found is not None
    return found


def sign(world: World) -> None:
    def do(session: Any) -> None:
        session.get_one(Contract, world.ours.contract_id).stage = Stage.EXECUTION

    world.do(do)


def rewrite(world: World, objective: str, reason: str = "", **more: Any) -> None:
    ours, seen = world.ours, more.pop("seen", None) or world.read(lambda s: version_of(s, objective))
    director = ours["director"].actor
    world.do(lambda s: service.rewrite(s, director, ours.contract_id, objective, typed(**more), seen, reason))


def write(world: World, action: str, seen: int | None = None, **more: Any) -> None:
    ours, version = world.ours, seen or world.read(lambda s: action_version(s, action))
    director = ours["director"].actor
    world.do(lambda s: actions.write(s, director, ours.contract_id, action, typed_action(**more), version))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_direction_adds_an_objective_with_the_next_number_at_its_place(world: World, who: str) -> None:
    top = world.do(lambda s: a_branch(s, world.ours))
    under = world.do(lambda s: a_branch(s, world.ours, top, "La nuit"))
    objective = world.do(
        lambda s: an_objective(
            s,
            world.ours,
            who,
            branch_id=under,
            places=frozenset({world.ours.establishment_id}),
            findings=frozenset({world.ours.items[0]}),
            said={"scheme": "Schéma autonomie, fiche 4", "levers": "Une équipe volontaire."},
            lines=[{"label": "Passages aux urgences", "initial": "38", "target": "30", "yearly": "36, 34"}],
        )
    )
    found = sheet(world, objective)
    assert (found.item.number, found.expected, found.branch_id, found.rank) == (3, EXPECTED, under, 1)
    assert found.said["scheme"] == "Schéma autonomie, fiche 4"
    assert [one for one, _name in found.places] == [world.ours.establishment_id]
    assert [one for one, *_more in world.read(lambda s: queries.answered(s, objective))] == [
        world.ours.items[0]
    ]
    assert [one.target for one in world.read(lambda s: queries.lines(s, objective))] == ["30"]
    assert lines(world, FactKind.OBJECTIVE_WRITTEN) == 3


@pytest.mark.parametrize("who", ["resident", "family", "authority", "manager"])
def test_nobody_else_writes_one(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        world.do(lambda s: an_objective(s, world.ours, who))
    assert lines(world, FactKind.OBJECTIVE_WRITTEN) == 0


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"expected": ""}, {"expected"}),
        ({"expected": "x" * 161, "title": ""}, {"expected", "title"}),
        ({"plain": "", "priority": None}, {"plain", "priority"}),
        ({"branch_id": "a" * 26, "places": frozenset({"b" * 26})}, {"branch_id", "places"}),
        ({"lines": [{"label": "Chutes"}]}, {"line1_initial", "line1_target"}),
        ({"leeway": {"decided": "Le budget."}}, {"decided_by"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(world: World, wrong: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: an_objective(s, world.ours, **wrong))
    assert refused.value.errors.keys() == fields
    world.do(lambda s: an_objective(s, world.ours))


def test_an_objective_of_before_keeps_its_id_and_what_hangs_on_it(world: World) -> None:
    objective = world.ours.objectives[0]
    assert sheet(world, objective).expected == ""
    before = sheet(world, objective).item
    assert before.plain is not None
    assert before.technical is not None
    leeway = {name: getattr(before.leeway, name) for name in ("decided", "decided_by", "open", "open_by")}
    rewrite(
        world,
        objective,
        title=before.title,
        plain=before.plain.source,
        technical=before.technical.source,
        leeway=leeway,
    )
    after = sheet(world, objective)
    assert after.expected == EXPECTED
    assert after.item.plain == before.plain, "words that did not change have no new version"
    assert after.item.axis == "Vie quotidienne"


def test_two_people_who_write_it_do_not_overwrite_each_other(world: World) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    seen = world.read(lambda s: version_of(s, objective))
    rewrite(world, objective, title="Un autre titre", seen=seen)
    with pytest.raises(StaleError):
        rewrite(world, objective, title="Encore un autre", seen=seen)
    assert sheet(world, objective).item.title == "Un autre titre"


def test_what_people_were_promised_changes_with_its_reason(world: World) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    rewrite(world, objective, expected="Vous partirez moins souvent.")
    assert world.read(lambda s: told.history(s, objective))[0] == []
    sign(world)
    with pytest.raises(InvalidError) as refused:
        rewrite(world, objective, expected="Vous partirez deux fois moins.")
    assert refused.value.errors.keys() == {"reason"}
    rewrite(world, objective, WHY, expected="Vous partirez deux fois moins.")
    (news,) = world.read(lambda s: told.history(s, objective))[0]
    assert (news.news, news.words, news.was_expected) == (News.ADAPTED, WHY, "Vous partirez moins souvent.")
    assert lines(world, FactKind.PLAN_ADAPTED) == 1


def test_progress_is_told_and_what_was_told_before_stays(world: World) -> None:
    ours, director = world.ours, world.ours["director"].actor
    objective = world.do(lambda s: an_objective(s, ours))

    def tell(state: State | None, words: str) -> None:
        seen = world.read(lambda s: version_of(s, objective))
        world.do(lambda s: service.progress(s, director, ours.contract_id, objective, state, words, seen))

    tell(State.RUNNING, "")
    with pytest.raises(InvalidError):
        tell(State.LATE, "")
    tell(State.LATE, WHY)
    assert sheet(world, objective).state is State.LATE
    history = world.read(lambda s: told.history(s, objective))[0]
    assert [(one.state, one.words) for one in history] == [(State.LATE, WHY), (State.RUNNING, "")]
    assert lines(world, FactKind.PROGRESS_TOLD) == 2


def test_an_action_is_adapted_with_its_reason_once_the_contract_is_signed(world: World) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    action = world.do(lambda s: an_action(s, world.ours, objective))
    sign(world)
    with pytest.raises(InvalidError) as refused:
        write(world, action, ends_on=date(2029, 6, 30))
    assert refused.value.errors.keys() == {"reason"}
    write(world, action, ends_on=date(2029, 6, 30), reason=WHY)
    (news,) = world.read(lambda s: told.history(s, objective))[0]
    assert news.was is not None
    assert (news.was.ends_on, news.words) == (date(2028, 6, 30), WHY)
    with pytest.raises(InvalidError) as refused:
        write(world, action, ends_on=date(2029, 6, 30), state=State.DROPPED)
    assert refused.value.errors.keys() == {"justification"}
    write(world, action, ends_on=date(2029, 6, 30), state=State.DROPPED, justification=WHY)
    found = world.read(lambda s: told.action(s, objective, action))
    assert found is not None
    assert (found.state, found.justification) == (State.DROPPED, WHY)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"label": ""}, {"label"}),
        ({"ends_on": date(2026, 1, 1)}, {"ends_on"}),
        ({"financing": Financing.FUNDED, "funded_until": None}, {"funded_until"}),
        ({"state": None, "financing": None}, {"state", "financing"}),
        ({"state": State.LATE}, {"justification"}),
    ],
)
def test_an_action_says_what_is_wrong(world: World, wrong: dict[str, Any], fields: set[str]) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: an_action(s, world.ours, objective, **wrong))
    assert refused.value.errors.keys() == fields
    world.do(lambda s: an_action(s, world.ours, objective))


def test_an_action_that_was_removed_is_put_back_as_it_was(world: World) -> None:
    ours, director = world.ours, world.ours["director"].actor
    objective = world.do(lambda s: an_objective(s, ours))
    action = world.do(lambda s: an_action(s, ours, objective))
    world.do(lambda s: actions.remove(s, director, ours.contract_id, action, 1))
    assert world.read(lambda s: told.actions(s, objective))[0] == []
    assert [one.id for one in world.read(lambda s: told.removed(s, objective))] == [action]
    with pytest.raises(StaleError):
        world.do(lambda s: actions.remove(s, director, ours.contract_id, action, 1))
    world.do(lambda s: actions.restore(s, director, ours.contract_id, action, 2))
    assert [one.id for one in world.read(lambda s: told.actions(s, objective))[0]] == [action]


def test_an_action_of_another_contract_is_not_there(world: World) -> None:
    ours, other = world.ours, world.other
    objective = world.do(lambda s: an_objective(s, other))
    action = world.do(lambda s: an_action(s, other, objective))
    with pytest.raises(NotFoundError):
        world.do(lambda s: actions.remove(s, ours["director"].actor, ours.contract_id, action, 1))


def test_a_branch_keeps_what_is_under_it(world: World) -> None:
    ours, director = world.ours, world.ours["director"].actor
    top = world.do(lambda s: a_branch(s, ours))
    under = world.do(lambda s: a_branch(s, ours, top, "La nuit"))
    with pytest.raises(InvalidError):
        world.do(lambda s: tree.remove(s, director, ours.contract_id, top, 1))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_branch(s, ours, under, "Trop bas"))
    assert refused.value.errors.keys() == {"parent_id"}
    second = world.do(lambda s: a_branch(s, ours, title="Bien travailler"))
    world.do(lambda s: tree.move(s, director, ours.contract_id, second, True, 1))
    signs = [(one.sign, one.id) for one in world.read(lambda s: queries.branches(s, ours.contract_id))]
    assert signs == [("1", second), ("2", top), ("2.1", under)]
    world.do(lambda s: tree.remove(s, director, ours.contract_id, under, 1))
