"""What a document held is in no file of the database once it was removed and the files were cleaned."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.domain.documents import cleaning, service
from portal.extensions import db, unit
from portal.kernel import cleaning as kernel_cleaning
from portal.kernel.cleaning import Cleaner
from tests import stores
from tests.conftest import World
from tests.factories.documents import a_document, cleaned
from tests.factories.files import bytes_of

pytestmark = pytest.mark.both_stores

# Not compressible: PostgreSQL packs what it keeps aside.
MARK = b"k7Qz-mot-que-personne-n-ecrit-9xW"
SUMMARY = "Ce que dit le document-k7Qz en une phrase."


def clean(app: Flask, store: stores.Store) -> bool:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        return Cleaner(unit.bound, store.settings.store, [cleaning.NOUN]).finish()


def remove(world: World) -> str:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    found = world.do(lambda s: a_document(s, world.ours, summary=SUMMARY, file=cleaned(MARK)))
    world.do(lambda s: service.remove(s, director, contract, found, "Elle est fausse.", 1))
    return found


def test_no_byte_of_a_removed_document_is_left(world: World, store: stores.Store, portal_app: Flask) -> None:
    world.do(lambda s: a_document(s, world.ours, file=cleaned(MARK + b"-reste")))
    assert MARK in bytes_of(store), "control: the bytes are there before"
    found = remove(world)
    assert world.read(cleaning.uncleaned) == [found]
    assert clean(portal_app, store)
    kept = bytes_of(store)
    assert kept.count(MARK) == kept.count(MARK + b"-reste") > 0, "what was not removed stays"
    assert SUMMARY.encode() not in kept
    assert world.read(cleaning.uncleaned) == []


def test_control_without_cleaning_its_bytes_stay(
    world: World, store: stores.Store, portal_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_cleaning, "clean", lambda *_a: False)
    found = remove(world)
    assert not clean(portal_app, store)
    assert MARK in bytes_of(store)
    assert world.read(cleaning.uncleaned) == [found]
