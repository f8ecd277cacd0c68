"""What a level makes the organiser owe, until when, and how far it is kept; pure.

A duty is never stored: it follows from a level, a contribution and a date. Only what a person
decided is stored (who keeps it, more time agreed, why it was not kept).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portal.domain.involvement.rules import Record, in_force
from portal.domain.spaces.rules import answer_due
from portal.kernel import calendar
from portal.kernel.clock import PARIS, paris
from portal.vocabulary import ORGANISER, ContributionKind, DutyKind, DutyState, Group, Level, Role

# THE table: what a level promises to a whole group (design: rights given, duty taken).
PROMISED: Mapping[Level, frozenset[DutyKind]] = {
    Level.INFORMATION: frozenset({DutyKind.ANSWER}),
    Level.CONSULTATION: frozenset(
        {DutyKind.ANSWER, DutyKind.FATE, DutyKind.SYNTHESIS, DutyKind.SURVEY_RESULTS}
    ),
    Level.CONCERTATION: frozenset(
        {
            DutyKind.ANSWER,
            DutyKind.FATE,
            DutyKind.MOTIVATED_ANSWER,
            DutyKind.SYNTHESIS,
            DutyKind.SURVEY_RESULTS,
        }
    ),
    Level.COCONSTRUCTION: frozenset(DutyKind),
}
# What each kind of contribution asks for, the most demanding first.
ASKED_FOR: Mapping[ContributionKind, tuple[DutyKind, ...]] = {
    ContributionKind.QUESTION: (DutyKind.ANSWER,),
    ContributionKind.COMMENT: (DutyKind.FATE,),
    ContributionKind.PROPOSAL: (DutyKind.MOTIVATED_ANSWER, DutyKind.FATE),
    ContributionKind.REPLY: (DutyKind.FATE,),
}
# Who keeps the contract is warned so many days ahead, on the day, then once it is over.
WARNINGS = (14, 7, 3, 1, 0)
OVERDUE = -1
# Working days after which lateness is seen by others where nobody is left to be warned.
WITHOUT_KEEPER = 5
KEEPERS = frozenset({Role.DIRECTOR, Role.DEPUTY, Role.MODERATOR, Role.FACILITATOR})
UNMET = frozenset({DutyState.TO_DO, DutyState.LATE})
# A day that moves by less than half of one stays.
NOON = time(12)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a space was suspended; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A contribution, as duties see it: no words in it."""

    kind: ContributionKind
    group: Group
    sent_at: datetime
    published_at: datetime


def owed(level: Level | None, kind: ContributionKind, group: Group) -> DutyKind | None:
    """What the organiser owes for a published contribution; nothing to itself, nothing without a level."""
    if level is None or group is ORGANISER:
        return None
    return next((duty for duty in ASKED_FOR[kind] if duty in PROMISED[level]), None)


def level_that_counts(records: Iterable[Record], words: Words) -> Level | None:
    """The level of the author's group when the words were published, or when they were sent if it was higher.

    What is lowered later takes no duty away; and a review that waits until a level has gone down
    does not either.
    """
    own = [one for one in records if one.group is words.group]
    found = (in_force(own, at).get(words.group) for at in (words.sent_at, words.published_at))
    return max((level for level in found if level is not None), default=None)


def promises_synthesis(level: Level | None) -> bool:
    """Whether a group at this level is owed a synthesis of what was said."""
    return level is not None and DutyKind.SYNTHESIS in PROMISED[level]


def paused(pauses: Iterable[Pause], at: datetime) -> timedelta:
    """The time spent in pause so far."""
    spent = (min(one.until or at, at) - one.since for one in pauses)
    return sum((max(one, timedelta()) for one in spent), timedelta())


def due_on(
    ends_at: datetime,
    answer_days: int,
    *,
    pauses: Sequence[Pause] = (),
    agreed: date | None = None,
    department: str = calendar.METROPOLITAN,
    at: datetime,
) -> date:
    """The last day on which the answer keeps the promise, in Paris.

    The announced delay, and the time of pauses, or the later day that the group agreed to; then
    the next working day.
    """
    # The end of a space ends its pause, even before the job that follows dates has written so.
    spent = paused(pauses, min(at, ends_at))
    return _moved(answer_due(ends_at, answer_days) + spent, agreed, department)


def results_due_on(
    promised_on: date,
    since: datetime,
    ends_at: datetime,
    *,
    pauses: Sequence[Pause] = (),
    agreed: date | None = None,
    department: str = calendar.METROPOLITAN,
    at: datetime,
) -> date:
    """The same for a day that was announced at `since`, in a space that ends at `ends_at`.

    Only the time of pauses after the announcement counts; one that begins once the day is over gives nothing back.
    """
    promised = datetime.combine(promised_on, NOON, PARIS)
    for one in sorted(pauses, key=lambda pause: pause.since):
        if paris(one.since).date() <= paris(promised).date():
            spent = paused([replace(one, since=max(one.since, since))], min(at, ends_at))
            promised = promised.astimezone(UTC) + spent
    return _moved(promised, agreed, department)


def open_until(
    ends_at: datetime, since: datetime, space_ends_at: datetime, *, pauses: Sequence[Pause] = (), at: datetime
) -> datetime:
    """Until when people answer what was opened at `since`: pauses give their time back, all of them by whole days.

    The end of the space remains the last one; time agreed for answers of the organiser moves nothing here.
    """
    spent, until = timedelta(), ends_at
    for one in sorted(pauses, key=lambda pause: pause.since):
        if one.since < until:
            spent += paused([replace(one, since=max(one.since, since))], min(at, space_ends_at))
            until = (paris(ends_at) + -(-spent // DAY) * DAY).astimezone(UTC)
    return min(until, space_ends_at)


def _moved(promised: datetime, agreed: date | None, department: str) -> date:
    day = paris(promised).date()
    return calendar.next_working(max(day, agreed or day), department)


def state(due: date, today: date, *, answered: bool, explained: bool) -> DutyState:
    """Where a duty stands on a day; late from the day after it was due."""
    if answered:
        return DutyState.KEPT
    if explained:
        return DutyState.EXPLAINED
    return DutyState.LATE if today > due else DutyState.TO_DO


def seen(found: DutyState, *, keeps: bool, warned: bool) -> DutyState:
    """THE rule on lateness: nobody reads « en retard » before those who keep the contract were warned.

    Where nobody keeps it any more, its warning counts as given `WITHOUT_KEEPER` working days after the day.
    """
    if found is DutyState.LATE and not keeps and not warned:
        return DutyState.TO_DO
    return found


def may_be_explained(due: date, today: date) -> bool:
    """Whether « non tenu, expliqué » may be written of a duty alone: not before its day, which can still keep it.

    Closing a space may say so earlier, of all that is left there.
    """
    return today >= due


def warning(due: date, today: date) -> int | None:
    """Which warning is the one of this day: so many days ahead, 0 on the day, `OVERDUE` after; else None."""
    left = (due - today).days
    if left < 0:
        return OVERDUE
    return min((days for days in WARNINGS if days >= left), default=None)


def may_decide(group: Group, roles: Iterable[Role], concerned: Group) -> bool:
    """Whether a person may agree to more time in the name of a group: its own voice, never the organiser's."""
    held = frozenset(roles)
    if held & {Role.DIRECTOR, Role.DEPUTY}:
        return False
    if concerned in (Group.PROFESSIONALS, Group.STAFF_REPS):
        return group is Group.STAFF_REPS
    if concerned is Group.AUTHORITIES:
        return group is concerned and Role.AUTHORITY_AGENT in held
    if concerned is Group.BOARD:
        return group is concerned
    return group is concerned and Role.CVS_MEMBER in held


def worst(states: Iterable[DutyState]) -> DutyState | None:
    """What one says of several duties at once; None of none."""
    found = set(states)
    return next(
        (
            one
            for one in (DutyState.LATE, DutyState.TO_DO, DutyState.EXPLAINED, DutyState.KEPT)
            if one in found
        ),
        None,
    )
