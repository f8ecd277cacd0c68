"""What waits for an answer in a space, as a director sorts it: by subject, by who speaks, by kind, by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, column, select, table
from sqlalchemy.orm import Session

from portal.domain.answers.models import Answer, ContributionTheme, Thanks
from portal.domain.contributions.cards import cards, select_cards
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import college_label
from portal.domain.contributions.views import CardView
from portal.kernel.speech import say
from portal.vocabulary import (
    ORGANISER,
    Audience,
    College,
    ContributionKind,
    ContributionStatus,
    Group,
    Labelled,
    ShownScope,
)

_EXPLANATION = table("duty_explanation", column("contribution_id"), column("space_id"))
PAGE = 30
# A theme is answered at once: its page is longer.
THEME_PAGE = 100
RECENT = timedelta(days=7)


class Age(Labelled):
    """Since when words wait."""

    RECENT = "semaine", say("depuis moins de sept jours")
    OLDER = "avant", say("depuis plus de sept jours")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, as the cards say it: a group, or a college where a group alone would tell too much."""

    group: Group | None = None
    college: College | None = None

    @property
    def code(self) -> str:
        """The same as one word, for an address."""
        return (
            f"groupe-{self.group.value}"
            if self.group
            else f"college-{self.college.value}"
            if self.college
            else ""
        )

    @property
    def label(self) -> str:
        """As the cards say it, and whether it is a group or a college."""
        if self.group:
            return self.group.label
        return college_label(self.college) if self.college else ""


VOICES = (
    *(Voice(group=one) for one in Group if one is not ORGANISER),
    *(Voice(college=one) for one in (College.PERSONS, College.PROFESSIONALS)),
)


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is asked of the list; everything when empty."""

    item_id: str | None = None
    voice: Voice | None = None
    kind: ContributionKind | None = None
    age: Age | None = None
    unthanked: bool = False
    theme_id: str | None = None


def waiting(
    session: Session,
    space_id: str,
    sieve: Sieve,
    at: datetime,
    *,
    after: str | None = None,
    size: int = PAGE,
) -> tuple[tuple[CardView, ...], str | None]:
    """A page of what waits for an answer, the oldest first, and the id after which the next begins."""
    query = select_cards(Audience.MODERATORS, published=True).where(_owed(space_id), *_clauses(sieve, at))
    if after is not None:
        start = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > start)
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size + 1)))
    following = rows[size - 1].Contribution.id if len(rows) > size else None
    return tuple(cards(session, rows[:size], Audience.MODERATORS)), following


def _owed(space_id: str) -> ColumnElement[bool]:
    """Published, not the organiser's, neither answered nor explained."""
    answered = select(Answer.contribution_id).where(Answer.contribution_id == Contribution.id)
    explained = select(_EXPLANATION.c.contribution_id).where(
        _EXPLANATION.c.contribution_id == Contribution.id
    )
    return (
        (Contribution.space_id == space_id)
        & (Contribution.status == ContributionStatus.PUBLISHED)
        & (Contribution.group != ORGANISER)
        & ~answered.exists()
        & ~explained.exists()
    )


def _clauses(sieve: Sieve, at: datetime) -> list[Any]:
    found: list[Any] = []
    if sieve.item_id is not None:
        found.append(Contribution.item_id == sieve.item_id)
    if sieve.theme_id is not None:
        filed = select(ContributionTheme.theme_id).where(
            ContributionTheme.contribution_id == Contribution.id,
            ContributionTheme.theme_id == sieve.theme_id,
        )
        found.append(filed.exists())
    if sieve.kind is not None:
        found.append(Contribution.kind == sieve.kind)
    if sieve.voice is not None:
        found.append(_spoken_by(sieve.voice))
    if sieve.age is not None:
        recent = Contribution.created_at > at - RECENT
        found.append(recent if sieve.age is Age.RECENT else ~recent)
    if sieve.unthanked:
        thanked = select(Thanks.contribution_id).where(Thanks.contribution_id == Contribution.id)
        found.append(~thanked.exists())
    return found


def _spoken_by(voice: Voice) -> ColumnElement[bool]:
    """Never finer than the card: a group finds only those whose card names it."""
    told = Contribution.shown_scope != ShownScope.COLLEGE
    if voice.group is not None:
        return told & (Contribution.group == voice.group)
    inside = [one for one in Group if one.college is voice.college]
    return ~told & Contribution.group.in_(inside)
