"""What each person receives, over thousands of acts: `pytest tests/long/limits -m long`."""

from __future__ import annotations

import os

import pytest
import received_play as plays
import server as running

SEEDS = int(os.environ.get("LONG_SEEDS") or 100)
STEPS = 100


@pytest.mark.long
def test_received_is_allowed_and_allowed_is_received_for_long(tmp_path):
    with running.serving(tmp_path / "instance", FAULT="no_event_limit") as server:
        for seed in range(1000, 1000 + SEEDS):
            listeners = []

            def listen(token, listeners=listeners):
                listeners.append(running.Listener(server, token, ["websocket"]))
                return listeners[-1]

            try:
                plays.Play(server, listen, seed).play(STEPS)
            finally:
                for listener in listeners:
                    listener.close()
