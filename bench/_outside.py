"""What the bench holds of the world outside the server: its driver, its orders, and Node beside it."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from _server import ROOT, cpu_of, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
# With two cores, the one is for what is measured and the other for who measures.
SERVER_CORE, DRIVER_CORE = (0, 1) if (os.cpu_count() or 1) > 1 else (None, None)


class Outside:
    """The driver in its process: `ask(order, …)` waits for its answer."""

    def __init__(self, *, pinned: bool = True) -> None:
        core = [str(DRIVER_CORE)] if pinned and DRIVER_CORE is not None else []
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "_driver.py"), *core], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, *order: Any) -> Any:
        """Give an order; its answer. Raises what the driver met."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        pickle.dump(order, self.process.stdin)
        self.process.stdin.flush()
        answer = pickle.load(self.process.stdout)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            pickle.dump(("quit",), self.process.stdin)
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Orders:
    """Datagrams to a server that takes them."""

    def __init__(self) -> None:
        self.port = free_port()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def tell(self, **order: Any) -> None:
        self._socket.sendto(json.dumps(order, ensure_ascii=False).encode(), ("127.0.0.1", self.port))


class Node:
    """Node's socket.io on a free port."""

    def __init__(self, orders: Orders, process: subprocess.Popen[bytes], port: int) -> None:
        self.orders, self.process, self.port = orders, process, port

    def cpu(self) -> float:
        """Processor seconds used so far."""
        return cpu_of(self.process.pid)


@contextmanager
def node_peer() -> Iterator[Node]:
    """The peer, until the end of the block. Raises SystemExit when it does not start."""
    program = shutil.which("node")
    if program is None or not (ROOT / "node_modules" / "socket.io").is_dir():
        raise SystemExit("the peer needs Node and its packages: run npm ci first")
    orders, port = Orders(), free_port()
    command = [program, str(HERE / "node_peer.mjs"), str(port), str(orders.port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    if SERVER_CORE is not None:
        os.sched_setaffinity(process.pid, {SERVER_CORE})
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise SystemExit("the peer did not start")
        time.sleep(0.2)
        yield Node(orders, process, port)
    finally:
        process.kill()
        process.wait()
