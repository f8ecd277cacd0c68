"""When a level may be recorded and from when it counts (design: levels)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say
from portal.vocabulary import Group, Level

LOWERING_NOTICE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the engagements de participation, as rules see it."""

    group: Group
    level: Level | None
    effective_at: datetime
    recorded_at: datetime
    for_space: bool
    reason: str = ""


class Dated(Protocol):
    """What tells which of several records counts, and when."""

    @property
    def group(self) -> Group:
        """Whose level it is."""

    @property
    def level(self) -> Level | None:
        """How far the group is involved; None when it takes no part."""

    @property
    def effective_at(self) -> datetime:
        """From when it counts."""

    @property
    def recorded_at(self) -> datetime:
        """When it was decided."""

    @property
    def for_space(self) -> bool:
        """Whether it is about one space, or the whole contract."""


One = TypeVar("One", bound=Dated)


def in_force(records: Iterable[Record], at: datetime) -> dict[Group, Level]:
    """The level of each group at `at`: a space's own record wins over the default.

    Among records of the same kind the last recorded counts: a new decision takes the
    place of what was planned before it and still waits. Groups that do not take part are absent.
    """
    found = counting(records, at)
    return {group: record.level for group, record in found.items() if record.level is not None}


def counting(records: Iterable[One], at: datetime) -> dict[Group, One]:
    """The record that counts for each group at `at`, of those about a space and its contract."""
    return _chosen(_standing(records), at)


def coming(records: Iterable[One], at: datetime) -> dict[Group, One]:
    """The next change of each group: planned, and not replaced by a later decision."""
    known = _standing(records)
    chosen = _chosen(known, at)
    planned: dict[Group, One] = {}
    for record in known:
        if record.effective_at <= at or _replaced(record, chosen.get(record.group)):
            continue
        earlier = planned.get(record.group)
        if earlier is None or _rank(record) > _rank(earlier):
            planned[record.group] = record
    return planned


def given_up(record: Dated, known: Iterable[Dated]) -> bool:
    """Whether a plan never came true: a later decision, among `known`, took its place before its day."""
    waits = record.effective_at > record.recorded_at
    return waits and any(_gives_up(later, record) for later in known)


def moved_from(record: Dated, known: Iterable[Dated]) -> datetime | None:
    """When the same change was planned for, if a record does nothing but move its day."""
    waiting = [one for one in known if one.effective_at > one.recorded_at and _gives_up(record, one)]
    last = max(waiting, key=lambda one: (one.for_space, one.recorded_at), default=None)
    if last is None or last.level is not record.level or last.effective_at == record.effective_at:
        return None
    return last.effective_at


def _replaced(record: Dated, chosen: Dated | None) -> bool:
    return chosen is not None and _rank(chosen) > _rank(record)


def _standing(records: Iterable[One]) -> list[One]:
    """The records without the plans that a later decision gave up before their day."""
    known = list(records)
    return [record for record in known if not given_up(record, known)]


def _gives_up(later: Dated, record: Dated) -> bool:
    return (
        record.recorded_at < later.recorded_at < record.effective_at
        and later.group is record.group
        and later.for_space >= record.for_space
    )


def _chosen(records: Iterable[One], at: datetime) -> dict[Group, One]:
    chosen: dict[Group, One] = {}
    for record in records:
        if record.effective_at > at:
            continue
        known = chosen.get(record.group)
        if known is None or _rank(record) >= _rank(known):
            chosen[record.group] = record
    return chosen


def _rank(record: Dated) -> tuple[bool, datetime, datetime]:
    return (record.for_space, record.recorded_at, record.effective_at)


def lowers(current: Level | None, wanted: Level | None) -> bool:
    """Whether a group would be less involved than now; not taking part is the least."""
    return (wanted or 0) < (current or 0)


def gives(before: Level | None, proposed: Level, level: Level | None) -> bool:
    """Whether a level gives what was proposed to a group that was at `before`: the same, or a higher rise."""
    return level == proposed or (level is not None and (before or 0) < proposed < level)


def effective_date(
    current: Level | None, wanted: Level | None, asked: datetime | None, at: datetime
) -> datetime:
    """From when a new record counts: raising now, lowering after at least seven days."""
    earliest = at + LOWERING_NOTICE if lowers(current, wanted) else at
    return max(earliest, asked or earliest)


def check_day(current: Level | None, wanted: Level | None, asked: datetime | None, at: datetime) -> None:
    """Refuse a day on which a change cannot take effect, rather than take another one without a word.

    Errors: InvalidError (field `effective_on`).
    """
    earliest = effective_date(current, wanted, None, at)
    if asked is None or current == wanted or paris(asked).date() >= paris(earliest).date():
        return
    told = say("Écrivez la date d’aujourd’hui, ou une date à venir.")
    if lowers(current, wanted):
        told = say(
            "Baisser un niveau laisse au moins 7 jours : choisissez le %(day)s ou après.",
            day=day_label(earliest),
        )
    raise InvalidError({"effective_on": [told]})


def check_moved(planned: Dated | None, wanted: Level | None, effective: datetime, reason: str) -> None:
    """Refuse to move the day of what is planned without a reason, or to the same day.

    Errors: InvalidError (field `reason` or `level`).
    """
    if planned is None or planned.level is not wanted:
        return
    if paris(planned.effective_at).date() == paris(effective).date():
        raise InvalidError({"level": [say("Ce changement est déjà prévu pour ce jour-là.")]})
    if not reason.strip():
        raise InvalidError(
            {"reason": [say("Pour changer la date prévue, écrivez la raison. Le groupe pourra la lire.")]}
        )


def check_record(current: Level | None, wanted: Level | None, reason: str, *, planned: bool = False) -> None:
    """Refuse a record without sense; the same level again gives up what was planned.

    Errors: InvalidError (field `reason` or `level`).
    """
    if current == wanted and not planned:
        raise InvalidError({"level": [say("Ce groupe a déjà ce niveau.")]})
    if lowers(current, wanted) and not reason.strip():
        raise InvalidError(
            {"reason": [say("Pour baisser un niveau, écrivez la raison. Le groupe pourra la lire.")]}
        )


PRESETS: Mapping[str, tuple[str, str, Mapping[Group, Level]]] = {
    "information-large": (
        say("Information large"),
        say("Tout le monde lit et peut poser des questions. Les représentants donnent leur avis."),
        {
            Group.RESIDENTS: Level.INFORMATION,
            Group.FAMILIES: Level.INFORMATION,
            Group.PROFESSIONALS: Level.INFORMATION,
            Group.STAFF_REPS: Level.CONSULTATION,
            Group.BOARD: Level.INFORMATION,
            Group.MANAGEMENT: Level.CONCERTATION,
            Group.AUTHORITIES: Level.INFORMATION,
        },
    ),
    "cvs-associe": (
        say("CVS associé"),
        say("Résidents, familles et équipes donnent leur avis. Leurs représentants discutent et proposent."),
        {
            Group.RESIDENTS: Level.CONSULTATION,
            Group.FAMILIES: Level.CONSULTATION,
            Group.PROFESSIONALS: Level.CONSULTATION,
            Group.STAFF_REPS: Level.CONCERTATION,
            Group.BOARD: Level.CONSULTATION,
            Group.MANAGEMENT: Level.CONCERTATION,
            Group.AUTHORITIES: Level.INFORMATION,
        },
    ),
    "concertation-large": (
        say("Concertation large"),
        say("Tous les groupes de la maison discutent entre eux et proposent d’autres mots."),
        {
            Group.RESIDENTS: Level.CONCERTATION,
            Group.FAMILIES: Level.CONCERTATION,
            Group.PROFESSIONALS: Level.CONCERTATION,
            Group.STAFF_REPS: Level.CONCERTATION,
            Group.BOARD: Level.CONSULTATION,
            Group.MANAGEMENT: Level.CONCERTATION,
            Group.AUTHORITIES: Level.CONSULTATION,
        },
    ),
    "trame-autorites": (
        say("Trame écrite ensemble"),
        say(
            "Les autorités et la direction discutent et proposent d’autres mots. Les autres groupes lisent et questionnent."
        ),
        {
            Group.RESIDENTS: Level.INFORMATION,
            Group.FAMILIES: Level.INFORMATION,
            Group.PROFESSIONALS: Level.INFORMATION,
            Group.STAFF_REPS: Level.INFORMATION,
            Group.BOARD: Level.INFORMATION,
            Group.MANAGEMENT: Level.CONCERTATION,
            Group.AUTHORITIES: Level.CONCERTATION,
        },
    ),
}
