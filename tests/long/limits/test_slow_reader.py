"""Ten minutes of words, and clients that stopped reading: `pytest tests/long/limits -m long`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import server as running
import slow

MINUTES = float(os.environ.get("LONG_MINUTES") or 10)
STOPPED = 4
PROGRAM = """
import sys, time
sys.path[:0] = [{root!r}, {here!r}]
import raw, json
class Server:
    port, url = int(sys.argv[1]), "http://127.0.0.1:" + sys.argv[1]
one = raw.welcomed(Server, sys.argv[2])
asked = json.dumps(["enter", {{"space": sys.argv[3], "cursors": {{}}}}])
one.sendall(raw.frame(raw.TEXT, ("42" + asked).encode()))
print("ready", flush=True)
one.settimeout(None)
while one.recv(65536):
    pass
"""


def client(scene, name):
    """A client in a process of its own, that reads until it is stopped."""
    here = Path(slow.__file__).resolve().parent
    program = PROGRAM.format(root=str(here.parents[1]), here=str(here))
    told = [str(scene.server.port), scene.world[name].token, scene.world.space_id]
    process = subprocess.Popen([sys.executable, "-c", program, *told], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.long
def test_clients_stopped_for_minutes_cost_less_than_a_megabyte_each(tmp_path):
    with running.serving(tmp_path / "instance") as server:
        listeners = []

        def listen(token):
            listeners.append(running.Listener(server, token, ["websocket"]))
            return listeners[-1]

        scene = slow.Scene(server, listen)
        alone, _ = slow.told(scene, 20.0, 0.2)
        start = scene.state()
        clients = [client(scene, name) for name in ("family", "cousin", "uncle", "aunt")]
        try:
            for one in clients:
                one.send_signal(signal.SIGSTOP)
            delays, states = slow.told(scene, MINUTES * 60, 0.2)
            cost = (max(state["resident"] for state in states) - start["resident"]) / STOPPED
            assert cost <= slow.MEGABYTE, f"{cost:.0f} bytes for each"
            assert states[-1]["connections"] == start["connections"]
            assert slow.p95(delays) <= max(2 * slow.p95(alone), 0.1)
        finally:
            for one in clients:
                one.send_signal(signal.SIGCONT)
                one.kill()
                one.wait()
            for listener in listeners:
                listener.close()
