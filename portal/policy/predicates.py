"""The conditions of the table of rights: tiny, named, each asks one thing.

A predicate is called with (actor, target) and says yes or no; a target of a kind that it
does not know is a no. `cost` tells how far a refused person is from the right: it serves
only to explain the refusal by the nearest way in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from portal.policy.targets import AppealTarget, ContractTarget, ContributionTarget, SpaceTarget, Target
from portal.vocabulary import ContributionStatus, Group, Level, Phase, Role

if TYPE_CHECKING:
    from portal.policy.actor import Actor


def space_of(target: Target) -> SpaceTarget | None:
    """Give the space that a target is, or lies in; None for a contract."""
    if isinstance(target, ContributionTarget):
        return target.space
    return target if isinstance(target, SpaceTarget) else None


def contract_of(target: Target) -> str | None:
    """Give the id of the contract that a target is, or lies in; None for anything else."""
    if isinstance(target, ContractTarget | AppealTarget):
        return target.contract_id
    space = space_of(target)
    return space.contract_id if space else None


def level_of(actor: Actor, target: Target) -> Level | None:
    """Give the level of the actor's own group in the space; None without a record."""
    space = space_of(target)
    return space.levels.get(actor.group) if space else None


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named condition."""

    name: str

    cost: ClassVar[int] = 1

    def __call__(self, actor: Actor, target: Target) -> bool:
        """Say whether the condition holds."""
        return self._holds(actor, target)

    def _holds(self, _actor: Actor, _target: Target) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Member(Predicate):
    """The actor belongs to the contract of the target."""

    cost: ClassVar[int] = 99

    def _holds(self, actor: Actor, target: Target) -> bool:
        return actor.contract_id == contract_of(target)


@dataclass(frozen=True, slots=True)
class HasRole(Predicate):
    """The actor holds one of the roles."""

    roles: frozenset[Role]

    cost: ClassVar[int] = 9

    def _holds(self, actor: Actor, _target: Target) -> bool:
        return not actor.roles.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class Represents(Predicate):
    """The actor speaks for a group: one of the roles, or a member of a group that is itself a voice."""

    roles: frozenset[Role]
    groups: frozenset[Group]

    cost: ClassVar[int] = 9

    def _holds(self, actor: Actor, _target: Target) -> bool:
        return actor.group in self.groups or not actor.roles.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class HasNoRole(Predicate):
    """The actor holds none of the roles: nobody decides for both sides."""

    roles: frozenset[Role]

    cost: ClassVar[int] = 9

    def _holds(self, actor: Actor, _target: Target) -> bool:
        return actor.roles.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class HasLevel(Predicate):
    """The actor's group is involved at this level at least."""

    level: Level

    def _holds(self, actor: Actor, target: Target) -> bool:
        own = level_of(actor, target)
        return own is not None and own >= self.level


@dataclass(frozen=True, slots=True)
class WordsTold(Predicate):
    """Authorities read words only where the space said so; nobody else is concerned."""

    def _holds(self, actor: Actor, target: Target) -> bool:
        space = space_of(target)
        return space is not None and space.reads(actor.group)


@dataclass(frozen=True, slots=True)
class InPhase(Predicate):
    """The space is in one of the phases."""

    phases: frozenset[Phase]

    def _holds(self, _actor: Actor, target: Target) -> bool:
        space = space_of(target)
        return space is not None and space.phase in self.phases


@dataclass(frozen=True, slots=True)
class WholeContract(Predicate):
    """The question is about the contract, not about one of its spaces."""

    # Nobody makes a space a contract: a refusal never tells it when there is anything else to tell.
    cost: ClassVar[int] = 50

    def _holds(self, _actor: Actor, target: Target) -> bool:
        return isinstance(target, ContractTarget)


@dataclass(frozen=True, slots=True)
class HasStatus(Predicate):
    """The contribution has one of the statuses."""

    statuses: frozenset[ContributionStatus]

    def _holds(self, _actor: Actor, target: Target) -> bool:
        return isinstance(target, ContributionTarget) and target.status in self.statuses


@dataclass(frozen=True, slots=True)
class KeepsPlace(HasStatus):
    """The same; words withdrawn before anybody read them leave no place."""

    def _holds(self, _actor: Actor, target: Target) -> bool:
        if not isinstance(target, ContributionTarget) or target.status not in self.statuses:
            return False
        return target.public or target.status is not ContributionStatus.WITHDRAWN


@dataclass(frozen=True, slots=True)
class ByAuthor(Predicate):
    """The contribution is the actor's own (`own`) or somebody else's."""

    own: bool

    cost: ClassVar[int] = 3

    def _holds(self, actor: Actor, target: Target) -> bool:
        if not isinstance(target, ContributionTarget):
            return False
        return (target.author_id == actor.participant_id) is self.own


@dataclass(frozen=True, slots=True)
class NotAnswered(Predicate):
    """The contribution has no answer yet."""

    def _holds(self, _actor: Actor, target: Target) -> bool:
        return isinstance(target, ContributionTarget) and not target.answered


@dataclass(frozen=True, slots=True)
class YoungerThan(Predicate):
    """The contribution was sent less than `limit` ago."""

    limit: timedelta

    def _holds(self, _actor: Actor, target: Target) -> bool:
        return isinstance(target, ContributionTarget) and target.age < self.limit


class OnAppeal(Predicate):
    """What the actor has to do with an appeal; anything else is a no."""

    cost: ClassVar[int] = 9

    def _holds(self, actor: Actor, target: Target) -> bool:
        return isinstance(target, AppealTarget) and self._of(actor, target)

    def _of(self, _actor: Actor, _target: AppealTarget) -> bool:
        return False


class Named(OnAppeal):
    """The actor is named for the appeals of the space."""

    def _of(self, actor: Actor, target: AppealTarget) -> bool:
        return actor.participant_id in target.readers


class NotAuthor(OnAppeal):
    """The words are somebody else's."""

    def _of(self, actor: Actor, target: AppealTarget) -> bool:
        return actor.participant_id != target.author_id


class NotDecider(OnAppeal):
    """The decision is somebody else's."""

    def _of(self, actor: Actor, target: AppealTarget) -> bool:
        return actor.participant_id != target.decider_id


class OtherCollege(OnAppeal):
    """The decision comes from another college."""

    def _of(self, actor: Actor, target: AppealTarget) -> bool:
        return actor.group.college is not target.college


class Undecided(OnAppeal):
    """Nobody decided yet."""

    cost: ClassVar[int] = 1

    def _of(self, _actor: Actor, target: AppealTarget) -> bool:
        return not target.decided


def _role(name: str, *roles: Role) -> HasRole:
    return HasRole(name, frozenset(roles))


def _phase(name: str, *phases: Phase) -> InPhase:
    return InPhase(name, frozenset(phases))


def _status(name: str, *statuses: ContributionStatus) -> HasStatus:
    return HasStatus(name, frozenset(statuses))


member = Member("member")
whole_contract = WholeContract("whole_contract")

director = _role("director", Role.DIRECTOR)
directing = _role("directing", Role.DIRECTOR, Role.DEPUTY)
organising = _role("organising", Role.DIRECTOR, Role.DEPUTY, Role.MODERATOR)

preparing = _role("preparing", Role.DIRECTOR, Role.DEPUTY, Role.FACILITATOR)
keeping_duties = _role("keeping_duties", Role.DIRECTOR, Role.DEPUTY, Role.MODERATOR, Role.FACILITATOR)
recording = _role("recording", Role.DIRECTOR, Role.DEPUTY, Role.CVS_MEMBER, Role.AUTHORITY_AGENT)
recording_cvs = _role("recording_cvs", Role.DIRECTOR, Role.DEPUTY, Role.CVS_MEMBER)
of_a_party = _role("of_a_party", Role.DIRECTOR, Role.DEPUTY, Role.AUTHORITY_AGENT)
validating = _role("validating", Role.DIRECTOR, Role.AUTHORITY_AGENT)
recording_votes = _role("recording_votes", Role.DIRECTOR, Role.DEPUTY, Role.AUTHORITY_AGENT)
measuring = _role("measuring", Role.DIRECTOR, Role.DEPUTY, Role.AUTHORITY_AGENT)
signing = _role("signing", Role.DIRECTOR, Role.DEPUTY, Role.AUTHORITY_AGENT)
proposing_levels = _role("proposing_levels", Role.CVS_MEMBER, Role.AUTHORITY_AGENT)
following = _role("following", Role.AUTHORITY_AGENT)
representing = Represents(
    "representing",
    frozenset({Role.CVS_MEMBER, Role.AUTHORITY_AGENT}),
    frozenset({Group.STAFF_REPS, Group.BOARD}),
)
not_directing = HasNoRole("not_directing", frozenset({Role.DIRECTOR, Role.DEPUTY}))

reading_appeals = _role("reading_appeals", Role.APPEAL_READER)
named = Named("named")
not_author = NotAuthor("not_author")
not_decider = NotDecider("not_decider")
other_college = OtherCollege("other_college")
undecided = Undecided("undecided")

informed = HasLevel("informed", Level.INFORMATION)
consulted = HasLevel("consulted", Level.CONSULTATION)
concerted = HasLevel("concerted", Level.CONCERTATION)
coconstructing = HasLevel("coconstructing", Level.COCONSTRUCTION)

words_told = WordsTold("words_told")

announced = _phase("announced", *(phase for phase in Phase if phase is not Phase.DRAFT))
not_opened = _phase("not_opened", Phase.DRAFT, Phase.ANNOUNCED)
opened = _phase("opened", Phase.OPEN)
paused = _phase("paused", Phase.PAUSED)
answering = _phase("answering", Phase.ANSWERING)
started = _phase("started", Phase.OPEN, Phase.PAUSED)
begun = _phase("begun", Phase.OPEN, Phase.PAUSED, Phase.ANSWERING, Phase.CLOSED)
spoken = _phase("spoken", Phase.ANSWERING, Phase.CLOSED)
under_way = _phase("under_way", Phase.OPEN, Phase.PAUSED, Phase.ANSWERING)
not_closed = _phase("not_closed", *(phase for phase in Phase if phase is not Phase.CLOSED))

published = _status("published", ContributionStatus.PUBLISHED)
has_place = KeepsPlace(
    "has_place",
    frozenset(status for status in ContributionStatus if status is not ContributionStatus.PENDING),
)
was_read = KeepsPlace(
    "was_read",
    frozenset({ContributionStatus.PUBLISHED, ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN}),
)
standing = _status("standing", ContributionStatus.PENDING, ContributionStatus.PUBLISHED)
not_withdrawn = _status(
    "not_withdrawn",
    *(status for status in ContributionStatus if status is not ContributionStatus.WITHDRAWN),
)

set_aside = _status("set_aside", ContributionStatus.REFUSED, ContributionStatus.HIDDEN)

own = ByAuthor("own", own=True)
of_another = ByAuthor("of_another", own=False)
not_answered = NotAnswered("not_answered")
recent = YoungerThan("recent", timedelta(minutes=10))
