"""Controls: a server with a planted fault must turn the checks of delivery red."""

from __future__ import annotations

import time

import pytest
import server as running
import world as worlds

from portal.vocabulary import ModerationMode

pytestmark = pytest.mark.live
FRAMES = 8


def publish(server, world, words="Ici."):
    server.act(
        "publish", world["relative"].participant_id, space=world.space_id, item=world.items[0], words=words
    )


@pytest.fixture
def faulty(tmp_path, request):
    """A server with the fault named by the test, and one listener's way to it."""
    with running.serving(tmp_path / "instance", FAULT=request.param) as server:
        listeners = []

        def listen(token):
            listeners.append(running.Listener(server, token))
            return listeners[-1]

        server.listen = listen
        yield server
        for listener in listeners:
            listener.close()


@pytest.mark.parametrize("faulty", ["drop_one reorder double"], indirect=True)
def test_the_checks_see_a_frame_that_is_lost_late_or_doubled(faulty):
    world = worlds.build(faulty.database)
    reader = faulty.listen(world["family"].token)
    reader.enter(world.space_id)
    for n in range(30):
        publish(faulty, world, f"{n}.")
    assert running.until(lambda: reader.frames and reader.frames[-1]["cursor"] == 30)

    def between(first, last):
        return [frame for frame in reader.of("readers") if first <= frame["cursor"] <= last]

    for first, last in ((1, 4), (6, 14), (17, 24), (26, 30)):
        running.check_frames(between(first, last), first, last)
    # Lost, late, doubled.
    for first, last in ((1, 10), (11, 20), (21, 30)):
        with pytest.raises(AssertionError):
            running.check_frames(between(first, last), first, last)


@pytest.mark.parametrize("faulty", ["leak"], indirect=True)
def test_the_checks_see_words_told_to_the_wrong_people(faulty):
    world = worlds.build(faulty.database, ModerationMode.BEFORE)
    reader = faulty.listen(world["family"].token)
    reader.enter(world.space_id)
    publish(faulty, world)
    assert running.until(lambda: reader.frames)
    with pytest.raises(AssertionError):
        running.check_audiences(reader, "readers", "author")


@pytest.mark.parametrize("faulty", ["stale_rooms"], indirect=True)
def test_the_checks_see_a_right_that_ended_and_is_still_heard(faulty):
    world = worlds.build(faulty.database)
    losing = faulty.listen(world["family"].token)
    losing.enter(world.space_id)
    publish(faulty, world)
    assert running.until(lambda: losing.frames)
    worlds.sql(
        faulty.database,
        "UPDATE participant SET left_at = '2026-01-01 00:00:00.000000' WHERE id = ?",
        world["family"].participant_id,
    )
    worlds.sql(faulty.database, "DELETE FROM session_row WHERE token_hash = ?", world["family"].token_hash)
    time.sleep(1.0)
    publish(faulty, world, "Après.")
    assert running.until(lambda: len(losing.frames) == 2), "the fault must be heard for the check to count"
    assert not losing.heard("reenter")
    assert not losing.closed.is_set()


@pytest.mark.parametrize("faulty", ["broken_card"], indirect=True)
def test_a_frame_that_cannot_be_made_stops_nothing(faulty):
    """Not a control: what the relay does with an error of its own."""
    world = worlds.build(faulty.database)
    reader = faulty.listen(world["family"].token)
    reader.enter(world.space_id)
    for n in range(FRAMES):
        publish(faulty, world, f"{n}.")
    assert running.until(lambda: reader.frames and reader.frames[-1]["cursor"] == FRAMES)
    assert [frame["cursor"] for frame in reader.frames] == [1, 2, 3, 4, 6, 7, 8], "the hole tells the page"
    missed = reader.ask("catch_up", space=world.space_id, audience="readers", cursor=4)
    running.check_frames(missed["frames"], 5, FRAMES)
    assert [frame["shape"] for frame in missed["frames"]] == ["lost", "card", "card", "card"]
