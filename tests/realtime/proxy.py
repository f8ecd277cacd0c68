"""A network of ours between a page and the server: it cuts, delays, falls silent, or lets no socket pass.

Everything is drawn from a seed. The relays of a test share one thread of their own.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

UP, DOWN = "up", "down"
CHUNK = 65_536
SILENCE_SECONDS = 1.2
FAULTS = ("cut", "reset", "half_open", "stall", "delay", "crumbs", "refuse")
WEIGHTS = (3, 3, 2, 2, 3, 2, 1)


@dataclass
class Fate:
    """What will happen to one connection: drawn when it is accepted."""

    kind: str = "pass"
    way: str = DOWN
    at: int = 0
    seconds: float = 0.0


def draw(rng: random.Random) -> Fate:
    """One connection in four goes well; the others meet one fault somewhere in their bytes."""
    if rng.random() < 0.25:
        return Fate()
    kind = rng.choices(FAULTS, WEIGHTS)[0]
    # Early: in the handshake. Late: in the middle of some frame.
    at = rng.choice((rng.randrange(1, 400), rng.randrange(400, 12_000)))
    return Fate(kind, rng.choice((UP, DOWN)), at, rng.uniform(0.1, 0.6))


class Network(threading.Thread):
    """The loop in which every relay of a test runs."""

    def __init__(self) -> None:
        super().__init__(name="network", daemon=True)
        self.loop = asyncio.new_event_loop()
        self.start()

    def run(self) -> None:
        """Serve until `stop`."""
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the loop, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def stop(self) -> None:
        """End the loop; relays are closed before."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.join(5)
        self.loop.close()


class Relay:
    """One way through the network: an address in front of a server.

    `rough`: faults happen. `sockets`: "pass", "refuse" (an upgrade is answered 400), "swallow"
    (an upgrade is never answered), "none" (nothing under /socket.io passes).
    """

    def __init__(self, network: Network, target: int = 0, seed: str = "") -> None:
        self.network, self.target = network, target
        self.rng = random.Random(seed)
        self.rough, self.sockets = False, "pass"
        self.met: Counter[str] = Counter()
        self.links: set[Link] = set()
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = network.do(asyncio.start_server(self._accept, sock=listening, backlog=256))
        self._weather: asyncio.Task[None] | None = None

    def storm(self) -> None:
        """Faults from now on, on the connections to come and on those that are open."""

        async def begin() -> None:
            self.rough = True
            self._weather = asyncio.create_task(self._strike())

        self.network.do(begin())

    def calm(self) -> None:
        """No new fault; a connection that fell silent stays so until somebody gives it up."""

        async def end() -> None:
            self.rough = False
            if self._weather is not None:
                self._weather.cancel()

        self.network.do(end())

    def cut(self) -> None:
        """Reset every connection that is open now."""

        async def all_of_them() -> None:
            for link in list(self.links):
                link.reset()

        self.network.do(all_of_them())

    def close(self) -> None:
        """Cut everything and listen no more."""

        async def end() -> None:
            if self._weather is not None:
                self._weather.cancel()
            self._server.close()
            for link in list(self.links):
                link.reset()
            await asyncio.sleep(0)

        self.network.do(end())

    async def _strike(self) -> None:
        """Now and then, something happens to a connection that was well."""
        while True:
            await asyncio.sleep(self.rng.uniform(0.15, 0.9))
            for link in list(self.links):
                what = self.rng.choice(("reset", "end", "silence", "silence", "none"))
                if what == "none" or link.silent:
                    continue
                self.met[f"sudden {what}"] += 1
                if what == "silence":
                    link.fall_silent(self.rng.choice(((UP,), (DOWN,), (UP, DOWN))))
                else:
                    getattr(link, what)()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate = draw(self.rng) if self.rough else Fate()
        if fate.kind == "refuse":
            self.met["refuse"] += 1
            _reset(writer)
            return
        link = Link(self, fate)
        self.links.add(link)
        try:
            await link.run(reader, writer)
        finally:
            self.links.discard(link)


class Link:
    """One connection through a relay, both ways."""

    def __init__(self, relay: Relay, fate: Fate) -> None:
        self.relay, self.fate = relay, fate
        self.passed = {UP: 0, DOWN: 0}
        self.silent: set[str] = set()
        self.writers: list[asyncio.StreamWriter] = []

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry until both ends are gone."""
        self.writers = [writer]
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.relay.target)
        except OSError:
            self.end()
            return
        self.writers = [back, writer]
        up = self._inspect(reader, back) if self.relay.sockets != "pass" else self._carry(UP, reader, back)
        await asyncio.gather(up, self._carry(DOWN, there, writer), return_exceptions=True)
        self.end()

    def end(self) -> None:
        """Close both ends politely (FIN)."""
        for writer in self.writers:
            with suppress(Exception):
                writer.close()

    def reset(self) -> None:
        """Cut both ends (RST)."""
        for writer in self.writers:
            _reset(writer)

    def fall_silent(self, ways: tuple[str, ...]) -> None:
        """From now on nothing passes that way, and nobody is told."""
        self.silent.update(ways)

    async def _carry(self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(self._size(way)):
            if self.fate.way == way and self.fate.kind != "pass":
                data = await self._suffer(way, data, writer)
                if data is None:
                    return
            self.passed[way] += len(data)
            # What is silent swallows: whoever sends believes that it left.
            if way not in self.silent:
                writer.write(data)
                await writer.drain()
        if self.silent:
            # The end of one side does not reach the other either.
            await asyncio.sleep(SILENCE_SECONDS)
        self.end()

    def _size(self, way: str) -> int:
        """In crumbs, as over a bad radio, until a few frames have passed."""
        return 97 if self.fate.kind == "crumbs" and self.passed[way] < 4000 else CHUNK

    async def _suffer(self, way: str, data: bytes, writer: asyncio.StreamWriter) -> bytes | None:
        fate, left = self.fate, self.fate.at - self.passed[way]
        if fate.kind in ("delay", "crumbs"):
            self._meet(fate.kind)
            await asyncio.sleep(self.relay.rng.uniform(0, fate.seconds / (3 if fate.kind == "delay" else 60)))
            return data
        if left > len(data) or fate.kind == "met":
            return data
        self._meet(fate.kind)
        kind, fate.kind = fate.kind, "met"
        if kind == "half_open":
            self.fall_silent((way,))
        elif kind == "stall":
            await asyncio.sleep(fate.seconds)
        elif way not in self.silent:
            writer.write(data[: max(left, 0)])
            await writer.drain()
            # What was written leaves before the end is told.
            await asyncio.sleep(0.01)
            (self.end if kind == "cut" else self.reset)()
            return None
        return data

    def _meet(self, kind: str) -> None:
        self.relay.met[kind] += 1

    async def _inspect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry requests one by one, as a proxy that knows nothing of WebSocket."""
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.lower().split(b"\r\n")
            upgrade = any(line.startswith(b"upgrade:") for line in lines)
            live = lines[0].split(b" ")[1].startswith(b"/socket.io")
            if (live and self.relay.sockets == "none") or (upgrade and self.relay.sockets == "refuse"):
                self._meet("forbidden")
                self.writers[-1].write(
                    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
                self.end()
                return
            if upgrade:
                self._meet("swallowed")
                await asyncio.sleep(60)
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
            writer.write(head + await reader.readexactly(length))
            await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    held = writer.get_extra_info("socket")
    with suppress(Exception):
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(Exception):
        writer.transport.abort()
