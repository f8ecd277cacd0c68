"""The money of objectives: who writes which line, on what state, what stays of what was written, and how money moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import Contract, ContractEstablishment
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.means import moves, queries, reallocations, rules, service, sums
from portal.domain.means.models import Lasting, Need, Payer
from portal.domain.means.queries import LineView
from portal.domain.means.rules import Amounts, Gap, Sum
from portal.domain.means.typed import TypedFollowUp
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import AuthorityKind, Stage
from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.factories.means import (
    LABEL,
    WHY,
    a_line,
    a_move,
    another_site,
    line_version,
    steady,
    typed,
    typed_move,
)

PAST, COMING = 2026, 2099
LAST = 2031


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(
        JournalLine.kind == kind.value, JournalLine.contract_id == world.ours.contract_id
    )
    return len(world.read(lambda s: s.scalars(query).all()))


def line(world: World, line_id: str) -> LineView:
    found = world.read(lambda s: queries.line(s, world.ours.contract_id, line_id))
    assert found is not None
    return found


def sign(world: World) -> None:
    def do(session: Any) -> None:
        session.get_one(Contract, world.ours.contract_id).stage = Stage.EXECUTION

    world.do(do)


def begin_earlier(world: World) -> None:
    """A contract that began two years ago, so that something may be given."""

    def do(session: Any) -> None:
        row, year = session.get_one(Contract, world.ours.contract_id), clock.today().year
        row.starts_on, row.ends_on = row.starts_on.replace(year=year - 2), row.ends_on.replace(year=year + 2)

    world.do(do)


def write(world: World, line_id: str, who: str = "director", seen: int | None = None, **more: Any) -> None:
    ours, version = world.ours, seen or world.read(lambda s: line_version(s, line_id))
    world.do(lambda s: service.write(s, ours[who].actor, ours.contract_id, line_id, typed(**more), version))


def follow(
    world: World,
    line_id: str,
    given: Mapping[int, str],
    spent: Mapping[int, str] | None = None,
    who: str = "director",
) -> None:
    ours, version = world.ours, world.read(lambda s: line_version(s, line_id))
    world.do(
        lambda s: service.follow(
            s, ours[who].actor, ours.contract_id, line_id, TypedFollowUp(given, spent or {}), version
        )
    )


def ars(world: World) -> str:
    return world.do(lambda s: an_authority(s, world.ours.contract_id, "Agence régionale de santé"))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_direction_writes_the_money_of_anybody(world: World, who: str) -> None:
    agency, ours = ars(world), world.ours
    first = world.do(lambda s: a_line(s, ours, who, payer=agency, lasting=Lasting.ONE_OFF))
    world.do(lambda s: a_line(s, ours, who, payer="autre", other="Fondation du Val", planned={2027: "500"}))
    world.do(lambda s: a_line(s, ours, who, establishment_id=ours.establishment_id))
    found = line(world, first)
    assert (found.label, found.number, found.until_year, found.version) == (LABEL, 1, LAST, 1)
    assert found.purse == queries.Purse(Payer.AUTHORITY, agency, "Agence régionale de santé")
    assert found.amounts[2028] == Amounts(16000)
    assert found.gap(LAST) is Gap.ONE_OFF
    assert lines(world, FactKind.MEANS_WRITTEN) == 3
    paid = world.read(lambda s: sums.by_payer(s, ours.contract_id))
    assert {(purse.payer, purse.name): rules.total(one.values()).planned for purse, one in paid} == {
        (Payer.AUTHORITY, "Agence régionale de santé"): 80000,
        (Payer.OWN, ""): 80000,
        (Payer.OTHER, "Fondation du Val"): 500,
    }
    assert world.read(lambda s: sums.by_site(s, ours.contract_id)) == {
        None: Sum(80500),
        ours.establishment_id: Sum(80000),
    }
    assert world.read(lambda s: sums.by_year(s, ours.contract_id))[2027] == Sum(32500)


@pytest.mark.parametrize("who", ["resident", "family", "board", "manager", "moderator"])
def test_nobody_else_writes_any(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        world.do(lambda s: a_line(s, world.ours, who))
    assert lines(world, FactKind.MEANS_WRITTEN) == 0
    world.do(lambda s: a_line(s, world.ours))


def test_an_agent_writes_the_money_of_their_authority_and_no_other(world: World) -> None:
    agency, ours = ars(world), world.ours
    own = world.do(lambda s: a_line(s, ours, payer=Payer.OWN.value))
    with pytest.raises(RefusedError):
        world.do(lambda s: a_line(s, ours, "authority", payer=Payer.OWN.value))
    with pytest.raises(RefusedError):
        write(world, own, "authority", payer=agency)
    theirs = world.do(lambda s: a_line(s, ours, "authority", payer=agency))
    with pytest.raises(RefusedError):
        write(world, theirs, "authority", payer=Payer.OWN.value)
    write(world, theirs, "authority", payer=agency, label="Un poste de nuit")
    assert line(world, theirs).label == "Un poste de nuit"
    assert line(world, own).version == 1
    for act in (
        lambda s: service.remove(s, ours["authority"].actor, ours.contract_id, own, "", 1),
        lambda s: reallocations.decide(
            s, ours["authority"].actor, ours.contract_id, typed_move(ours.establishment_id, own)
        ),
    ):
        with pytest.raises(RefusedError):
            world.do(act)


def test_an_agent_of_nobody_knows_is_told_whom_to_ask(world: World) -> None:
    agency = ars(world)
    world.do(
        lambda s: an_authority(s, world.ours.contract_id, "Conseil départemental", AuthorityKind.DEPARTMENT)
    )
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_line(s, world.ours, "authority", payer=agency))
    assert refused.value.errors.keys() == {"payer"}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"label": ""}, {"label"}),
        ({"payer": "", "lasting": None, "need": None}, {"payer", "lasting", "need"}),
        ({"payer": "autre"}, {"other"}),
        ({"establishment_id": "b" * 26}, {"establishment_id"}),
        ({"planned": {2027: "beaucoup", 2028: "12,50", 2029: "5"}}, {"planned_2027", "planned_2028"}),
        ({"label": "x" * 201, "planned": {2031: "-1"}}, {"label", "planned_2031"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(world: World, wrong: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_line(s, world.ours, **wrong))
    assert refused.value.errors.keys() == fields
    world.do(lambda s: a_line(s, world.ours))


def test_a_line_is_of_an_objective_of_its_contract(world: World) -> None:
    for objective in (world.other.objectives[0], world.ours.items[0]):
        with pytest.raises(NotFoundError):
            world.do(lambda s, objective=objective: a_line(s, world.ours, objective=objective))
    theirs = world.do(lambda s: a_line(s, world.other))
    assert world.read(lambda s: queries.line(s, world.ours.contract_id, theirs)) is None
    with pytest.raises(NotFoundError):
        write(world, theirs, seen=1, label="Autre")


def test_two_people_who_write_a_line_do_not_overwrite_each_other(world: World) -> None:
    one = world.do(lambda s: a_line(s, world.ours))
    write(world, one, planned=steady(20000), seen=1)
    with pytest.raises(StaleError):
        write(world, one, planned=steady(30000), seen=1)
    assert line(world, one).amounts[2027].planned == 20000
    with pytest.raises(InvalidError):
        write(world, one, planned=steady(20000))


def test_each_former_state_stays_and_can_come_back(world: World) -> None:
    one, ours = world.do(lambda s: a_line(s, world.ours)), world.ours
    write(world, one, planned=steady(20000), label="Trois postes", reason=WHY)
    past, more = world.read(lambda s: queries.history(s, one))
    assert more is None
    assert [(was.number, was.label, was.amounts[2027].planned) for was in past] == [(1, LABEL, 16000)]
    director = ours["director"].actor
    world.do(lambda s: service.go_back(s, director, ours.contract_id, one, 1, "", 2))
    now = line(world, one)
    assert (now.version, now.label, now.amounts[2027].planned) == (3, LABEL, 16000)
    assert [was.number for was in world.read(lambda s: queries.history(s, one))[0]] == [2, 1]
    with pytest.raises(NotFoundError):
        world.do(lambda s: service.go_back(s, director, ours.contract_id, one, 7, "", 3))
    with pytest.raises(StaleError):
        world.do(lambda s: service.go_back(s, director, ours.contract_id, one, 2, "", 2))


def test_what_was_signed_changes_with_its_reason(world: World) -> None:
    one, ours = world.do(lambda s: a_line(s, world.ours)), world.ours
    sign(world)
    director = ours["director"].actor
    for act in (
        lambda s: service.write(s, director, ours.contract_id, one, typed(planned=steady(9)), 1),
        lambda s: service.remove(s, director, ours.contract_id, one, "", 1),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(act)
        assert refused.value.errors.keys() == {"reason"}
    write(world, one, planned=steady(9), reason=WHY)
    assert (line(world, one).reason, line(world, one).amounts[2029].planned) == (WHY, 9)


def test_a_line_is_taken_away_and_put_back_with_its_amounts(world: World) -> None:
    one, ours = world.do(lambda s: a_line(s, world.ours)), world.ours
    director = ours["director"].actor
    world.do(lambda s: service.remove(s, director, ours.contract_id, one, "", 1))
    assert world.read(lambda s: queries.lines(s, ours.contract_id, ours.objectives[0]))[0] == []
    assert world.read(lambda s: sums.by_year(s, ours.contract_id)) == {}
    assert [
        was.id for was in world.read(lambda s: queries.removed(s, ours.contract_id, ours.objectives[0]))
    ] == [one]
    with pytest.raises(StaleError):
        write(world, one, label="Autre")
    world.do(lambda s: service.restore(s, director, ours.contract_id, one, 2))
    assert line(world, one).amounts[2027].planned == 16000
    assert world.read(lambda s: sums.by_year(s, ours.contract_id))[2027] == Sum(16000)


def test_what_was_given_and_spent_stands_beside_what_was_planned(world: World) -> None:
    begin_earlier(world)
    agency, ours, year = ars(world), world.ours, clock.today().year
    planned = steady(10000, (year - 2, year - 1, year, year + 1))
    one = world.do(lambda s: a_line(s, ours, payer=agency, planned=planned))
    follow(world, one, {year - 2: "10 000", year - 1: "7 000"}, {year - 2: "9 000"})
    assert line(world, one).amounts[year - 2] == Amounts(10000, 10000, 9000)
    told = rules.total(world.read(lambda s: sums.by_year(s, ours.contract_id)).values())
    assert told == Sum(40000, 20000, 17000, 9000)
    assert told.gap == -3000
    assert lines(world, FactKind.FOLLOW_UP_WRITTEN) == 1
    follow(world, one, {year - 2: "10 000", year - 1: "8 000"}, {year - 2: "1"}, "authority")
    assert line(world, one).amounts[year - 2] == Amounts(10000, 10000, 9000), "an agent leaves what was spent"
    assert line(world, one).amounts[year - 1] == Amounts(10000, 8000)
    with pytest.raises(InvalidError) as refused:
        follow(world, one, {year + 1: "10 000"})
    assert refused.value.errors.keys() == {f"given_{year + 1}"}
    with pytest.raises(InvalidError) as refused:
        follow(world, one, {year - 1: "huit mille"})
    assert refused.value.errors.keys() == {f"given_{year - 1}"}


def test_an_agent_who_goes_back_leaves_what_was_spent(world: World) -> None:
    begin_earlier(world)
    agency, ours, year = ars(world), world.ours, clock.today().year
    one = world.do(lambda s: a_line(s, ours, payer=agency, planned=steady(10000, (year,))))
    follow(world, one, {year: "9 000"}, {year: "8 000"})
    agent = ours["authority"].actor
    world.do(lambda s: service.go_back(s, agent, ours.contract_id, one, 1, "", 2))
    assert line(world, one).amounts[year] == Amounts(10000, None, 8000)


def test_what_is_not_funded_is_found(world: World) -> None:
    ours = world.ours
    holds = world.do(lambda s: a_line(s, ours))
    once = world.do(lambda s: a_line(s, ours, lasting=Lasting.ONE_OFF, planned={2027: "5"}))
    stops = world.do(lambda s: a_line(s, ours, planned=steady(5, (2027, 2028))))
    single = world.do(lambda s: a_line(s, ours, lasting=Lasting.ONE_OFF, need=Need.ONCE, planned={2027: "5"}))
    nothing = world.do(lambda s: a_line(s, ours, objective=ours.objectives[1], planned={}))
    found, more = world.read(lambda s: queries.weak_lines(s, ours.contract_id, LAST))
    assert more is None
    assert [one.line.id for one in found] == [once, stops, nothing]
    assert [one.line.gap(LAST) for one in found] == [Gap.ONE_OFF, Gap.STOPS, Gap.NOTHING]
    assert {line(world, one).gap(LAST) for one in (holds, single)} == {None}
    first, after = world.read(lambda s: queries.weak_lines(s, ours.contract_id, LAST, size=2))
    rest, _end = world.read(lambda s: queries.weak_lines(s, ours.contract_id, LAST, after=after, size=2))
    assert [one.line.id for one in (*first, *rest)] == [once, stops, nothing]
    assert world.read(lambda s: queries.weak_items(s, ours.contract_id, ours.objectives, LAST)) == set(
        ours.objectives
    )


def test_money_moves_by_a_decision_that_only_another_one_corrects(world: World) -> None:
    ours = world.ours
    there = world.do(lambda s: another_site(s, ours))
    first = world.do(lambda s: a_move(s, ours, there))
    assert world.read(lambda s: moves.balance(s, ours.contract_id, 2027)) == {
        ours.establishment_id: -8000,
        there: 8000,
    }
    director, right = ours["director"].actor, typed_move(ours.establishment_id, there, amount="6 000")
    second = world.do(lambda s: reallocations.correct(s, director, ours.contract_id, first, right))
    assert world.read(lambda s: moves.balance(s, ours.contract_id)) == {
        ours.establishment_id: -6000,
        there: 6000,
    }
    was = world.read(lambda s: moves.one(s, ours.contract_id, first))
    assert was is not None
    assert (was.amount, was.corrected_by, was.holds) == (8000, 2, False)
    with pytest.raises(StaleError) as late:
        world.do(lambda s: reallocations.correct(s, director, ours.contract_id, first, right))
    assert late.value.current == second
    undone = replace(right, amount="0", reason="La décision est annulée par le conseil.")
    world.do(lambda s: reallocations.correct(s, director, ours.contract_id, second, undone))
    assert set(world.read(lambda s: moves.balance(s, ours.contract_id)).values()) == {0}
    found, more = world.read(lambda s: moves.page(s, ours.contract_id, size=2))
    assert ([one.number for one in found], more) == ([3, 2], 2)
    assert lines(world, FactKind.REALLOCATION_DECIDED) == 3


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"amount": ""}, {"amount"}),
        ({"amount": "0"}, {"amount"}),
        ({"amount": "8 000,50", "clause": ""}, {"amount", "clause"}),
        ({"year": None, "reason": ""}, {"year", "reason"}),
        ({"payer": "autre", "decided_by": ""}, {"other", "decided_by"}),
        ({"decided_on": None}, {"decided_on"}),
        ({"from_id": "b" * 26}, {"from_id"}),
    ],
)
def test_a_decision_says_all_that_makes_it_one(world: World, wrong: dict[str, Any], fields: set[str]) -> None:
    there = world.do(lambda s: another_site(s, world.ours))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_move(s, world.ours, there, **wrong))
    assert refused.value.errors.keys() == fields
    world.do(lambda s: a_move(s, world.ours, there))


def test_money_goes_from_one_house_to_another_and_no_decision_is_of_tomorrow(world: World) -> None:
    there = world.do(lambda s: another_site(s, world.ours))
    tomorrow = clock.today() + timedelta(days=1)
    for wrong, field in (
        ({"to_id": world.ours.establishment_id}, "to_id"),
        ({"decided_on": tomorrow}, "decided_on"),
    ):
        move = replace(typed_move(world.ours.establishment_id, there), **wrong)
        with pytest.raises(InvalidError) as refused:
            world.do(
                lambda s, move=move: reallocations.decide(
                    s, world.ours["director"].actor, world.ours.contract_id, move
                )
            )
        assert refused.value.errors.keys() == {field}


def test_what_left_the_perimeter_receives_nothing_new_and_keeps_what_it_has(world: World) -> None:
    ours = world.ours
    there = world.do(lambda s: another_site(s, ours))
    one = world.do(lambda s: a_line(s, ours, establishment_id=there))

    def leave(session: Any) -> None:
        session.get_one(ContractEstablishment, (ours.contract_id, there)).left_on = clock.today()

    world.do(leave)
    with pytest.raises(InvalidError):
        world.do(lambda s: a_line(s, ours, establishment_id=there))
    write(world, one, establishment_id=there, label="Un poste")
    assert line(world, one).site_id == there
    world.do(lambda s: a_move(s, ours, there))
