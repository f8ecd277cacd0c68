"""Whatever is changed in a register is found; an erased salt is not a fault."""

from __future__ import annotations

import shutil

import pytest

from portal.domain.facts import FactKind
from portal.domain.journal import rules, service
from portal.domain.journal.verify import verify_database
from portal.kernel.ids import new_id

TEXT_FIELDS = ("at", "kind", "group_", "object", "digest", "commit", "hash", "veil")


def check(database):
    verdict = verify_database(database)
    assert verdict.ok == (verdict.first_bad is None)
    return verdict


def test_an_intact_register_is_told_intact_with_its_lines(database, written):
    verdict = check(database)
    assert verdict.ok, verdict.first_bad
    assert verdict.lines == 6


def test_an_empty_database_is_intact(database):
    assert check(database).ok
    assert check(database).lines == 0


@pytest.mark.parametrize("seq", range(1, 7))
@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_any_field_of_any_line_changed_is_found_there(database, raw, written, seq, field):
    raw.execute(f'UPDATE journal_line SET "{field}" = "{field}" || ? WHERE seq = ?', ("0", seq))
    verdict = check(database)
    assert not verdict.ok
    assert verdict.first_bad[:2] == (written.contract, seq)


@pytest.mark.parametrize("seq", range(1, 7))
def test_one_character_of_a_hash_replaced_is_found(database, raw, written, seq):
    (before,) = raw.execute("SELECT hash FROM journal_line WHERE seq = ?", (seq,)).fetchone()
    flipped = ("0" if before[0] != "0" else "1") + before[1:]
    raw.execute("UPDATE journal_line SET hash = ? WHERE seq = ?", (flipped, seq))
    assert check(database).first_bad[:2] == (written.contract, seq)


@pytest.mark.parametrize("seq", range(1, 7))
def test_a_field_given_to_another_contract_is_found(database, raw, written, seq):
    raw.execute("UPDATE journal_line SET contract_id = ? WHERE seq = ?", (new_id(), seq))
    assert not check(database).ok


@pytest.mark.parametrize("seq", range(1, 6))
def test_two_lines_swapped_are_found(database, raw, written, seq):
    raw.execute("UPDATE journal_line SET seq = -1 WHERE seq = ?", (seq,))
    raw.execute("UPDATE journal_line SET seq = ? WHERE seq = ?", (seq, seq + 1))
    raw.execute("UPDATE journal_line SET seq = ? WHERE seq = -1", (seq + 1,))
    assert check(database).first_bad[:2] == (written.contract, seq)


@pytest.mark.parametrize("seq", range(1, 7))
def test_a_removed_line_is_found(database, raw, written, seq):
    raw.execute("DELETE FROM journal_line WHERE seq = ?", (seq,))
    verdict = check(database)
    assert not verdict.ok
    assert verdict.first_bad[0] == written.contract


def test_an_end_cut_off_is_found_by_the_head(database, raw, written):
    raw.execute("DELETE FROM journal_line WHERE seq > 4")
    verdict = check(database)
    assert verdict.first_bad[:2] == (written.contract, 4)
    assert "la tête annonce 6" in verdict.first_bad[2]


def test_a_register_removed_whole_is_found(database, raw, written):
    raw.execute("DELETE FROM journal_line")
    assert check(database).first_bad[0] == written.contract


def test_a_head_removed_or_changed_is_found(database, raw, written):
    raw.execute("UPDATE journal_head SET head = ?", ("0" * 64,))
    assert not check(database).ok
    raw.execute("UPDATE journal_head SET seq = 7")
    assert not check(database).ok
    raw.execute("DELETE FROM journal_head")
    assert "la tête du registre manque" in check(database).first_bad[2]


@pytest.mark.parametrize("place", [1, 3, 7])
def test_an_added_line_is_found(database, raw, written, place):
    raw.execute("UPDATE journal_line SET seq = -seq WHERE seq >= ?", (place,))
    raw.execute("UPDATE journal_line SET seq = 1 - seq WHERE seq < 0")
    values = (
        written.contract,
        place,
        "2026-11-22",
        "reaction_changed",
        "families",
        new_id(),
        "",
        "",
        "0" * 64,
        "",
    )
    raw.execute("INSERT INTO journal_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    raw.execute("UPDATE journal_head SET seq = 7")
    assert not check(database).ok


def test_a_line_rewritten_with_its_hash_is_found_at_the_next(database, raw, written):
    rewrite(raw, written.contract, 2)
    assert check(database).first_bad[:2] == (written.contract, 3)


def rewrite(raw, contract, seq):
    row = raw.execute("SELECT * FROM journal_line WHERE seq = ?", (seq,)).fetchone()
    (previous,) = raw.execute("SELECT hash FROM journal_line WHERE seq = ?", (seq - 1,)).fetchone()
    line = rules.Line(contract, seq, "2025-01-01", *row[3:8], row[9])
    raw.execute(
        "UPDATE journal_line SET at = ?, hash = ? WHERE seq = ?",
        (line.at, rules.line_hash(line, previous), seq),
    )


def test_erased_salts_are_no_fault(database, raw, written):
    raw.execute("DELETE FROM journal_salt")
    assert check(database).ok


def test_an_erased_contribution_is_no_fault(database, raw, written):
    raw.execute("DELETE FROM journal_salt WHERE seq IN (2, 4)")
    raw.execute("DELETE FROM contribution_version")
    raw.execute("DELETE FROM contribution")
    assert check(database).ok


@pytest.mark.parametrize(("version", "seq"), [(1, 2), (2, 4)])
def test_words_changed_behind_the_register_are_found(database, raw, written, version, seq):
    raw.execute("UPDATE contribution_version SET source = source || '.' WHERE number = ?", (version,))
    verdict = check(database)
    assert verdict.first_bad[:2] == (written.contract, seq)
    assert "les mots ne sont plus" in verdict.first_bad[2]


def test_two_versions_exchanged_are_found(database, raw, written):
    raw.execute("UPDATE contribution_version SET number = number + 10")
    raw.execute("UPDATE contribution_version SET number = 13 - number")
    assert check(database).first_bad[:2] == (written.contract, 2)


def test_a_version_slipped_in_without_a_line_is_found(database, raw, written):
    raw.execute("UPDATE contribution_version SET number = 3 WHERE number = 2")
    verdict = check(database)
    assert not verdict.ok
    assert "n’a pas de ligne" in verdict.first_bad[2]


def test_a_contribution_given_to_another_person_is_found(database, raw, written):
    raw.execute("UPDATE contribution SET participant_id = ?", (new_id(),))
    assert "l’auteur" in check(database).first_bad[2]


def test_an_answer_changed_afterwards_is_found(database, raw, written):
    raw.execute("UPDATE answer SET source = 'Non.'")
    verdict = check(database)
    assert verdict.first_bad[:2] == (written.contract, 6)


def test_a_changed_salt_is_found_while_its_words_are_there(database, raw, written):
    raw.execute("UPDATE journal_salt SET salt = zeroblob(32) WHERE seq = 2")
    assert check(database).first_bad[:2] == (written.contract, 2)


def test_the_fault_of_one_contract_is_found_among_many(database, session, raw, written):
    from portal.domain.facts import Fact

    others = [new_id() for _ in range(5)]
    for other in others:
        service.append(session, Fact(FactKind.CONTRACT_CREATED, other, other))
    session.commit()
    assert check(database).lines == 11
    raw.execute("UPDATE journal_line SET object = 'x' WHERE contract_id = ?", (others[3],))
    assert check(database).first_bad[:2] == (others[3], 1)


def test_a_plain_copy_without_its_side_files_is_read(database, raw, written, engine, tmp_path):
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = tmp_path / "copie"
    folder.mkdir()
    shutil.copy(database, folder / "copie.db")
    folder.chmod(0o500)
    try:
        assert check(folder / "copie.db").lines == 6
    finally:
        folder.chmod(0o700)
    assert {path.name for path in folder.iterdir()} == {"copie.db"}


def test_a_database_is_read_while_the_server_writes(database, session, raw, written):
    service.append(session, written.fact(FactKind.CONTRIBUTION_THANKED))
    assert check(database).lines == 6
    session.commit()
    assert check(database).lines == 7


def test_nothing_is_written_by_verifying(database, raw, written):
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = database.read_bytes()
    check(database)
    assert database.read_bytes() == before


def test_one_bit_of_a_hash_changed_in_the_file_is_found(database, raw, written):
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = database.read_bytes()
    hashes = [row[0].encode() for row in raw.execute("SELECT hash FROM journal_line")]
    for value in hashes:
        place = content.index(value)
        for offset in (0, 31, 63):
            broken = bytearray(content)
            broken[place + offset] ^= 1
            database.write_bytes(broken)
            assert not check(database).ok
    database.write_bytes(content)
    assert check(database).ok


def test_a_file_that_is_no_database_is_told_unreadable(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    assert "illisible" in check(tmp_path / "x.db").first_bad[2]


def test_an_absent_file_is_an_error_not_an_empty_register(tmp_path):
    with pytest.raises(FileNotFoundError):
        verify_database(tmp_path / "absent.db")
    assert not (tmp_path / "absent.db").exists()
