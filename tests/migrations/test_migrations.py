"""The history of the database: up, down, up again on data, and equal to the models."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from portal import migrations
from portal.database import latest_revision, state_of
from portal.tables import METADATA


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "polyphonie.sqlite"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def raw(file: Path, url: str) -> Iterator[sqlite3.Connection]:
    """A migrated database, written by plain SQL, with two contracts."""
    migrations.upgrade(url)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA foreign_keys=ON")
        database.executescript(SEED)
        yield database


SEED = """
INSERT INTO account (id, email, name, created_at) VALUES ('A1', 'a@exemple.fr', 'A', '2027-01-01');
INSERT INTO organisation VALUES ('O1', 'Les Rives', NULL, NULL, NULL, 1);
INSERT INTO contract (id, title, organisation_id, starts_on, ends_on, stage, created_at)
 VALUES ('C1', 'Un', 'O1', '2027-01-01', '2031-12-31', 'diagnostic', '2027-01-01');
INSERT INTO contract (id, title, organisation_id, starts_on, ends_on, stage, created_at)
 VALUES ('C2', 'Deux', 'O1', '2027-01-01', '2031-12-31', 'diagnostic', '2027-01-01');
INSERT INTO participant VALUES ('P1', 'C1', 'families', NULL, '2027-01-01', NULL, NULL);
INSERT INTO participant VALUES ('P2', 'C2', 'families', NULL, '2027-01-01', NULL, NULL);
INSERT INTO seat VALUES ('A1', 'P1');
INSERT INTO participant_role VALUES ('R1', 'P1', 'moderator', '2027-01-01', NULL);
INSERT INTO journal_line VALUES ('C1', 1, '2027', 'k', 'g', 'o', 'd', 'c', 'h', '');
""" + "".join(
    f"INSERT INTO space VALUES ('{space}', '{contract}', 'diagnostic', 'Quoi ?', '', '2027-01-01', '2027-02-01',"
    " 30, 'avant', 'ouvert', '', '', '', NULL, NULL, '2027-01-01', 1, 1, 0, NULL, '');"
    for space, contract in (("S1", "C1"), ("S2", "C1"), ("S3", "C2"))
)
LEVEL = (
    "INSERT INTO involvement VALUES ('{id}', 'C1', {space}, 'families', 2, '2027', '2027', NULL, 'f', '', 0)"
)


def test_up_down_and_up_again_on_data(file: Path, url: str, raw: sqlite3.Connection) -> None:
    raw.commit()
    migrations.downgrade(url, "base")
    left = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}
    assert left == {"alembic_version"}
    migrations.upgrade(url)
    raw.executescript(SEED)
    assert migrations.at_head(url)


def test_going_down_one_step_keeps_the_data(url: str, raw: sqlite3.Connection) -> None:
    raw.commit()
    migrations.downgrade(url, "-1")
    assert raw.execute("SELECT count(*) FROM contract").fetchone() == (2,)
    assert not migrations.at_head(url)
    migrations.upgrade(url)
    assert raw.execute("SELECT count(*) FROM contract").fetchone() == (2,)


def test_the_last_migration_is_what_the_models_say(url: str) -> None:
    migrations.upgrade(url)
    engine = migrations.migration_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_constraint_has_its_name(raw: sqlite3.Connection) -> None:
    for name, sql in raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
        if name != "alembic_version" and not name.startswith("sqlite_"):
            assert f"CONSTRAINT pk_{name} PRIMARY KEY" in sql
            assert sql.count("FOREIGN KEY") == sql.count("CONSTRAINT fk_")


def test_a_migration_that_fails_leaves_nothing(url: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dangling(_connection: object) -> None:
        raise RuntimeError("dangling")

    monkeypatch.setattr(migrations, "_refuse_dangling", dangling)
    with pytest.raises(RuntimeError):
        migrations.upgrade(url)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_the_state_of_a_file_is_read_without_the_libraries(file: Path, raw: sqlite3.Connection) -> None:
    raw.commit()
    assert latest_revision() == raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    assert state_of(file).up_to_date
    assert state_of(file).real
    raw.execute("INSERT INTO database_mark VALUES ('demonstration', 'oui', '2027-01-01')")
    raw.commit()
    assert state_of(file).demonstration
    assert not state_of(file).real
    assert not state_of(file.with_name("absent")).up_to_date


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (LEVEL.format(id="I1", space="'S1'").replace("families", "authorities"), {"S1"}),
        (LEVEL.format(id="I1", space="NULL").replace("families", "authorities"), {"S1", "S2"}),
        (LEVEL.format(id="I1", space="'S1'").replace("families', 2", "authorities', NULL"), set()),
        (LEVEL.format(id="I1", space="'S1'"), set()),
    ],
)
def test_in_spaces_that_exist_the_authorities_read_what_they_could(
    url: str, raw: sqlite3.Connection, level: str, told: set[str]
) -> None:
    raw.commit()
    migrations.downgrade(url, "0009")
    raw.execute(level)
    raw.commit()
    migrations.upgrade(url)
    reading = raw.execute("SELECT id FROM space WHERE authorities_read_words = 1").fetchall()
    assert {space for (space,) in reading} == told


@pytest.mark.parametrize(
    ("statements", "raised"),
    [
        ([LEVEL.format(id="I1", space="'S1'")], {"S1"}),
        ([LEVEL.format(id="I1", space="NULL")], {"S1", "S2"}),
        ([LEVEL.format(id="I1", space="'S1'"), "UPDATE involvement SET level = 3"], {"S1"}),
        ([LEVEL.format(id="I1", space="'S1'"), "UPDATE involvement SET space_id = 'S2'"], {"S1", "S2"}),
        ([LEVEL.format(id="I1", space="NULL"), "DELETE FROM involvement"], {"S1", "S2"}),
        (["UPDATE space SET phase = 'pause' WHERE id = 'S2'"], {"S2"}),
        (["UPDATE space SET phase = 'ouvert'"], set()),
        (["UPDATE space SET question = 'Autre ?'"], set()),
        (["UPDATE space SET authorities_read_words = 1 WHERE id = 'S3'"], {"S3"}),
        (["UPDATE space SET authorities_read_words = 0"], set()),
        (["UPDATE participant SET left_at = '2027' WHERE id = 'P1'"], {"S1", "S2"}),
        (["UPDATE participant SET group_ = 'residents' WHERE id = 'P2'"], {"S3"}),
        (["DELETE FROM participant WHERE id = 'P2'"], {"S3"}),
        (["INSERT INTO participant_role VALUES ('R2', 'P2', 'director', '2027', NULL)"], {"S3"}),
        (["UPDATE participant_role SET ended_at = '2027'"], {"S1", "S2"}),
        (["DELETE FROM participant_role"], {"S1", "S2"}),
        (["DELETE FROM seat"], {"S1", "S2"}),
        (["INSERT INTO contribution_version VALUES ('x', 1, '', '', '', '', 1, 0, '2027')"], set()),
    ],
)
def test_rooms_close_when_plain_sql_changes_a_right(
    raw: sqlite3.Connection, statements: list[str], raised: set[str]
) -> None:
    raw.execute("PRAGMA foreign_keys=OFF")
    *before, last = statements
    for statement in before:
        raw.execute(statement)
    was = dict(raw.execute("SELECT id, epoch FROM space"))
    raw.execute(last)
    now = dict(raw.execute("SELECT id, epoch FROM space"))
    assert {space for space in now if now[space] > was[space]} == raised


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_line SET hash = 'x'",
        "UPDATE journal_line SET seq = 2",
        "DELETE FROM journal_line",
        "INSERT OR REPLACE INTO journal_line VALUES ('C1', 1, '2027', 'k', 'g', 'o', 'd', 'c', 'x', '')",
    ],
)
def test_the_journal_only_grows(raw: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        raw.execute(statement)
    assert raw.execute("SELECT seq, hash FROM journal_line").fetchall() == [(1, "h")]
    raw.execute("INSERT INTO journal_line VALUES ('C1', 2, '2027', 'k', 'g', 'o', 'd', 'c', 'h', '')")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quiet_line SET kind = 'x'",
        "DELETE FROM quiet_line",
        "INSERT OR REPLACE INTO quiet_line VALUES ('C1', 1, '2027', 'k', 'g', 'o', 'd', 'x')",
    ],
)
def test_what_waits_to_be_sealed_only_grows(raw: sqlite3.Connection, statement: str) -> None:
    raw.execute("INSERT INTO quiet_line VALUES ('C1', 1, '2027', 'k', 'g', 'o', 'd', 'c')")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        raw.execute(statement)
    assert raw.execute('SELECT tick, kind, "commit" FROM quiet_line').fetchall() == [(1, "k", "c")]


def test_what_spaces_ask_today_counts_from_their_beginning(url: str, raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO journal_line VALUES ('C1', 2, '2027', 'space_words_told', '', 'S2', '', '', '', '')"
    )
    raw.commit()
    migrations.downgrade(url, "0016")
    migrations.upgrade(url)
    asked = raw.execute("SELECT space_id, question, since FROM space_question ORDER BY space_id").fetchall()
    assert asked == [(space, "Quoi ?", "2027-01-01") for space in ("S1", "S2", "S3")]
    told = [space for (space,) in raw.execute("SELECT space_id FROM space_reading ORDER BY space_id")]
    assert told == ["S1", "S3"], "nobody knows what S2 said first"


def test_words_taken_back_before_were_promised_to_nobody(url: str, raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO item (id, contract_id, kind, number, axis, title)"
        " VALUES ('I1', 'C1', 'objective', 1, 'Soins', 'Soigner')"
    )
    for one, status in (("W1", "withdrawn"), ("W2", "published")):
        raw.execute(
            "INSERT INTO contribution (id, contract_id, space_id, item_id, kind, status, participant_id, group_,"
            " display, shown_scope, version, pending, provenance, weight, created_at, sent_at) VALUES"
            f" ('{one}', 'C1', 'S1', 'I1', 'comment', '{status}', 'P1', 'families', 'group', 'group', 1, 0,"
            " 'self', 1, '2027', '2027')"
        )
        raw.execute(
            "INSERT INTO danger_alert (id, contract_id, space_id, contribution_id, version, at)"
            f" VALUES ('{one}', 'C1', 'S1', '{one}', 1, '2027')"
        )
    raw.commit()
    migrations.downgrade(url, "0018")
    migrations.upgrade(url)
    assert raw.execute("SELECT id, version FROM danger_alert ORDER BY id").fetchall() == [
        ("W1", 0),
        ("W2", 1),
    ]


def test_each_name_of_an_axis_becomes_an_axis_of_its_contract(url: str, raw: sqlite3.Connection) -> None:
    raw.commit()
    migrations.downgrade(url, "0021")
    named = (
        ("I1", "C1", "finding", 1, "Jardin"),
        ("I2", "C1", "finding", 2, "Finances et budget"),
        ("I3", "C1", "finding", 3, "Jardin"),
        ("I4", "C2", "finding", 1, "Jardin"),
        ("I5", "C1", "objective", 1, "Jardin"),
    )
    raw.executemany(
        "INSERT INTO item (id, contract_id, kind, number, axis, title) VALUES (?, ?, ?, ?, ?, 'T')", named
    )
    raw.commit()
    migrations.upgrade(url)
    axes = raw.execute("SELECT contract_id, number, name, question <> '' FROM axis ORDER BY 1, 2").fetchall()
    assert axes == [("C1", 1, "Finances et budget", 1), ("C1", 2, "Jardin", 0), ("C2", 1, "Jardin", 0)]
    items = raw.execute(
        "SELECT item.id, item.axis, axis.contract_id, axis.name FROM item"
        " LEFT JOIN axis ON axis.id = item.axis_id ORDER BY item.id"
    ).fetchall()
    assert items == [
        ("I1", "", "C1", "Jardin"),
        ("I2", "", "C1", "Finances et budget"),
        ("I3", "", "C1", "Jardin"),
        ("I4", "", "C2", "Jardin"),
        ("I5", "Jardin", None, None),
    ]
    migrations.downgrade(url, "0021")
    assert [name for (name,) in raw.execute("SELECT axis FROM item ORDER BY id")] == [
        one[-1] for one in named
    ]


def test_objectives_of_before_stay_when_the_tree_comes_and_goes(url: str, raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO item (id, contract_id, kind, number, axis, title)"
        " VALUES ('I1', 'C1', 'objective', 1, 'Soins', 'Soigner')"
    )
    raw.commit()
    for there in (False, True):
        migrations.downgrade(url, "0024")
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not any(name.startswith("objective_") for name in tables)
        migrations.upgrade(url)
        assert raw.execute("SELECT axis, title FROM item").fetchall() == [("Soins", "Soigner")], there


def test_negotiated_words_that_were_changed_before_say_by_whom(url: str, raw: sqlite3.Connection) -> None:
    raw.commit()
    migrations.downgrade(url, "0038")
    raw.execute(
        "INSERT INTO item (id, contract_id, kind, number, axis, title) VALUES ('I1', 'C1', 'finding', 1, '', 'T')"
    )
    raw.execute(
        "INSERT INTO text (id, item_id, register, version, negotiated_reason) VALUES ('T1', 'I1', 'clair', 4, '')"
    )
    for number, words in ((1, "Tôt."), (2, "Convenu  ici."), (3, "Autre chose."), (4, "Encore autre.")):
        raw.execute(
            "INSERT INTO text_version (text_id, number, by_function, reason, at) VALUES ('T1', ?, 'la direction', ?, ?)",
            (number, f"Raison {number}", f"2027-02-0{number} 00:00:00.000000"),
        )
        raw.execute(
            "INSERT INTO paragraph VALUES ('T1', ?, 1, 'S1', ?, '', 1)",
            (number, words),
        )
    for name, version, after in (
        ("N1", 2, "Convenu ici."),
        ("N2", 3, "Autre chose."),
        ("N3", 4, "Encore autre."),
    ):
        raw.execute(
            "INSERT INTO negotiated_change (id, contract_id, item_id, piece, version, title, before, after, reason, agreed_by, at)"
            " VALUES (?, 'C1', 'I1', 'clair', ?, 'T', '', ?, 'R', 'Deux parties', '2027-02-01')",
            (name, version, after),
        )
    raw.execute("DELETE FROM negotiated_change WHERE id = 'N2'")
    raw.commit()
    migrations.upgrade(url)
    found = raw.execute(
        "SELECT id, left_version, left_by, left_reason, left_at IS NULL FROM negotiated_change ORDER BY id"
    ).fetchall()
    assert found == [("N1", 3, "la direction", "Raison 3", 0), ("N3", None, "", "", 1)]


def test_what_was_looked_through_before_is_looked_through_again(url: str, raw: sqlite3.Connection) -> None:
    migrations.downgrade(url, "0040")
    raw.execute("INSERT INTO search_state (contract_id, seq, building) VALUES ('C1', 7, '')")
    raw.commit()
    migrations.upgrade(url)
    assert raw.execute("SELECT seq, building FROM search_state").fetchall() == [(7, "0 ")]
