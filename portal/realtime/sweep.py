"""Every 300 ms: rights and sessions that ended, whatever ended them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel import clock
from portal.realtime import sessions
from portal.realtime.gateway import Gateway
from portal.realtime.inbound import SESSION_ENDED
from portal.realtime.presence import Presence

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

SWEEP_SECONDS = 0.3
# Every commit wakes it: a crowd that writes would otherwise keep it running.
SWEEP_REST = 0.1
# How long a connection may stay without a session being accepted on it.
STRANGER_SECONDS = 10.0


class Sweep:
    """Reads what the open sockets depend on, and closes what no longer holds."""

    def __init__(self, app: Flask, gateway: Gateway, presence: Presence) -> None:
        self._app = app
        self._gateway = gateway
        self._presence = presence
        self._strangers: dict[str, float] = {}

    def run_once(self) -> None:
        """One query for sessions and one for epochs; none when nobody is here."""
        self._gateway.cut_slow_readers()
        self._close_strangers()
        if not self._presence.tokens():
            return
        with self._app.app_context():
            session = db.session()
            self._end_sessions(session)
            self._renew_rooms(session)
            session.rollback()

    def _end_sessions(self, session: Session) -> None:
        ended = sessions.ended(session, self._presence.tokens(), clock.now())
        for visitor in self._presence.holders(ended):
            self._gateway.goodbye(visitor.sid, *SESSION_ENDED)

    def _renew_rooms(self, session: Session) -> None:
        open_spaces = self._presence.spaces()
        if not open_spaces:
            return
        for visitor, entrance in self._presence.stale(spaces.epochs(session, open_spaces)):
            # The visitor may have entered again while this greenlet waited for the database.
            if visitor.entrances.get(entrance.space_id) is entrance:
                self._gateway.reenter(visitor, entrance)
                for room in entrance.rooms:
                    self._gateway.close_room(room)

    def _close_strangers(self) -> None:
        present = time.monotonic()
        strangers = self._gateway.strangers()
        self._strangers = {eio_sid: self._strangers.get(eio_sid, present) for eio_sid in strangers}
        for eio_sid, since in self._strangers.items():
            if present - since > STRANGER_SECONDS:
                self._gateway.close_stranger(eio_sid)
