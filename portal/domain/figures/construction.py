"""Counts for how a contract was built; part of the only producer of counts.

Acts of the organiser as a whole are exact; what persons think is folded before it is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.fold import SMALL
from portal.vocabulary import ContributionKind, ContributionStatus, Fate, ReactionValue

_CONTRIBUTION = table(
    "contribution", column("id"), column("contract_id"), column("kind"), column("status"), column("arrival")
)
_ANSWER = table("answer", column("contribution_id"), column("fate"))
_REACTION = table("reaction", column("contribution_id"), column("value"), column("institutional"))


def proposals(session: Session, contract_id: str) -> dict[Fate | None, int]:
    """How many published proposals have each fate, None for those without: as a whole, not folded."""
    rows = session.execute(
        select(_ANSWER.c.fate, func.count())
        .select_from(_CONTRIBUTION.outerjoin(_ANSWER, _ANSWER.c.contribution_id == _CONTRIBUTION.c.id))
        .where(
            _CONTRIBUTION.c.contract_id == contract_id,
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
            _CONTRIBUTION.c.kind == ContributionKind.PROPOSAL.value,
        )
        .group_by(_ANSWER.c.fate)
    )
    found: dict[str | None, int] = dict(list(rows))
    order: list[Fate | None] = [*Fate, None]
    return {fate: found[fate.value if fate else None] for fate in order if (fate and fate.value) in found}


def most(
    session: Session,
    contract_id: str,
    value: ReactionValue,
    size: int,
    *,
    kinds: Sequence[ContributionKind] = tuple(ContributionKind),
) -> list[str]:
    """The published contributions about which most persons think so; never one about which fewer than five do.

    By steps of five, then as they came: the order of two of them tells no more than their numbers.
    """
    number = func.count()
    rows = session.execute(
        select(_CONTRIBUTION.c.id)
        .select_from(_CONTRIBUTION.join(_REACTION, _REACTION.c.contribution_id == _CONTRIBUTION.c.id))
        .where(
            _CONTRIBUTION.c.contract_id == contract_id,
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
            _CONTRIBUTION.c.kind.in_([one.value for one in kinds]),
            _REACTION.c.value == value.value,
            _REACTION.c.institutional.is_(False),
        )
        .group_by(_CONTRIBUTION.c.id, _CONTRIBUTION.c.arrival)
        .having(number >= SMALL)
        .order_by((number - number % SMALL).desc(), _CONTRIBUTION.c.arrival)
        .limit(size)
    )
    return list(rows.scalars())
