"""What each person receives is what rights allow, no more and no less, whatever happens in between."""

from __future__ import annotations

import random

import pytest
import server as running
import world as worlds

from portal.kernel.ids import new_id
from portal.vocabulary import ModerationMode

pytestmark = pytest.mark.live

STEPS = 40
GROUPS = {"family": "families", "relative": "families", "resident": "residents", "nurse": "professionals"}
PAST = "'2026-01-01 00:00:00.000000'"


class Model:
    """What should be true, written from the rules and not from the code: levels, members, frames."""

    def __init__(self, server, world, listeners, seed):
        self.server, self.world, self.listeners = server, world, listeners
        self.random = random.Random(seed)
        self.recorded = set(GROUPS.values())
        self.members = set(listeners)
        self.inside: set[str] = set()
        self.pending: list[tuple[str, str]] = []
        self.expected = {name: [] for name in listeners}

    def allowed(self, name):
        return name in self.members and (name == "director" or GROUPS[name] in self.recorded)

    def enter_all(self):
        """Everybody asks to enter; each answer is the one that rights give."""
        assert running.until(lambda: all(self.fresh(name) for name in self.inside), 1.5)
        for name, listener in self.listeners.items():
            answer = listener.enter(self.world.space_id)
            assert answer["ok"] is self.allowed(name), (name, answer)
        self.inside = {name for name in self.listeners if self.allowed(name)}
        self.told = {name: len(listener.events) for name, listener in self.listeners.items()}

    def fresh(self, name):
        return len(self.listeners[name].events) > self.told[name]

    def hear(self, audience, id_, names):
        for name in names:
            if name in self.inside:
                self.expected[name].append((audience, id_))

    def sql(self, statement, *values):
        worlds.sql(self.server.database, statement, *values)
        self.enter_all()

    def submit(self):
        writers = [name for name in GROUPS if self.allowed(name)]
        if not writers:
            return
        author = self.random.choice(writers)
        id_ = self.server.act(
            "publish",
            self.world[author].participant_id,
            space=self.world.space_id,
            item=self.world.items[0],
            words=f"SECRET de {len(self.pending)}.",
        )["id"]
        self.pending.append((id_, author))
        self.hear("moderators", id_, ["director"])
        self.hear("author", id_, [author])

    def approve(self):
        if self.pending:
            id_, author = self.pending.pop(0)
            self.server.act("approve", self.world["director"].participant_id, id=id_, version=1)
            self.hear("moderators", id_, ["director"])
            self.hear("readers", id_, GROUPS)
            self.hear("author", id_, [author])

    def switch_level(self):
        group = self.random.choice(sorted(set(GROUPS.values())))
        if group in self.recorded:
            self.recorded.discard(group)
            self.sql(
                "DELETE FROM involvement WHERE group_ = ? AND contract_id = ?", group, self.world.contract_id
            )
        else:
            self.recorded.add(group)
            self.sql(
                "INSERT INTO involvement (id, contract_id, group_, level, effective_at, recorded_at, by_function,"
                f" reason, applied) VALUES (?, ?, ?, 2, {PAST}, {PAST}, 'la direction', '', 1)",
                new_id(),
                self.world.contract_id,
                group,
            )

    def switch_member(self):
        name = self.random.choice(sorted(GROUPS))
        left = PAST if name in self.members else "NULL"
        self.members ^= {name}
        self.sql(f"UPDATE participant SET left_at = {left} WHERE id = ?", self.world[name].participant_id)


@pytest.mark.parametrize("seed", [1, 2])
def test_received_is_allowed_and_allowed_is_received(live_server, listen, seed):
    world = worlds.build(live_server.database, ModerationMode.BEFORE)
    listeners = {name: listen(world[name].token) for name in ("director", *GROUPS)}
    model = Model(live_server, world, listeners, seed)
    model.enter_all()
    assert model.inside == set(listeners)
    acts = [model.submit] * 4 + [model.approve] * 4 + [model.switch_level, model.switch_member]
    for _ in range(STEPS):
        model.random.choice(acts)()
        assert running.until(
            lambda: all(len(model.expected[n]) <= len(listeners[n].frames) for n in listeners)
        )
    for name, listener in listeners.items():
        for audience in ("readers", "moderators", "author"):
            heard = [frame["id"] for frame in listener.of(audience)]
            assert heard == [id_ for told, id_ in model.expected[name] if told == audience], (name, audience)
    assert all(model.expected[name] for name in listeners), (
        "a test in which somebody hears nothing proves little"
    )
