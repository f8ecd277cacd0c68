"""Faults planted in a server under test: the checks of delivery must see each of them."""

from __future__ import annotations

from typing import Any

import faulty_order

from portal.realtime import outbound
from portal.realtime.relay import Relay
from portal.realtime.rooms import LANGUAGE, Room
from portal.vocabulary import Audience

DROPPED, LATE, DOUBLED, BROKEN = 5, 15, 25, 5


def drop_one() -> None:
    """The relay forgets one frame of each audience."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.cursor != DROPPED:
            announce(self, shelf, row, epoch)

    Relay.announce = faulty


def reorder() -> None:
    """The relay announces one frame after the next one."""
    announce = Relay.announce
    kept: dict[str, Any] = {}

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.cursor == LATE:
            kept[row.audience] = row
            return
        announce(self, shelf, row, epoch)
        if row.cursor == LATE + 1:
            announce(self, shelf, kept.pop(row.audience), epoch)

    Relay.announce = faulty


def double() -> None:
    """The relay announces one frame twice."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        announce(self, shelf, row, epoch)
        if row.cursor == DOUBLED:
            announce(self, shelf, row, epoch)

    Relay.announce = faulty


def leak() -> None:
    """The relay tells the readers what is for the moderation."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        announce(self, shelf, row, epoch)
        if row.audience == Audience.MODERATORS:
            room = Room(row.space_id, Audience.READERS.value, LANGUAGE, epoch)
            self._gateway.frame(room, outbound.frame(shelf, row, Audience.MODERATORS))

    Relay.announce = faulty


def stale_rooms() -> None:
    """The relay and the sweep never see that rights changed."""
    from portal.realtime import relay, sweep
    from portal.realtime.sweep import Sweep

    first: dict[str, int] = {}
    read = relay.spaces.epochs

    class Frozen:
        """The epochs of the first reading, for ever."""

        @staticmethod
        def epochs(session: Any, space_ids: list[str]) -> dict[str, int]:
            for space_id, epoch in read(session, space_ids).items():
                first.setdefault(space_id, epoch)
            return {space_id: first[space_id] for space_id in space_ids if space_id in first}

    relay.spaces = sweep.spaces = Frozen
    Sweep._end_sessions = lambda self, session: None


def broken_card() -> None:
    """One frame cannot be rendered, whenever it is asked for."""
    body = outbound._body

    def faulty(shelf: Any, row: Any, audience: Audience) -> Any:
        if row.cursor == BROKEN:
            raise ValueError("planted")
        return body(shelf, row, audience)

    outbound._body = faulty


def no_event_limit() -> None:
    """Sockets may ask as often as they like."""
    from portal.realtime.throttle import Throttle

    Throttle.admits = lambda self, origin: True


def no_size_limit() -> None:
    """A message may have any size."""
    from portal.realtime import transport

    transport.MAX_MESSAGE = 10**9


def any_origin() -> None:
    """Every site may open a connection."""
    from portal.realtime import transport

    transport.origins = lambda _urls: "*"


def no_queue_bound() -> None:
    """Whatever a client does not read waits for it."""
    from portal.realtime import transport

    transport.QUEUE_SIZE = transport.QUEUE_FRAMES = 10**9
    transport.SEND_PATIENCE_SECONDS = 10**6


def readers_moderate() -> None:
    """Whoever may read a space is let into the room of its moderators."""
    from dataclasses import replace

    from portal.realtime import inbound

    entrance = inbound.rooms.entrance

    def faulty(*asked: Any) -> Any:
        return replace(entrance(*asked), crowd=Audience.MODERATORS)

    inbound.rooms.entrance = faulty


def author_to_all() -> None:
    """What is for one author is told to all who read."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        announce(self, shelf, row, epoch)
        if row.audience.startswith("author:"):
            frame = outbound.frame(shelf, row, Audience.AUTHOR)
            self._gateway.frame(Room(row.space_id, Audience.READERS.value, LANGUAGE, epoch), frame)

    Relay.announce = faulty


def old_epoch() -> None:
    """Frames also go to the rooms of earlier epochs, and nobody is taken out of those."""
    from portal.realtime.sweep import Sweep

    announce = Relay.announce
    Sweep._renew_rooms = lambda self, session: None

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        announce(self, shelf, row, epoch)
        for before in range(epoch):
            announce(self, shelf, row, before)

    Relay.announce = faulty


def hidden_words() -> None:
    """A card whose words are hidden still carries them."""
    from portal.domain.contributions import cards

    card = cards.card_of

    def faulty(found: Any, audience: Audience, extra: Any) -> Any:
        made = card(found, audience, extra)
        if found.ContributionVersion is None or made.html:
            return made
        return replace(made, html=found.ContributionVersion.html)

    from dataclasses import replace

    cards.card_of = faulty


def few_connections() -> None:
    """No fault: pages read on three connections at most, and wait for nothing long."""
    from portal.kernel import stores

    options = stores.postgres_options

    def few() -> dict[str, Any]:
        own = options()
        arguments = own["connect_args"]
        arguments["options"] = arguments["options"].replace("lock_timeout=5000", "lock_timeout=1500")
        return own | {"pool_size": 2, "max_overflow": 1, "pool_timeout": 1}

    stores.postgres_options = few


def kept_connections() -> None:
    """A page that could not be made keeps what it read on."""
    from flask import g
    from flask.globals import app_ctx
    from flask_sqlalchemy import SQLAlchemy

    from portal.blueprints import _errors

    told, given_back, contexts = _errors._unavailable, SQLAlchemy._teardown_session, []

    def faulty(error: Exception) -> Any:
        # Held, so that nothing gives its connection back.
        contexts.append(app_ctx._get_current_object())
        g.kept = True
        return told(error)

    def teardown(self: SQLAlchemy, error: BaseException | None) -> None:
        if not g.get("kept"):
            given_back(self, error)

    _errors._unavailable = faulty
    SQLAlchemy._teardown_session = teardown


FAULTS = {
    **faulty_order.FAULTS,
    "few_connections": few_connections,
    "kept_connections": kept_connections,
    "no_event_limit": no_event_limit,
    "no_size_limit": no_size_limit,
    "any_origin": any_origin,
    "no_queue_bound": no_queue_bound,
    "readers_moderate": readers_moderate,
    "author_to_all": author_to_all,
    "old_epoch": old_epoch,
    "hidden_words": hidden_words,
    "broken_card": broken_card,
    "drop_one": drop_one,
    "reorder": reorder,
    "double": double,
    "leak": leak,
    "stale_rooms": stale_rooms,
}
