"""Rooms: who hears what. Every admission asks `permits` with a fresh actor and target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import say
from portal.languages import SOURCE
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.vocabulary import Audience

LANGUAGE = SOURCE
STORED = {audience.value: audience for audience in Audience}
UNKNOWN_SPACE = say("Cette page n’existe pas.")


@dataclass(frozen=True, slots=True)
class Room:
    """One room of this process: an audience of a space, in a language, at an epoch.

    `audience` is `readers`, `moderators` or `author:<participant>`, as in the journal.
    """

    space_id: str
    audience: str
    lang: str
    epoch: int

    @property
    def name(self) -> str:
        """What the client manager calls it."""
        return f"space:{self.space_id}:{self.audience}:{self.lang}:e{self.epoch}"


@dataclass(frozen=True, slots=True)
class Entrance:
    """A decision in favour of one participant: valid for one epoch of one space."""

    space_id: str
    epoch: int
    participant_id: str
    crowd: Audience
    lang: str = LANGUAGE

    def stored(self, audience: Audience) -> str:
        """The name of an audience in the journal, for this participant."""
        return f"author:{self.participant_id}" if audience is Audience.AUTHOR else audience.value

    @property
    def audiences(self) -> tuple[Audience, Audience]:
        """The shared audience first, then one's own."""
        return self.crowd, Audience.AUTHOR

    @property
    def rooms(self) -> tuple[Room, Room]:
        """The rooms in the order of `audiences`."""
        shared, own = (Room(self.space_id, self.stored(a), self.lang, self.epoch) for a in self.audiences)
        return shared, own


def kind_of(stored: str) -> Audience:
    """The audience behind a name of the journal."""
    return Audience.AUTHOR if stored.startswith("author:") else STORED[stored]


def entrance(
    session: Session, account_id: str, space_id: str, at: datetime, lang: str = LANGUAGE
) -> Entrance:
    """Decide whether the account may hear this space now.

    Raises NotFoundError outside the contract, RefusedError inside it.
    """
    # The epoch is read before what is decided on: a right that ends in between leaves
    # this socket in a room that is already dead, never in a living one.
    epoch = spaces.epochs(session, [space_id]).get(space_id)
    target = spaces.target(session, space_id, at)
    if epoch is None or target is None:
        raise NotFoundError(UNKNOWN_SPACE)
    actor = participants.actor(session, account_id, target.contract_id)
    if actor is None:
        raise NotFoundError(UNKNOWN_SPACE)
    permits.require(actor, Permission.SPACE_READ, target)
    moderates = permits.allows(actor, Permission.QUEUE_READ, target)
    return Entrance(
        space_id=space_id,
        epoch=epoch,
        participant_id=actor.participant_id,
        crowd=Audience.MODERATORS if moderates else Audience.READERS,
        lang=lang,
    )
