"""An authority that no longer reads the words falls silent at once; the others go on hearing."""

from __future__ import annotations

import pytest
import server as running
import world as worlds

pytestmark = pytest.mark.live

WITHIN = 1.0


def publish(server, world, words):
    server.act(
        "publish", world["resident"].participant_id, space=world.space_id, item=world.items[0], words=words
    )


def tell(server, world, reads):
    value = "true" if reads else "false"
    statement = f"UPDATE space SET authorities_read_words = {value} WHERE id = ?"
    worlds.sql(server.database, statement, world.space_id)


def test_an_authority_without_the_words_hears_nothing_more(live_server, world, listen):
    database = live_server.database
    worlds.sql(
        database, "UPDATE participant SET group_ = 'authorities' WHERE id = ?", world["nurse"].participant_id
    )
    worlds.sql(
        database,
        "UPDATE involvement SET group_ = 'authorities' WHERE group_ = 'professionals' AND contract_id = ?",
        world.contract_id,
    )
    tell(live_server, world, reads=True)
    agent, relative = listen(world["nurse"].token), listen(world["relative"].token)
    assert agent.enter(world.space_id)["ok"]
    relative.enter(world.space_id)
    publish(live_server, world, "Avant.")
    assert running.until(lambda: agent.frames and relative.frames)

    tell(live_server, world, reads=False)
    assert running.until(lambda: agent.heard("reenter"), WITHIN)
    refused = agent.enter(world.space_id)
    assert not refused["ok"]
    assert refused["code"] == "synthese"
    relative.enter(world.space_id)
    before = len(agent.frames)
    publish(live_server, world, "Après.")
    assert running.until(lambda: any("Après." in str(one) for one in relative.frames))
    assert len(agent.frames) == before
    assert not any("Après." in str(one) for one in agent.frames)
