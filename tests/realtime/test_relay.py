"""The relay alone: each frame once and in order, however many ask it to run at the same moment."""

from __future__ import annotations

import gevent
import pytest

from portal.extensions import unit
from portal.realtime import live as everything
from tests.factories.world import a_contribution, a_house, a_space


@pytest.fixture
def house(portal_app):
    def build(session):
        made = a_house(session, "Tilleuls")
        a_space(session, made)
        return made

    return unit(build)


@pytest.fixture
def relay(portal_app, monkeypatch):
    running = portal_app.extensions[everything.EXTENSION].relay
    running.told = []

    def announce(_session, row, _epoch):
        running.told.append((row.audience, row.cursor))
        # As when a card is rendered and sent: others work meanwhile.
        gevent.sleep(0.01)

    monkeypatch.setattr(running, "announce", announce)
    monkeypatch.setattr(running._presence, "spaces", lambda: ["somewhere"])
    running.start_at_heads()
    return running


def test_two_runs_at_once_announce_each_frame_once(relay, house):
    for _ in range(4):
        unit(lambda session: a_contribution(session, house))
    runs = [gevent.spawn(relay.run_once) for _ in range(3)]
    gevent.joinall(runs, timeout=10, raise_error=True)
    heard = [cursor for audience, cursor in relay.told if audience == "readers"]
    assert len(heard) >= 4
    assert heard == list(range(1, len(heard) + 1))


def test_a_run_that_is_killed_leaves_the_next_one_free(relay, house):
    unit(lambda session: a_contribution(session, house))
    killed = gevent.spawn(relay.run_once)
    gevent.sleep(0.005)
    killed.kill()
    unit(lambda session: a_contribution(session, house))
    with gevent.Timeout(5):
        relay.run_once()
    assert ("readers", 2) in relay.told
