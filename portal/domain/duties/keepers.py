"""Who keeps a duty today: the direction, unless it entrusted it to somebody; who is away is covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal.domain.duties.models import DutyCover, DutyOwner
from portal.domain.duties.rules import KEEPERS
from portal.domain.participants.models import Participant, ParticipantRole, Seat
from portal.domain.participants.queries import function_of
from portal.kernel.speech import Sentence, joined, listed, say
from portal.policy.actor import Actor
from portal.vocabulary import DutyKind, Role

_ACCOUNT = table("account", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class Charge:
    """Duties entrusted to a participant: of a space or of the contract, of a kind or of all."""

    id: str
    participant_id: str
    space_id: str | None
    kind: DutyKind | None
    from_on: date
    until_on: date | None
    at: datetime
    by_function: str = ""

    def concerns(self, space_id: str, kind: DutyKind | None, today: date) -> bool:
        """Whether it is about these duties, that day."""
        begun = self.from_on <= today and (self.until_on is None or today <= self.until_on)
        return begun and self.space_id in (None, space_id) and self.kind in (None, kind)

    @property
    def precision(self) -> tuple[bool, bool, datetime]:
        """The most precise counts; of two alike, the latest."""
        return (self.space_id is not None, self.kind is not None, self.at)


@dataclass(frozen=True, slots=True)
class Leave:
    """A member who is away, and who covers."""

    id: str
    participant_id: str
    covered_by: str
    from_on: date
    until_on: date
    by_function: str = ""

    def lasts(self, today: date) -> bool:
        """Whether the member is away that day."""
        return self.from_on <= today <= self.until_on

    def meets(self, first: date, last: date) -> bool:
        """Whether the member is away on one of these days."""
        return self.from_on <= last and first <= self.until_on


def owners(
    charges: Iterable[Charge], directors: frozenset[str], space_id: str, kind: DutyKind | None, today: date
) -> frozenset[str]:
    """Who was entrusted with these duties; the directors when nobody was."""
    found = [one for one in charges if one.concerns(space_id, kind, today)]
    if not found:
        return directors
    return frozenset({max(found, key=lambda one: one.precision).participant_id})


def covered(people: Iterable[str], leaves: Iterable[Leave], today: date) -> frozenset[str]:
    """The same, each who is away replaced by who covers; those who cover one another stay."""
    away = {one.participant_id: one.covered_by for one in leaves if one.lasts(today)}
    return frozenset(_stand_in(person, away) for person in people)


def _stand_in(person: str, away: dict[str, str]) -> str:
    seen = {person}
    current = person
    while current in away and away[current] not in seen:
        current = away[current]
        seen.add(current)
    # Two who are away and cover one another: nobody is left but the first.
    return person if current in away else current


@dataclass(frozen=True, slots=True)
class Keepers:
    """Those who may keep the duties of a contract, what is entrusted to whom, and who is away."""

    people: tuple[Actor, ...]
    charges: tuple[Charge, ...]
    leaves: tuple[Leave, ...]

    @property
    def directors(self) -> frozenset[str]:
        """Those who keep what was entrusted to nobody."""
        return frozenset(one.participant_id for one in self.people if Role.DIRECTOR in one.roles)

    def of(self, space_id: str, kind: DutyKind | None, today: date) -> frozenset[str]:
        """Who keeps these duties that day."""
        return covered(owners(self.charges, self.directors, space_id, kind, today), self.leaves, today)

    def warned(self, space_id: str, today: date) -> frozenset[str]:
        """Who is warned of what is due in a space: the directors, those entrusted with it, those who cover."""
        known = {one.participant_id for one in self.people}
        entrusted = {
            one.participant_id
            for kind in (None, *DutyKind)
            for one in self.charges
            if one.concerns(space_id, kind, today)
        }
        answering = {one.participant_id for one in self.people if one.roles & {Role.DIRECTOR, Role.DEPUTY}}
        return covered((answering | entrusted) & known, self.leaves, today)

    def given_to(self, person: str, today: date) -> tuple[Charge, ...]:
        """What is entrusted to a person, and not over that day."""
        return tuple(
            one
            for one in self.charges
            if one.participant_id == person and (one.until_on is None or today <= one.until_on)
        )

    def covered_by(self, person: str, today: date) -> tuple[Leave, ...]:
        """The absences that a person covers, and that are not over that day."""
        return tuple(one for one in self.leaves if one.covered_by == person and today <= one.until_on)

    def label(self, people: frozenset[str], names: Mapping[str, Sentence] | None = None) -> str:
        """« la direction », or those who keep it: by function, or as `names` calls them."""
        if people == self.directors or not people:
            return say("la direction")
        names = self.names() if names is None else names
        return listed([names.get(one, say("la direction")) for one in sorted(people)], say("et"))

    def names(self) -> dict[str, Sentence]:
        """Each keeper by function; those whom nothing tells apart are numbered."""
        found: dict[str, Sentence] = {}
        seen: dict[str, int] = {}
        for one in self.people:
            function = say("l’animation") if _only_prepares(one) else function_of(one)
            seen[function] = seen.get(function, 0) + 1
            number = seen[function]
            found[one.participant_id] = (
                joined([function, f"({number})"]) if number > 1 else joined([function])
            )
        return found


def _only_prepares(person: Actor) -> bool:
    return Role.FACILITATOR in person.roles and not person.roles & {
        Role.DIRECTOR,
        Role.DEPUTY,
        Role.MODERATOR,
    }


def read(session: Session, contract_id: str) -> Keepers:
    """The keepers of a contract, with what stands of their charges and leaves; three queries."""
    return of_contracts(session, [contract_id])[contract_id]


def of_contracts(session: Session, contract_ids: Sequence[str]) -> dict[str, Keepers]:
    """The same for several contracts, in three queries too.

    Who left, or lost the role, keeps nothing any more.
    """
    people = _people(session, contract_ids)
    known = {one.participant_id for one in people}
    charges = session.scalars(
        select(DutyOwner)
        .where(DutyOwner.contract_id.in_(contract_ids), DutyOwner.ended_at.is_(None))
        .order_by(DutyOwner.at, DutyOwner.id)
    ).all()
    leaves = session.scalars(
        select(DutyCover)
        .where(DutyCover.contract_id.in_(contract_ids), DutyCover.ended_at.is_(None))
        .order_by(DutyCover.at, DutyCover.id)
    ).all()
    return {
        contract_id: Keepers(
            tuple(one for one in people if one.contract_id == contract_id),
            tuple(
                _charge(one)
                for one in charges
                if one.contract_id == contract_id and one.participant_id in known
            ),
            tuple(
                _leave(one)
                for one in leaves
                if one.contract_id == contract_id and {one.participant_id, one.covered_by} <= known
            ),
        )
        for contract_id in contract_ids
    }


def by_name(session: Session, known: Keepers) -> dict[str, Sentence]:
    """Each keeper by name and function, for the direction alone: it entrusts to somebody, not to a number; one query."""
    rows = session.execute(
        select(Seat.participant_id, _ACCOUNT.c.name)
        .join(_ACCOUNT, _ACCOUNT.c.id == Seat.account_id)
        .where(Seat.participant_id.in_([one.participant_id for one in known.people]))
    )
    written = {row.participant_id: row.name for row in rows if row.name}
    return {
        who: joined([written[who], joined(["(", function, ")"], "")]) if who in written else function
        for who, function in known.names().items()
    }


def _people(session: Session, contract_ids: Sequence[str]) -> list[Actor]:
    """The active members who hold a role that may keep duties, in a steady order."""
    rows = session.execute(
        select(Participant, ParticipantRole.role)
        .join(ParticipantRole, ParticipantRole.participant_id == Participant.id)
        .where(
            Participant.contract_id.in_(contract_ids),
            Participant.left_at.is_(None),
            ParticipantRole.ended_at.is_(None),
        )
        .order_by(Participant.id)
    )
    roles: dict[str, set[Role]] = {}
    members: dict[str, Participant] = {}
    for member, role in rows:
        members[member.id] = member
        roles.setdefault(member.id, set()).add(role)
    return [
        Actor(one.id, one.contract_id, one.group, one.establishment_id, frozenset(roles[one.id]))
        for one in members.values()
        if roles[one.id] & KEEPERS
    ]


def _charge(row: DutyOwner) -> Charge:
    return Charge(
        row.id,
        row.participant_id,
        row.space_id,
        row.kind,
        row.from_on,
        row.until_on,
        row.at,
        Sentence(row.by_function),
    )


def _leave(row: DutyCover) -> Leave:
    return Leave(
        row.id, row.participant_id, row.covered_by, row.from_on, row.until_on, Sentence(row.by_function)
    )
