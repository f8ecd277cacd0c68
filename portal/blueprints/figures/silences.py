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


@dataclass(frozen=True, slots=True)
class Nudge:
    """One group of one space, with the titles of what it hardly spoke of; `whole` when that is everything."""

    space: SpaceView
    group: Group
    titles: tuple[str, ...]
    whole: bool

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
    """What to tell each of these people of the spaces of their contracts; three queries for any number."""
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
    return [
        _nudge(space, one, titles.get(space_id, {}))
        for space_id, space in listening.items()
        for one in found[space_id]
    ]


def _nudge(space: SpaceView, silence: Silence, titles: Mapping[str, str]) -> Nudge:
    told = tuple(titles[item] for item in silence.item_ids)
    return Nudge(space, silence.group, told, whole=len(told) == len(titles))
