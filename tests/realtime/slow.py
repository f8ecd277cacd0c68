"""A client that never reads, and what it costs: to the server, and to the others."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress

import raw
import server as running
import world as worlds

# Six signs on the wire for each: thirty kilobytes a card.
LONG = "éèàùâêîôûç" * 490
MEGABYTE = 1_000_000
CURSOR = re.compile(r'"cursor":(\d+)')


def p95(values):
    """The value that one in twenty exceeds."""
    return sorted(values)[int(len(values) * 0.95)]


class Scene:
    """One space: somebody reads, somebody speaks, and others open the page without ever reading."""

    def __init__(self, server, listen):
        self.server, self.world = server, worlds.build(server.database)
        self.reader = listen(self.world["relative"].token)
        assert self.reader.enter(self.world.space_id)["ok"]
        self.deaf = []

    def state(self):
        return self.server.act("state", self.world["director"].participant_id)

    def say(self, words):
        """Say something; how long until the one who reads has it."""
        place = {"space": self.world.space_id, "item": self.world.items[0]}
        begun, before = time.monotonic(), len(self.reader.frames)
        self.server.act("publish", self.world["resident"].participant_id, words=words, **place)
        assert running.until(lambda: len(self.reader.frames) > before, 10), "who reads was not told"
        return time.monotonic() - begun

    def deaf_by_socket(self, name):
        """A WebSocket on which nothing is ever read."""
        connection = raw.welcomed(self.server, self.world[name].token, receive_buffer=4096)
        asked = json.dumps(["enter", {"space": self.world.space_id, "cursors": {}}])
        connection.sendall(raw.frame(raw.TEXT, f"42{asked}".encode()))
        self.deaf.append(connection)

    def deaf_by_polling(self, name):
        """A connection by polling that posts and never fetches."""
        cookie = f"polyphonie={self.world[name].token}"
        with raw.opened(self.server) as connection:
            connection.sendall(raw.request(self.server, Cookie=cookie, Connection="close"))
            found, _ = raw.until_closed(connection)
        sid = json.loads(found[found.index(b"0{") + 1 : found.rindex(b"}") + 1])["sid"]
        path = f"{raw.PLACE}polling&sid={sid}"
        asked = json.dumps(["enter", {"space": self.world.space_id, "cursors": {}}]).encode()
        for body in (b"40", b"42" + asked):
            assert raw.status(self.server, raw.request(self.server, "POST", path, body, Cookie=cookie)) == 200

    def leave(self):
        for connection in self.deaf:
            with suppress(OSError):
                connection.close()


def told(scene, seconds, pause=0.0, least=0):
    """Long words said for so many seconds and so many times at least: delays, and the states seen meanwhile."""
    delays, states, end = [], [], time.monotonic() + seconds
    while time.monotonic() < end or len(delays) < least:
        delays.append(scene.say(LONG))
        states.append(scene.state())
        time.sleep(pause)
    return delays, states
