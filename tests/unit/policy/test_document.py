"""The page of rights is what the table says, today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.policy import document
from portal.policy import predicates as p
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission as Can

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "droits.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == document.page(), (
        "docs/droits.md is stale: python -m portal.policy.document > docs/droits.md"
    )


def test_the_command_prints_the_page() -> None:
    command = [sys.executable, "-X", "utf8", "-m", "portal.policy.document"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert printed.stdout.decode() == document.page()


def test_every_permission_is_on_the_page_once() -> None:
    listed = [permission for permissions in document.SECTIONS.values() for permission in permissions]
    assert sorted(listed) == sorted(Can)


def test_the_page_follows_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    before = document.page()
    monkeypatch.setitem(MATRIX, Can.TEXT_EDIT, ((p.organising,),))
    assert document.page() != before


def test_the_page_is_typeset() -> None:
    for line in document.page().splitlines():
        assert "'" not in line
        for sign in (" ;", " ?", " !", " »", "« "):
            assert sign not in line, line
        assert " :" not in line, line
