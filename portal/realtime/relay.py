"""From the journal to the rooms of this process: in order, once per audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gevent
from gevent.lock import BoundedSemaphore
from sqlalchemy.orm import Session

from portal import languages
from portal.domain.journal import queries as journal
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.logs import get_logger
from portal.realtime import outbound
from portal.realtime.gateway import Gateway
from portal.realtime.presence import Presence
from portal.realtime.rooms import Room, kind_of
from portal.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from flask import Flask

log = get_logger("portal.realtime.relay")

FRAMES_PER_READ = 200
# What is read together: few enough that a card is sent soon after it was read.
FRAMES_PER_SHELF = 20
# The epoch of a space that is gone: nobody is in its rooms.
NOWHERE = -1


class Relay:
    """One per process. It starts at the heads of boot: pages ask for what came before."""

    def __init__(self, app: Flask, gateway: Gateway, presence: Presence) -> None:
        self._app = app
        self._gateway = gateway
        self._presence = presence
        self._heard: dict[str, int] = {}
        # The loop and the first socket to come may both ask at once.
        self._turn = BoundedSemaphore(1)

    def start_at_heads(self) -> None:
        """Remember how far each contract is now."""
        with self._app.app_context():
            self._heard = dict(journal.advanced(db.session(), {}))

    def run_once(self) -> None:
        """Announce every line written since the last time; waits for a run that is under way."""
        with self._turn, self._app.app_context():
            session = db.session()
            for contract_id, head in journal.advanced(session, self._heard).items():
                if self._presence.spaces():
                    self._announce_contract(session, contract_id)
                self._heard[contract_id] = max(head, self._heard.get(contract_id, 0))
            session.rollback()

    def _announce_contract(self, session: Session, contract_id: str) -> None:
        while True:
            rows = journal.frames_after(
                session, contract_id, self._heard.get(contract_id, 0), FRAMES_PER_READ
            )
            # Read after the frames, so never older than what they tell: a socket let in
            # before a right ended is in another room than the frames that came later.
            epochs = spaces.epochs(session, list({row.space_id for row in rows}))
            for start in range(0, len(rows), FRAMES_PER_SHELF):
                together = rows[start : start + FRAMES_PER_SHELF]
                shelf = outbound.Shelf(session, together)
                for row in together:
                    # Noted before it is sent: whatever happens, nothing is announced twice.
                    self._heard[contract_id] = row.tick
                    self.announce(shelf, row, epochs.get(row.space_id, NOWHERE))
            if len(rows) < FRAMES_PER_READ:
                return

    def announce(self, shelf: outbound.Shelf, row: journal.FrameRow, epoch: int) -> None:
        """Send one frame to its rooms, one for each language; one that fails is skipped, pages then catch up."""
        for code in LANGUAGES:
            room = Room(row.space_id, row.audience, code, epoch)
            if self._presence.is_open(room):
                self._announce_in(shelf, row, room)

    def _announce_in(self, shelf: outbound.Shelf, row: journal.FrameRow, room: Room) -> None:
        try:
            with languages.speaking(room.lang):
                payload = outbound.frame(shelf, row, kind_of(row.audience))
            self._gateway.frame(room, payload)
        except Exception as error:
            log.exception("live.frame_failed", kind=row.kind, exc_info=error)
        gevent.sleep(0)
