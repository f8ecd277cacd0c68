"""Every route × method × person against the hand-written tables, over real HTTP."""

from __future__ import annotations

from itertools import combinations

from ._arena import Arena
from ._proofs import (
    FACTORS,
    covering,
    live_lines,
    live_routes,
    mismatches,
    mixed,
    pairwise,
    whole_grid,
    without_token,
)
from ._table import LINES


def test_every_route_has_its_line_and_every_line_its_route(arena: Arena) -> None:
    live, written = live_routes(arena.app), {line.route for line in LINES}
    assert live - written == set(), "write in routes.txt which act these routes belong to"
    assert written - live == set(), "these lines of routes.txt name no route"


def test_everybody_on_every_route_in_both_contracts(arena: Arena) -> None:
    assert len(arena.people) >= 14
    assert mismatches(arena, whole_grid(arena)) == []


def test_an_item_of_the_other_contract_is_not_reached_through_ours(arena: Arena) -> None:
    assert mixed(arena) == []


def test_levels_phases_and_states_by_pairs(arena: Arena) -> None:
    cases = pairwise(arena)
    assert len(cases) >= len(live_lines(arena)) * 5
    assert mismatches(arena, cases) == []


def test_the_array_holds_every_pair() -> None:
    factors = [tuple(range(30)), tuple(range(12)), *FACTORS.values()]
    rows = covering(factors)
    for a, b in combinations(range(len(factors)), 2):
        assert {(row[a], row[b]) for row in rows} == {(x, y) for x in factors[a] for y in factors[b]}
    assert len(rows) < 30 * 12 * 2


def test_no_form_acts_without_its_token(arena: Arena) -> None:
    assert without_token(arena) == []


def test_the_digest_sees_one_changed_letter(arena: Arena) -> None:
    arena.restore()
    before, state = arena.digest(), arena.mark()
    assert arena.digest() == before
    assert arena.mark() == state
    family = arena.people["family"]
    path = f"/contributions/{arena.words['ours']}/reagir"
    assert arena.ask(family, "POST", path, {"valeur": "accord"}).status_code == 303
    assert arena.mark() != state
    assert {name for name, value in arena.digest().items() if value != before[name]} >= {
        "reaction",
        "quiet_line",
    }
    arena.restore()
    assert arena.digest() == before
