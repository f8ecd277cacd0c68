"""What a synthesis does not cite: contributions as a whole, hence not folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.participation import SAID
from portal.vocabulary import ContributionStatus

_CITED = table("synthesis_citation", column("synthesis_id"), column("number"), column("contribution_id"))
_GROUPED = table("synthesis_grouping", column("synthesis_id"), column("number"), column("contribution_id"))


@dataclass(frozen=True, slots=True)
class Uncited:
    """How many contributions a synthesis does not cite, and how many of them it says to take up otherwise."""

    number: int = 0
    grouped: int = 0
    said: int = 0

    @property
    def cited(self) -> int:
        """How many it cites."""
        return self.said - self.number


def uncited(
    session: Session, synthesis_id: str | None, number: int, space_id: str, until: datetime
) -> Uncited:
    """What is published in a space until an instant and not cited; one query. None is a synthesis nobody began."""
    cited = select(_CITED.c.contribution_id).where(
        _CITED.c.synthesis_id == (synthesis_id or ""), _CITED.c.number == number
    )
    grouped = select(_GROUPED.c.contribution_id).where(
        _GROUPED.c.synthesis_id == (synthesis_id or ""), _GROUPED.c.number == number
    )
    apart = SAID.c.id.not_in(cited)
    row = session.execute(
        select(
            func.count().filter(apart),
            func.count().filter(apart, SAID.c.id.in_(grouped)),
            func.count(),
        )
        .select_from(SAID)
        .where(
            SAID.c.space_id == space_id,
            SAID.c.status == ContributionStatus.PUBLISHED.value,
            SAID.c.published_at <= until,
        )
    ).one()
    return Uncited(*row)
