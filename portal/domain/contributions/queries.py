"""Reads about contributions: threads by cursor, single cards, what is mine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, case, column, or_, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions import rules
from portal.domain.contributions.models import Contribution, ContributionVersion, Reaction
from portal.domain.contributions.views import SIGNS, STONES, AnswerView, CardView, StoneView, ThreadView
from portal.domain.figures import queries as figures
from portal.kernel.clock import paris
from portal.kernel.columns import UtcDateTime
from portal.kernel.dates import day_label
from portal.vocabulary import (
    Audience,
    ContributionStatus,
    Fate,
    Group,
    ModerationRule,
    ReactionValue,
    ShownScope,
)

PAGE = 20
REPLIES = 100

_ANSWER = table(
    "answer",
    *(
        column(name)
        for name in ("contribution_id", "fate", "passed_to", "html", "by_function", "answered_version")
    ),
    column("at", UtcDateTime()),
)
_DECISION = table(
    "moderation_decision",
    *(
        column(name)
        for name in ("id", "contribution_id", "number", "decision", "rule", "sentence", "by_function")
    ),
    column("at", UtcDateTime()),
)
_PLACE = table("establishment", column("id"), column("name"))
PUBLIC = (ContributionStatus.PUBLISHED, *STONES)


@dataclass(slots=True)
class _Extra:
    """What a page of cards needs beside its rows, read once for all."""

    reactions: dict[str, figures.Folded] = field(default_factory=dict)
    decisions: dict[str, Row[Any]] = field(default_factory=dict)


def card(session: Session, contribution_id: str, audience: Audience) -> CardView | None:
    """One card for one audience; None when that audience may not see it."""
    rows = list(session.execute(_select(audience).where(Contribution.id == contribution_id)))
    return next(iter(_cards(session, rows, audience)), None)


def thread(
    session: Session,
    space_id: str,
    item_id: str,
    audience: Audience,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> ThreadView:
    """A page of roots in order of arrival with their replies; three queries at most.

    `after` and `before` are ids of contributions; without them, the first page.
    """
    query = _select(audience).where(
        Contribution.space_id == space_id,
        Contribution.item_id == item_id,
        Contribution.root_id.is_(None),
        _visible(audience),
    )
    if before is not None:
        query = query.where(Contribution.arrival < _arrival(before)).order_by(Contribution.arrival.desc())
    elif after is not None:
        query = query.where(Contribution.arrival > _arrival(after)).order_by(Contribution.arrival)
    else:
        query = query.order_by(Contribution.arrival)
    rows = list(session.execute(query.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if before is not None:
        rows.reverse()
    older = rows[0].Contribution.id if rows and (after is not None or (before is not None and more)) else None
    newer = rows[-1].Contribution.id if rows and (before is not None or more) else None
    return ThreadView(_threaded(session, rows, audience), older, newer)


def _threaded(session: Session, roots: list[Row[Any]], audience: Audience) -> tuple[CardView, ...]:
    ids = [row.Contribution.id for row in roots]
    replies = list(
        session.execute(
            _select(audience)
            .where(Contribution.root_id.in_(ids), _visible(audience))
            .order_by(Contribution.arrival)
            .limit(PAGE * REPLIES)
        )
        if ids
        else ()
    )
    cards = _cards(session, [*roots, *replies], audience)
    below: dict[str, list[CardView]] = {}
    for one in cards:
        if one.root_id is not None:
            below.setdefault(one.root_id, []).append(one)
    return tuple(one.with_replies(tuple(below.get(one.id, ()))) for one in cards if one.root_id is None)


def latest(session: Session, space_id: str, audience: Audience, size: int = 5) -> tuple[CardView, ...]:
    """The last contributions of a space, the latest first."""
    query = (
        _select(audience)
        .where(Contribution.space_id == space_id, Contribution.status == ContributionStatus.PUBLISHED)
        .order_by(Contribution.arrival.desc())
        .limit(size)
    )
    return tuple(_cards(session, list(session.execute(query)), audience))


def waiting(
    session: Session, space_id: str, after: str | None = None, size: int = PAGE
) -> tuple[CardView, ...]:
    """The versions that wait for moderation, the oldest first."""
    query = _select(Audience.MODERATORS).where(
        Contribution.space_id == space_id, Contribution.pending.is_(True)
    )
    if after is not None:
        query = query.where(Contribution.arrival > _arrival(after))
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size)))
    return tuple(_cards(session, rows, Audience.MODERATORS))


def unanswered(
    session: Session, space_id: str, after: str | None = None, size: int = PAGE
) -> tuple[CardView, ...]:
    """Published contributions to which the organiser owes an answer, the oldest first."""
    query = _select(Audience.MODERATORS).where(
        Contribution.space_id == space_id,
        Contribution.status == ContributionStatus.PUBLISHED,
        Contribution.group != Group.MANAGEMENT,
        _ANSWER.c.contribution_id.is_(None),
    )
    if after is not None:
        query = query.where(Contribution.arrival > _arrival(after))
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size)))
    return tuple(_cards(session, rows, Audience.MODERATORS))


def mine(
    session: Session, contract_id: str, participant_id: str, *, before: str | None = None, size: int = PAGE
) -> tuple[CardView, ...]:
    """What one participant sent in a contract, the latest first."""
    query = _select(Audience.AUTHOR).where(
        Contribution.contract_id == contract_id, Contribution.participant_id == participant_id
    )
    if before is not None:
        query = query.where(Contribution.arrival < _arrival(before))
    rows = list(session.execute(query.order_by(Contribution.arrival.desc()).limit(size)))
    return tuple(_cards(session, rows, Audience.AUTHOR))


def my_waiting(session: Session, space_id: str, item_id: str, participant_id: str) -> tuple[CardView, ...]:
    """My own words on an item that others do not read yet, or that were refused."""
    query = (
        _select(Audience.AUTHOR)
        .where(
            Contribution.participant_id == participant_id,
            Contribution.space_id == space_id,
            Contribution.item_id == item_id,
            or_(Contribution.status == ContributionStatus.PENDING, Contribution.pending.is_(True)),
        )
        .order_by(Contribution.arrival)
        .limit(PAGE)
    )
    return tuple(_cards(session, list(session.execute(query)), Audience.AUTHOR))


def my_ids(
    session: Session, contribution_ids: Iterable[str], participant_id: str
) -> tuple[list[str], dict[str, str]]:
    """Which of these are mine, and my reactions to them; two queries."""
    ids = list(contribution_ids)
    own = list(
        session.scalars(
            select(Contribution.id)
            .where(Contribution.participant_id == participant_id, Contribution.id.in_(ids))
            .order_by(Contribution.arrival)
        )
    )
    given = session.execute(
        select(Reaction.contribution_id, Reaction.value).where(
            Reaction.participant_id == participant_id, Reaction.contribution_id.in_(ids)
        )
    )
    return own, {contribution_id: value.value for contribution_id, value in given}


def versions(session: Session, contribution_id: str, *, up_to: int | None) -> list[ContributionVersion]:
    """The versions people may read, the first one first."""
    query = select(ContributionVersion).where(ContributionVersion.contribution_id == contribution_id)
    if up_to is not None:
        query = query.where(ContributionVersion.number <= up_to)
    return list(session.scalars(query.order_by(ContributionVersion.number)))


def words(session: Session, contribution_id: str, number: int) -> ContributionVersion | None:
    """The words of one version."""
    return session.get(ContributionVersion, (contribution_id, number))


def page_start(session: Session, row: Contribution, audience: Audience, size: int = PAGE) -> str | None:
    """The id after which the page that holds this contribution begins (None: first page)."""
    root = _arrival(row.root_id or row.id)
    before = list(
        session.execute(
            select(Contribution.id)
            .where(
                Contribution.space_id == row.space_id,
                Contribution.item_id == row.item_id,
                Contribution.root_id.is_(None),
                Contribution.arrival < root,
                _visible(audience),
            )
            .order_by(Contribution.arrival.desc())
            .limit(size // 2)
        ).scalars()
    )
    return before[-1] if len(before) == size // 2 else None


def _arrival(contribution_id: str) -> Any:
    return select(Contribution.arrival).where(Contribution.id == contribution_id).scalar_subquery()


def _visible(audience: Audience) -> Any:
    if audience is Audience.READERS:
        return Contribution.status.in_(PUBLIC)
    return Contribution.status.in_(tuple(ContributionStatus))


def _select(audience: Audience) -> Select[Any]:
    """Rows of cards: contribution, the version this audience reads, place, answer."""
    if audience is Audience.READERS:
        number: Any = Contribution.shown_version
    else:
        number = case((Contribution.pending, Contribution.version), else_=Contribution.shown_version)
    return (
        select(Contribution, ContributionVersion, _PLACE.c.name.label("place"), *_ANSWER.c)
        .outerjoin(
            ContributionVersion,
            and_(
                ContributionVersion.contribution_id == Contribution.id, ContributionVersion.number == number
            ),
        )
        .outerjoin(_PLACE, _PLACE.c.id == Contribution.establishment_id)
        .outerjoin(_ANSWER, _ANSWER.c.contribution_id == Contribution.id)
    )


def _cards(session: Session, rows: Sequence[Row[Any]], audience: Audience) -> list[CardView]:
    visible = [row for row in rows if audience is not Audience.READERS or row.Contribution.status in PUBLIC]
    published = [
        row.Contribution.id for row in visible if row.Contribution.status is ContributionStatus.PUBLISHED
    ]
    decided = [row.Contribution.id for row in visible if _decided(row.Contribution, audience)]
    extra = _Extra(
        reactions=figures.reactions(session, published) if published else {},
        decisions=_decisions(session, decided) if decided else {},
    )
    return [_card(row, audience, extra) for row in visible]


def _decided(row: Contribution, audience: Audience) -> bool:
    refused_correction = (
        audience is not Audience.READERS and not row.pending and row.version != row.shown_version
    )
    return row.status in (ContributionStatus.HIDDEN, ContributionStatus.REFUSED) or refused_correction


def _decisions(session: Session, ids: list[str]) -> dict[str, Row[Any]]:
    rows = session.execute(
        select(*_DECISION.c)
        .where(_DECISION.c.contribution_id.in_(ids), _DECISION.c.decision != "approved")
        .order_by(_DECISION.c.at, _DECISION.c.id)
    )
    return {row.contribution_id: row for row in rows}


def _card(found: Row[Any], audience: Audience, extra: _Extra) -> CardView:
    row: Contribution = found.Contribution
    words_: ContributionVersion | None = found.ContributionVersion
    stone = row.status in STONES
    sealed = stone or words_ is None
    decision = extra.decisions.get(row.id)
    shown = words_.number if words_ is not None else row.version
    return CardView(
        id=row.id,
        item_id=row.item_id,
        root_id=row.root_id,
        kind=row.kind.value,
        kind_label=row.kind.label,
        college=row.group.college.value,
        who=_who(row, found.place),
        day=paris(row.created_at).date(),
        status=row.status.value,
        html="" if sealed or words_ is None else words_.html,
        reason_html="" if sealed or words_ is None else words_.reason_html,
        version=shown,
        corrected=not sealed and shown > 1,
        quote=None if sealed else row.anchor_quote,
        stone=_stone(decision, audience) if stone else None,
        answer=_answer(found) if found.contribution_id is not None and not stone else None,
        reactions=_reactions(extra.reactions.get(row.id))
        if row.status is ContributionStatus.PUBLISHED
        else (),
        waiting=row.pending and audience is not Audience.READERS,
        note=_note(row, decision) if not stone and audience is not Audience.READERS else None,
    )


def _who(row: Contribution, place: str | None) -> str:
    label = rules.label(row.group, row.shown_scope, row.display, row.shown_name)
    if row.shown_scope is ShownScope.ESTABLISHMENT and place:
        return f"{label} · {place}"
    return label


def _reactions(folded: figures.Folded | None) -> tuple[tuple[str, str, str, int | None], ...]:
    cells = folded or {}
    return tuple((value.value, value.label, SIGNS[value], cells.get(value)) for value in ReactionValue)


def _answer(found: Row[Any]) -> AnswerView:
    fate = Fate(found.fate) if found.fate else None
    label = fate.label if fate else None
    if fate is Fate.PASSED_ON:
        label = f"Transmise à : {found.passed_to}"
    return AnswerView(
        fate=fate.value if fate else None,
        fate_label=label,
        html=found.html,
        day_label=day_label(found.at),
        by_label=found.by_function,
        answered_version=found.answered_version,
    )


def _stone(decision: Row[Any] | None, audience: Audience) -> StoneView:
    if decision is None:
        return StoneView(day_label="")
    told = audience is not Audience.READERS
    return StoneView(
        day_label=day_label(decision.at),
        rule_label=ModerationRule(decision.rule).label if decision.rule else "",
        decider_label=decision.by_function,
        sentence=decision.sentence if told else "",
    )


def _note(row: Contribution, decision: Row[Any] | None) -> StoneView | None:
    """Why a correction was not published, for its author and the moderation."""
    if decision is None or row.pending or row.version == row.shown_version:
        return None
    return _stone(decision, Audience.AUTHOR)
