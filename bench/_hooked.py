"""The product's own server with one thing more: a way to ask for frames from outside, or a planted fault.

    python bench/_hooked.py --port N --production

`BENCH_TRIGGER` is a UDP port of this machine: a datagram there either rings the relay, as a commit does,
or sends frames to rooms by the product's gateway, without journal or database. `BENCH_FAULT` names a fault.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gevent
from gevent.server import DatagramServer

from portal import serveur
from portal.realtime.live import EXTENSION
from portal.realtime.relay import Relay
from portal.realtime.rooms import LANGUAGE, Room
from portal.vocabulary import Audience

DROPPED = 7
SLOW_SECONDS = 0.2
MANY = 5_000


def drop_one() -> None:
    """The relay forgets one frame."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.cursor % 100 != DROPPED:
            announce(self, shelf, row, epoch)

    Relay.announce = faulty


def slow() -> None:
    """The relay stops for a moment at each frame."""
    announce = Relay.announce

    def faulty(self: Relay, shelf: Any, row: Any, epoch: int) -> None:
        if row.audience == Audience.READERS:
            gevent.sleep(SLOW_SECONDS)
        announce(self, shelf, row, epoch)

    Relay.announce = faulty


FAULTS = {"drop_one": drop_one, "slow": slow}


def listen(port: int) -> None:
    """Do what datagrams say: `{"ring": 1}`, or `{"rooms": [...], "count": n}` after `{"frame": {...}}`."""
    from portal.realtime import doors
    from portal.serveur import _start_background

    # A hundred rooms of twenty come from one machine here.
    doors.MANY_CONNECTIONS = MANY

    def start(worker: Any) -> None:
        _start_background(worker)
        live = worker.wsgi.extensions[EXTENSION]
        kept: dict[str, Any] = {"frame": {}, "cursor": 0}

        def told(data: bytes, _address: Any) -> None:
            order = json.loads(data)
            if "ring" in order:
                live.wake()
            elif "frame" in order:
                kept["frame"] = order["frame"]
            else:
                send(order["rooms"], order["count"])

        def send(rooms: list[list[Any]], count: int) -> None:
            for _ in range(count):
                kept["cursor"] += 1
                numbers = {"prev": kept["cursor"] - 1, "cursor": kept["cursor"]}
                for space, epoch in rooms:
                    room = Room(space, "readers", LANGUAGE, epoch)
                    live.gateway.frame(room, {**kept["frame"], **numbers})
                    # As the relay does between two frames.
                    gevent.sleep(0)

        DatagramServer(f"127.0.0.1:{port}", told).start()

    serveur._start_background = start


if __name__ == "__main__":
    if name := os.environ.get("BENCH_FAULT"):
        FAULTS[name]()
    if port := os.environ.get("BENCH_TRIGGER"):
        listen(int(port))
    sys.exit(serveur.main())
