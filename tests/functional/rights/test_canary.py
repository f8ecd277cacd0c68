"""No word and no id of the other contract ever reaches a member of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.domain.spaces import queries as spaces
from portal.domain.spaces.models import Space
from portal.kernel.base import Base
from tests.factories.world import CAST

from ._arena import Arena
from ._arena import arena as building
from ._canary import WORDLESS, Marked, columns, leaks, mark
from ._proofs import live_lines, usual


@pytest.fixture(scope="module")
def arena(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Two contracts that share nobody."""
    with building(migrated_database, tmp_path_factory.mktemp("canaris") / "instance", apart=True) as built:
        built.put(built.people["resident"], usual(built.people["resident"]))
        yield built


@pytest.fixture(scope="module")
def marked(arena: Arena) -> Marked:
    """The other contract, full of marks."""
    return mark(arena)


def test_every_text_of_the_other_contract_is_marked(marked: Marked) -> None:
    worded = {table.name for table in Base.metadata.sorted_tables if columns(table)}
    assert worded - marked.tables == {"database_mark"}
    assert marked.marks > 150
    known = {table.name for table in Base.metadata.sorted_tables}
    assert {name.split(".")[0] for name in WORDLESS} <= known


@pytest.mark.parametrize("who", [*CAST, "ended", "former"])
def test_nothing_of_theirs_comes_to(who: str, arena: Arena, marked: Marked) -> None:
    found, answers = leaks(arena, marked, arena.people[who])
    assert found == []
    assert answers > 60


def test_their_own_people_read_the_marks(arena: Arena, marked: Marked) -> None:
    found, _ = leaks(arena, marked, arena.people["elsewhere"])
    assert len({leak.split(": ")[-1] for leak in found}) > 20


def test_control_a_list_without_its_contract_is_seen(
    arena: Arena, marked: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = spaces.of_contracts

    def everything(session, contract_ids, at):
        return real(session, list(session.scalars(select(Space.contract_id))), at)

    monkeypatch.setattr(spaces, "of_contracts", everything)
    lines = [line for line in live_lines(arena) if line.address.startswith("/contrats/<contract_id>")]
    assert leaks(arena, marked, arena.people["resident"], lines)[0]
