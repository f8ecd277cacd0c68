"""What one reads beside a synthesis that is being written: the published contributions, sorted and by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions.cards import cards, select_cards
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.views import CardView
from portal.domain.syntheses.models import DRAFT, Synthesis, SynthesisCitation
from portal.vocabulary import Audience, ContributionKind, ContributionStatus

_FILED = table("contribution_theme", column("contribution_id"), column("theme_id"))
PAGE = 20


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is asked of the list; everything when empty. `cited` None is both."""

    item_id: str | None = None
    kind: ContributionKind | None = None
    theme_id: str | None = None
    cited: bool | None = None


def page(
    session: Session, space_id: str, sieve: Sieve, *, after: str | None = None, size: int = PAGE
) -> tuple[tuple[CardView, ...], str | None]:
    """A page of what is published in a space, the oldest first, and the id after which the next begins."""
    query = select_cards(Audience.READERS).where(
        Contribution.space_id == space_id,
        Contribution.status == ContributionStatus.PUBLISHED,
        *_clauses(space_id, sieve),
    )
    if after is not None:
        start = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > start)
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size + 1)))
    following = rows[size - 1].Contribution.id if len(rows) > size else None
    return tuple(cards(session, rows[:size], Audience.READERS)), following


def _clauses(space_id: str, sieve: Sieve) -> list[Any]:
    found: list[Any] = []
    if sieve.item_id is not None:
        found.append(Contribution.item_id == sieve.item_id)
    if sieve.kind is not None:
        found.append(Contribution.kind == sieve.kind)
    if sieve.theme_id is not None:
        filed = select(_FILED.c.theme_id).where(
            _FILED.c.contribution_id == Contribution.id, _FILED.c.theme_id == sieve.theme_id
        )
        found.append(filed.exists())
    if sieve.cited is not None:
        cited = (
            select(SynthesisCitation.contribution_id)
            .join(Synthesis, Synthesis.id == SynthesisCitation.synthesis_id)
            .where(Synthesis.space_id == space_id, SynthesisCitation.number == DRAFT)
        )
        found.append(Contribution.id.in_(cited) if sieve.cited else Contribution.id.not_in(cited))
    return found
