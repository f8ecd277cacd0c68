"""One server for all live tests of a process; each test has its own contract."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import server as running
import world as worlds

from tests import stores


@pytest.fixture(scope="session", params=stores.STORES)
def live_server(request, tmp_path_factory):
    """The product's server, on each database."""
    environ = {}
    if request.param == "postgresql":
        environ = {"DATABASE_URL": stores.new_database(), "REDIS_URL": stores.valkey_url()}
    with running.serving(tmp_path_factory.mktemp("serveur") / "instance", **environ) as server:
        yield server


@pytest.fixture
def world(live_server):
    """A contract of this test only."""
    return worlds.build(live_server.database)


@pytest.fixture
def listen(live_server):
    """Connect people; they all leave at the end."""
    listeners = []

    def connect(token, transports=None):
        listeners.append(running.Listener(live_server, token, transports))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.close()
