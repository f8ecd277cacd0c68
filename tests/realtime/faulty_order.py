"""Faults of order that frames do not show by their numbers: only the state of a page tells them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gevent
from sqlalchemy import text

from portal.domain.journal import service as journal
from portal.domain.journal import statements
from portal.realtime import outbound
from portal.realtime.relay import Relay

EXCHANGED, LOST = 35, 45
LATE_SECONDS = 0.4


def exchange() -> None:
    """The relay tells two frames in the wrong order, each under the number of the other."""
    announce = Relay.announce
    kept: dict[str, Any] = {}

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.cursor == EXCHANGED:
            kept[row.audience] = row
        elif row.cursor == EXCHANGED + 1:
            announce(self, shelf, replace(row, cursor=EXCHANGED), epoch)
            announce(self, shelf, replace(kept.pop(row.audience), cursor=EXCHANGED + 1), epoch)
        else:
            announce(self, shelf, row, epoch)

    Relay.announce = faulty


def drop_and_hide() -> None:
    """The relay forgets one frame, and the next one names the one before it as its own."""
    announce, numbers = Relay.announce, outbound._numbers

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.cursor == LOST + 1:
            outbound._numbers = lambda *asked: {**numbers(*asked), "prev": LOST - 1}
        if row.cursor != LOST:
            announce(self, shelf, row, epoch)
        outbound._numbers = numbers

    Relay.announce = faulty


def sequence() -> None:
    """PostgreSQL: numbers come from a sequence, outside any lock, before the order of commits is known.

    It expects a sequence named `planted`, one space, and facts that every audience hears.
    """
    journal.hold = lambda session, *contract_ids: session.info.setdefault(journal.HELD, set()).update(
        contract_ids
    )

    def next_line(connection: Any, contract_id: str, _taking: Any) -> Any:
        seq = connection.scalar(text("SELECT nextval('planted')"))
        if seq % 5 == 0:
            gevent.sleep(LATE_SECONDS)
        moved = text(
            "INSERT INTO journal_head (contract_id, seq, ticks, head) VALUES (:contract, :seq, :seq, 'planted')"
            " ON CONFLICT (contract_id) DO UPDATE SET seq = greatest(journal_head.seq, excluded.seq),"
            " ticks = greatest(journal_head.ticks, excluded.ticks)"
        )
        connection.execute(moved, {"contract": contract_id, "seq": seq})
        return journal._Place(seq, seq, "planted")

    class Counted:
        """The counters of the audiences, set to the number of the line."""

        def __init__(self, number: int) -> None:
            self.number = number

        def run(self, connection: Any, values: dict[str, Any]) -> list[tuple[str, int]]:
            told = []
            for i in range(self.number):
                place = {"space": values["space_id"], "audience": values[f"audience{i}"]}
                seq = connection.scalar(text("SELECT currval('planted')"))
                counted = text(
                    "INSERT INTO audience_cursor (space_id, audience, count) VALUES (:space, :audience, :seq)"
                    " ON CONFLICT (space_id, audience)"
                    " DO UPDATE SET count = greatest(audience_cursor.count, excluded.count)"
                )
                connection.execute(counted, {**place, "seq": seq})
                told.append((place["audience"], seq))
            return told

    journal._next = next_line
    statements.count_frames = Counted


def no_places() -> None:
    """Cards no longer say after which one they stand."""
    befores = outbound.contributions.befores

    def faulty(*asked: Any) -> dict[str, str | None]:
        return dict.fromkeys(befores(*asked), "elsewhere")

    outbound.contributions.befores = faulty


def no_connection_at_first() -> None:
    """The database does not answer when the first two sockets connect."""
    from portal.realtime import inbound

    receive, failed = inbound._receive, []

    def faulty(live: Any) -> None:
        if len(failed) < 2:
            failed.append(live)
            raise ConnectionError("planted")
        receive(live)

    inbound._receive = faulty


FAULTS = {
    "no_connection_at_first": no_connection_at_first,
    "no_places": no_places,
    "exchange": exchange,
    "drop_and_hide": drop_and_hide,
    "sequence": sequence,
}
