"""Words of people in a document: only those that the reader reads on the screen, under the label of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from portal.domain.answers.models import Answer
from portal.domain.construction.sources import Sources
from portal.domain.contracts.models import Item
from portal.domain.contributions import rules
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.organisations.models import Establishment
from portal.kernel import text
from portal.kernel.dates import day_label
from portal.kernel.speech import joined, say
from portal.vocabulary import ContributionKind, ContributionStatus, Display, Fate, ShownScope

EXCERPT = 320


@dataclass(frozen=True, slots=True)
class Said:
    """A published contribution: its words and its answer are empty where the reader may not read them.

    `by` never holds a name: who showed it on a page did not choose a printed sheet.
    """

    id: str
    space_id: str
    subject: str
    words: str
    by: str
    answer: str
    answered_at: datetime | None
    # What it is, of which day and group: '' as the words are.
    which: str = ""


def these(src: Sources, ids: Sequence[str]) -> list[Said]:
    """These published contributions, in this order."""
    rows = src.session.execute(_query(src).where(Contribution.id.in_(ids)))
    found = {row.Contribution.id: _said(src, row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def proposals(src: Sources, size: int, *, fates: Sequence[Fate] = ()) -> list[Said]:
    """The proposals of the spaces that the reader reads, in order of arrival; with one of `fates` if given."""
    query = _query(src).where(
        Contribution.space_id.in_(src.readable), Contribution.kind == ContributionKind.PROPOSAL
    )
    if fates:
        query = query.where(Answer.fate.in_(fates))
    return [_said(src, row) for row in src.session.execute(query.order_by(Contribution.arrival).limit(size))]


def passed_on(src: Sources, whom: str, size: int) -> list[Said]:
    """What the reader reads and was passed on to somebody, in order of arrival."""
    query = _query(src).where(
        Contribution.space_id.in_(src.readable), Answer.fate == Fate.PASSED_ON, Answer.passed_to == whom
    )
    return [_said(src, row) for row in src.session.execute(query.order_by(Contribution.arrival).limit(size))]


def answered(src: Sources, since: datetime, size: int) -> list[Said]:
    """What the reader reads and was answered since an instant, the latest first."""
    query = _query(src).where(Contribution.space_id.in_(src.readable), Answer.at > since)
    ordered = query.order_by(Answer.at.desc(), Contribution.arrival.desc()).limit(size)
    return [_said(src, row) for row in src.session.execute(ordered)]


def _query(src: Sources) -> Any:
    shown = and_(
        ContributionVersion.contribution_id == Contribution.id,
        ContributionVersion.number == Contribution.shown_version,
    )
    query: Any = (
        select(
            Contribution,
            ContributionVersion.source,
            Item.title,
            Establishment.name.label("place"),
            Answer.source.label("answer"),
            Answer.at.label("answered_at"),
        )
        .join(ContributionVersion, shown)
        .join(Item, Item.id == Contribution.item_id)
        .outerjoin(Establishment, Establishment.id == Contribution.establishment_id)
        .outerjoin(Answer, Answer.contribution_id == Contribution.id)
        .where(
            Contribution.contract_id == src.contract.id,
            Contribution.status == ContributionStatus.PUBLISHED,
        )
    )
    return query.where(*of_place(src))


def of_place(src: Sources) -> list[Any]:
    """The contributions of the establishment that the document is about: those whose label tells it.

    A label that does not tell the house must not be told by the choice of a house.
    """
    if src.place is None:
        return []
    return [
        Contribution.establishment_id == src.place.id,
        Contribution.shown_scope == ShownScope.ESTABLISHMENT,
    ]


def _said(src: Sources, row: Any) -> Said:
    one: Contribution = row.Contribution
    reads = one.space_id in src.readable
    return Said(
        one.id,
        one.space_id,
        row.title,
        text.excerpt(row.source, EXCERPT) if reads else "",
        _label(one, row.place) if reads else "",
        text.excerpt(row.answer, EXCERPT) if reads and row.answer else "",
        row.answered_at,
        _which(one, row.place) if reads else "",
    )


def _which(row: Contribution, place: str | None) -> str:
    return say(
        "%(kind)s du %(day)s, %(by)s",
        kind=row.kind.label,
        day=day_label(row.published_at or row.created_at),
        by=_label(row, place),
    )


def _label(row: Contribution, place: str | None) -> str:
    label = rules.label(row.group, row.shown_scope, Display.GROUP, None)
    if row.shown_scope is ShownScope.ESTABLISHMENT and place:
        return joined((label, place), " · ")
    return label
