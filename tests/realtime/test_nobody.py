"""With nobody here a commit costs nothing, and who comes next misses nothing."""

from __future__ import annotations

import gevent
import pytest

from portal.domain.journal import queries as journal
from portal.extensions import db, unit
from portal.kernel import clock
from portal.realtime import live as everything
from portal.realtime.presence import Visitor
from portal.realtime.rooms import entrance
from tests.factories.world import a_contribution, a_house, a_space


@pytest.fixture
def house(portal_app):
    def build(session):
        made = a_house(session, "Tilleuls")
        a_space(session, made)
        return made

    return unit(build)


@pytest.fixture
def live(portal_app, house):
    running = portal_app.extensions[everything.EXTENSION]
    running.heard = []
    running.gateway.frame = lambda room, payload: running.heard.append(payload)
    running.relay.start_at_heads()
    running.runs = 0
    work = running.relay.run_once

    def counted():
        running.runs += 1
        work()

    # Only what a commit wakes: the round of every second is made by hand.
    running.loops = (everything.Loop("relay", counted, seconds=60),)
    running.start()
    yield running
    running.stop()


def publish(house):
    written = unit(lambda session: a_contribution(session, house))
    gevent.sleep(0.05)
    return written


def come_in(portal_app, live, house):
    """What `enter` does: joins, then reads its counters."""
    visitor = Visitor("someone", "", house["family"].account_id)
    live.presence.arrive(visitor)
    with portal_app.app_context():
        let_in = entrance(db.session(), visitor.account_id, house.space_id, clock.now())
        live.presence.enter(visitor, let_in)
        db.session.rollback()
        names = [let_in.stored(audience) for audience in let_in.audiences]
        return journal.cursors(db.session(), house.space_id, names)["readers"]


def test_a_commit_wakes_nothing_while_nobody_is_here(live, house):
    publish(house)
    assert live.runs == 0


def test_a_commit_wakes_the_relay_as_soon_as_a_socket_is_open(live, house):
    live.presence.arrive(Visitor("someone", "", house["family"].account_id))
    publish(house)
    assert live.runs == 1


def test_who_comes_after_silent_commits_misses_nothing(portal_app, live, house):
    publish(house)
    publish(house)
    counted = come_in(portal_app, live, house)
    publish(house)
    told = [frame["cursor"] for frame in live.heard if frame["audience"] == "readers"]
    assert told == sorted(set(told))
    assert [cursor for cursor in told if cursor > counted] == [counted + 1]
