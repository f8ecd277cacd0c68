"""Counts for how a contract was built; part of the only producer of counts.

Acts of the organiser as a whole are exact; what persons think is folded before it is chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.fold import SMALL
from portal.vocabulary import ContributionKind, ContributionStatus, Fate, ReactionValue, ShownScope

_CONTRIBUTION = table(
    "contribution",
    *(column(name) for name in ("id", "contract_id", "space_id", "kind", "status", "arrival")),
    *(column(name) for name in ("establishment_id", "shown_scope")),
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
    space_ids: Collection[str] | None = None,
    establishment_id: str | None = None,
) -> list[str]:
    """The published contributions about which most persons think so; never one about which fewer than five do.

    By steps of five, then as they came: the order of two of them tells no more than their numbers. Of these
    spaces, and of one establishment whose label is told, where they are given: the first ones of those.
    """
    within: list[ColumnElement[bool]] = []
    if space_ids is not None:
        within.append(_CONTRIBUTION.c.space_id.in_(sorted(space_ids)))
    if establishment_id is not None:
        within += [
            _CONTRIBUTION.c.establishment_id == establishment_id,
            _CONTRIBUTION.c.shown_scope == ShownScope.ESTABLISHMENT.value,
        ]
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
            *within,
        )
        .group_by(_CONTRIBUTION.c.id, _CONTRIBUTION.c.arrival)
        .having(number >= SMALL)
        .order_by((number - number % SMALL).desc(), _CONTRIBUTION.c.arrival)
        .limit(size)
    )
    return list(rows.scalars())
