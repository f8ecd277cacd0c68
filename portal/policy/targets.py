"""What is asked about: frozen states, read in the same transaction as the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from portal.vocabulary import College, ContributionKind, ContributionStatus, Group, Level, Phase


@dataclass(frozen=True, slots=True)
class ContractTarget:
    """A contract."""

    contract_id: str


def reads_words(group: Group, *, told: bool) -> bool:
    """Whether a group may read the words of a space; `told`: whether its words are told to the authorities."""
    return told or group is not Group.AUTHORITIES


@dataclass(frozen=True, slots=True)
class SpaceTarget:
    """A space as it is now: phase and levels in force at this instant.

    A group missing from `levels` has no record, hence no access. `words_told` says whether the
    authorities read the words there, or the synthesis only.
    """

    contract_id: str
    space_id: str
    phase: Phase
    levels: Mapping[Group, Level]
    words_told: bool = True

    def reads(self, group: Group) -> bool:
        """Whether the words of the space may be told to this group, whatever its level."""
        return reads_words(group, told=self.words_told)


@dataclass(frozen=True, slots=True)
class ContributionTarget:
    """A contribution as it is now, inside its space.

    `age` is the time since it was first sent; `answered` whether an answer was given;
    `public` whether others could ever read it.
    """

    space: SpaceTarget
    contribution_id: str
    author_id: str
    kind: ContributionKind
    status: ContributionStatus
    answered: bool
    age: timedelta
    public: bool = True


@dataclass(frozen=True, slots=True)
class AppealTarget:
    """An appeal against a decision of moderation.

    `college` is the one the decision came from; `readers` those named for the appeals of the space.
    """

    contract_id: str
    appeal_id: str
    author_id: str
    decider_id: str
    college: College
    readers: frozenset[str]
    decided: bool


Target = ContractTarget | SpaceTarget | ContributionTarget | AppealTarget
