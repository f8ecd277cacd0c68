"""After the close, no byte of the files joins a sheet to the person who answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from portal.domain.surveys import cleaning, service
from portal.domain.surveys.models import SurveySheet
from portal.domain.surveys.rules import Given
from portal.extensions import db, unit
from portal.kernel import cleaning as kernel_cleaning
from portal.kernel.cleaning import Cleaner
from portal.kernel.engines import database_file
from tests import stores
from tests.conftest import World
from tests.factories.files import bytes_of
from tests.factories.surveys import a_sheet, an_open_survey, version

pytestmark = pytest.mark.both_stores

SAID = "kanariquestionnaire"


@pytest.fixture
def survey(world: World) -> str:
    found = world.do(lambda s: an_open_survey(s, world.ours))
    for name in ("resident", "family"):
        given = (Given((1,)), Given((2,)), Given((1,)), Given(words=f"{SAID} {name}"))
        world.do(lambda s, n=name, g=given: a_sheet(s, world.ours, found, n, *g))
    return found


def sheet_ids(world: World) -> list[bytes]:
    return [one.encode() for one in world.read(lambda s: list(s.scalars(select(SurveySheet.id))))]


def close(world: World, survey: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: service.close(s, director, survey, "Tout est dit.", version=version(s, survey)))


def clean(app: Flask, store: stores.Store) -> bool:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        return Cleaner(unit.bound, store.settings.store, [cleaning.NOUN]).finish()


def test_no_byte_of_a_cut_sheet_is_left(
    world: World, survey: str, store: stores.Store, portal_app: Flask
) -> None:
    before = sheet_ids(world)
    assert before
    assert all(one in bytes_of(store) for one in before), "control: the sheets are there before"
    close(world, survey)
    assert world.read(cleaning.uncleaned) == [survey]
    assert clean(portal_app, store)
    kept = bytes_of(store)
    assert [one for one in before if one in kept] == []
    assert SAID.encode() in kept, "control: the words themselves are kept"
    assert world.read(cleaning.uncleaned) == []


def test_who_reads_the_database_as_it_was_keeps_the_sheets_and_nothing_is_noted_clean(
    world: World, survey: str, store: stores.Store, portal_app: Flask
) -> None:
    """A backup that began before the close: on PostgreSQL a rewriting keeps the rows that it may still read."""
    before = sheet_ids(world)
    with a_backup(store):
        close(world, survey)
        assert not clean(portal_app, store)
        assert world.read(cleaning.uncleaned) == [survey]
    assert clean(portal_app, store)
    kept = bytes_of(store)
    assert [one for one in before if one in kept] == []


@contextmanager
def a_backup(store: stores.Store) -> Iterator[None]:
    """Somebody who reads the whole database as it is now, and has not come to the sheets yet."""
    if store.settings.on_sqlite:
        reader: Any = sqlite3.connect(database_file(store.settings.store), isolation_level=None)
        begin = "BEGIN"
    else:
        reader = psycopg.connect(store.database_url.replace("+psycopg", ""), autocommit=True)
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
    with closing(reader):
        reader.execute(begin)
        reader.execute("SELECT count(*) FROM account").fetchone()
        yield


def test_control_without_cleaning_the_old_sheets_stay(
    world: World, survey: str, store: stores.Store, portal_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sheet_ids(world)
    close(world, survey)
    monkeypatch.setattr(kernel_cleaning, "clean", lambda *_a: False)
    assert not clean(portal_app, store)
    kept = bytes_of(store)
    assert any(one in kept for one in before)
    assert world.read(cleaning.uncleaned) == [survey]
