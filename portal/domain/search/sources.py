"""What can be found, read from where it lives: the same reading serves the index and the pages of results.

Only what everybody of the scope may read is here: a text that was withdrawn, words that are not published, a document
that was removed give nothing. Negotiation between signatories is no source, and never becomes one by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.answers.models import Answer
from portal.domain.contracts.models import Item
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.documents.models import Document, DocumentFile, Subject
from portal.domain.documents.rules import beyond_title
from portal.domain.indicators import queries as indicators
from portal.domain.indicators.models import ContractIndicator
from portal.domain.objectives.models import Action, ObjectiveSheet
from portal.domain.predecessors.models import FormerCommitment
from portal.domain.search.frame import blocks, branches, commitments
from portal.domain.search.models import Kind, SearchPaper
from portal.domain.search.source import Source
from portal.domain.search.source import days as days_of
from portal.domain.texts import queries as texts
from portal.kernel.text.plain import plain
from portal.vocabulary import ContributionStatus, ItemKind

KINDS = {
    ItemKind.OBJECTIVE: Kind.OBJECTIVE,
    ItemKind.FINDING: Kind.FINDING,
    ItemKind.TRAME_PART: Kind.PART,
}
# Signs of one text that are read: whoever searches does not wait for a book.
LONGEST = 200_000


def items(session: Session, contract_ids: Sequence[str], ids: Sequence[str]) -> list[Source]:
    """Findings, objectives and parts of the trame that stand, with the actions of the objectives; five queries at most."""
    rows = session.scalars(
        select(Item).where(Item.contract_id.in_(contract_ids), Item.id.in_(ids), Item.withdrawn_at.is_(None))
    ).all()
    standing = {row.id: row.contract_id for row in rows}
    if not standing:
        return []
    words, days = texts.current(session, sorted(standing)), days_of(session, standing)
    sheets = {
        row.item_id: row
        for row in session.scalars(select(ObjectiveSheet).where(ObjectiveSheet.item_id.in_(standing)))
    }
    found = []
    for row in rows:
        own = [one.source for (item_id, _register), one in sorted(words.items()) if item_id == row.id]
        sheet = _sheet(sheets.get(row.id))
        said = tuple(one for one in (*sheet, *map(plain, own), row.evidence) if one)
        found.append(
            Source(
                KINDS[row.kind], row.contract_id, row.id, row.id, row.title, said, row.version, days[row.id]
            )
        )
    return found + _actions(session, standing, days)


def _sheet(row: ObjectiveSheet | None) -> tuple[str, ...]:
    if row is None:
        return ()
    said = (
        row.expected, row.health_plan, row.scheme, row.house_plan, row.evaluation, row.watch, row.obstacles,
        row.levers, row.follow_up,
    )  # fmt: skip
    return tuple(one for one in said if one)


def _actions(session: Session, item_ids: Mapping[str, str], days: Mapping[str, datetime]) -> list[Source]:
    rows = session.scalars(select(Action).where(Action.item_id.in_(item_ids), Action.removed_at.is_(None)))
    return [
        Source(
            Kind.ACTION,
            item_ids[row.item_id],
            row.id,
            row.item_id,
            row.label,
            tuple(one for one in (row.lead, row.team, row.partners, row.justification) if one),
            row.version,
            days[row.item_id],
        )
        for row in rows
    ]


def contributions(session: Session, contract_ids: Sequence[str], ids: Sequence[str]) -> list[Source]:
    """Published words, as people read them, and the answers under them; one query."""
    query = (
        select(Contribution, ContributionVersion, Answer)
        .join(
            ContributionVersion,
            and_(
                ContributionVersion.contribution_id == Contribution.id,
                ContributionVersion.number == Contribution.shown_version,
            ),
        )
        .outerjoin(Answer, Answer.contribution_id == Contribution.id)
        .where(
            Contribution.contract_id.in_(contract_ids),
            Contribution.id.in_(ids),
            Contribution.status == ContributionStatus.PUBLISHED,
            Contribution.erased.is_(False),
        )
    )
    found = []
    for row, said, answer in session.execute(query):
        words = tuple(plain(one) for one in (said.source, said.reason_source) if one)
        at = row.published_at or row.created_at
        found.append(
            Source(
                Kind.CONTRIBUTION,
                row.contract_id,
                row.id,
                row.id,
                "",
                words,
                said.number,
                at,
                row.space_id,
                row.id,
            )
        )
        if answer is not None:
            found.append(_answer(row, answer))
    return found


def _answer(row: Contribution, answer: Answer) -> Source:
    return Source(
        Kind.ANSWER,
        row.contract_id,
        answer.id,
        row.id,
        "",
        tuple(one for one in (plain(answer.source), answer.passed_to) if one),
        answer.version,
        answer.corrected_at or answer.at,
        row.space_id,
        row.id,
    )


def documents(session: Session, contract_ids: Sequence[str], ids: Sequence[str]) -> list[Source]:
    """Documents that stand: title, summary, and the first words of the file; one query."""
    query = (
        select(Document, DocumentFile.words, SearchPaper.words)
        .outerjoin(DocumentFile, DocumentFile.id == Document.file_id)
        .outerjoin(SearchPaper, SearchPaper.file_id == Document.file_id)
        .where(Document.contract_id.in_(contract_ids), Document.id.in_(ids), Document.removed_at.is_(None))
    )
    return [
        Source(
            Kind.DOCUMENT,
            row.contract_id,
            row.id,
            row.id,
            row.title,
            tuple(
                one for one in (row.summary, beyond_title(row.title, (whole or first or "")[:LONGEST])) if one
            ),
            row.version,
            row.at,
            row.object_id if row.subject is Subject.SPACE else "",
        )
        for row, first, whole in session.execute(query)
    ]


def followed(session: Session, contract_ids: Sequence[str], _ids: Sequence[str]) -> list[Source]:
    """The indicators that the contract follows, in words: never a value; three queries."""
    rows = session.scalars(
        select(ContractIndicator).where(
            ContractIndicator.contract_id.in_(contract_ids), ContractIndicator.dropped_on.is_(None)
        )
    ).all()
    days = days_of(session, {row.id: row.contract_id for row in rows})
    known = [(row, indicators.view(row)) for row in rows]
    return [
        Source(
            Kind.INDICATOR,
            row.contract_id,
            one.id,
            row.contract_id,
            one.label,
            tuple(str(said) for said in (one.plain, one.definition, one.formula) if said),
            one.version,
            days[one.id],
        )
        for row, one in known
    ]


Reader = Callable[[Session, Sequence[str], Sequence[str]], list[Source]]
# What is read anew together; the owner of blocks, branches and indicators is the contract itself.
READERS: Mapping[Kind, Reader] = {
    Kind.OBJECTIVE: items,
    Kind.FINDING: items,
    Kind.PART: items,
    Kind.ACTION: items,
    Kind.CONTRIBUTION: contributions,
    Kind.ANSWER: contributions,
    Kind.DOCUMENT: documents,
    Kind.BLOCK: blocks,
    Kind.BRANCH: branches,
    Kind.COMMITMENT: commitments,
    Kind.INDICATOR: followed,
}
_OWNERS: Mapping[Reader, type[Item | Document | Contribution | FormerCommitment]] = {
    items: Item,
    documents: Document,
    contributions: Contribution,
    commitments: FormerCommitment,
}
# Commitments come last: a file of the contract before adds hundreds, which are read piece by piece from there on.
FAMILIES: Sequence[Reader] = (blocks, followed, branches, items, documents, contributions, commitments)


def kinds_of(reader: Reader) -> list[Kind]:
    """What a reader gives."""
    return [kind for kind, one in READERS.items() if one is reader]


def ids_after(session: Session, contract_id: str, reader: Reader, after: str, size: int) -> list[str]:
    """The next owners that a reader can be asked about, in the order of their ids; the contract for the small ones."""
    owner = _OWNERS.get(reader)
    if owner is None:
        return [] if after else [contract_id]
    query = select(owner.id).where(owner.contract_id == contract_id, owner.id > after)
    return list(session.scalars(query.order_by(owner.id).limit(size)))


def owners(session: Session, contract_id: str, objects: Iterable[str]) -> dict[Reader, list[str]]:
    """Among what the journal names, what can be found, with who reads it; four queries."""
    named = sorted(set(objects))
    found: dict[Reader, list[str]] = {}
    for reader, owner in _OWNERS.items():
        query = select(owner.id).where(owner.contract_id == contract_id, owner.id.in_(named))
        ids = list(session.scalars(query))
        if ids:
            found[reader] = ids
    return found
