"""The published syntheses of a contract all at once, for documents: what they say and quote, never who said it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.spaces.models import Space
from portal.domain.syntheses import rules
from portal.domain.syntheses.models import Synthesis, SynthesisCitation, SynthesisSection, SynthesisVersion
from portal.domain.syntheses.queries import CitationView, PartView, PieceView
from portal.vocabulary import ContributionStatus


@dataclass(frozen=True, slots=True)
class Written:
    """A published synthesis as it reads today: its space, when and by whom, its parts."""

    space_id: str
    question: str
    at: datetime
    by_function: str
    parts: tuple[PartView, ...]


def written(session: Session, contract_id: str, readable: Collection[str]) -> list[Written]:
    """The syntheses that count today, the oldest first; three queries for any number.

    `readable` are the spaces whose words the reader reads: elsewhere no citation says which contribution it is.
    """
    rows = session.execute(
        select(
            Synthesis.id,
            Synthesis.space_id,
            Space.question,
            SynthesisVersion.at,
            SynthesisVersion.by_function,
        )
        .join(Space, Space.id == Synthesis.space_id)
        .join(SynthesisVersion, _counts(SynthesisVersion))
        .where(Synthesis.contract_id == contract_id)
        .order_by(SynthesisVersion.at, Synthesis.id)
    ).all()
    if not rows:
        return []
    cited, parts = _cited(session, contract_id, readable), _sections(session, contract_id)
    return [
        Written(
            row.space_id,
            row.question,
            row.at,
            row.by_function,
            tuple(_part(part, cited.get(row.id, {})) for part in parts.get(row.id, [])),
        )
        for row in rows
    ]


def _counts(model: Any) -> Any:
    """Of the version that counts."""
    return and_(model.synthesis_id == Synthesis.id, model.number == Synthesis.published)


def _sections(session: Session, contract_id: str) -> dict[str, list[SynthesisSection]]:
    query = (
        select(SynthesisSection)
        .join(Synthesis, _counts(SynthesisSection))
        .where(Synthesis.contract_id == contract_id)
        .order_by(SynthesisSection.synthesis_id, SynthesisSection.place)
    )
    found: dict[str, list[SynthesisSection]] = {}
    for one in session.scalars(query):
        found.setdefault(one.synthesis_id, []).append(one)
    return found


def _cited(
    session: Session, contract_id: str, readable: Collection[str]
) -> dict[str, dict[tuple[int, int], CitationView]]:
    """What each cites, by part and place: words are told only while they are published, in a version that was."""
    shown = and_(
        ContributionVersion.contribution_id == SynthesisCitation.contribution_id,
        ContributionVersion.number == SynthesisCitation.version,
        ContributionVersion.public,
    )
    query = (
        select(SynthesisCitation, Contribution.status, Contribution.space_id, ContributionVersion.number)
        .join(Synthesis, _counts(SynthesisCitation))
        .join(Contribution, Contribution.id == SynthesisCitation.contribution_id)
        .outerjoin(ContributionVersion, shown)
        .where(Synthesis.contract_id == contract_id)
        .order_by(SynthesisCitation.synthesis_id, SynthesisCitation.section, SynthesisCitation.place)
    )
    found: dict[str, dict[tuple[int, int], CitationView]] = {}
    for one, status, space_id, public in session.execute(query):
        known = found.setdefault(one.synthesis_id, {})
        stone = status is not ContributionStatus.PUBLISHED or public is None
        id_ = one.contribution_id if space_id in readable else ""
        quote = "" if stone else one.quote
        number = len(known) + 1
        known[one.section, one.place] = CitationView(number, id_, "", "", "", quote, stone, corrected=False)
    return found


def _part(part: SynthesisSection, cited: dict[tuple[int, int], CitationView]) -> PartView:
    return PartView(part.heading, tuple(_pieces(part, cited)))


def _pieces(part: SynthesisSection, cited: dict[tuple[int, int], CitationView]) -> Iterator[PieceView]:
    for html, place in rules.pieces(part.html):
        yield PieceView(citation=cited.get((part.place, place))) if place else PieceView(html)
