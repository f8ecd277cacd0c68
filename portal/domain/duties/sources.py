"""Where duties come from: one source for each kind that the portal can already follow.

A kind without a source has no line anywhere: it is absent, not empty. A noun that comes later
(the synthesis, the return of changed wording) adds its source to `SOURCES` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, column, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.duties import rules
from portal.domain.duties.models import DutyExplanation
from portal.domain.duties.rules import Words
from portal.domain.involvement.rules import Record
from portal.kernel.columns import UtcDateTime
from portal.vocabulary import ContributionStatus, DutyKind, Group, ShownScope


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty as its source tells it: no date nor state yet.

    `folded` says that its label tells the college only. `answered_at` and `explained_at` are its evidence.
    """

    kind: DutyKind
    space_id: str
    group: Group
    folded: bool
    contribution_id: str
    item_id: str
    order: int
    answered_at: datetime | None
    explained_at: datetime | None


Levels = Mapping[str, Sequence[Record]]
Source = Callable[[Session, Sequence[str], Levels, bool], Iterator[Owed]]

# The noun of answers stands above this one: of theirs only the day is read, as evidence.
_ANSWER = table("answer", column("contribution_id"), column("at", UtcDateTime()))
_words, _answers, _told = Contribution.__table__.c, _ANSWER.c, DutyExplanation.__table__.c
_OF_WORDS: Select[Any] = (
    select(
        _words.id,
        _words.space_id,
        _words.item_id,
        _words.kind,
        _words.group_,
        _words.shown_scope,
        _words.arrival,
        _words.created_at,
        _words.published_at,
        _answers.at.label("answered_at"),
        _told.at.label("explained_at"),
    )
    .outerjoin_from(Contribution.__table__, _ANSWER, _answers.contribution_id == _words.id)
    .outerjoin(DutyExplanation.__table__, _told.contribution_id == _words.id)
    .where(_words.status == ContributionStatus.PUBLISHED)
    .order_by(_words.arrival)
)


def of_words(session: Session, space_ids: Sequence[str], levels: Levels, only_unmet: bool) -> Iterator[Owed]:  # noqa: FBT001 — the shape of a source
    """What is owed for each published contribution, by the level that counted for it; one query."""
    query = _OF_WORDS.where(_words.space_id.in_(space_ids))
    if only_unmet:
        query = query.where(_answers.at.is_(None), _told.at.is_(None))
    for row in session.execute(query):
        words = Words(row.kind, row.group_, row.created_at, row.published_at or row.created_at)
        level = rules.level_that_counts(levels.get(row.space_id, ()), words)
        kind = rules.owed(level, row.kind, row.group_)
        if kind is not None:
            yield Owed(
                kind,
                row.space_id,
                row.group_,
                row.shown_scope is ShownScope.COLLEGE,
                row.id,
                row.item_id,
                row.arrival,
                row.answered_at,
                row.explained_at,
            )


# THE registry: each source with the kinds that it follows.
SOURCES: dict[Source, frozenset[DutyKind]] = {
    of_words: frozenset({DutyKind.ANSWER, DutyKind.FATE, DutyKind.MOTIVATED_ANSWER}),
}


def followed() -> frozenset[DutyKind]:
    """The kinds that have a source today."""
    return frozenset().union(*SOURCES.values())
