"""docs/registre.md is enough to recompute every hash, and the portal writes what it says."""

from __future__ import annotations

import json
import re
import runpy
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.domain.facts import FactKind, TimePrecision
from portal.domain.journal import rules

DOCUMENT = (Path(__file__).parents[3] / "docs" / "registre.md").read_text(encoding="utf-8")


def block(language):
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found, f"no block of {language} in the document"
    return found[1]


EXAMPLES = json.loads(block("json"))
LINES = EXAMPLES["lignes"]


@pytest.fixture
def document(tmp_path):
    """The functions of the verifier printed in the document, run as they are written."""
    program = tmp_path / "verificateur.py"
    program.write_text(block("python"), encoding="utf-8")
    return runpy.run_path(str(program))


def test_there_are_at_least_three_examples_that_follow_one_another():
    assert len(LINES) >= 3
    assert [line["precedente"] for line in LINES[1:]] == [line["empreinte"] for line in LINES[:-1]]
    assert LINES[0]["precedente"] == EXAMPLES["origine"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"line {line['numero']}")
def test_the_printed_verifier_finds_the_printed_hashes(document, line):
    salt = bytes.fromhex(line["sel"])
    assert document["sceller"](salt, line["texte"]) == line["contenu"]
    assert document["sceller"](salt, line["participant"]) == line["personne"]
    told = {**line, "contrat": EXAMPLES["contrat"]}
    assert document["empreinte"](told, line["precedente"]) == line["empreinte"]


def test_the_printed_verifier_finds_the_printed_origin(document):
    assert document["origine"](EXAMPLES["contrat"]) == EXAMPLES["origine"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"line {line['numero']}")
def test_the_portal_computes_the_printed_hashes(line):
    salt = bytes.fromhex(line["sel"])
    made = rules.Line(
        EXAMPLES["contrat"],
        line["numero"],
        line["date"],
        line["sorte"],
        line["groupe"],
        line["objet"],
        rules.seal(salt, line["texte"]),
        rules.seal(salt, line["participant"]),
    )
    assert rules.line_hash(made, line["precedente"]) == line["empreinte"]
    assert rules.genesis(EXAMPLES["contrat"]) == EXAMPLES["origine"]


def test_the_kinds_of_the_examples_exist():
    assert {line["sorte"] for line in LINES} <= {kind.value for kind in FactKind}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22T22:59:59Z", date(2026, 11, 22)),
        ("2026-11-22T23:00:00Z", date(2026, 11, 23)),
    ],
)
def test_a_line_of_before_tells_the_day_of_its_second_in_paris(written, day):
    assert rules.day_of(written) == day


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), (("", "a"), ("a", "")), (("a",), ("a", "")), (("é",), ("e\u0301",))],
)
def test_two_different_lists_never_have_the_same_encoding(one, other):
    assert rules.encode(one) != rules.encode(other)


@pytest.mark.parametrize(
    ("at", "precision", "expected"),
    [
        (datetime(2026, 11, 22, 4, 35, 0, 999999, UTC), TimePrecision.SECOND, "2026-11-22T04:35:00Z"),
        (datetime(2026, 11, 22, 4, 35, tzinfo=UTC), TimePrecision.DAY, "2026-11-22"),
        # Paris is already tomorrow, in winter from 23:00, in summer from 22:00.
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), TimePrecision.DAY, "2026-11-22"),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), TimePrecision.DAY, "2026-11-23"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), TimePrecision.DAY, "2026-07-02"),
    ],
)
def test_a_line_tells_time_as_finely_as_its_kind_allows(at, precision, expected):
    assert rules.moment_text(at, precision) == expected


def test_nothing_is_sealed_as_nothing():
    assert rules.seal(b"\x00" * 32, "") == rules.seal(b"\x00" * 32, None) == ""


def test_each_line_has_a_salt_of_its_own():
    salts = {rules.new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}
