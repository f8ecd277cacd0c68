"""The directory is read in pieces and looked up while one types."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.directory_file import load as load_file
from portal.domain.organisations import directory, kept
from portal.domain.organisations.extract import Fault
from portal.domain.organisations.models import DirectoryEdition, EditionState
from portal.extensions import unit
from portal.jobs import directory as reader
from portal.kernel.errors import InvalidError, PortalError
from portal.kernel.ids import new_id
from tests.factories import finess
from tests.stores import Store

NOW = datetime(2026, 9, 10, 8, tzinfo=UTC)


@pytest.fixture
def session(portal_app: Flask, store: Store) -> Iterator[Session]:
    engine = create_engine(store.settings.store)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "LINES_AT_ONCE", 7)


def file_of(lines: list[str], encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode(encoding))


def load(session: Session, file: io.BytesIO) -> DirectoryEdition:
    """Read a file whole, as the job does."""
    edition_id = new_id()
    directory.receive(session, edition_id, directory.look_at(file), "Direction", NOW)
    edition = session.get_one(DirectoryEdition, edition_id)
    while directory.read_piece(session, edition, file, NOW):
        session.expire_all()
    return edition


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_file_is_read_whole_in_pieces(session: Session, encoding: str) -> None:
    edition = load(session, file_of(list(finess.lines(30)), encoding))
    assert (edition.state, edition.kept, edition.broken) == (EditionState.READY, 30, 0)
    assert edition.dated_on == date(2026, 9, 8)
    assert edition.at_byte == edition.size
    (found,) = directory.look_up(session, "chataignier 21")
    assert found.name == "LE CHÂTAIGNIER 21"


def test_broken_lines_are_named_by_their_number_and_skipped(session: Session) -> None:
    lines = [finess.FIRST, *(finess.line(one) for one in range(1, 20))]
    lines[3] = "structureet;cassée"
    lines[11] = finess.line(9)
    edition = load(session, file_of(lines))
    assert (edition.kept, edition.broken) == (17, 2)
    assert [(one.line, one.fault) for one in directory.faults(session, edition.id)] == [
        (4, Fault.FIELDS),
        (12, Fault.TWICE),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2A0000001", ["2A0000001"]),
        ("2a 000 0001", ["2A0000001"]),
        ("2A00000", ["2A0000001", "2A0000009"]),
        ("étoile ajaccio", ["2A0000009"]),
        ("ajac toil", []),
        ("97110", ["970000003", "970000011"]),
        ("L’ÉTOILE", ["2A0000009", "540000004"]),
        ("%", []),
        ("", []),
    ],
)
def test_one_finds_by_number_name_or_town(session: Session, typed: str, found: list[str]) -> None:
    names = {4: "L'ÉTOILE DU MATIN", 9: "L'ÉTOILE DU MATIN"}
    lines = [finess.line(n, rs=names.get(n, "LES TILLEULS")) for n in range(1, 13)]
    lines[3] = finess.line(4, rs=names[4], nofinesset="540000004")
    load(session, file_of([finess.FIRST, *lines]))
    assert [one.finess_et for one in directory.look_up(session, typed)] == found


def test_a_newer_file_takes_the_place_and_a_cut_one_does_not(session: Session) -> None:
    first = load(session, file_of(list(finess.lines(20))))
    cut = load(session, file_of(list(finess.lines(20))[:9]))
    assert (first.state, cut.state) == (EditionState.READY, EditionState.FAILED)
    second = load(session, file_of([finess.FIRST, *(finess.line(n, rs="NEUF") for n in range(1, 20))]))
    session.refresh(first)
    assert (first.state, second.state) == (EditionState.REPLACED, EditionState.READY)
    assert {one.name for one in directory.look_up(session, "540000008")} == {"NEUF"}
    while directory.forget_piece(session):
        pass
    assert not directory.forgettable(session)
    assert directory.look_up(session, "neuf")


def test_another_file_is_refused_and_one_at_a_time(session: Session) -> None:
    with pytest.raises(InvalidError, match=r"data\.gouv\.fr"):
        directory.look_at(io.BytesIO(b"PK\x03\x04 a spreadsheet"))
    waiting = directory.look_at(file_of(list(finess.lines(3))))
    directory.receive(session, new_id(), waiting, "Direction", NOW)
    with pytest.raises(InvalidError, match="en cours"):
        directory.receive(session, new_id(), waiting, "Direction", NOW)


def test_the_operator_loads_a_file_and_reads_what_was_left_out(session: Session, instance: Path) -> None:
    lines = [*list(finess.lines(40))[:41], "structureet;cassée"]
    said = list(load_file(unit.bound, instance, file_of(lines)))
    assert "% lus" in said[0]
    assert said[-2:] == [
        "Ligne 42 laissée de côté : Cette ligne n’a pas 32 champs.",
        "40 établissements sont en service ; 1 lignes laissées de côté.",
    ]
    assert directory.look_up(session, "roseraie")
    assert not list((instance / "repertoire").iterdir())


def test_a_cut_file_is_not_put_in_use_and_leaves_nothing(session: Session, instance: Path) -> None:
    list(load_file(unit.bound, instance, file_of(list(finess.lines(40)))))
    with pytest.raises(PortalError, match="coupé"):
        list(load_file(unit.bound, instance, file_of(list(finess.lines(5)))))
    assert len(directory.look_up(session, "54")) == 5
    with pytest.raises(PortalError):
        list(load_file(unit.bound, instance, io.BytesIO(b"rien")))
    assert not list((instance / "repertoire").iterdir())


def test_a_file_that_is_lost_is_said_not_read(session: Session, instance: Path) -> None:
    waiting = directory.look_at(file_of(list(finess.lines(3))))
    unit.bound(lambda writing: directory.receive(writing, "perdue", waiting, "Direction", NOW))
    assert reader.work(unit.bound, instance, "un")
    assert session.get_one(DirectoryEdition, "perdue").state is EditionState.FAILED
    assert not reader.work(unit.bound, instance, "un")


def test_two_processes_never_read_the_same_piece(session: Session, instance: Path) -> None:
    file = file_of(list(finess.lines(30)))
    kept.keep(instance, "seule", file)
    waiting = directory.look_at(file)
    unit.bound(lambda writing: directory.receive(writing, "seule", waiting, "Direction", NOW))
    assert reader.work(unit.bound, instance, "un")
    assert not reader.work(unit.bound, instance, "deux")
    assert session.get_one(DirectoryEdition, "seule").kept == 7
