"""Reads of the register: pages of lines by cursor, one contribution, a receipt, what is exported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.contributions.cards import visible
from portal.domain.contributions.models import Contribution
from portal.domain.facts import FactKind
from portal.domain.involvement.models import Involvement
from portal.domain.journal import rules as journal
from portal.domain.journal.models import JournalHead, JournalLine
from portal.domain.journal.queries import FACTS
from portal.domain.register import receipts, rules, sentences
from portal.domain.register.about import About, about
from portal.domain.register.canonical import Head, SealedLine
from portal.domain.register.models import Erasure
from portal.domain.register.rules import Family, Shown
from portal.domain.spaces.models import Space, SpaceReading
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence
from portal.vocabulary import Audience, ContributionStatus, Group, Phase, ShownScope

_COLUMNS = (
    JournalLine.contract_id,
    JournalLine.seq,
    JournalLine.at,
    JournalLine.kind,
    JournalLine.group.label("group"),
    JournalLine.object,
    JournalLine.digest,
    JournalLine.commit,
    JournalLine.hash,
    JournalLine.veil,
)
PAGE = 40
PIECE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader looks for; with any of them sealed lines are left out."""

    family: Family | None = None
    group: Group | None = None
    item_id: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def any(self) -> bool:
        """Whether something is asked for."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it is read: no person, the group only as far as the card tells it to this reader."""

    seq: int
    day: date
    kind: FactKind | None
    sentence: Sentence
    detail: Sentence | None = None
    group: str = ""
    item: str = ""
    question: str = ""
    contribution_id: str | None = None
    hash: str = ""
    sealed: bool = False
    many: int = 1

    @property
    def when_label(self) -> Sentence:
        """The day in words."""
        return day_label(self.day)


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of the register, the latest line first; `older` is the number after which it goes on."""

    lines: tuple[LineView, ...]
    older: int | None


def head(session: Session, contract_id: str) -> Head:
    """How far the register of a contract goes; its origin when it has no line."""
    row = session.execute(
        select(JournalHead.seq, JournalHead.head).where(JournalHead.contract_id == contract_id)
    ).first()
    return Head(0, journal.genesis(contract_id)) if row is None else Head(row.seq, row.head)


def page(
    session: Session,
    contract_id: str,
    filters: Filters,
    closed: Collection[str],
    *,
    before: int | None = None,
    size: int = PAGE,
) -> PageView:
    """A page of the register; nine questions however many lines there are.

    `closed` is the spaces of which the reader may not read the words (`about.closed_to`): there no line
    says the group of who wrote, and no filter finds it.
    """
    query = select(JournalLine).where(JournalLine.contract_id == contract_id)
    if before is not None:
        query = query.where(JournalLine.seq < before)
    query = _filtered(query, filters, closed)
    found = list(session.scalars(query.order_by(JournalLine.seq.desc()).limit(size + 1)))
    lines = found[:size]
    older = lines[-1].seq if len(found) > size else None
    return PageView(tuple(_gathered(_views(session, lines, closed))), older)


def path(session: Session, row: Contribution, *, everything: bool) -> list[LineView]:
    """From word to contract: the lines of one contribution, then those of the text it is about.

    `everything` for its author and those who keep the space; others read what the register
    shows everybody. Reactions are nobody's to count.
    """
    own = select(JournalLine).where(
        JournalLine.object == row.id, JournalLine.kind != FactKind.REACTION_CHANGED.value
    )
    lines = _once(session.scalars(own.order_by(JournalLine.seq)))
    if lines:
        changes = select(JournalLine).where(
            JournalLine.object == row.item_id,
            JournalLine.kind == FactKind.TEXT_CHANGED.value,
            JournalLine.seq > lines[0].seq,
        )
        lines += session.scalars(changes.order_by(JournalLine.seq).limit(PAGE))
    known = about(session, lines, closed=())
    told = [_view(line, known.get(line.object, About()), unsealed=everything) for line in lines]
    return sorted((one for one in told if not one.sealed), key=lambda one: one.seq)


def _once(lines: Iterable[JournalLine]) -> list[JournalLine]:
    """The same lines, reports told once: one by one they would count who reported."""
    reported = FactKind.CONTRIBUTION_REPORTED.value
    kept: list[JournalLine] = []
    for line in lines:
        if line.kind != reported or all(one.kind != reported for one in kept):
            kept.append(line)
    return kept


def codes(session: Session, contribution_ids: Sequence[str]) -> dict[str, str]:
    """The receipt of each contribution: of the line that first sealed its words; one question."""
    rows = session.execute(
        select(JournalLine.object, JournalLine.seq, JournalLine.hash)
        .where(
            JournalLine.object.in_(contribution_ids),
            JournalLine.digest != "",
            JournalLine.kind.in_([kind.value for kind in rules.SEALS_WORDS]),
        )
        .order_by(JournalLine.seq.desc())
    )
    return {object_id: receipts.code(seq, hashed) for object_id, seq, hashed in rows}


def proven(session: Session, contract_id: str, receipt: receipts.Receipt) -> LineView | None:
    """The line that a receipt proves, with its day and kind alone; None when it is not there.

    Receipts are given for the lines that seal words: of any other line nothing is told, not even that it
    exists, or who computes codes would open the lines that the register seals.
    """
    row = session.get(JournalLine, (contract_id, receipt.seq))
    if row is None or not row.hash.startswith(receipt.hash_start):
        return None
    kind = FACTS[row.kind]
    if kind not in rules.SEALS_WORDS or not row.digest:
        return None
    return LineView(
        row.seq, journal.day_of(row.at), kind, sentences.sentence(kind), _erased(session, row.object)
    )


def _erased(session: Session, contribution_id: str) -> Sentence | None:
    """That words which people had read were erased since; nothing of words that nobody else knew of."""
    query = select(Contribution.id).where(
        Contribution.id == contribution_id,
        Contribution.erased.is_(True),
        Contribution.shown_version.is_not(None),
    )
    return sentences.ERASED_SINCE if session.scalar(query) is not None else None


def items(session: Session, contract_id: str) -> list[Row[str, str]]:
    """The subjects of a contract, by number: for the filter."""
    query = select(Item.id, Item.title).where(Item.contract_id == contract_id)
    return list(session.execute(query.order_by(Item.kind, Item.number)))


def asked_erasures(session: Session, contract_id: str) -> list[str]:
    """The contributions whose author waits for the direction to confirm their erasure."""
    query = (
        select(Erasure.contribution_id)
        .join(Contribution, Contribution.id == Erasure.contribution_id)
        .where(
            Erasure.contract_id == contract_id,
            Erasure.done_at.is_(None),
            Erasure.asked_by == Contribution.participant_id,
        )
    )
    return list(session.scalars(query.order_by(Erasure.asked_at)))


def exported(
    read: Callable[[], Session],
    contract_id: str,
    upto: int,
    closed: Collection[str],
    *,
    size: int = PIECE,
) -> Iterator[SealedLine]:
    """Every line to `upto`, in order, piece by piece; `read` gives a fresh session for each piece."""
    for session, lines in _pieces(read, contract_id, upto, size):
        known = about(session, lines, closed)
        for line in lines:
            yield SealedLine(_line(line), line.hash, _shown(line, known.get(line.object, About())))


def told(
    read: Callable[[], Session],
    contract_id: str,
    upto: int,
    closed: Collection[str],
    *,
    size: int = PIECE,
) -> Iterator[LineView]:
    """The same lines in sentences."""
    for session, lines in _pieces(read, contract_id, upto, size):
        yield from _views(session, lines, closed)


def _pieces(
    read: Callable[[], Session], contract_id: str, upto: int, size: int
) -> Iterator[tuple[Session, list[JournalLine]]]:
    after = 0
    while after < upto:
        session = read()
        query = select(*_COLUMNS).where(
            JournalLine.contract_id == contract_id, JournalLine.seq > after, JournalLine.seq <= upto
        )
        # Rows, not objects: a session remembers objects.
        lines: list[Any] = list(session.execute(query.order_by(JournalLine.seq).limit(size)))
        if not lines:
            return
        yield session, lines
        after = lines[-1].seq


def _line(row: JournalLine) -> journal.Line:
    return journal.Line(
        row.contract_id, row.seq, row.at, row.kind, row.group, row.object, row.digest, row.commit, row.veil
    )


def _filtered(query: Select[JournalLine], filters: Filters, closed: Collection[str]) -> Select[JournalLine]:
    if not filters.any:
        return query
    query = query.where(
        JournalLine.kind.not_in([kind.value for kind in rules.PERSONAL]), not_(_unreadable()), not_(_draft())
    )
    if filters.family is not None:
        query = query.where(JournalLine.kind.in_([kind.value for kind in rules.FAMILIES[filters.family]]))
    if filters.group is not None:
        query = query.where(_of_group(filters.group, closed))
    if filters.item_id is not None:
        said = select(Contribution.id).where(Contribution.item_id == filters.item_id)
        query = query.where(or_(JournalLine.object == filters.item_id, JournalLine.object.in_(said)))
    if filters.since is not None:
        query = query.where(JournalLine.at >= filters.since.isoformat())
    if filters.until is not None:
        query = query.where(JournalLine.at < (filters.until + timedelta(days=1)).isoformat())
    return query


def _unreadable() -> Any:
    """Lines of words that readers do not know of."""
    return exists().where(Contribution.id == JournalLine.object, not_(visible(Audience.READERS)))


def _draft() -> Any:
    """Lines of a space that is not announced, of a level there, or of who reads its words."""
    of_level, of_reading = (
        select(row.space_id).where(row.id == JournalLine.object).correlate(JournalLine).scalar_subquery()
        for row in (Involvement, SpaceReading)
    )
    return exists().where(
        or_(Space.id == JournalLine.object, Space.id == of_level, Space.id == of_reading),
        Space.phase == Phase.DRAFT,
    )


def _of_group(group: Group, closed: Collection[str]) -> Any:
    """Lines whose group is told, and is this one: as `rules.group_label` says, never finer."""
    if group.institutional:
        return JournalLine.group == group.value
    told_group = exists().where(
        Contribution.id == JournalLine.object,
        Contribution.group == group,
        Contribution.shown_scope != ShownScope.COLLEGE,
        Contribution.status != ContributionStatus.REFUSED,
        Contribution.space_id.not_in(closed),
    )
    sealing = [kind.value for kind in rules.SEALS_WORDS]
    by_author = or_(
        and_(JournalLine.kind.in_(sealing), JournalLine.digest != ""),
        JournalLine.kind == FactKind.CONTRIBUTION_WITHDRAWN.value,
    )
    levels = [kind.value for kind in rules.ABOUT_A_GROUP]
    return and_(
        JournalLine.group == group.value,
        or_(JournalLine.kind.in_(levels), and_(by_author, told_group)),
    )


def _views(session: Session, lines: Sequence[JournalLine], closed: Collection[str]) -> list[LineView]:
    known = about(session, lines, closed)
    return [_view(line, known.get(line.object, About())) for line in lines]


def _shown(line: JournalLine, its: About) -> Shown:
    return rules.shown(FACTS[line.kind], line.group, line.digest, its.words, draft=its.draft)


def _view(line: JournalLine, its: About, *, unsealed: bool = False) -> LineView:
    kind, shown = FACTS[line.kind], _shown(line, its)
    if shown is Shown.SEALED and not unsealed:
        return LineView(
            line.seq, journal.day_of(line.at), None, sentences.SEALED, hash=line.hash, sealed=True
        )
    return LineView(
        line.seq,
        journal.day_of(line.at),
        kind,
        sentences.sentence(kind, read_over=shown is Shown.WHOLE and rules.read_over(kind, line.digest)),
        its.told(kind),
        rules.group_label(kind, line.group, line.digest, its.words) if its.level is None else "",
        its.item,
        its.question_at(line.seq),
        line.object if its.words is not None and its.words.told else None,
        line.hash,
    )


def _gathered(lines: Sequence[LineView]) -> Iterator[LineView]:
    """Lines that say nothing more than the one before, as one: sealed lines, and those of days when no act is told."""
    waiting: LineView | None = None
    for line in lines:
        if waiting is not None and _alike(waiting, line):
            waiting = replace(waiting, many=waiting.many + 1)
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def _alike(one: LineView, other: LineView) -> bool:
    return (one.sealed and other.sealed) or one.kind is other.kind is FactKind.QUIET_SEALED


def moment(at: datetime) -> str:
    """An instant as exports write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
