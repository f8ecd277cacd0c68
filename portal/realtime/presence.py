"""Who is here: the sockets of this process and the rooms they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.realtime.rooms import LANGUAGE, Entrance, Room


@dataclass(slots=True)
class Visitor:
    """One connected socket: the session it came with and where it was let in.

    `address` is what stands for its address where events are counted; `lang` is the language of its page.
    """

    sid: str
    token_hash: str
    account_id: str
    address: str = ""
    lang: str = LANGUAGE
    entrances: dict[str, Entrance] = field(default_factory=dict)


class Presence:
    """The registry of one process; nothing in it is ever trusted as a right."""

    def __init__(self) -> None:
        self._visitors: dict[str, Visitor] = {}
        self._rooms: dict[Room, set[str]] = {}

    def arrive(self, visitor: Visitor) -> None:
        """A socket was accepted."""
        self._visitors[visitor.sid] = visitor

    def depart(self, sid: str) -> None:
        """A socket is gone; unknown ones are ignored."""
        visitor = self._visitors.pop(sid, None)
        if visitor is not None:
            for entrance in visitor.entrances.values():
                self._drop(sid, entrance)

    @property
    def nobody(self) -> bool:
        """Whether no socket is open here."""
        return not self._visitors

    def visitor(self, sid: str) -> Visitor | None:
        """The visitor behind a socket."""
        return self._visitors.get(sid)

    def enter(self, visitor: Visitor, entrance: Entrance) -> None:
        """Put a socket in the rooms of a decision, in place of an earlier one."""
        self.leave(visitor, entrance.space_id)
        visitor.entrances[entrance.space_id] = entrance
        for room in entrance.rooms:
            self._rooms.setdefault(room, set()).add(visitor.sid)

    def leave(self, visitor: Visitor, space_id: str) -> Entrance | None:
        """Take a socket out of a space; returns the decision it was there by."""
        entrance = visitor.entrances.pop(space_id, None)
        if entrance is not None:
            self._drop(visitor.sid, entrance)
        return entrance

    def _drop(self, sid: str, entrance: Entrance) -> None:
        for room in entrance.rooms:
            members = self._rooms.get(room)
            if members is not None:
                members.discard(sid)
                if not members:
                    del self._rooms[room]

    def is_open(self, room: Room) -> bool:
        """Whether somebody of this process is in the room."""
        return room in self._rooms

    def spaces(self) -> list[str]:
        """The spaces with somebody inside."""
        return list({room.space_id for room in self._rooms})

    def stale(self, epochs: dict[str, int]) -> list[tuple[Visitor, Entrance]]:
        """Who was let in before the current epoch of a space (or into a space now gone)."""
        return [
            (visitor, entrance)
            for visitor in self._visitors.values()
            for entrance in visitor.entrances.values()
            if epochs.get(entrance.space_id) != entrance.epoch
        ]

    def tokens(self) -> list[str]:
        """The hashed session tokens of everybody here."""
        return list({visitor.token_hash for visitor in self._visitors.values()})

    def holders(self, token_hashes: Iterable[str]) -> list[Visitor]:
        """The sockets that came with one of these sessions."""
        ended = set(token_hashes)
        return [visitor for visitor in self._visitors.values() if visitor.token_hash in ended]

    def count_of(self, account_id: str) -> int:
        """How many sockets an account has open here."""
        return sum(visitor.account_id == account_id for visitor in self._visitors.values())
