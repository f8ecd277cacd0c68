"""The only emit of the product, and the only way a socket is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import languages
from portal.realtime.presence import Presence, Visitor
from portal.realtime.rooms import Entrance, Room

if TYPE_CHECKING:
    from flask_socketio import SocketIO

NAMESPACE = "/"


class Gateway:
    """Sends to the sockets of this process; content never travels between processes."""

    def __init__(self, socketio: SocketIO, presence: Presence) -> None:
        self._socketio = socketio
        self._presence = presence

    def frame(self, room: Room, payload: dict[str, Any]) -> None:
        """Send one frame to everybody in a room."""
        self._emit("frame", payload, room.name)

    def admit(self, visitor: Visitor, entrance: Entrance) -> None:
        """Put a socket in the rooms of a decision, out of those of an earlier one."""
        self.dismiss(visitor, entrance.space_id)
        if self._presence.visitor(visitor.sid) is not visitor:
            # It left while this was decided: a room must not stay open for nobody.
            return
        self._presence.enter(visitor, entrance)
        for room in entrance.rooms:
            self._socketio.server.enter_room(visitor.sid, room.name, namespace=NAMESPACE)

    def dismiss(self, visitor: Visitor, space_id: str) -> None:
        """Take a socket out of the rooms of a space, if it is there."""
        entrance = self._presence.leave(visitor, space_id)
        if entrance is None:
            return
        for room in entrance.rooms:
            self._socketio.server.leave_room(visitor.sid, room.name, namespace=NAMESPACE)

    def reenter(self, visitor: Visitor, entrance: Entrance) -> None:
        """Silence a socket and tell it to ask again: its rights may have changed."""
        self.dismiss(visitor, entrance.space_id)
        self._emit("reenter", {"space": entrance.space_id}, visitor.sid)

    def close_room(self, room: Room) -> None:
        """Empty a room of the client manager."""
        self._socketio.server.close_room(room.name, namespace=NAMESPACE)

    def goodbye(self, sid: str, code: str, sentence: str) -> None:
        """Say why, then close the socket for good."""
        visitor = self._presence.visitor(sid)
        with languages.speaking(visitor.lang if visitor is not None else languages.current()):
            self._emit("goodbye", {"code": code, "sentence": languages.spoken(sentence)}, sid)
        self.disconnect(sid)

    def disconnect(self, sid: str) -> None:
        """Close a socket: its namespace, then the connection under it."""
        server = self._socketio.server
        under = server.manager.eio_sid_from_sid(sid, NAMESPACE)
        server.disconnect(sid, namespace=NAMESPACE, ignore_queue=True)
        self._presence.depart(sid)
        self._close_under(under, abort=False)

    def cut_slow_readers(self) -> int:
        """Cut clients for whom a frame was dropped: they catch up when they return; returns how many."""
        slow = [eio_sid for eio_sid, held in self._connections() if held.queue.overflowed]
        for eio_sid in slow:
            self._close_under(eio_sid, abort=True)
        return len(slow)

    def strangers(self) -> set[str]:
        """Connections on which nobody was accepted."""
        namespaces = self._socketio.server.manager.rooms.get(NAMESPACE, {})
        accepted = set(namespaces.get(None, {}).values())
        return {eio_sid for eio_sid, _ in self._connections()} - accepted

    def close_stranger(self, eio_sid: str) -> None:
        """Close a connection on which nobody was accepted, and forget it: it may never ask again."""
        self._close_under(eio_sid, abort=False)
        self._socketio.server.eio.sockets.pop(eio_sid, None)

    def _connections(self) -> list[tuple[str, Any]]:
        return list(self._socketio.server.eio.sockets.items())

    def _close_under(self, eio_sid: str | None, *, abort: bool) -> None:
        held = self._socketio.server.eio.sockets.get(eio_sid)
        if held is not None:
            # Never wait here: the queue of a client that does not read never empties.
            held.close(wait=False, abort=abort)

    def _emit(self, event: str, payload: dict[str, Any], to: str) -> None:
        self._socketio.emit(event, payload, to=to, namespace=NAMESPACE, ignore_queue=True)
