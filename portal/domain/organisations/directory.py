"""The national FINESS directory, as the last extract read gives it: read in small pieces, looked up while one types."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import String, delete, insert, select, update

from portal.domain.organisations import extract
from portal.domain.organisations.extract import Broken, Fault, Site
from portal.domain.organisations.models import DirectoryEdition, DirectoryFault, DirectorySite, EditionState
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

MAX_BYTES = 60 * 1024 * 1024
# Other units wait while a piece is written.
LINES_AT_ONCE = 1_000
FAULTS_KEPT, FAULTS_SHOWN = 1_000, 50
FOUND_AT_ONCE = 20
# An extract that lost so much is a cut file, or another one: the directory in use stays.
LEAST_SHARE = 0.5
LONGEST_LINE = 4_096
LENGTHS = {
    column.name: column.type.length
    for column in DirectorySite.__table__.columns
    if isinstance(column.type, String) and column.type.length
}

NOT_AN_EXTRACT = say(
    "Ce fichier n’est pas une extraction FINESS : sa première ligne devrait commencer par « finess;etalab; ». "
    "Choisissez le fichier « Extraction Finess des établissements » de data.gouv.fr."
)
NOT_IN_USE = say(
    "Ce fichier contient bien moins d’établissements que le répertoire en service, ou aucun : il n’est pas "
    "mis en service. Vérifiez qu’il n’est pas coupé, puis recommencez."
)
TOO_HEAVY = say("Ce fichier est trop lourd. Il peut peser 60 Mo au plus.")
ALREADY_READING = say("Un autre fichier est en cours de lecture. Attendez sa fin, puis recommencez.")


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a file before it is read: its first line, its letters, its size in bytes."""

    dated_on: date | None
    encoding: str
    size: int


def look_at(file: IO[bytes]) -> Received:
    """Look at a file from its beginning, whole once for its letters. Errors: InvalidError on `file`."""
    file.seek(0)
    first = file.readline(LONGEST_LINE)
    try:
        first_line = extract.header(first.decode("utf-8", errors="replace"))
    except extract.NotAnExtractError:
        raise InvalidError({"file": [NOT_AN_EXTRACT]}) from None
    file.seek(0)
    encoding = extract.encoding_of(iter(lambda: file.read(1 << 16), b""))
    size = file.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise InvalidError({"file": [TOO_HEAVY]})
    return Received(first_line.dated_on, encoding, size)


def receive(session: Session, edition_id: str, received: Received, by_function: str, at: datetime) -> None:
    """Note that a file, already kept under this id, waits to be read. Errors: InvalidError when another one is read."""
    if reading(session) is not None:
        raise InvalidError({"file": [ALREADY_READING]})
    row = DirectoryEdition(
        id=edition_id,
        state=EditionState.READING,
        dated_on=received.dated_on,
        encoding=received.encoding,
        size=received.size,
        received_at=at,
        received_by=by_function,
    )
    session.add(row)
    session.flush()


def reading(session: Session) -> DirectoryEdition | None:
    """The edition being read, if any."""
    return session.scalars(
        select(DirectoryEdition).where(DirectoryEdition.state == EditionState.READING).limit(1)
    ).first()


def current(session: Session) -> DirectoryEdition | None:
    """The edition in use, if any."""
    return session.scalars(
        select(DirectoryEdition).where(DirectoryEdition.state == EditionState.READY).limit(1)
    ).first()


def last(session: Session) -> DirectoryEdition | None:
    """The last file that was read to its end, put in use or not."""
    ended = select(DirectoryEdition).where(DirectoryEdition.ended_at.is_not(None))
    return session.scalars(ended.order_by(DirectoryEdition.ended_at.desc()).limit(1)).first()


def edition(session: Session, edition_id: str) -> DirectoryEdition | None:
    """One edition, or None."""
    return session.get(DirectoryEdition, edition_id)


def read_piece(session: Session, edition: DirectoryEdition, file: IO[bytes], at: datetime) -> bool:
    """Write the next lines of a file; False once it is read whole, and in use or refused."""
    file.seek(edition.at_byte)
    if edition.at_byte == 0:
        file.readline(LONGEST_LINE)
    lines = list(islice(_lines(file), LINES_AT_ONCE))
    if not lines:
        _end(session, edition, at)
        return False
    words = [line.decode(edition.encoding, errors="replace") for line in lines]
    found = list(extract.read(words, edition.at_line + 1))
    twice = _keep(session, edition, [(line, row) for line, row in found if isinstance(row, Site)])
    _leave_out(session, edition, [row for _line, row in found if isinstance(row, Broken)] + twice)
    edition.at_byte, edition.at_line = file.tell(), edition.at_line + len(lines)
    session.flush()
    return True


def forgettable(session: Session) -> bool:
    """Whether sites of editions that nobody reads any more are still there."""
    return session.execute(_forgotten().limit(1)).first() is not None


def forget_piece(session: Session) -> bool:
    """Remove some sites of editions that nobody reads any more; whether there were any."""
    rows = session.execute(_forgotten().limit(LINES_AT_ONCE)).all()
    for edition_id in {row.edition_id for row in rows}:
        numbers = [row.finess_et for row in rows if row.edition_id == edition_id]
        gone = DirectorySite.edition_id == edition_id, DirectorySite.finess_et.in_(numbers)
        session.execute(delete(DirectorySite).where(*gone))
    return bool(rows)


def look_up(session: Session, typed: str, department: str = "") -> Sequence[DirectorySite]:
    """The establishments that every word typed begins a word of: by number, name or town; a few at most."""
    edition = current(session)
    terms = _terms(typed)
    if edition is None or not terms:
        return ()
    here = DirectorySite.edition_id == edition.id
    wanted = select(DirectorySite.finess_et).where(here)
    for term in terms:
        wanted = wanted.where(DirectorySite.words.contains(f" {term}", autoescape=True))
    if department:
        wanted = wanted.where(DirectorySite.department == department)
    numbers = session.scalars(wanted.order_by(DirectorySite.finess_et).limit(FOUND_AT_ONCE)).all()
    found = select(DirectorySite).where(here, DirectorySite.finess_et.in_(numbers))
    return session.scalars(found.order_by(DirectorySite.finess_et)).all()


def site(session: Session, finess_et: str) -> DirectorySite | None:
    """One establishment of the edition in use."""
    edition = current(session)
    return session.get(DirectorySite, (edition.id, finess_et)) if edition else None


def faults(session: Session, edition_id: str) -> Sequence[DirectoryFault]:
    """The first lines that were left out of an edition."""
    return session.scalars(
        select(DirectoryFault).where(DirectoryFault.edition_id == edition_id).order_by(DirectoryFault.line)
    ).all()


def plain(words: str) -> str:
    """Words as one looks them up: small letters without accents, apart by one space."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split())


def _forgotten() -> Select[str, str]:
    over = DirectoryEdition.state.in_([EditionState.REPLACED, EditionState.FAILED])
    return select(DirectorySite.edition_id, DirectorySite.finess_et).where(
        DirectorySite.edition_id.in_(select(DirectoryEdition.id).where(over))
    )


def _terms(typed: str) -> list[str]:
    """What was typed, word by word; a FINESS number typed in pieces is one word."""
    terms = plain(typed).split()
    whole = "".join(terms).upper()
    return [whole.lower()] if extract.NUMBER.fullmatch(whole) else terms


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    return iter(file.readline, b"")


def _keep(session: Session, edition: DirectoryEdition, sites: Sequence[tuple[int, Site]]) -> list[Broken]:
    """Write what is new of these lines; the lines whose number was there already."""
    numbers = [one.finess_et for _line, one in sites]
    here = select(DirectorySite.finess_et).where(
        DirectorySite.edition_id == edition.id, DirectorySite.finess_et.in_(numbers)
    )
    known = set(session.scalars(here))
    rows, twice = [], []
    for line, one in sites:
        if one.finess_et in known:
            twice.append(Broken(line, Fault.TWICE))
            continue
        known.add(one.finess_et)
        rows.append(_cut(asdict(one) | {"edition_id": edition.id, "words": _words(one)}))
    if rows:
        session.execute(insert(DirectorySite), rows)
    edition.kept += len(rows)
    return twice


def _leave_out(session: Session, edition: DirectoryEdition, broken: list[Broken]) -> None:
    room = max(0, FAULTS_KEPT - edition.broken)
    rows = [{"edition_id": edition.id, "line": one.line, "fault": one.fault} for one in broken[:room]]
    if rows:
        session.execute(insert(DirectoryFault), rows)
    edition.broken += len(broken)


def _end(session: Session, edition: DirectoryEdition, at: datetime) -> None:
    before = current(session)
    edition.ended_at = at
    if edition.kept == 0 or (before and edition.kept < before.kept * LEAST_SHARE):
        edition.state = EditionState.FAILED
        return
    session.execute(
        update(DirectoryEdition)
        .where(DirectoryEdition.state == EditionState.READY)
        .values(state=EditionState.REPLACED)
    )
    edition.state = EditionState.READY


def _words(one: Site) -> str:
    return f" {plain(f'{one.finess_et} {one.finess_ej} {one.name} {one.town} {one.postcode}')}"


def _cut(row: dict[str, Any]) -> dict[str, Any]:
    """No field longer than its column: PostgreSQL would refuse the whole piece."""
    return {name: value[: LENGTHS[name]] if name in LENGTHS else value for name, value in row.items()}
