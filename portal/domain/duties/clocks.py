"""The dates of duties: what every page and every reminder reads, in one place and one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Date, String, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.duties import rules
from portal.domain.duties.models import DutyExtension
from portal.domain.duties.rules import Pause
from portal.domain.duties.told import SYNTHESIS, TELLS_ALL, VERSION
from portal.domain.organisations.models import Establishment
from portal.domain.spaces.models import Space, SpacePause
from portal.domain.spaces.queries import SpaceView
from portal.kernel import calendar
from portal.kernel.clock import paris
from portal.kernel.columns import UtcDateTime
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Group, RequestState

_WANTED: BindParameter[str] = bindparam("ids", expanding=True)
_PAUSES = select(
    SpacePause.space_id,
    SpacePause.since,
    SpacePause.until,
    cast(null(), String(40)).label("group_"),
    cast(null(), String(ID_LENGTH)).label("contribution_id"),
    cast(null(), Date).label("until_on"),
    cast(null(), String(9)).label("finess"),
    cast(null(), UtcDateTime).label("told_at"),
).where(SpacePause.space_id.in_(_WANTED))
_AGREED = select(
    DutyExtension.space_id,
    null(),
    null(),
    DutyExtension.__table__.c.group_,
    DutyExtension.contribution_id,
    DutyExtension.until_on,
    null(),
    null(),
).where(DutyExtension.space_id.in_(_WANTED), DutyExtension.state == RequestState.ACCEPTED)
_SITES = (
    select(Space.id, null(), null(), null(), null(), null(), Establishment.finess_et, null())
    .join(ContractEstablishment, ContractEstablishment.contract_id == Space.contract_id)
    .join(Establishment, Establishment.id == ContractEstablishment.establishment_id)
    .where(Space.id.in_(_WANTED))
)
_TOLD = (
    select(Space.id, null(), null(), null(), null(), null(), null(), VERSION.c.at)
    .join(SYNTHESIS, SYNTHESIS.c.space_id == Space.id)
    .join(VERSION, (VERSION.c.synthesis_id == SYNTHESIS.c.id) & TELLS_ALL)
    .where(Space.id.in_(_WANTED))
)
_CLOCK = union_all(_PAUSES, _AGREED, _SITES, _TOLD)


@dataclass(slots=True)
class _Clock:
    """What moves the dates of one space."""

    pauses: list[Pause] = field(default_factory=list)
    agreed: dict[tuple[Group, str | None], date] = field(default_factory=dict)
    sites: list[str] = field(default_factory=list)
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """When what is owed in some spaces is due."""

    at: datetime
    spaces: dict[str, _Clock]

    def due_on(
        self, space: SpaceView, group: Group | None = None, contribution_id: str | None = None
    ) -> date:
        """The last day that keeps the promise: for everybody, for a group, or for one contribution of it."""
        clock = self.spaces.get(space.id, _Clock())
        return rules.due_on(
            space.ends_at,
            space.answer_days,
            pauses=clock.pauses,
            agreed=_latest(clock, group, contribution_id),
            department=calendar.shared_department(clock.sites),
            at=self.at,
        )

    def results_due_on(
        self, space: SpaceView, groups: Iterable[Group], promised_on: date, since: datetime, over_at: datetime
    ) -> date:
        """The same for results of a survey, announced at `since` for a day: the nearest one of these groups.

        More time that one group agreed to takes nothing from the others. Never before `over_at`, when
        people have answered.
        """
        clock = self.spaces.get(space.id, _Clock())
        nearest = min(
            rules.results_due_on(
                promised_on,
                since,
                space.ends_at,
                pauses=clock.pauses,
                agreed=_latest(clock, group, None),
                department=calendar.shared_department(clock.sites),
                at=self.at,
            )
            for group in groups
        )
        return max(nearest, self.next_working(space, paris(over_at).date()))

    def open_until(
        self, space_id: str, space_ends_at: datetime, ends_at: datetime, since: datetime
    ) -> datetime:
        """Until when a survey opened at `since` is answered: the end that was announced, moved by pauses."""
        pauses = self.spaces.get(space_id, _Clock()).pauses
        return rules.open_until(ends_at, since, space_ends_at, pauses=pauses, at=self.at)

    def alone(self, space_id: str, group: Group, contribution_id: str) -> str | None:
        """The contribution, when more time was agreed for it alone."""
        clock = self.spaces.get(space_id, _Clock())
        return contribution_id if (group, contribution_id) in clock.agreed else None

    def told_at(self, space_id: str) -> datetime | None:
        """When a synthesis of all that was said there was first published."""
        return self.spaces.get(space_id, _Clock()).told_at

    def next_working(self, space: SpaceView, day: date) -> date:
        """That day, or the first working day after it where the space is."""
        clock = self.spaces.get(space.id, _Clock())
        return calendar.next_working(day, calendar.shared_department(clock.sites))

    def seen_without_keeper(self, space_id: str, due: date) -> date:
        """From when others read that a day was missed, where nobody is left to be warned of it."""
        clock = self.spaces.get(space_id, _Clock())
        department = calendar.shared_department(clock.sites)
        return calendar.working_days_after(due, rules.WITHOUT_KEEPER, department)


def read(session: Session, space_ids: Iterable[str], at: datetime) -> Clocks:
    """The clocks of these spaces; one query, none without a space."""
    wanted = list(space_ids)
    found: dict[str, _Clock] = {}
    for row in session.execute(_CLOCK, {"ids": wanted}) if wanted else ():
        _note(found.setdefault(row[0], _Clock()), row)
    return Clocks(at, found)


def of(session: Session, views: Sequence[SpaceView], at: datetime) -> Clocks:
    """The same for spaces already read."""
    return read(session, [one.id for one in views], at)


def _note(clock: _Clock, row: Any) -> None:
    _space, since, until, group, contribution_id, until_on, finess, told_at = row
    if told_at is not None:
        clock.told_at = min(told_at, clock.told_at or told_at)
    elif since is not None:
        clock.pauses.append(Pause(since, until))
    elif group is not None:
        key = (Group(group), contribution_id)
        clock.agreed[key] = max(until_on, clock.agreed.get(key, until_on))
    else:
        clock.sites.append(finess or "")


def _latest(clock: _Clock, group: Group | None, contribution_id: str | None) -> date | None:
    if group is None:
        return None
    found = (clock.agreed.get((group, one)) for one in {None, contribution_id})
    return max((one for one in found if one is not None), default=None)
