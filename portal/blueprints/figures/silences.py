"""Groups that are invited and spoke little or not, for those who may invite them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import paths
from portal.domain.figures import balance
from portal.domain.figures.balance import Invited, Silence
from portal.domain.spaces import subjects
from portal.domain.spaces.queries import SpaceView
from portal.domain.spaces.subjects import Subject
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group

# A space that has just opened is not silent: people need a few days.
LISTENING = timedelta(days=3)
# One reads a few, of a few subjects each: the others are a step away, so many at most.
FIRST, SUBJECTS, OTHERS = 3, 3, 12


@dataclass(frozen=True, slots=True)
class Nudge:
    """One group of one space, with what it hardly spoke of; `whole` when that is everything."""

    space: SpaceView
    group: Group
    subjects: tuple[Subject, ...]
    whole: bool
    members: int = 0

    @property
    def first_subjects(self) -> tuple[Subject, ...]:
        """The subjects that are told."""
        return self.subjects[:SUBJECTS]

    @property
    def more(self) -> int:
        """How many others there are."""
        return len(self.subjects) - len(self.first_subjects)

    @property
    def url(self) -> str:
        """Where to print an invitation."""
        return invitation(self.space.id, self.group)


def invitation(space_id: str, group: Group) -> str:
    """The page of an invitation."""
    return f"{paths.space(space_id)}/inviter?groupe={group.value}"


def nudges(
    session: Session, people: Mapping[str, Actor], views: Sequence[SpaceView], now: datetime
) -> list[Nudge]:
    """What to tell each of these people of the spaces of their contracts; three queries for any number.

    The most useful first: the groups with the most members, then what misses the most words.
    """
    listening = {
        one.id: one
        for one in views
        if one.opens_at + LISTENING <= now
        and permits.allows(people.get(one.contract_id), Permission.GROUP_INVITE, one.target)
    }
    if not listening:
        return []
    named = subjects.of_spaces(session, listening)
    invited = {
        one.id: Invited(one.contract_id, tuple(named.get(one.id, {})), one.target.levels)
        for one in listening.values()
    }
    found = balance.silences(session, invited)
    told = [
        _nudge(space, one, named.get(space_id, {}))
        for space_id, space in listening.items()
        for one in found[space_id]
    ]
    return sorted(told, key=lambda one: (-one.members, not one.whole, -len(one.subjects)))


def first(told: Sequence[Nudge]) -> tuple[list[Nudge], list[Nudge]]:
    """The three most useful ones, each of another group while there is one; and the others, by group."""
    chosen: list[Nudge] = []
    for one in told:
        if one.group not in {known.group for known in chosen}:
            chosen.append(one)
    chosen = [*chosen, *(one for one in told if one not in chosen)][:FIRST]
    order = list(Group)
    others = [one for one in told if one not in chosen]
    return chosen, sorted(others, key=lambda one: order.index(one.group))


def _nudge(space: SpaceView, silence: Silence, subjects_: Mapping[str, Subject]) -> Nudge:
    told = tuple(subjects_[item] for item in silence.item_ids)
    return Nudge(space, silence.group, told, whole=len(told) == len(subjects_), members=silence.members)
