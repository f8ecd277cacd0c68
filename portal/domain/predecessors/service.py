"""Verbs of the contract before: say what it was, take up its commitments, say what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.facts import FactKind
from portal.domain.imports import compare, pieces, writing
from portal.domain.imports import service as imports
from portal.domain.imports.pieces import Piece, PieceKind, Understood
from portal.domain.imports.source import Place
from portal.domain.imports.standing import Standing
from portal.domain.lifecycle.writing import Fields, require_seen, tell
from portal.domain.participants.queries import function_of
from portal.domain.predecessors import rules
from portal.domain.predecessors.models import (
    FormerCommitment,
    FormerCommitmentVersion,
    Outcome,
    Predecessor,
    PredecessorKind,
    PredecessorVersion,
)
from portal.domain.predecessors.rules import ASKED, GOES_ON, NEEDS_WORDS, TOLD_BY_A_FILE, UNDER
from portal.kernel import clock
from portal.kernel import text as words_of
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.ids import is_id
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ItemKind

MAX_TITLE, MAX_WORDS, MOST = 200, 600, 600
# The choice that makes an objective of a commitment.
NEW = "nouveau"
LINE = ("title", "outcome", "words", "objective_id")
TOLD = ("kind", "title", "starts_on", "ends_on", "parties", "numbers")
MANY = say("Le contrat d’avant a déjà 600 engagements ici. Mettez-en de côté avant d’en ajouter.")
NO_COMMITMENT = say("Aucun morceau n’est un objectif ou un engagement du contrat d’avant.")


@dataclass(frozen=True, slots=True)
class PredecessorTyped:
    """The contract before as it was typed."""

    kind: PredecessorKind | None
    title: str
    starts_on: date | None = None
    ends_on: date | None = None
    parties: str = ""
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeTyped:
    """What was typed of a commitment; `objective` is the id of one of this contract, or NEW."""

    title: str
    outcome: Outcome | None
    words: str = ""
    objective: str = ""


def present(session: Session, person: Actor, contract_id: str, typed: PredecessorTyped, seen: int) -> None:
    """Say what the contract before was; `seen` is 0 as long as nobody did.

    Errors: RefusedError, StaleError, InvalidError beside each field.
    """
    _require(person, contract_id)
    row = session.get(Predecessor, contract_id, populate_existing=True)
    require_seen(seen, row.version if row else 0)
    values = _checked(typed)
    if row is None:
        row = Predecessor(
            contract_id=contract_id, **values, by_function=function_of(person), at=clock.now(), version=1
        )
        session.add(row)
    elif all(getattr(row, name) == value for name, value in values.items()):
        return
    else:
        session.add(
            PredecessorVersion(
                contract_id=contract_id,
                version=row.version,
                by_function=row.by_function,
                at=row.at,
                **{name: getattr(row, name) for name in TOLD},
            )
        )
        _put(row, person, values)
    tell(session, person, contract_id, FactKind.PREDECESSOR_WRITTEN, contract_id, *values.values())


def add(session: Session, person: Actor, contract_id: str, title: str) -> str:
    """Add a commitment by hand; its id. Errors: RefusedError, InvalidError (`title`)."""
    _require(person, contract_id)
    fields = Fields()
    line = fields.line("title", title, MAX_TITLE)
    fields.done()
    piece = Piece(1, PieceKind.OBJECTIVE, line, "", Place(), line)
    return _add(session, person, contract_id, [Understood((piece,), ())])[0]


def take_up(session: Session, person: Actor, contract_id: str, import_id: str, seen: int) -> None:
    """Keep the commitments of a file of the contract before. Nothing is written when one of its pieces is to be mended.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError.
    """
    _require(person, contract_id)
    row = imports.held(session, person, contract_id, import_id, seen)
    if not row.former:
        raise NotFoundError
    understood = pieces.kept(row.body)
    if compare.compare(understood, Standing()).problems:
        raise InvalidError({"pieces": [writing.UNREADY]})
    found = list(rules.commitments(understood))
    if not found:
        raise InvalidError({"pieces": [NO_COMMITMENT]})
    made = _add(session, person, contract_id, found)
    writing.close(row, {PieceKind.OBJECTIVE: len(made)}, understood)
    session.flush()


def say_outcome(
    session: Session, person: Actor, contract_id: str, commitment_id: str, typed: OutcomeTyped, seen: int
) -> None:
    """Say what became of a commitment; an objective is made of it when that is asked.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    _require(person, contract_id)
    row = session.get(FormerCommitment, commitment_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    require_seen(seen, row.version)
    values = _said(session, person, row, typed)
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    session.add(
        FormerCommitmentVersion(
            commitment_id=row.id,
            version=row.version,
            by_function=row.by_function,
            at=row.at,
            **{name: getattr(row, name) for name in LINE},
        )
    )
    _put(row, person, values)
    tell(session, person, contract_id, FactKind.COMMITMENT_TOLD, row.id, *values.values())


def _require(person: Actor, contract_id: str) -> None:
    permits.require(person, Permission.IMPORT_WRITE, ContractTarget(contract_id))


def _put(row: Predecessor | FormerCommitment, person: Actor, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.by_function, row.at = row.version + 1, function_of(person), clock.now()


def _checked(typed: PredecessorTyped) -> dict[str, object]:
    fields = Fields()
    if typed.kind is None:
        fields.wrong("kind", say("Choisissez ce qu’était le contrat d’avant."))
    values: dict[str, object] = {
        "kind": typed.kind,
        "title": fields.line("title", typed.title, MAX_TITLE),
        "starts_on": typed.starts_on,
        "ends_on": typed.ends_on,
        "parties": fields.line("parties", typed.parties, MAX_WORDS, optional=True),
        "numbers": fields.line("numbers", typed.numbers, MAX_WORDS, optional=True),
    }
    fields.day("starts_on", typed.starts_on)
    fields.day("ends_on", typed.ends_on)
    order = say("La fin doit venir après le début.")
    fields.order(typed.starts_on, typed.ends_on, "ends_on", order)
    fields.done()
    return values


def _add(session: Session, person: Actor, contract_id: str, found: list[Understood]) -> list[str]:
    last = session.scalar(
        select(func.max(FormerCommitment.number)).where(FormerCommitment.contract_id == contract_id)
    )
    first = (last or 0) + 1
    if first - 1 + len(found) > MOST:
        raise InvalidError({"title": [MANY], "pieces": [MANY]})
    rows = [_row(contract_id, number, one, person) for number, one in enumerate(found, first)]
    session.add_all(rows)
    session.flush()
    told = [words for row in rows for words in (row.title, *_sealed(row))]
    tell(session, person, contract_id, FactKind.COMMITMENTS_ADDED, contract_id, *told)
    return [row.id for row in rows]


def _sealed(row: FormerCommitment) -> tuple[str, ...]:
    return () if row.outcome is Outcome.UNSAID else (row.outcome.value, row.words)


def _row(contract_id: str, number: int, found: Understood, person: Actor) -> FormerCommitment:
    piece = found.pieces[0]
    outcome, words = _told(piece)
    return FormerCommitment(
        contract_id=contract_id,
        number=number,
        title=words_of.typography(piece.text),
        under=words_of.typography(piece.said.get(UNDER, "")),
        outcome=outcome,
        words=words,
        objective_id=None,
        carried=pieces.written(found),
        by_function=function_of(person),
        at=clock.now(),
        version=1,
    )


def _told(piece: Piece) -> tuple[Outcome, str]:
    """What the file said that a commitment became, as it was read and changed before it is kept."""
    typed = piece.said.get("outcome", "")
    outcome = next((one for one in TOLD_BY_A_FILE if one.value == typed), Outcome.UNSAID)
    if outcome is Outcome.UNSAID:
        return outcome, ""
    return outcome, check_line(piece.said.get("became", ""), "pieces", MAX_WORDS, optional=True)


def _said(session: Session, person: Actor, row: FormerCommitment, typed: OutcomeTyped) -> dict[str, object]:
    fields, outcome = Fields(), typed.outcome
    if outcome is None:
        fields.wrong("became", say("Choisissez ce qu’il est devenu."))
    title = fields.line("title", typed.title, MAX_TITLE)
    words = fields.line("words", typed.words, MAX_WORDS, optional=True)
    if outcome in NEEDS_WORDS and "words" not in fields.errors:
        if words:
            words = fields.reason("words", typed.words, MAX_WORDS)
        else:
            fields.wrong("words", ASKED[outcome])
    goes_on = outcome in GOES_ON
    if goes_on and typed.objective != NEW and not _is_objective(session, row.contract_id, typed.objective):
        fields.wrong("objective", say("Choisissez l’objectif de ce contrat, ou faites-en un nouveau."))
    fields.done()
    objective_id = typed.objective if goes_on else None
    if objective_id == NEW:
        carried = rules.titled(pieces.kept(row.carried), title, clock.today())
        objective_id = writing.objective_of(session, person, row.contract_id, carried)
    return {"title": title, "outcome": outcome, "words": words, "objective_id": objective_id}


def _is_objective(session: Session, contract_id: str, item_id: str) -> bool:
    query = select(Item.id).where(
        Item.id == item_id,
        Item.contract_id == contract_id,
        Item.kind == ItemKind.OBJECTIVE,
        Item.withdrawn_at.is_(None),
    )
    return is_id(item_id) and session.scalar(query) is not None
