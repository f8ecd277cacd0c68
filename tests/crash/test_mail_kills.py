"""Killed at every point between the journal and the mailbox: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.kernel.unit_of_work import SqliteUnit
from portal.vocabulary import ContributionKind
from tests.crash.mail_entry import POINTS
from tests.factories.world import House, a_contribution, a_house, a_space

ENTRY = Path(__file__).with_name("mail_entry.py")
ROOT = Path(__file__).resolve().parents[2]
KILLED = -9
TOLD = (
    "SELECT p.id, n.kind, count(*) FROM notice n JOIN participant p ON p.id = n.participant_id GROUP BY 1, 2"
)


@pytest.fixture
def house(instance: Path) -> House:
    """A house where a discussion goes on; nobody was told of anything."""
    unit = SqliteUnit(instance / "polyphonie.sqlite")
    try:
        return unit(build)
    finally:
        unit.close()


def build(session: Session) -> House:
    made = a_house(session, "Tilleuls", residents=2, families=2)
    a_space(session, made)
    speak(session, made)
    return made


def speak(session: Session, made: House) -> None:
    root = a_contribution(session, made)
    a_contribution(session, made, "professional", kind=ContributionKind.REPLY, parent_id=root)


def run(instance: Path, *, days: int, point: str = "", fault: str = "") -> int:
    """One life of the process; its exit code."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, ENTRY, str(instance), str(days), point, fault],
        env=environ, cwd=ROOT, check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode in (0, KILLED), done.stderr.decode()[-2000:]
    return done.returncode


def rows(instance: Path, query: str) -> list[tuple[object, ...]]:
    import sqlite3

    with closing(sqlite3.connect(instance / "polyphonie.sqlite")) as base:
        return base.execute(query).fetchall()


def box(instance: Path) -> Counter[str]:
    """How often each letter arrived."""
    file = instance / "boite.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return Counter(json.loads(line)["id"] for line in lines)


def faults(instance: Path, people: int) -> list[str]:
    """What is wrong once everything came to its end."""
    opened = rows(instance, "SELECT count(*) FROM notice WHERE kind = 'ouverture'")
    replies = rows(instance, "SELECT count(*) FROM notice WHERE kind = 'replique'")
    # Everybody but the director, who opened it.
    found = [f"opened: {opened} for {people}"] if opened != [(people - 1,)] else []
    found += [f"replies: {replies}"] if replies != [(1,)] else []
    found += [f"letter {one} arrived {number} times" for one, number in box(instance).items() if number > 1]
    found += [f"two on {row}" for row in rows(instance, DAYS)]
    known = {str(row[0]): row[1] for row in rows(instance, "SELECT id, state FROM mail")}
    found += [f"{one} arrived and is {known[one]}" for one in box(instance) if known[one] not in ARRIVED]
    found += [f"{one} is {state}" for one, state in known.items() if state in ("attente", "envoi")]
    return found


ARRIVED = ("envoye", "doute")
DAYS = "SELECT account_id, day FROM mail GROUP BY 1, 2 HAVING count(*) > 1"


@pytest.mark.slow
def test_killed_at_every_point_it_loses_and_doubles_nothing(instance: Path, house: House) -> None:
    assert [run(instance, days=1, point=point) for point in POINTS] == [KILLED] * len(POINTS)
    assert run(instance, days=1) == 0
    # The patience with those who fell while sending ends; what nobody was mailed is in the bell.
    assert run(instance, days=2) == 0
    assert faults(instance, len(house.people)) == []
    states = dict(rows(instance, "SELECT state, count(*) FROM mail GROUP BY state"))
    # Killed after the claim, while sending, once delivered, and while writing that it was.
    assert states == {"envoye": len(house.people) - 1 - 4, "doute": 4}


@pytest.mark.slow
def test_control_a_cursor_kept_apart_is_found_losing_notices(instance: Path, house: House) -> None:
    assert run(instance, days=1, point="followed", fault="apart") == KILLED
    assert run(instance, days=1) == 0
    assert any(fault.startswith("opened") for fault in faults(instance, len(house.people)))
