"""The stand-alone verifier finds whatever is changed in an export, and what was rewritten whole."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from portal.domain.journal import rules as journal
from portal.domain.register import receipts
from portal.domain.register.canonical import Head
from portal.domain.register.rules import Shown
from tests.factories.register import (
    CONTRACT,
    VERIFIER,
    a_line,
    a_register,
    a_seal,
    an_export,
    chained,
    fault,
)
from tests.factories.tampering import MUTATIONS, mutated

CHUNKS = 4
LINES, HEAD = a_register(100)
EXPORT = an_export(LINES, HEAD)


def run(*arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_intact_export_is_intact() -> None:
    assert fault(EXPORT) is None
    assert {b"scelle", b"repli", b"voile"} <= {
        key for key in (b"scelle", b"repli", b"voile") if key in EXPORT
    }


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_byte_changed_in_place_is_found(chunk: int) -> None:
    missed = []
    for at in range(chunk, len(EXPORT), CHUNKS):
        changed = bytearray(EXPORT)
        changed[at] ^= 1 << at % 8
        if fault(bytes(changed)) is None:
            missed.append(at)
    assert missed == []


def test_control_a_verifier_that_trusts_the_values_misses_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check of how a line is written, a space more goes unseen before the signature."""
    from tests.factories.register import verifier

    program = verifier()
    looked = program.json.dumps
    spaced = EXPORT.replace(b'"n":5,', b'"n": 5,', 1)
    assert "espaces" in (fault(spaced) or "")
    raw = next(line for line in spaced.splitlines(keepends=True) if b'"n": 5' in line)
    monkeypatch.setattr(program.json, "dumps", lambda *_a, **_k: raw.decode()[:-1])
    assert program.read(raw, 6, *program.LINES)["n"] == 5
    monkeypatch.setattr(program.json, "dumps", looked)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"n":5,', b'{"n": 5,'),
        (b'{"n":5,', b'{ "n":5,'),
        (b'{"n":5,', b'{"n":5.0,'),
        (b'{"n":5,', b'{"n":5,"n":5,'),
        (b'{"n":5,', b'{"\\u006e":5,'),
        (b'}\n{"n":5,', b'} \n{"n":5,'),
        (b'}\n{"n":5,', b'}\r\n{"n":5,'),
        (b'}\n{"n":5,', b'}\n\n{"n":5,'),
        (b'"lignes":100', b'"lignes":1e2'),
        (b'"lignes":100', b'"lignes":99'),
        (b'"format"', b'"Format"'),
    ],
)
def test_what_reads_the_same_and_is_written_otherwise_is_found(old: bytes, new: bytes) -> None:
    assert old in EXPORT
    assert fault(EXPORT.replace(old, new, 1)) is not None


@pytest.mark.parametrize("tail", [b"\n", b" ", b"{}\n", EXPORT[-20:]])
def test_what_is_added_at_the_end_is_found(tail: bytes) -> None:
    assert "après la signature" in (fault(EXPORT + tail) or "")


@pytest.mark.parametrize("length", [0, 1, 50, 200, len(EXPORT) // 2, len(EXPORT) - 1])
def test_a_truncated_file_is_found(length: int) -> None:
    assert fault(EXPORT[:length]) is not None


def test_it_says_at_which_line() -> None:
    lines = EXPORT.splitlines(keepends=True)
    lines[41], lines[42] = lines[42], lines[41]
    assert (fault(b"".join(lines)) or "").startswith("ligne 42 ")


@pytest.mark.parametrize("kind", sorted(MUTATIONS))
def test_random_changes_of_a_longer_export_are_found(kind: str) -> None:
    lines, head = a_register(2_000, seed=2)
    export = an_export(lines, head)
    rng = Random(kind)
    missed = [number for number in range(15) if fault(mutated(export, kind, rng)) is None]
    assert missed == []


def rewritten(number: int) -> tuple[bytes, bytes]:
    """A register, and the same with one line changed and every hash made again, both sealed."""
    rng = Random(3)
    lines = [a_line(one, rng) for one in range(1, 31)]
    shown = [Shown.WHOLE] * len(lines)
    seal = a_seal()
    before = an_export(*chained(lines, shown), seal)
    lines[number - 1] = a_line(number, Random(4))
    return before, an_export(*chained(lines, shown), seal)


def test_a_register_rewritten_whole_is_found_by_one_old_receipt(tmp_path: Path) -> None:
    before, after = (tmp_path / name for name in ("avant.jsonl", "apres.jsonl"))
    old, new = rewritten(10)
    before.write_bytes(old)
    after.write_bytes(new)
    line = json.loads(old.splitlines()[12])
    code = receipts.code(line["n"], line["empreinte"])
    assert run(after)[0] == 0, "alone, it is a register like another"
    status, told = run(before, "--recu", code)
    assert (status, "est dans le registre : ligne 12" in told) == (0, True)
    status, told = run(after, "--recu", code)
    assert (status, "n’est PAS" in told) == (3, True)
    # An export that is older than the receipt is not accused.
    late = receipts.code(len(old.splitlines()) + 5, "0" * 64)
    status, told = run(before, "--recu", late)
    assert (status, "il est plus ancien, ou il a été raccourci" in told, "n’est PAS" in told) == (
        3,
        True,
        False,
    )
    # A receipt of before the change proves only what stands before it.
    first = json.loads(old.splitlines()[3])
    assert run(after, "--recu", receipts.code(first["n"], first["empreinte"]))[0] == 0


def test_a_register_rewritten_whole_is_found_by_an_old_head(tmp_path: Path) -> None:
    after = tmp_path / "apres.jsonl"
    old, new = rewritten(10)
    after.write_bytes(new)
    line = json.loads(old.splitlines()[20])
    status, told = run(after, "--tete", f"{line['n']}:{line['empreinte']}")
    assert (status, "récrit" in told) == (3, True)


def test_the_key_that_was_published_is_asked_for(tmp_path: Path) -> None:
    file, right, wrong = (tmp_path / name for name in ("e.jsonl", "a.pem", "b.pem"))
    seal = a_seal()
    file.write_bytes(an_export(LINES, HEAD, seal))
    right.write_text(seal.public.pem)
    wrong.write_text(a_seal(1).public.pem)
    assert run(file, "--cle", right)[0] == 0
    status, told = run(file, "--cle", wrong)
    assert (status, "une autre clé" in told) == (1, True)


def test_it_says_which_key_signed_so_that_it_is_compared(tmp_path: Path) -> None:
    ours, other, pem = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "a.pem"
    ours.write_bytes(an_export(LINES, HEAD, a_seal()))
    other.write_bytes(an_export(LINES, HEAD, a_seal(1)))
    # Signed anew by another key, the chain is whole: only the key tells.
    for file, seal in ((ours, a_seal()), (other, a_seal(1))):
        status, told = run(file)
        assert status == 0
        assert told.startswith(f"Intact, signé par la clé {seal.public.fingerprint}\n")
        assert "avec celle que le portail publie à /registre/cles" in told
    assert len(a_seal().public.fingerprint.split()) == 16
    pem.write_text(a_seal().public.pem)
    status, told = run(ours, "--cle", pem)
    assert told.startswith(f"Intact, signé par la clé que vous donnez, {a_seal().public.fingerprint}\n")
    assert "/registre/cles" not in told


def test_its_answers_are_codes_and_sentences(tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.jsonl", tmp_path / "mauvais.jsonl"
    good.write_bytes(EXPORT)
    bad.write_bytes(EXPORT.replace(b"2026-", b"2027-", 1))
    status, told = run(good)
    assert (status, f"{HEAD.seq}:{HEAD.hash}" in told) == (0, True)
    status, told = run(bad)
    assert (status, told.startswith("ALTÉRÉ, ligne ")) == (1, True)
    assert run(tmp_path / "absent.jsonl")[0] == 2
    assert run(good, "--recu", "AAAA")[0] == 2
    assert run(good, "--cle", good)[0] == 2
    assert run(good, "--tete", "12")[0] == 2


def test_who_holds_the_key_cannot_keep_an_old_hash_beside_changed_words() -> None:
    """An old receipt is compared with the hash that is written: it must be that of the line."""
    forged = [replace(one, hash="0" * 64) if one.line.seq == 10 else one for one in LINES]
    assert "l’empreinte ne correspond pas" in (fault(an_export(forged, HEAD)) or "")


def test_who_holds_the_key_cannot_announce_another_head() -> None:
    assert "la tête annoncée" in (fault(an_export(LINES, Head(HEAD.seq, "0" * 64))) or "")


def test_who_holds_the_key_cannot_leave_a_number_out() -> None:
    rng = Random(5)
    lines, head = chained([a_line(number, rng) for number in (1, 2, 4)])
    assert "le numéro attendu était 3" in (fault(an_export(lines, Head(3, head.hash))) or "")


def test_a_register_without_a_line_is_verified_too() -> None:
    assert fault(an_export(*chained([]))) is None


def test_it_stands_alone_and_is_short() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 300
    names = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    }
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_folded_lines_tell_nothing_of_what_they_hide() -> None:
    line = a_line(1, Random(9))
    (whole, ungrouped, sealed), _head = chained([line] * 3, list(Shown))
    from portal.domain.register.canonical import exported

    assert json.loads(exported(whole)).keys() > {"groupe", "personne", "voile"}
    assert json.loads(exported(ungrouped)).keys() == {"n", "date", "sorte", "objet", "repli", "empreinte"}
    assert json.loads(exported(sealed)).keys() == {"n", "scelle", "empreinte"}
    # Trying every group does not find the one that is hidden: the veil is missing.
    guesses = {
        journal.inner(
            journal.Line(CONTRACT, 1, line.at, line.kind, group, line.object, line.digest, line.commit)
        )
        for group in ("families", "residents", "professionals", "management", "", line.group)
    }
    assert journal.inner(line) not in guesses
