"""The same history on both databases: up, down and up again with the demonstration's data in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from portal import migrations
from portal.config import database_address
from portal.demo import seed
from portal.kernel.stores import unit_on
from portal.tables import METADATA
from tests import stores

EVERY_STEP = ("0004", "0003", "0002", "0001")
EPOCH = "SELECT epoch FROM space WHERE contract_id = ? ORDER BY id"


@pytest.fixture(scope="module", params=stores.STORES)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database with the demonstration, to copy."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('base') / 'polyphonie.sqlite'}"
        migrations.upgrade(address)
        seeded(address)
        stores.plain_sql(address, "PRAGMA wal_checkpoint(TRUNCATE)")
        yield address
        return
    given = stores.new_database()
    seeded(database_address(given))
    yield given
    stores.drop_database(given)


@pytest.fixture
def url(template: str, tmp_path: Path) -> Iterator[str]:
    """A copy of it."""
    if template.startswith("sqlite"):
        file = shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "polyphonie.sqlite")
        yield f"sqlite:///{file}"
        return
    given = stores.new_database(template)
    yield database_address(given)
    stores.drop_database(given)


def seeded(url: str) -> str:
    unit = unit_on(url)
    assert seed.seed(unit)
    unit.close()
    return url


def difference(url: str) -> list[object]:
    engine = migrations.migration_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    engine.dispose()
    return found


def tables(url: str) -> set[str]:
    engine = migrations.migration_engine(url)
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    return found


def counts(url: str, names: set[str]) -> dict[str, int]:
    return {name: stores.plain_sql(url, f'SELECT count(*) FROM "{name}"')[0][0] for name in sorted(names)}


def test_models_are_what_the_last_migration_makes(url: str) -> None:
    assert difference(url) == []


def test_every_step_down_and_up_again_keeps_the_data(url: str) -> None:
    full = counts(url, tables(url))
    for revision in EVERY_STEP:
        migrations.downgrade(url, revision)
    first = tables(url)
    assert {"contract", "contribution", "journal_line"} <= first < set(full)
    assert counts(url, first) == {name: full[name] for name in first}
    migrations.upgrade(url)
    assert migrations.at_head(url)
    assert difference(url) == []
    assert counts(url, first) == {name: full[name] for name in first}
    assert full["contribution"] > 50


# Kind, with an establishment or not, by whom now, by whom first: what 0015 makes the body's own.
ACTS = {
    "paper": ("avis-cvs", True, "la direction", None, False),
    "deputy": ("avis-cvs", True, "la suppléance de la direction", None, False),
    "elected": ("avis-cvs", True, "une personne élue au CVS", None, True),
    "elected first": ("avis-cvs", True, "la direction", "une personne élue au CVS", True),
    "direction twice": ("avis-cvs", True, "la direction", "la direction", False),
    # Of no house, and of an authority that nobody knows: somebody must be able to mend them.
    "elected, for the whole": ("avis-cvs", False, "une personne élue au CVS", None, False),
    "an agent's vote": ("vote-departement", False, "une autorité", None, False),
}


def written_at_0013(url: str) -> None:
    contract, place = stores.plain_sql(
        url, "SELECT contract_id, establishment_id FROM contract_establishment ORDER BY 1, 2"
    )[0]
    same = "'diagnostic', '2026-03-02', ?, ?, 'favorable', '', '', 1, NULL, '', ?"
    for name, (kind, housed, now, first, _own) in ACTS.items():
        words = (name, place if housed else None)
        stores.plain_sql(
            url,
            "INSERT INTO formal_act (id, contract_id, kind, stage, held_on, body, establishment_id, outcome, "
            "source, html, renderer, record_id, reason, by_function, version, by_participant, recorded_at, "
            f"taken_back_function, taken_back_reason) VALUES (?, ?, ?, {same}, 1, 'P', '2026-03-02', '', '')",
            *(name, contract, kind, *words, now),
        )
        if first is not None:
            stores.plain_sql(
                url,
                "INSERT INTO formal_act_version (act_id, number, stage, held_on, body, establishment_id, outcome, "
                f"source, html, renderer, record_id, reason, by_function, at) VALUES (?, 1, {same}, '2026-03-02')",
                *(name, *words, first),
            )


def test_what_a_portal_held_before_goes_on(url: str) -> None:
    """The marks of the quiet lines begin where the register stands; an act is its body's own, or not."""
    migrations.downgrade(url, "0013")
    stores.plain_sql(url, "DELETE FROM formal_act_version")
    stores.plain_sql(url, "DELETE FROM formal_act")
    written_at_0013(url)
    heads = stores.plain_sql(url, "SELECT contract_id, seq FROM journal_head ORDER BY contract_id")
    assert any(seq > 10 for _contract, seq in heads)
    migrations.upgrade(url)
    assert stores.plain_sql(url, "SELECT contract_id, ticks FROM journal_head ORDER BY contract_id") == heads
    own = {name for (name,) in stores.plain_sql(url, "SELECT id FROM formal_act WHERE by_body = (1 = 1)")}
    assert own == {name for name, act in ACTS.items() if act[-1]}


def test_words_that_parties_agreed_are_looked_for_in_what_was_written_since(url: str) -> None:
    change, version, text = stores.plain_sql(
        url,
        "SELECT c.id, c.version, t.id FROM negotiated_change c "
        "JOIN text t ON t.item_id = c.item_id AND t.register = c.piece ORDER BY c.id",
    )[0]
    migrations.downgrade(url, "0038")
    added = version + 100
    stores.plain_sql(
        url,
        "INSERT INTO text_version (text_id, number, by_function, reason, at) "
        "VALUES (?, ?, 'la direction', 'Autre raison', '2027-02-03 00:00:00.000000')",
        *(text, added),
    )
    stores.plain_sql(
        url,
        "INSERT INTO paragraph (text_id, number, position, stable_id, source, html, renderer) "
        "VALUES (?, ?, 1, 'S1', 'Autre chose.', '', 1)",
        *(text, added),
    )
    migrations.upgrade(url)
    told = "SELECT left_version, left_by, left_reason, left_at IS NULL FROM negotiated_change WHERE id = ?"
    ((left, by, why, silent),) = stores.plain_sql(url, told, change)
    assert (left, by, why, bool(silent)) == (added, "la direction", "Autre raison", False)


def test_down_to_nothing_and_up_again(url: str) -> None:
    migrations.downgrade(url, "base")
    assert tables(url) == set()
    migrations.upgrade(url)
    assert difference(url) == []


def test_rights_that_change_by_plain_sql_close_the_rooms(url: str) -> None:
    contract = stores.plain_sql(url, "SELECT id FROM contract ORDER BY title")[0][0]
    other = stores.plain_sql(url, "SELECT id FROM contract ORDER BY title")[1][0]
    kept = stores.plain_sql(url, EPOCH, other)
    ways = (
        "UPDATE participant SET left_at = joined_at WHERE id = (SELECT min(id) FROM participant WHERE contract_id = ?)",
        (
            "DELETE FROM seat WHERE participant_id = (SELECT min(s.participant_id) FROM seat s "
            "JOIN participant p ON p.id = s.participant_id WHERE p.contract_id = ?)"
        ),
        "DELETE FROM participant_role WHERE participant_id IN (SELECT id FROM participant WHERE contract_id = ?)",
        "UPDATE involvement SET level = 1 WHERE contract_id = ?",
        "UPDATE space SET phase = 'en_pause' WHERE contract_id = ?",
    )
    phases = {row[0] for row in stores.plain_sql(url, "SELECT DISTINCT phase FROM space")}
    assert "ouvert" in phases
    for way in ways:
        before = stores.plain_sql(url, EPOCH, contract)
        stores.plain_sql(url, way, contract)
        after = stores.plain_sql(url, EPOCH, contract)
        assert all(late[0] > early[0] for early, late in zip(before, after, strict=True)), way
    assert stores.plain_sql(url, EPOCH, other) == kept


@pytest.mark.parametrize(
    "way", ["UPDATE journal_line SET kind = 'x'", "DELETE FROM journal_line WHERE seq = 1"]
)
def test_the_journal_only_grows(url: str, way: str) -> None:
    with pytest.raises(Exception, match="append only"):
        stores.plain_sql(url, way)
