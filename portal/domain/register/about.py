"""What lines of the register are about, read in bulk: words, subjects, levels, what a space asked at that time."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.acts.models import FormalAct
from portal.domain.contracts.models import Item
from portal.domain.contributions.cards import seen_by
from portal.domain.contributions.models import Contribution
from portal.domain.facts import FactKind
from portal.domain.involvement.models import Involvement
from portal.domain.journal.models import JournalLine
from portal.domain.register import sentences
from portal.domain.register.rules import Words
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.models import Space, SpaceQuestion, SpaceReading
from portal.kernel.speech import Sentence
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, Phase


@dataclass(frozen=True, slots=True)
class Asked:
    """What a space asked from a line of the register on."""

    seq: int
    question: str


@dataclass(frozen=True, slots=True)
class About:
    """What lines with one object are about; `asked` is every question of the space, the oldest first."""

    words: Words | None = None
    item: str = ""
    question: str = ""
    draft: bool = False
    level: Sentence | None = None
    detail: Sentence | None = None
    at_first: Sentence | None = None
    asked: tuple[Asked, ...] = ()

    def question_at(self, seq: int) -> str:
        """What the space asked when this line was written."""
        past = [one.question for one in self.asked if one.seq <= seq]
        return past[-1] if past else self.question

    def told(self, kind: FactKind) -> Sentence | None:
        """What a line of this kind says more than its sentence."""
        return self.at_first if kind is FactKind.SPACE_CREATED else self.level or self.detail


def closed_to(session: Session, reader: Actor, at: datetime) -> frozenset[str]:
    """The spaces of a contract of which this reader may not read the words."""
    views = spaces.of_contracts(session, [reader.contract_id], at)
    return frozenset(one.id for one in views if not permits.allows(reader, Permission.SPACE_READ, one.target))


def about(session: Session, lines: Sequence[JournalLine], closed: Container[str]) -> dict[str, About]:
    """What these lines are about, by object: seven questions; `closed` as `closed_to` says."""
    ids = sorted({line.object for line in lines})
    found: dict[str, About] = {}
    places: dict[str, str] = {}
    for item_id, title in session.execute(select(Item.id, Item.title).where(Item.id.in_(ids))):
        found[item_id] = About(item=title)
    for space_id, question, phase in session.execute(
        select(Space.id, Space.question, Space.phase).where(Space.id.in_(ids))
    ):
        found[space_id] = About(question=question, draft=phase is Phase.DRAFT)
        places[space_id] = space_id
    for record, question, phase in session.execute(
        select(Involvement, Space.question, Space.phase)
        .outerjoin(Space, Space.id == Involvement.space_id)
        .where(Involvement.id.in_(ids))
    ):
        found[record.id] = About(
            question=question or "",
            draft=phase is Phase.DRAFT,
            level=sentences.level(record.group, record.level),
        )
        places[record.id] = record.space_id or ""
    for row, title, question in session.execute(
        select(Contribution, Item.title, Space.question)
        .join(Item, Item.id == Contribution.item_id)
        .join(Space, Space.id == Contribution.space_id)
        .where(Contribution.id.in_(ids))
    ):
        # A question does not change any more once people wrote: theirs is today's.
        readable, told = seen_by(Audience.READERS, row), row.space_id not in closed
        words = Words(readable, row.group, row.status, row.shown_scope, told)
        found[row.id] = About(words, title, question)
    _note_acts(session, ids, found)
    _note_readings(session, ids, found, places)
    _note_questions(session, ids, found, places)
    return found


def _note_acts(session: Session, ids: Sequence[str], found: dict[str, About]) -> None:
    """Which formal act; of one that was withdrawn no more than its stone tells."""
    columns = (FormalAct.id, FormalAct.kind, FormalAct.held_on, FormalAct.body, FormalAct.taken_back_at)
    for act_id, kind, held_on, body, withdrawn in session.execute(
        select(*columns).where(FormalAct.id.in_(ids))
    ):
        found[act_id] = About(detail=sentences.act(kind, held_on, "" if withdrawn else body))


def _note_readings(
    session: Session, ids: Sequence[str], found: dict[str, About], places: dict[str, str]
) -> None:
    """What was said of who reads the words: at the creation of a space, and by lines of their own."""
    query = (
        select(SpaceReading, Space.question, Space.phase, JournalLine.seq)
        .join(Space, Space.id == SpaceReading.space_id)
        .outerjoin(JournalLine, _own_line(SpaceReading.id, FactKind.SPACE_WORDS_TOLD))
        .where(or_(SpaceReading.id.in_(ids), SpaceReading.space_id.in_(ids)))
    )
    for row, question, phase, seq in session.execute(query):
        told = sentences.reading(row.words, row.reason)
        if seq is not None:
            found[row.id] = About(question=question, draft=phase is Phase.DRAFT, detail=told)
            places[row.id] = row.space_id
        elif row.space_id in found:
            found[row.space_id] = replace(found[row.space_id], at_first=told)


def _note_questions(
    session: Session, ids: Sequence[str], found: dict[str, About], places: Mapping[str, str]
) -> None:
    """What each of these spaces asked, and the changes that are lines of their own."""
    changed = select(SpaceQuestion.space_id).where(SpaceQuestion.id.in_(ids))
    query = (
        select(SpaceQuestion, JournalLine.seq)
        .outerjoin(JournalLine, _own_line(SpaceQuestion.id, FactKind.SPACE_QUESTION_CHANGED))
        .where(or_(SpaceQuestion.space_id.in_(set(places.values())), SpaceQuestion.space_id.in_(changed)))
        .order_by(SpaceQuestion.since, SpaceQuestion.id)
    )
    asked: dict[str, list[Asked]] = {}
    rows = [(row, seq or 0) for row, seq in session.execute(query)]
    for row, seq in sorted(rows, key=lambda one: one[1]):
        known = asked.setdefault(row.space_id, [])
        if seq and known:
            found[row.id] = About(
                question=row.question, detail=sentences.question(known[-1].question, row.question)
            )
        known.append(Asked(seq, row.question))
    for object_id, space_id in places.items():
        if len(asked.get(space_id, ())) > 1:
            found[object_id] = replace(found[object_id], asked=tuple(asked[space_id]))


def _own_line(object_id: Any, kind: FactKind) -> Any:
    return and_(JournalLine.object == object_id, JournalLine.kind == kind.value)
