"""The contracts that an account follows for an authority, with all that their table says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.acts.models import FormalAct
from portal.domain.contracts.models import Contract, ContractAuthority, ContractEstablishment
from portal.domain.diagnostic import outlook as findings
from portal.domain.duties import clocks, standing
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.standing import Standing
from portal.domain.figures import portfolio as figures
from portal.domain.figures.portfolio import Said
from portal.domain.involvement import queries as involvement
from portal.domain.involvement.rules import in_force
from portal.domain.lifecycle import outlook
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.participants import queries as participants
from portal.domain.portfolio.rules import Situation
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.kernel.clock import paris
from portal.kernel.speech import Sentence
from portal.vocabulary import ActKind, Group, Level, Phase, Role, Stage

USERS = (Group.RESIDENTS, Group.FAMILIES)
TO_COME = (Phase.ANNOUNCED, Phase.OPEN, Phase.PAUSED)
UNDER_WAY = (*TO_COME, Phase.ANSWERING)


@dataclass(frozen=True, slots=True)
class Site:
    """An establishment of a contract."""

    id: str
    name: str
    category: str
    finess_et: str
    department: str
    places: int | None


@dataclass(frozen=True, slots=True)
class Party:
    """An authority of a contract, and who follows the contract there."""

    organisation_id: str
    name: str
    delegation: str
    referent_function: str
    referent_contact: str
    version: int


@dataclass(frozen=True, slots=True)
class Followed:
    """One contract of the table."""

    id: str
    title: str
    organisation: str
    finess_ej: str
    stage: Stage
    starts_on: date
    ends_on: date
    signed_on: date | None
    next_end: date | None
    next_answer: date | None
    parties: tuple[Party, ...]
    sites: tuple[Site, ...]
    levels: Mapping[Group, Level]
    said: Said
    duties: Sentence
    situation: Situation
    today: date

    @property
    def next_date(self) -> date | None:
        """The nearest of its dates that is still to come."""
        days = (self.next_end, self.next_answer, self.starts_on, self.ends_on)
        return min((one for one in days if one and one >= self.today), default=None)

    @property
    def by_level(self) -> Mapping[Level, tuple[Group, ...]]:
        """The groups of each level, the highest level first."""
        found: dict[Level, tuple[Group, ...]] = {}
        for level in sorted(set(self.levels.values()), reverse=True):
            found[level] = tuple(group for group, own in self.levels.items() if own is level)
        return found

    @property
    def delegations(self) -> tuple[str, ...]:
        """The délégations of its authorities; the authority itself where it has none."""
        return tuple(one.delegation or one.name for one in self.parties)


def follows(session: Session, account_id: str) -> list[str]:
    """The contracts in which the account acts for an authority today."""
    people = participants.actors(session, account_id)
    return sorted(one.contract_id for one in people if Role.AUTHORITY_AGENT in one.roles)


def followed(session: Session, contract_ids: Sequence[str], at: datetime) -> list[Followed]:
    """These contracts, by title; as many questions for one as for sixty."""
    if not contract_ids:
        return []
    known = _Known.of(session, list(contract_ids), at)
    rows = session.execute(
        select(Contract, Organisation.name, Organisation.finess_ej)
        .join(Organisation, Organisation.id == Contract.organisation_id)
        .where(Contract.id.in_(contract_ids))
        .order_by(Contract.title, Contract.id)
    )
    return [known.followed(row, name, finess or "") for row, name, finess in rows]


def parties(session: Session, contract_ids: Sequence[str]) -> dict[str, tuple[Party, ...]]:
    """The authorities of each contract, by name; one query."""
    rows = session.execute(
        select(ContractAuthority, Organisation.name, Organisation.delegation)
        .join(Organisation, Organisation.id == ContractAuthority.organisation_id)
        .where(ContractAuthority.contract_id.in_(contract_ids))
        .order_by(Organisation.name, Organisation.id)
    )
    found: dict[str, tuple[Party, ...]] = {}
    for row, name, delegation in rows:
        one = Party(
            row.organisation_id,
            name,
            delegation or "",
            row.referent_function,
            row.referent_contact,
            row.version,
        )
        found[row.contract_id] = (*found.get(row.contract_id, ()), one)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is read of some contracts, before it is told contract by contract."""

    at: datetime
    parties: Mapping[str, tuple[Party, ...]]
    sites: Mapping[str, tuple[Site, ...]]
    views: Mapping[str, list[SpaceView]]
    due: Clocks
    defaults: Mapping[tuple[str, str | None], list[Any]]
    standings: Mapping[str, Standing]
    acts: Mapping[str, frozenset[ActKind]]
    said: Mapping[str, Said]
    decided: frozenset[str]
    findings_wait: frozenset[str]

    @classmethod
    def of(cls, session: Session, ids: list[str], at: datetime) -> _Known:
        """Read it all, with as many questions for one contract as for sixty."""
        records = involvement.by_space(session, ids)
        every = spaces.of_contracts(session, ids, at, records=records)
        views = [one for one in every if one.phase is not Phase.DRAFT]
        due = clocks.of(session, views, at)
        return cls(
            at=at,
            parties=parties(session, ids),
            sites=_sites(session, ids),
            views=_by_contract(views),
            due=due,
            defaults=records,
            standings=standing.of_contracts(session, views, due),
            acts=_acts(session, ids),
            said=figures.said(session, ids),
            decided=outlook.decided(session, ids),
            findings_wait=findings.waiting(session, ids),
        )

    def followed(self, row: Contract, organisation: str, finess: str) -> Followed:
        """One contract, told."""
        views, today = self.views.get(row.id, []), paris(self.at).date()
        ends = [paris(one.ends_at).date() for one in views if one.phase in TO_COME]
        levels = self._levels(row.id, views)
        stands = self.standings.get(row.id, standing.NOTHING)
        answers = [self.due.due_on(one) for one in views if one.phase in UNDER_WAY and one.id in stands.owing]
        return Followed(
            id=row.id,
            title=row.title,
            organisation=organisation,
            finess_ej=finess,
            stage=row.stage,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            signed_on=row.signed_on,
            next_end=min(ends, default=None),
            next_answer=min((day for day in answers if day >= today), default=None),
            parties=self.parties.get(row.id, ()),
            sites=self.sites.get(row.id, ()),
            levels=levels,
            said=self.said.get(row.id, Said()),
            duties=stands.words,
            situation=Situation(
                contract_id=row.id,
                title=row.title,
                stage=row.stage,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                signed_on=row.signed_on,
                space_ends=tuple(ends),
                unkept_on=stands.unkept_on,
                users_have_level=any(group in levels for group in USERS),
                acts=self.acts.get(row.id, frozenset()),
                end_decided=row.id in self.decided,
                findings_wait=row.id in self.findings_wait,
            ),
            today=today,
        )

    def _levels(self, contract_id: str, views: Iterable[SpaceView]) -> dict[Group, Level]:
        """The level of each group: the highest of its spaces that are not closed, else the one of the contract."""
        found: dict[Group, Level] = {}
        lasting = [one for one in views if one.phase is not Phase.CLOSED]
        if not lasting:
            return in_force(self.defaults.get((contract_id, None), []), self.at)
        for one in lasting:
            for group, level in one.target.levels.items():
                found[group] = max(level, found.get(group, level))
        return {group: found[group] for group in Group if group in found}


def _by_contract(views: Iterable[SpaceView]) -> dict[str, list[SpaceView]]:
    found: dict[str, list[SpaceView]] = {}
    for one in views:
        found.setdefault(one.contract_id, []).append(one)
    return found


def _sites(session: Session, ids: Sequence[str]) -> dict[str, tuple[Site, ...]]:
    rows = session.execute(
        select(ContractEstablishment.contract_id, Establishment)
        .join(Establishment, Establishment.id == ContractEstablishment.establishment_id)
        .where(ContractEstablishment.contract_id.in_(ids))
        .order_by(Establishment.name, Establishment.id)
    )
    found: dict[str, tuple[Site, ...]] = {}
    for contract_id, row in rows:
        site = Site(row.id, row.name, row.category, row.finess_et or "", row.department or "", row.places)
        found[contract_id] = (*found.get(contract_id, ()), site)
    return found


def _acts(session: Session, ids: Sequence[str]) -> dict[str, frozenset[ActKind]]:
    rows = session.execute(
        select(FormalAct.contract_id, FormalAct.kind)
        .where(FormalAct.contract_id.in_(ids), FormalAct.taken_back_at.is_(None))
        .distinct()
    )
    found: dict[str, frozenset[ActKind]] = {}
    for contract_id, kind in rows:
        found[contract_id] = found.get(contract_id, frozenset()) | {kind}
    return found
