"""Counts of what moderation did and of what waits for it; part of the only producer of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.fold import fold
from portal.domain.moderation.models import AppealState
from portal.kernel.columns import UtcDateTime
from portal.vocabulary import ContributionStatus, ModerationRule

_CONTRIBUTION = table(
    "contribution", column("id"), column("space_id"), column("status"), column("pending"), column("version")
)
_DECISION = table(
    "moderation_decision",
    column("contribution_id"),
    column("decision"),
    column("rule"),
    column("at", UtcDateTime),
)
_APPEAL = table("appeal", column("space_id"), column("state"))
_REPORT = table("report", column("contribution_id"), column("settled_at", UtcDateTime))
_VERSION = table(
    "contribution_version", column("contribution_id"), column("number"), column("at", UtcDateTime)
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Contributions refused or hidden now, by rule; appeals, by state; not folded."""

    by_rule: dict[ModerationRule, int]
    appeals: dict[AppealState, int]

    @property
    def total(self) -> int:
        """How many as a whole."""
        return sum(self.by_rule.values())


def set_aside(session: Session, space_id: str) -> SetAside:
    """What moderation set aside in a space, by rule, and its appeals: acts of the organiser, not folded."""
    last = select(func.max(_DECISION.c.at)).where(
        _DECISION.c.contribution_id == _CONTRIBUTION.c.id, _DECISION.c.decision != "approved"
    )
    rows = session.execute(
        select(_DECISION.c.rule, func.count(_CONTRIBUTION.c.id.distinct()))
        .select_from(_CONTRIBUTION.join(_DECISION, _DECISION.c.contribution_id == _CONTRIBUTION.c.id))
        .where(
            _CONTRIBUTION.c.space_id == space_id,
            _CONTRIBUTION.c.status.in_([ContributionStatus.REFUSED.value, ContributionStatus.HIDDEN.value]),
            _DECISION.c.decision != "approved",
            _DECISION.c.at == last.correlate(_CONTRIBUTION).scalar_subquery(),
        )
        .group_by(_DECISION.c.rule)
    )
    by_rule = {ModerationRule(rule): number for rule, number in rows if rule}
    appeals = session.execute(
        select(_APPEAL.c.state, func.count()).where(_APPEAL.c.space_id == space_id).group_by(_APPEAL.c.state)
    )
    return SetAside(
        {rule: by_rule[rule] for rule in ModerationRule if rule in by_rule},
        {AppealState(state): number for state, number in appeals},
    )


def reported(session: Session, contribution_id: str) -> int | None:
    """How many participants reported these words and were not answered yet, folded; None under five."""
    number = session.execute(
        select(func.count())
        .select_from(_REPORT)
        .where(_REPORT.c.contribution_id == contribution_id, _REPORT.c.settled_at.is_(None))
    ).scalar_one()
    return fold({contribution_id: number})[contribution_id]


def waiting_since_before(session: Session, space_ids: Sequence[str], before: datetime) -> dict[str, int]:
    """How many versions sent before an instant still wait for a review, by space: acts of the organiser."""
    rows = session.execute(
        select(_CONTRIBUTION.c.space_id, func.count())
        .select_from(
            _CONTRIBUTION.join(
                _VERSION,
                and_(
                    _VERSION.c.contribution_id == _CONTRIBUTION.c.id,
                    _VERSION.c.number == _CONTRIBUTION.c.version,
                ),
            )
        )
        .where(
            _CONTRIBUTION.c.space_id.in_(space_ids),
            _CONTRIBUTION.c.pending.is_(True),
            _VERSION.c.at < before,
        )
        .group_by(_CONTRIBUTION.c.space_id)
    )
    return dict(rows.all())
