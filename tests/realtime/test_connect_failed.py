"""A database that does not answer when a page connects: the page is told to come again, and comes."""

from __future__ import annotations

import catchup
import pytest
import server as running
import world as worlds

pytestmark = pytest.mark.live


def test_a_page_that_could_not_be_let_in_comes_again_by_itself(tmp_path):
    node = catchup.Node()
    try:
        with running.serving(tmp_path / "instance", FAULT="no_connection_at_first") as server:
            world = worlds.build(server.database)
            node.follow("one", server.url, server.url, world, "family")
            assert running.until(lambda: node.ask("place", id="one")["told"].get("live"), 30)
            told = node.ask("place", id="one")["told"]
            assert told["waiting"] == 2
            assert not told.get("ended")
    finally:
        node.close()
