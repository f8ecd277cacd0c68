"""Verbs of a file that is taken up: kept as it was understood, changed, left; and the one that writes is `writing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.imports import pieces
from portal.domain.imports.building import MAX_TITLE, TITLES
from portal.domain.imports.models import FileImport
from portal.domain.imports.pieces import Piece, PieceKind, Understood
from portal.domain.imports.source import Format
from portal.kernel import clock
from portal.kernel import text as words_of
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

KEPT = timedelta(days=14)
# At the same time, for one person in one contract.
MOST = 5
MAX_NAME = 160
FORGOTTEN_AT_ONCE = 50
MOVED_ON = say("Cette reprise a changé dans une autre fenêtre. Voici ce qui est enregistré.")
DONE = say("Cette reprise est déjà écrite dans le contrat.")
MANY = say("Vous avez déjà cinq reprises en attente. Écrivez-en une, ou abandonnez-en une, puis recommencez.")
NOTHING = say(
    "Rien n’est compris dans ce fichier : ni constat, ni objectif, ni action, ni valeur d’indicateur. Donnez un titre à chaque "
    "colonne (« Objectif opérationnel », « Action », « Constat »…), puis recommencez."
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was typed of a piece."""

    kind: PieceKind
    text: str
    parent: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A file being taken up, or taken up (`written_at`): then `result` says what came of it."""

    id: str
    name: str
    format: Format
    read_at: datetime
    expires_at: datetime
    written_at: datetime | None
    version: int
    body: str
    former: bool = False

    @property
    def understood(self) -> Understood:
        """What was understood of it."""
        return pieces.kept(self.body)


def receive(
    session: Session,
    person: Actor,
    contract_id: str,
    import_id: str,
    name: str,
    form: Format,
    understood: Understood,
    *,
    former: bool = False,
) -> None:
    """Keep what was understood of a file, for this person alone; `former`: of the contract before. Errors: RefusedError, InvalidError (`file`)."""
    permits.require(person, Permission.IMPORT_WRITE, ContractTarget(contract_id))
    if not understood.pieces:
        raise InvalidError({"file": [NOTHING]})
    now = clock.now()
    if full(session, person, contract_id):
        raise InvalidError({"file": [MANY]})
    session.add(
        FileImport(
            id=import_id,
            contract_id=contract_id,
            participant_id=person.participant_id,
            name=words_of.typography(" ".join(name.split())[:MAX_NAME]),
            format=form,
            read_at=now,
            expires_at=now + KEPT,
            body=pieces.written(understood),
            former=former,
        )
    )
    session.flush()


def change(
    session: Session,
    person: Actor,
    contract_id: str,
    import_id: str,
    changes: Mapping[int, Change],
    seen: int,
) -> None:
    """Write what was typed of some pieces. What is still wrong is kept too: it is told beside each piece.

    Errors: RefusedError, NotFoundError, StaleError.
    """
    row = held(session, person, contract_id, import_id, seen)
    now = pieces.kept(row.body)
    known = {one.id: one for one in now.pieces}
    row.body = pieces.written(
        now.changed(
            {number: changed(known[number], one) for number, one in changes.items() if number in known}
        )
    )
    row.version += 1
    session.flush()


def leave(session: Session, person: Actor, contract_id: str, import_id: str) -> None:
    """Forget a file that one was taking up. Errors: RefusedError, NotFoundError."""
    permits.require(person, Permission.IMPORT_WRITE, ContractTarget(contract_id))
    session.delete(_mine(session, person, contract_id, import_id))
    session.flush()


def held(session: Session, person: Actor, contract_id: str, import_id: str, seen: int) -> FileImport:
    """The row of a file of this person, to write it. Errors: RefusedError, NotFoundError, StaleError."""
    permits.require(person, Permission.IMPORT_WRITE, ContractTarget(contract_id))
    row = _mine(session, person, contract_id, import_id)
    if row.written_at is not None:
        raise StaleError(DONE, seen=seen, current=row.version)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row


def full(session: Session, person: Actor, contract_id: str) -> bool:
    """Whether as many files as may wait for this person already do; one query."""
    query = select(FileImport.id).where(
        FileImport.contract_id == contract_id,
        FileImport.participant_id == person.participant_id,
        FileImport.expires_at > clock.now(),
        FileImport.written_at.is_(None),
    )
    return len(session.scalars(query.limit(MOST)).all()) >= MOST


def mine(session: Session, person: Actor, contract_id: str) -> list[View]:
    """The files that this person takes up in a contract, the latest first, a few; one query."""
    rows = session.scalars(
        select(FileImport)
        .where(
            FileImport.contract_id == contract_id,
            FileImport.participant_id == person.participant_id,
            FileImport.expires_at > clock.now(),
        )
        .order_by(FileImport.read_at.desc(), FileImport.id)
        .limit(4 * MOST)
    )
    return [_view(one) for one in rows]


def view(session: Session, person: Actor, contract_id: str, import_id: str) -> View:
    """One of them. Errors: NotFoundError."""
    return _view(_mine(session, person, contract_id, import_id))


def forget_due(session: Session, at: datetime) -> bool:
    """Forget some files whose time is over; True when others may wait."""
    due = select(FileImport.id).where(FileImport.expires_at <= at).limit(FORGOTTEN_AT_ONCE)
    ids = session.scalars(due).all()
    if ids:
        session.execute(delete(FileImport).where(FileImport.id.in_(ids)))
    return bool(ids)


def made_id() -> str:
    """The id of a file that is about to be kept."""
    return new_id()


def _mine(session: Session, person: Actor, contract_id: str, import_id: str) -> FileImport:
    row = session.get(FileImport, import_id, populate_existing=True)
    if row is None or (row.contract_id, row.participant_id) != (contract_id, person.participant_id):
        raise NotFoundError
    if row.expires_at <= clock.now():
        raise NotFoundError
    return row


def changed(piece: Piece, typed: Change) -> Piece:
    """A piece as it was typed."""
    text = " ".join(typed.text.split())[: TITLES.get(typed.kind, MAX_TITLE)]
    said = {name: words for name, words in {**piece.said, **typed.said}.items() if words.strip()}
    return replace(piece, kind=typed.kind, text=text, parent=typed.parent, said=said)


def _view(row: FileImport) -> View:
    return View(
        row.id,
        row.name,
        row.format,
        row.read_at,
        row.expires_at,
        row.written_at,
        row.version,
        row.body,
        row.former,
    )
