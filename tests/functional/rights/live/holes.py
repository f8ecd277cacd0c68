"""Mistakes on the side of the sockets; planted in a server of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from portal.domain.journal import queries as journal
from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.realtime import gateway, inbound, outbound, rooms, sessions, sweep
from portal.vocabulary import Audience


class _NoDecision:
    """Decides nothing: everybody may."""

    @staticmethod
    def require(*_: object) -> None:
        return None

    @staticmethod
    def allows(*asked: Any) -> bool:
        return permits.allows(*asked)


def room_without_decision() -> None:
    """Rooms open to every member of the contract."""
    rooms.permits = _NoDecision  # type: ignore[attr-defined]


def foreign_room() -> None:
    """A person of another contract is taken for one of this one."""
    real = participants.actor

    def actor(session: Any, account_id: str, contract_id: str) -> Any:
        known = participants.actors(session, account_id)
        return real(session, account_id, contract_id) or (
            replace(known[0], contract_id=contract_id) if known else None
        )

    rooms.participants.actor = actor  # type: ignore[attr-defined]


def catch_up_without_decision() -> None:
    """What was missed is told to whoever asks."""

    def handler(visit: Any, message: Any) -> dict[str, Any]:
        visit.decisions.append(Permission.SPACE_READ)
        space_id, audience, cursor = message.space(), message.audience(), message.cursor()
        rows = journal.audience_frames(visit.session, space_id, audience.value, cursor, 50)
        return {
            "cursor": cursor + len(rows),
            "more": False,
            "frames": list(outbound.frames(visit.session, rows, audience)),
        }

    inbound.EVENTS["catch_up"] = replace(inbound.EVENTS["catch_up"], handler=handler)


def everybody_moderates() -> None:
    """All join the room of the moderation."""
    real = rooms.entrance

    def entrance(*asked: Any) -> Any:
        return replace(real(*asked), crowd=Audience.MODERATORS)

    rooms.entrance = entrance


def stale_epoch() -> None:
    """Rooms have no epoch, and nobody is asked to enter again."""
    rooms.Room.name = property(lambda self: f"space:{self.space_id}:{self.audience}:{self.lang}")  # type: ignore[assignment]
    spaces.epochs = lambda session, ids: dict.fromkeys(ids, 1)
    gateway.Gateway.reenter = lambda *_: None  # type: ignore[method-assign]


def dead_session() -> None:
    """A session that ended goes on."""
    sweep.Sweep._end_sessions = lambda *_: None  # type: ignore[method-assign]
    real = sessions.account
    kept: dict[str, str] = {}

    def account(session: Any, hashed: str | None, at: Any) -> str | None:
        found = real(session, hashed, at)
        if found is not None and hashed is not None:
            kept[hashed] = found
        return found or kept.get(hashed or "")

    sessions.account = account


PLANTS: dict[str, Callable[[], None]] = {
    "a room without decision": room_without_decision,
    "a room of another contract": foreign_room,
    "a catch-up without decision": catch_up_without_decision,
    "everybody in the room of the moderation": everybody_moderates,
    "a stale epoch": stale_epoch,
    "a session that ended": dead_session,
}
