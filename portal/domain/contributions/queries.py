"""Reads about contributions: threads by cursor, single cards, what is mine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, column, or_, select, table, union_all
from sqlalchemy.orm import Session, aliased

from portal.domain.contributions.cards import ANSWER, cards, select_cards, visible
from portal.domain.contributions.models import Contribution, ContributionVersion, Reaction
from portal.domain.contributions.told import Told
from portal.domain.contributions.views import CardView, ThreadView
from portal.kernel.prepared import Statement, among, one_of
from portal.vocabulary import ORGANISER, Audience, ContributionStatus

_EXPLANATION = table("duty_explanation", column("contribution_id"), column("space_id"))
PAGE = 20
REPLIES = 10


def cards_of(session: Session, contribution_ids: Collection[str], audience: Audience) -> dict[str, CardView]:
    """The cards of these contributions by id, those the audience may not see left out."""
    return {card.id: card for card in Told(session, contribution_ids).shown(audience)}


def card(session: Session, contribution_id: str, audience: Audience) -> CardView | None:
    """One card for one audience; None when that audience may not see it."""
    return Told(session, [contribution_id]).card(contribution_id, audience)


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
    query = select_cards(audience).where(
        Contribution.space_id == space_id,
        Contribution.item_id == item_id,
        Contribution.root_id.is_(None),
        visible(audience),
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


def replies(
    session: Session, root_id: str, audience: Audience, *, after: str | None = None, size: int = PAGE
) -> tuple[tuple[CardView, ...], str | None]:
    """A page of the replies under one root, and the id after which the next one begins."""
    query = select_cards(audience).where(Contribution.root_id == root_id, visible(audience))
    if after is not None:
        query = query.where(Contribution.arrival > _arrival(after))
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size + 1)))
    following = rows[size - 1].Contribution.id if len(rows) > size else None
    return tuple(cards(session, rows[:size], audience)), following


def replies_start(session: Session, row: Contribution, audience: Audience) -> str | None:
    """The id after which the page of the whole thread that holds this reply begins."""
    before = list(
        session.scalars(
            select(Contribution.id)
            .where(
                Contribution.root_id == row.root_id,
                Contribution.arrival < row.arrival,
                visible(audience),
            )
            .order_by(Contribution.arrival.desc())
            .limit(PAGE // 2)
        )
    )
    return before[-1] if len(before) == PAGE // 2 else None


def first_replies(session: Session, root_id: str, audience: Audience) -> list[str]:
    """The ids of the replies that stand under their root on the page of the item."""
    query = select(Contribution.id).where(Contribution.root_id == root_id, visible(audience))
    return list(session.scalars(query.order_by(Contribution.arrival).limit(REPLIES)))


def _threaded(session: Session, roots: list[Row[Any]], audience: Audience) -> tuple[CardView, ...]:
    ids = [row.Contribution.id for row in roots]
    shown = cards(session, [*roots, *_first_of_each(session, ids, audience)], audience)
    below: dict[str, list[CardView]] = {}
    for one in shown:
        if one.root_id is not None:
            below.setdefault(one.root_id, []).append(one)
    return tuple(_headed(one, below.get(one.id, [])) for one in shown if one.root_id is None)


def _headed(root: CardView, below: list[CardView]) -> CardView:
    return root.with_replies(tuple(below[:REPLIES]), more=len(below) > REPLIES)


def _first_of_each(session: Session, root_ids: list[str], audience: Audience) -> list[Row[Any]]:
    """The first replies of every root, and one more that tells there are others."""
    if not root_ids:
        return []
    query = _first_replies(session.get_bind().dialect.name, len(root_ids), audience)
    return list(session.execute(query, {f"root_{place}": root for place, root in enumerate(root_ids)}))


@cache
def _first_replies(dialect: str, roots: int, audience: Audience) -> Select[Any]:
    """The same for so many roots: `root_0`, `root_1`… Making it anew costs more than asking it."""
    arrivals = union_all(*[_first_arrivals(f"root_{place}", audience) for place in range(roots)])
    query = select_cards(audience).where(one_of(dialect, Contribution.arrival, arrivals))
    return query.order_by(Contribution.arrival)


def _first_arrivals(root: str, audience: Audience) -> Select[Any]:
    query = select(Contribution.arrival).where(Contribution.root_id == bindparam(root), visible(audience))
    return select(query.order_by(Contribution.arrival).limit(REPLIES + 1).subquery())


def latest(session: Session, space_id: str, audience: Audience, size: int = 5) -> tuple[CardView, ...]:
    """The last contributions of a space, the latest first."""
    query = (
        select_cards(audience)
        .where(Contribution.space_id == space_id, Contribution.status == ContributionStatus.PUBLISHED)
        .order_by(Contribution.arrival.desc())
        .limit(size)
    )
    return tuple(cards(session, list(session.execute(query)), audience))


def waiting(
    session: Session, space_id: str, after: str | None = None, size: int = PAGE
) -> tuple[CardView, ...]:
    """The versions that wait for moderation, the one that waits for longest first."""
    order = (Contribution.sent_at, Contribution.arrival)
    place = select(Contribution.arrival).where(
        Contribution.space_id == space_id, Contribution.pending.is_(True)
    )
    if after is not None:
        seen = by_waiting(session, after)
        later, same = Contribution.sent_at > seen[0], Contribution.sent_at == seen[0]
        place = place.where(or_(later, and_(same, Contribution.arrival > seen[1])))
    first = select(place.order_by(*order).limit(size).subquery())
    query = select_cards(Audience.MODERATORS).where(
        one_of(session.get_bind().dialect.name, Contribution.arrival, first)
    )
    rows = list(session.execute(query.order_by(*order)))
    return tuple(cards(session, rows, Audience.MODERATORS))


def by_waiting(session: Session, contribution_id: str) -> tuple[datetime, int]:
    """Where a contribution stands in the order of the queue: since when its last version waits."""
    found = session.execute(
        select(Contribution.sent_at, Contribution.arrival).where(Contribution.id == contribution_id)
    ).first()
    return (found[0], found[1]) if found else (datetime.max.replace(tzinfo=UTC), 0)


def unanswered(
    session: Session, space_id: str, after: str | None = None, size: int = PAGE
) -> tuple[CardView, ...]:
    """Published contributions to which the organiser owes an answer, the oldest first.

    What was explained is no longer asked for; it may still be answered from its own page.
    """
    explained = select(_EXPLANATION.c.contribution_id).where(_EXPLANATION.c.space_id == space_id)
    query = select_cards(Audience.MODERATORS, published=True).where(
        Contribution.space_id == space_id,
        Contribution.status == ContributionStatus.PUBLISHED,
        Contribution.group != ORGANISER,
        ANSWER.c.contribution_id.is_(None),
        Contribution.id.not_in(explained),
    )
    if after is not None:
        query = query.where(Contribution.arrival > _arrival(after))
    rows = list(session.execute(query.order_by(Contribution.arrival).limit(size)))
    return tuple(cards(session, rows, Audience.MODERATORS))


def mine(
    session: Session,
    space_ids: Collection[str],
    participant_id: str,
    *,
    before: str | None = None,
    since: str | None = None,
    size: int = PAGE,
) -> tuple[CardView, ...]:
    """What one participant sent in these spaces, the latest first; from the contribution `since` on, back in time."""
    query = select_cards(Audience.AUTHOR).where(
        Contribution.participant_id == participant_id, Contribution.space_id.in_(space_ids)
    )
    if before is not None:
        query = query.where(Contribution.arrival < _arrival(before))
    if since is not None:
        query = query.where(Contribution.arrival <= _arrival(since))
    rows = list(session.execute(query.order_by(Contribution.arrival.desc()).limit(size)))
    return tuple(cards(session, rows, Audience.AUTHOR))


def befores(session: Session, shown: Iterable[CardView], audience: Audience) -> dict[str, str | None]:
    """The card that each of these stands after on the page of its item, under its root; two queries at most.

    None stands for the first of its place.
    """
    found: dict[str, str | None] = {}
    ids: dict[bool, list[str]] = {True: [], False: []}
    for one in shown:
        ids[one.root_id is None].append(one.id)
    for roots, wanted in ids.items():
        if wanted:
            rows = _befores(audience, roots=roots).rows(session, ids=wanted)
            found |= {row.id: row.before for row in rows}
    return found


@cache
def _befores(audience: Audience, *, roots: bool) -> Statement:
    other = aliased(Contribution)
    # Two ways of asking: no index helps to compare roots that may be null.
    beside = (
        and_(
            other.space_id == Contribution.space_id,
            other.item_id == Contribution.item_id,
            other.root_id.is_(None),
        )
        if roots
        else other.root_id == Contribution.root_id
    )
    before = (
        select(other.id)
        .where(beside, other.arrival < Contribution.arrival, visible(audience, other))
        .order_by(other.arrival.desc())
        .limit(1)
        .correlate(Contribution)
        .scalar_subquery()
    )
    places = select(Contribution.id, before.label("before"))
    return Statement(lambda dialect: places.where(among(dialect, Contribution.id)))


def my_waiting(session: Session, space_id: str, item_id: str, participant_id: str) -> tuple[CardView, ...]:
    """My own words on an item that others do not read yet, or that were refused."""
    query = (
        select_cards(Audience.AUTHOR)
        .where(
            Contribution.participant_id == participant_id,
            Contribution.space_id == space_id,
            Contribution.item_id == item_id,
            or_(Contribution.status == ContributionStatus.PENDING, Contribution.pending.is_(True)),
        )
        .order_by(Contribution.arrival)
        .limit(PAGE)
    )
    return tuple(cards(session, list(session.execute(query)), Audience.AUTHOR))


def my_ids(
    session: Session, contribution_ids: Iterable[str], participant_id: str
) -> tuple[dict[str, datetime], dict[str, str]]:
    """Which of these are mine and since when, and my reactions to them; one query."""
    given = and_(Reaction.contribution_id == Contribution.id, Reaction.participant_id == participant_id)
    found = session.execute(
        select(Contribution.id, Contribution.participant_id, Contribution.created_at, Reaction.value)
        .outerjoin(Reaction, given)
        .where(
            Contribution.id.in_(list(contribution_ids)),
            or_(Contribution.participant_id == participant_id, Reaction.value.is_not(None)),
        )
        .order_by(Contribution.arrival)
    ).all()
    own = {row.id: row.created_at for row in found if row.participant_id == participant_id}
    return own, {row.id: row.value.value for row in found if row.value is not None}


def whereabouts(session: Session, contribution_ids: Iterable[str]) -> dict[str, tuple[str, datetime]]:
    """The space of each contribution, and since when it is there; one query."""
    found = session.execute(
        select(Contribution.id, Contribution.space_id, Contribution.created_at).where(
            Contribution.id.in_(list(contribution_ids))
        )
    )
    return {row.id: (row.space_id, row.created_at) for row in found}


def versions(session: Session, contribution_id: str, *, sealed: bool) -> list[ContributionVersion]:
    """The versions of a contribution, the first one first; those never public are `sealed`."""
    query = select(ContributionVersion).where(ContributionVersion.contribution_id == contribution_id)
    if sealed:
        query = query.where(ContributionVersion.public)
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
                visible(audience),
            )
            .order_by(Contribution.arrival.desc())
            .limit(size // 2)
        ).scalars()
    )
    return before[-1] if len(before) == size // 2 else None


def _arrival(contribution_id: str) -> Any:
    return select(Contribution.arrival).where(Contribution.id == contribution_id).scalar_subquery()
