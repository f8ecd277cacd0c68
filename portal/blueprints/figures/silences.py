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
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group

# A space that has just opened is not silent: people need a few days.
LISTENING = timedelta(days=3)
# One reads a few: the others are named in one sentence.
FIRST, TITLES = 3, 3


@dataclass(frozen=True, slots=True)
class Nudge:
    """One group of one space, with the titles of what it hardly spoke of; `whole` when that is everything."""

    space: SpaceView
    group: Group
    titles: tuple[str, ...]
    whole: bool
    members: int = 0

    @property
    def first_titles(self) -> tuple[str, ...]:
        """The titles that are told."""
        return self.titles[:TITLES]

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
    titles = subjects.of_spaces(session, listening)
    invited = {
        one.id: Invited(one.contract_id, tuple(titles.get(one.id, {})), one.target.levels)
        for one in listening.values()
    }
    found = balance.silences(session, invited)
    told = [
        _nudge(space, one, titles.get(space_id, {}))
        for space_id, space in listening.items()
        for one in found[space_id]
    ]
    return sorted(told, key=lambda one: (-one.members, not one.whole, -len(one.titles)))


def first(told: Sequence[Nudge]) -> tuple[list[Nudge], list[Group]]:
    """The three most useful ones, each of another group while there is one; and the groups of the others."""
    chosen: list[Nudge] = []
    for one in told:
        if one.group not in {known.group for known in chosen}:
            chosen.append(one)
    chosen = [*chosen, *(one for one in told if one not in chosen)][:FIRST]
    others = {one.group for one in told if one not in chosen}
    return chosen, [group for group in Group if group in others]


def _nudge(space: SpaceView, silence: Silence, titles: Mapping[str, str]) -> Nudge:
    told = tuple(titles[item] for item in silence.item_ids)
    return Nudge(space, silence.group, told, whole=len(told) == len(titles), members=silence.members)
