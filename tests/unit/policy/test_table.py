"""Every operation × persona × level × phase (× state of a contribution) against the written table."""

from __future__ import annotations

import pytest

from portal.policy import permits
from portal.policy.permissions import Permission

from . import expected
from .expected import TABLE, Table, mismatches
from .personas import ALL_CASES, LEVELS, PERSONAS

EXPECTED: Table = expected.read(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("operation", sorted(EXPECTED.operations()))
def test_decisions_equal_the_written_table(operation: str) -> None:
    found = mismatches(EXPECTED, permits.allows, [operation])
    assert not found, "\n".join(found)


def test_every_permission_is_in_the_table_and_nothing_else() -> None:
    assert EXPECTED.operations() == {permission.value for permission in Permission}


def test_the_cases_are_every_combination() -> None:
    assert len(PERSONAS) >= 16
    assert len(LEVELS) == 5
    assert len(ALL_CASES["espace"]) == len(PERSONAS) * 5 * 6
    assert len(set(map(repr, ALL_CASES["contribution"]))) == len(PERSONAS) * 5 * 6 * 5 * 2 * 2 * 4


@pytest.mark.parametrize(
    "line",
    ["simples .....", "[ask] planète", "= simples : inconnue", "= simples : anonyme", "couleur : bleu"],
)
def test_a_line_that_is_not_understood_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        expected.read(line)


@pytest.mark.parametrize("cell", ["1234", ".2345", "01243", "xxxxx"])
def test_a_cell_out_of_place_is_an_error(cell: str) -> None:
    row = f"= tous : famille\n[ask] espace\ntous {cell} ..... ..... ..... ..... ....."
    with pytest.raises(ValueError, match="line 3"):
        expected.read(row)
