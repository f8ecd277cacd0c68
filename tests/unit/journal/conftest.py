from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service
from portal.kernel.engines import read_engine
from portal.kernel.ids import new_id
from portal.tables import METADATA
from portal.vocabulary import Group

WORDS = "Le goûter est trop tôt, à 15 h.\n\nPeut-on en parler ?"
CORRECTED = "Le goûter est trop tôt."
ANSWER = "Oui. Il passe à 16 h dès lundi."


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "portail.db"
    engine = read_engine(path)
    METADATA.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(database):
    opened = read_engine(database)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine):
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def raw(database):
    """A bare connection: no key is checked, as for somebody who edits the file."""
    opened = sqlite3.connect(database, isolation_level=None)
    yield opened
    opened.close()


def insert(raw, table, **values):
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    raw.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))


class World:
    """One contract, one space, one contribution and its author, as they are in the tables."""

    def __init__(self, raw):
        self.contract, self.space, self.contribution, self.author = (new_id() for _ in range(4))
        insert(
            raw, "space", id=self.space, contract_id=self.contract, object="diagnostic", question="?",
            introduction="", opens_at="2026-01-01", ends_at="2027-01-01", answer_days=30, moderation="avant",
            phase="ouvert", pause_reason="", broken_promise="", promise_note="", end_reason="", created_at="2026-01-01", version=1, epoch=1,
            authorities_read_words=False,
        )  # fmt: skip

    def fact(self, kind, content="", **changes):
        values = {
            "object_id": self.contribution,
            "group": Group.FAMILIES,
            "participant_id": self.author,
            "space_id": self.space,
            "author_id": self.author,
            **changes,
        }
        return Fact(kind, self.contract, content=content, **values)


@pytest.fixture
def world(raw):
    return World(raw)


def write_contribution(raw, world):
    now = "2026-01-01"
    columns = [row[1] for row in raw.execute("PRAGMA table_info(contribution)")]
    values = {
        "id": world.contribution, "contract_id": world.contract, "space_id": world.space, "item_id": new_id(),
        "kind": "comment", "status": "published", "participant_id": world.author, "group_": "families",
        "display": "group", "shown_scope": "group", "version": 2, "shown_version": 2, "pending": 0,
        "provenance": "self", "weight": 1, "created_at": now, "sent_at": now,
    }  # fmt: skip
    insert(raw, "contribution", **{name: value for name, value in values.items() if name in columns})
    for number, words in enumerate((WORDS, CORRECTED), start=1):
        insert(
            raw, "contribution_version", contribution_id=world.contribution, number=number, source=words,
            html="", reason_source="", reason_html="", renderer=1, public=1, at=now,
        )  # fmt: skip
    insert(
        raw, "answer", id=new_id(), contribution_id=world.contribution, answered_version=2, fate="retenue",
        passed_to="", source=ANSWER, html="", renderer=1, by_participant=new_id(), by_function="Direction", at=now,
    )  # fmt: skip


@pytest.fixture
def written(session, raw, world):
    """A register of six lines, and the words it seals."""
    write_contribution(raw, world)
    service.append_all(
        session,
        [
            world.fact(FactKind.SPACE_OPENED, group=Group.MANAGEMENT, object_id=world.space, author_id=None),
            world.fact(FactKind.CONTRIBUTION_SUBMITTED, WORDS),
            world.fact(FactKind.CONTRIBUTION_PUBLISHED, participant_id=new_id(), group=Group.MANAGEMENT),
            world.fact(FactKind.CONTRIBUTION_CORRECTED, CORRECTED),
            world.fact(FactKind.CONTRIBUTION_THANKED, participant_id=new_id(), group=Group.MANAGEMENT),
            world.fact(FactKind.ANSWER_GIVEN, ANSWER, participant_id=new_id(), group=Group.MANAGEMENT),
        ],
    )
    session.commit()
    return world
