"""Counts of what moderation did and of what waits for it; part of the only producer of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import column, func, literal, select, table, union_all
from sqlalchemy.orm import Session

from portal.domain.figures.fold import fold, stepped
from portal.domain.moderation.models import AppealState
from portal.kernel.columns import UtcDateTime
from portal.vocabulary import ContributionStatus, ModerationRule

_CONTRIBUTION = table(
    "contribution",
    *(column(name) for name in ("id", "space_id", "status", "pending")),
    column("sent_at", UtcDateTime),
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


# An appeal that ended with its words was decided by nobody: one person asked for it, and it is told nowhere.
DECIDED = (AppealState.UPHELD.value, AppealState.REVERSED.value)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Contributions refused or hidden now, by rule, second looks that were decided, reviews that are late.

    Acts of the organiser, as a whole: not folded. That somebody asked for a second look is an act of a
    person: it is told nowhere until it is decided.
    """

    by_rule: dict[ModerationRule, int]
    decided: dict[AppealState, int]
    late: int = 0

    @property
    def total(self) -> int:
        """How many as a whole."""
        return sum(self.by_rule.values())


def set_aside(session: Session, space_id: str, late_before: datetime) -> SetAside:
    """What moderation set aside in a space, by rule, the appeals decided, and what waits since before an instant.

    Acts of the organiser, as a whole: not folded. One query.
    """
    return set_aside_in(session, [space_id], late_before)


def set_aside_in(session: Session, space_ids: Sequence[str], late_before: datetime) -> SetAside:
    """The same for several spaces together."""
    last = (
        select(func.max(_DECISION.c.at))
        .where(_DECISION.c.contribution_id == _CONTRIBUTION.c.id, _DECISION.c.decision != "approved")
        .correlate(_CONTRIBUTION)
        .scalar_subquery()
    )
    by_rule = (
        select(literal("rule").label("what"), _DECISION.c.rule, func.count(_CONTRIBUTION.c.id.distinct()))
        .select_from(_CONTRIBUTION.join(_DECISION, _DECISION.c.contribution_id == _CONTRIBUTION.c.id))
        .where(
            _CONTRIBUTION.c.space_id.in_(space_ids),
            _CONTRIBUTION.c.status.in_([ContributionStatus.REFUSED.value, ContributionStatus.HIDDEN.value]),
            _DECISION.c.decision != "approved",
            _DECISION.c.at == last,
        )
        .group_by(_DECISION.c.rule)
    )
    appeals = (
        select(literal("appeal"), _APPEAL.c.state, func.count())
        .where(_APPEAL.c.space_id.in_(space_ids), _APPEAL.c.state.in_(DECIDED))
        .group_by(_APPEAL.c.state)
    )
    late = _late(select(literal("late"), literal(""), func.count()), space_ids, late_before)
    found: dict[str, dict[str, int]] = {"rule": {}, "appeal": {}, "late": {}}
    for what, word, number in session.execute(union_all(by_rule, appeals, late)):
        found[what][word] = number
    return SetAside(
        {rule: found["rule"][rule.value] for rule in ModerationRule if rule.value in found["rule"]},
        {state: found["appeal"][state.value] for state in AppealState if state.value in found["appeal"]},
        found["late"].get("", 0),
    )


def reported(session: Session, contribution_id: str) -> int | None:
    """How many participants at least reported these words and were not answered yet; None under five."""
    number = session.execute(
        select(func.count())
        .select_from(_REPORT)
        .where(_REPORT.c.contribution_id == contribution_id, _REPORT.c.settled_at.is_(None))
    ).scalar_one()
    return None if fold({contribution_id: number})[contribution_id] is None else stepped(number)


def waiting_since_before(session: Session, space_ids: Sequence[str], before: datetime) -> dict[str, int]:
    """How many versions sent before an instant still wait for a review, by space: acts of the organiser."""
    counted = _late(select(_CONTRIBUTION.c.space_id, func.count()), space_ids, before)
    return dict(session.execute(counted.group_by(_CONTRIBUTION.c.space_id)).all())


def _late(counted: Any, space_ids: Sequence[str], before: datetime) -> Any:
    return counted.select_from(_CONTRIBUTION).where(
        _CONTRIBUTION.c.space_id.in_(space_ids),
        _CONTRIBUTION.c.pending.is_(True),
        _CONTRIBUTION.c.sent_at < before,
    )
