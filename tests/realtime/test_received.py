"""What each person receives is what rights allow, no more and no less, whatever happens in between."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import received
import received_play as plays
import server as running

pytestmark = pytest.mark.live

STEPS = 40
# A control is seen long before that, or not at all.
STEPS_OF_A_CONTROL = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose clock a play may move; its pages enter more often than people do."""
    with running.serving(tmp_path_factory.mktemp("recu") / "instance", FAULT="no_event_limit") as server:
        yield server


@pytest.fixture
def listening():
    """Connect people to a server; they all leave at the end."""
    listeners = []

    def to(server):
        def listen(token):
            listeners.append(running.Listener(server, token, ["websocket"]))
            return listeners[-1]

        return listen

    yield to
    for listener in listeners:
        listener.close()


def test_the_clock_of_a_server_is_never_half_moved(tmp_path):
    """Whoever read the file while it was being written went back to the true time, perhaps until the next move."""
    stage = plays.Play.__new__(plays.Play)
    stage.server = SimpleNamespace(instance=tmp_path)
    stage.move_clock(1)
    with (tmp_path / "horloge").open(encoding="ascii") as reader:
        stage.move_clock(2)
        assert reader.read() == "1"
    assert (tmp_path / "horloge").read_text(encoding="ascii") == "3"
    assert [one.name for one in tmp_path.iterdir()] == ["horloge"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_received_is_allowed_and_allowed_is_received(server, listening, seed):
    play = plays.Play(server, listening(server), seed)
    play.play(STEPS)
    assert len(set(play.history)) >= 8, "a play of few kinds of acts proves little"
    assert any(page.held.get("moderators") for page in play.pages.values())
    assert any(page.held.get("readers") for page in play.pages.values())


WORDS = "received words that are not for them"
# What is seen of each, and the acts among which it must be seen.
FAULTS = {
    "readers_moderate": ("was let in to", ()),
    "author_to_all": (WORDS, ("contribute", "configure", "correct")),
    "old_epoch": ("received a frame for", ("contribute", "leave_and_speak")),
    "hidden_words": (WORDS, ("contribute", "hide")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_control_somebody_who_receives_too_much_is_seen(tmp_path, listening, fault):
    seen, acts = FAULTS[fault]
    with (
        running.serving(tmp_path / "instance", FAULT=f"no_event_limit {fault}") as server,
        pytest.raises(received.DivergenceError, match=seen),
    ):
        plays.Play(server, listening(server), 1).play(STEPS_OF_A_CONTROL, acts)
