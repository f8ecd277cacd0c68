"""Reads of duties: one by one for who keeps them, in a sentence for who is owed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.duties import clocks, rules, sources
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.models import DutyExplanation, DutyExtension, DutyWarning
from portal.domain.duties.sources import Owed
from portal.domain.figures import queries as figures
from portal.domain.involvement import queries as involvement
from portal.domain.participants.requests import ENDED
from portal.domain.spaces.models import Space
from portal.domain.spaces.queries import SpaceView
from portal.kernel.clock import paris
from portal.kernel.speech import Sentence
from portal.vocabulary import ContributionKind, DutyKind, DutyState, Group, Phase, RequestState

PAGE = 40
# What is nearest to hurt somebody comes first.
ORDER = (DutyState.LATE, DutyState.TO_DO, DutyState.EXPLAINED, DutyState.KEPT)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty today; `done_on` is the day of its evidence, `late` whether it came after its day."""

    owed: Owed
    due_on: date
    state: DutyState
    done_on: date | None

    @property
    def late(self) -> bool:
        """Whether it was kept, but after the day that was promised."""
        return self.state is DutyState.KEPT and self.done_on is not None and self.done_on > self.due_on

    @property
    def place(self) -> tuple[int, date, str, int]:
        """Where it stands in a list: what is late first, then the nearest."""
        return (ORDER.index(self.state), self.due_on, self.owed.space_id, self.owed.order)


@dataclass(frozen=True, slots=True)
class Line:
    """Duties of one kind in one space, as a group or a director reads them together.

    `partly` says that some of them are done already, `waits` that they cannot be done yet: people still answer.
    """

    space: SpaceView
    kind: DutyKind
    due_on: date
    state: DutyState
    number: int
    partly: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """More time that was asked of a group, and what became of it."""

    id: str
    group: Group
    contribution_id: str | None
    until_on: date
    reason: str
    by_function: str
    at: datetime
    state: RequestState
    decided_function: str
    decided_at: datetime | None
    decision_reason: str


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """Why an engagement towards one contribution is not kept."""

    html: str
    by_function: str
    at: datetime


def duties(
    session: Session,
    views: Sequence[SpaceView],
    at: datetime,
    *,
    only_unmet: bool = False,
    dates: Clocks | None = None,
    records: involvement.Records | None = None,
) -> list[Duty]:
    """Every duty of these spaces of one contract, what is late first.

    Three queries when `dates` and the `records` of levels are known.
    """
    begun = [one for one in views if one.phase is not Phase.DRAFT]
    if not begun:
        return []
    known = {one.id: one for one in begun}
    dates = dates or clocks.of(session, begun, at)
    levels = _levels(session, begun, records)
    found = (
        _duty(owed, known[owed.space_id], dates)
        for source in sources.SOURCES
        for owed in source(session, list(known), levels, only_unmet)
    )
    wanted = (one for one in found if not only_unmet or one.state in rules.UNMET)
    return sorted(wanted, key=lambda one: one.place)


def unmet(session: Session, space: SpaceView, at: datetime) -> list[Duty]:
    """What is left of a space: neither kept nor explained."""
    return duties(session, [space], at, only_unmet=True)


def _levels(
    session: Session, views: Iterable[SpaceView], known: involvement.Records | None = None
) -> sources.Levels:
    spaces = list(views)
    records = (
        involvement.by_space(session, sorted({one.contract_id for one in spaces})) if known is None else known
    )
    return {
        one.id: records.get((one.contract_id, None), []) + records.get((one.contract_id, one.id), [])
        for one in spaces
    }


def _duty(owed: Owed, space: SpaceView, dates: Clocks) -> Duty:
    due = _due_on(owed, space, dates)
    closed = space.phase is Phase.CLOSED
    explained = owed.explained_at is not None or closed
    state = rules.state(
        due, paris(dates.at).date(), answered=owed.answered_at is not None, explained=explained
    )
    done = owed.answered_at or owed.explained_at or (space.closed_at if closed else None)
    return Duty(owed, due, state, None if done is None else paris(done).date())


def _due_on(owed: Owed, space: SpaceView, dates: Clocks) -> date:
    over_at = _over_at(owed, space, dates)
    if owed.promised_on is None or owed.promised_at is None or over_at is None:
        return dates.due_on(space, owed.group, owed.contribution_id)
    return dates.results_due_on(space, owed.groups, owed.promised_on, owed.promised_at, over_at)


def _over_at(owed: Owed, space: SpaceView, dates: Clocks) -> datetime | None:
    """When the survey is or was over whose results are owed; None of other duties."""
    if owed.ends_at is None or owed.promised_at is None:
        return None
    return owed.closed_at or dates.open_until(space.id, space.ends_at, owed.ends_at, owed.promised_at)


def lines(session: Session, views: Sequence[SpaceView], dates: Clocks) -> list[Line]:
    """How what is owed in these spaces stands, by kind and date: acts of the organiser.

    Two queries, four where a group did nothing but ask or authorities read the synthesis alone.
    """
    cells = _standing(session, views)
    whole = [*_syntheses(session, cells, views, dates), *_results(session, views)]
    return _in_order([*_together(cells, views, dates), *_alike(whole, views, dates)])


def towards(
    session: Session,
    views: Sequence[SpaceView],
    dates: Clocks,
    group: Group,
) -> list[Line]:
    """The same towards one group, as it may read it; one query more when something is late.

    One line a kind and a space, of what is nearest to be missed. What the cards of a small group tell of it is its college alone: neither does this say more, and no
    number is told.
    """
    standing = _standing(session, views)
    cells = [
        replace(cell, group=group, alone=None) if cell.folded else cell
        for cell in standing
        if (cell.group.college is group.college if cell.folded else cell.group is group)
    ]
    found = list(_together(cells, views, dates))
    spoken = [
        replace(one, group=group)
        for one in _syntheses(session, standing, views, dates)
        if (one.group.college is group.college if one.folded else one.group is group)
    ]
    invited = [one for one in _results(session, views) if group in one.groups]
    own = [replace(one, group=group, groups=frozenset({group})) for one in invited]
    every = _in_order([*found, *_alike([*spoken, *own], views, dates)])
    late = {one.space.id for one in every if one.state is DutyState.LATE}
    told = warned(session, late) if late else frozenset()
    known = {one.id: one for one in views}
    # Who keeps results is warned of the nearest day of all the groups: never later than that of one of them.
    told |= {
        (mine.space_id, _due_on(mine, known[mine.space_id], dates))
        for one, mine in zip(invited, own, strict=True)
        if (one.space_id, _due_on(one, known[one.space_id], dates)) in told
    }
    return _once(Line(one.space, one.kind, one.due_on, _seen(one, told), 0) for one in every)


def _once(lines: Iterable[Line]) -> list[Line]:
    """One line a kind and a space: a group never reads « à faire » and « tenu » of the same duty."""
    found: dict[tuple[str, DutyKind], Line] = {}
    for line in _in_order(lines):
        first = found.setdefault((line.space.id, line.kind), line)
        if line.state not in rules.UNMET and first.state in rules.UNMET:
            found[line.space.id, line.kind] = replace(first, partly=True)
    return list(found.values())


def _seen(line: Line, warned: frozenset[tuple[str, date]]) -> DutyState:
    return rules.seen(line.state, keeps=False, warned=(line.space.id, line.due_on) in warned)


def _standing(session: Session, views: Sequence[SpaceView]) -> list[figures.Standing]:
    begun = [one.id for one in views if one.phase is not Phase.DRAFT]
    return figures.duties(session, begun) if begun else []


def _syntheses(
    session: Session, cells: Iterable[figures.Standing], views: Sequence[SpaceView], dates: Clocks
) -> list[Owed]:
    """The syntheses owed where people spoke, from what stands there already."""
    said: dict[tuple[str, Group], tuple[bool, bool]] = {}
    for cell in cells:
        more, folded = said.get((cell.space_id, cell.group), (False, True))
        asks = cell.kind is ContributionKind.QUESTION
        said[cell.space_id, cell.group] = (more or not asks, folded and cell.folded)
    spoken = [
        sources.Spoken(space_id, group, more, folded, dates.told_at(space_id))
        for (space_id, group), (more, folded) in said.items()
    ]
    alone = {
        one.id: one.closed_at or dates.at
        for one in views
        if not one.target.reads(Group.AUTHORITIES)
        and sources.tells(one.phase, one.broken_promise, published=dates.told_at(one.id) is not None)
    }
    return list(
        sources.owed_to_groups(session, spoken, lambda: _levels(session, views), alone, only_unmet=False)
    )


def _results(session: Session, views: Sequence[SpaceView]) -> list[Owed]:
    """The results of surveys that these spaces owe; one query."""
    begun = [one.id for one in views if one.phase is not Phase.DRAFT]
    return list(sources.of_surveys(session, begun, {}, only_unmet=False)) if begun else []


def _alike(found: Iterable[Owed], views: Sequence[SpaceView], dates: Clocks) -> list[Line]:
    """One line for what is alike among duties that are owed to whole groups."""
    known = {one.id: one for one in views}
    numbers: dict[tuple[str, DutyKind, date, DutyState, bool], int] = {}
    for one in found:
        duty = _duty(one, known[one.space_id], dates)
        key = (one.space_id, one.kind, duty.due_on, duty.state, waits(one, known[one.space_id], dates))
        numbers[key] = numbers.get(key, 0) + 1
    return [
        Line(known[space_id], kind, due, state, number, waits=still)
        for (space_id, kind, due, state, still), number in numbers.items()
    ]


def waits(owed: Owed, space: SpaceView, dates: Clocks) -> bool:
    """Whether people still answer the survey whose results are owed."""
    over_at = _over_at(owed, space, dates)
    return over_at is not None and over_at > dates.at and space.phase not in (Phase.ANSWERING, Phase.CLOSED)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    kinds = list(DutyKind)
    return sorted(
        lines, key=lambda one: (ORDER.index(one.state), one.due_on, one.space.id, kinds.index(one.kind))
    )


def _together(cells: Iterable[figures.Standing], views: Sequence[SpaceView], dates: Clocks) -> Iterator[Line]:
    """One line for what is alike; a kind of words can only be sent at the level that owes its answer."""
    known = {one.id: one for one in views}
    today = paris(dates.at).date()
    numbers: dict[tuple[str, DutyKind, date, DutyState], int] = {}
    for cell in cells:
        space = known[cell.space_id]
        kind = rules.ASKED_FOR[cell.kind][0]
        due = dates.due_on(space, cell.group, cell.alone)
        explained = cell.explained or space.phase is Phase.CLOSED
        state = rules.state(due, today, answered=cell.answered, explained=explained)
        key = (cell.space_id, kind, due, state)
        numbers[key] = numbers.get(key, 0) + cell.number
    for (space_id, kind, due, state), number in numbers.items():
        yield Line(known[space_id], kind, due, state, number)


def warned(session: Session, space_ids: Iterable[str]) -> frozenset[tuple[str, date]]:
    """The days of which the direction was warned, by space."""
    query = select(DutyWarning.space_id, DutyWarning.due_on).where(DutyWarning.space_id.in_(list(space_ids)))
    return frozenset((space_id, due_on) for space_id, due_on in session.execute(query.distinct()))


def extensions(session: Session, space_id: str) -> list[ExtensionView]:
    """Every delay asked in a space, the latest first; in a closed one nothing waits any more."""
    rows = session.execute(
        select(DutyExtension, Space.closed_at)
        .join(Space, Space.id == DutyExtension.space_id)
        .where(DutyExtension.space_id == space_id)
        .order_by(DutyExtension.at.desc(), DutyExtension.id)
    )
    return [_extension(row, closed_at) for row, closed_at in rows]


def _extension(row: DutyExtension, closed_at: datetime | None) -> ExtensionView:
    """One delay; what was left waiting in a space closed before closings said so lapsed with it."""
    left = row.state is RequestState.ASKED and closed_at is not None
    state = RequestState.LAPSED if left else row.state
    reason = ENDED if left else row.decision_reason
    return ExtensionView(
        row.id,
        row.group,
        row.contribution_id,
        row.until_on,
        row.reason,
        Sentence(row.by_function),
        row.at,
        state,
        Sentence(row.decided_function),
        closed_at if left else row.decided_at,
        Sentence(reason) if state is RequestState.LAPSED else reason,
    )


def explanation(session: Session, contribution_id: str) -> ExplanationView | None:
    """Why the engagement towards a contribution is not kept, when that was written."""
    row = session.get(DutyExplanation, contribution_id)
    return None if row is None else ExplanationView(row.html, Sentence(row.by_function), row.at)
