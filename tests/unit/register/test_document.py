"""docs/registre.md is enough to fold lines, make a receipt and verify an export."""

from __future__ import annotations

import json
import re

import pytest

from portal.domain.journal import rules as journal
from portal.domain.register import receipts
from portal.domain.register.rules import Shown
from tests.factories.register import CONTRACT, ROOT, a_seal, an_export, chained, fault

DOCUMENT = (ROOT / "docs" / "registre.md").read_text(encoding="utf-8")
FIRST, SECOND = (json.loads(found) for found in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL))


def lines() -> list[journal.Line]:
    made = []
    for told, salt in zip(FIRST["lignes"], map(bytes.fromhex, SECOND["sels"]), strict=True):
        digest, commit = journal.seal(salt, told["texte"]), journal.seal(salt, told["participant"])
        made.append(
            journal.Line(
                CONTRACT,
                told["numero"],
                told["date"],
                told["sorte"],
                told["groupe"],
                told["objet"],
                digest,
                commit,
                journal.veil(salt),
            )
        )
    return made


def test_the_document_says_what_the_portal_computes() -> None:
    made = lines()
    assert [line.veil for line in made] == SECOND["voiles"]
    assert [journal.inner(line) for line in made] == SECOND["plis"]
    assert [journal.body(line) for line in made] == SECOND["corps"]


def test_the_printed_export_is_the_one_that_is_made() -> None:
    sealed, head = chained(lines(), list(Shown))
    seal = a_seal(int(SECOND["cle_privee"], 16))
    printed = "".join(f"{line}\n" for line in SECOND["export"]).encode()
    assert an_export(sealed, head, seal) == printed
    assert fault(printed) is None
    assert receipts.code(2, sealed[1].hash) == SECOND["recu_de_la_ligne_2"]


@pytest.mark.parametrize("place", range(5))
def test_control_a_printed_export_with_a_changed_line_is_found(place: int) -> None:
    printed = list(SECOND["export"])
    printed[place] = printed[place].replace("a", "b", 1)
    assert fault("".join(f"{line}\n" for line in printed).encode()) is not None
