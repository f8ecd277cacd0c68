"""Reads of formal acts: by stage and date, one act with its versions, its document, which kinds are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session, aliased, undefer

from portal.domain.acts import rules
from portal.domain.acts.models import ActOutcome, ActRecord, FormalAct, FormalActVersion
from portal.domain.contracts.models import ContractAuthority
from portal.domain.organisations.models import Establishment, Organisation
from portal.kernel.speech import Sentence
from portal.vocabulary import ActKind, AuthorityKind, Stage

PAGE = 20
# Versions of one act that a page shows; one corrected more often than that is corrected by nobody.
VERSIONS = 50
MINUTES = 5


@dataclass(frozen=True, slots=True)
class RecordView:
    """A document, without its bytes."""

    extension: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ActWords:
    """What an act says in one of its versions."""

    number: int
    stage: Stage
    held_on: date
    body: str
    place: str
    outcome: ActOutcome
    html: str
    record: RecordView | None
    reason: str
    by_function: Sentence
    at: datetime


@dataclass(frozen=True, slots=True)
class ActView:
    """An act as it reads now; a stone when it was taken back."""

    id: str
    kind: ActKind
    establishment_id: str | None
    source: str
    now: ActWords
    taken_back_at: datetime | None
    taken_back_function: Sentence
    taken_back_reason: str
    by_body: bool

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.taken_back_at is None

    @property
    def version(self) -> int:
        """The number of what reads now."""
        return self.now.number


def page(
    session: Session, contract_id: str, *, before: str | None = None, size: int = PAGE
) -> tuple[list[ActView], str | None]:
    """A page of the acts of a contract, the latest stage and date first, and after which id it goes on."""
    query = _acts().where(FormalAct.contract_id == contract_id)
    if before is not None:
        query = query.where(_after(before))
    order = (_rank(FormalAct.stage).desc(), FormalAct.held_on.desc(), FormalAct.id.desc())
    found = [_view(*row) for row in session.execute(query.order_by(*order).limit(size + 1))]
    return found[:size], found[size - 1].id if len(found) > size else None


def of_contract(session: Session, contract_id: str) -> list[ActView]:
    """Every act that stands, the earliest first: for the account of how a contract was built."""
    query = _acts().where(FormalAct.contract_id == contract_id, FormalAct.taken_back_at.is_(None))
    return [_view(*row) for row in session.execute(query.order_by(FormalAct.held_on, FormalAct.id))]


def latest(session: Session, contract_id: str, size: int = VERSIONS) -> list[ActView]:
    """The last acts of a contract that stand, the latest first: to choose one. A committee gives no sixth year."""
    query = _acts().where(
        FormalAct.contract_id == contract_id,
        FormalAct.kind != ActKind.COMMITTEE,
        FormalAct.taken_back_at.is_(None),
    )
    rows = session.execute(query.order_by(FormalAct.held_on.desc(), FormalAct.id.desc()).limit(size))
    return [_view(*row) for row in rows]


def minutes(session: Session, contract_id: str, size: int = MINUTES) -> list[ActView]:
    """What the follow-up committee said at its last meetings, the latest first; what was taken back is not there."""
    query = _acts().where(
        FormalAct.contract_id == contract_id,
        FormalAct.kind == ActKind.COMMITTEE,
        FormalAct.taken_back_at.is_(None),
    )
    rows = session.execute(query.order_by(FormalAct.held_on.desc(), FormalAct.id.desc()).limit(size))
    return [_view(*row) for row in rows]


def act(session: Session, contract_id: str, act_id: str) -> ActView | None:
    """One act of a contract, or None."""
    query = _acts().where(FormalAct.contract_id == contract_id, FormalAct.id == act_id)
    row = session.execute(query).first()
    return None if row is None else _view(*row)


def former(session: Session, act_id: str) -> list[ActWords]:
    """The versions of an act before the one that reads now, the latest first."""
    query = (
        select(FormalActVersion, Establishment.name, *_RECORD)
        .outerjoin(Establishment, Establishment.id == FormalActVersion.establishment_id)
        .outerjoin(ActRecord, ActRecord.id == FormalActVersion.record_id)
        .where(FormalActVersion.act_id == act_id)
        .order_by(FormalActVersion.number.desc())
        .limit(VERSIONS)
    )
    return [_words(row, row.number, row.at, place, record) for row, place, *record in session.execute(query)]


def document(session: Session, contract_id: str, act_id: str, number: int | None = None) -> ActRecord | None:
    """The document of an act that stands, or of one of its former versions, with its bytes."""
    row = session.get(FormalAct, act_id)
    if row is None or row.contract_id != contract_id or row.taken_back_at is not None:
        return None
    wanted = row.record_id
    if number is not None and number != row.version:
        version = session.get(FormalActVersion, (act_id, number))
        wanted = version.record_id if version is not None else None
    if wanted is None:
        return None
    return session.scalar(select(ActRecord).where(ActRecord.id == wanted).options(undefer(ActRecord.content)))


def kinds(session: Session, contract_id: str) -> frozenset[ActKind]:
    """The kinds of act that are recorded and stand."""
    query = select(FormalAct.kind).where(
        FormalAct.contract_id == contract_id, FormalAct.taken_back_at.is_(None)
    )
    return frozenset(session.scalars(query.distinct()))


def laws(session: Session, contract_id: str) -> tuple[rules.Law, ...]:
    """What the law says of the acts of this contract, by who signs it."""
    query = (
        select(Organisation.authority)
        .join(ContractAuthority, ContractAuthority.organisation_id == Organisation.id)
        .where(ContractAuthority.contract_id == contract_id)
    )
    found: Sequence[AuthorityKind | None] = session.scalars(query).all()
    return rules.expected(found)


_RECORD = (ActRecord.extension, ActRecord.size, ActRecord.sha256)


def _acts() -> Any:
    return (
        select(FormalAct, Establishment.name, *_RECORD)
        .outerjoin(Establishment, Establishment.id == FormalAct.establishment_id)
        .outerjoin(ActRecord, ActRecord.id == FormalAct.record_id)
    )


def _rank(stage: Any) -> ColumnElement[int]:
    return case(*((stage == one, rules.rank(one)) for one in Stage), else_=0)


def _after(act_id: str) -> ColumnElement[bool]:
    """What comes after an act in the order of the page."""
    last = aliased(FormalAct)
    rank = select(_rank(last.stage)).where(last.id == act_id).scalar_subquery()
    day = select(last.held_on).where(last.id == act_id).scalar_subquery()
    same = _rank(FormalAct.stage) == rank
    return or_(
        _rank(FormalAct.stage) < rank,
        and_(same, FormalAct.held_on < day),
        and_(same, FormalAct.held_on == day, FormalAct.id < act_id),
    )


def _view(row: FormalAct, place: str | None, *record: Any) -> ActView:
    return ActView(
        row.id,
        row.kind,
        row.establishment_id,
        row.source,
        _words(row, row.version, row.corrected_at or row.recorded_at, place, record),
        row.taken_back_at,
        Sentence(row.taken_back_function),
        row.taken_back_reason,
        row.by_body,
    )


def _words(
    row: FormalAct | FormalActVersion, number: int, at: datetime, place: str | None, record: Sequence[Any]
) -> ActWords:
    extension, size, sha256 = record
    return ActWords(
        number,
        row.stage,
        row.held_on,
        row.body,
        place or "",
        row.outcome,
        row.html,
        None if extension is None else RecordView(extension, size, sha256),
        row.reason,
        Sentence(row.by_function),
        at,
    )
