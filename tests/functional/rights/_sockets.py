"""Every event × person × contract, and who hears what, through a real server and real sockets."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.realtime import server as running

from ._arena import WORDS, Arena
from ._arena import arena as building
from ._proofs import FACTORS, covering, usual
from ._table import EXPECTED, Situation, _case

HERE = Path(__file__).resolve().parent
AUDIENCES = ("readers", "moderators", "author")
# Time enough for a frame to come, when it should not.
SILENCE = 0.7
READ, QUEUE = ("space_read", "espace"), ("queue_read", "espace")


class Stage:
    """A server with both contracts, and a socket for everybody who may have one."""

    def __init__(self, arena: Arena, server: Any) -> None:
        self.arena = arena
        self.server = server
        self.sockets: dict[str, Any] = {}

    def token(self, who: str) -> str | None:
        """The session of a person, as their browser holds it."""
        cookies = dict(one.split("=", 1) for one in self.arena.people[who].cookie.split("; "))
        return cookies.get(running.COOKIE)

    def socket(self, who: str) -> Any:
        """The socket of a person; a new one when theirs was closed."""
        if who not in self.sockets:
            self.sockets[who] = running.Listener(self.server, self.token(who), ["websocket"])
        return self.sockets[who]

    def leave(self) -> None:
        """Everybody goes."""
        for socket in self.sockets.values():
            socket.close()
        self.sockets.clear()

    def sql(self, statement: str, *values: object) -> None:
        """Change something by plain SQL, beside the server."""
        raw = sqlite3.connect(self.arena.database, timeout=20)
        with raw:
            raw.execute(statement, values)
        raw.close()


@contextmanager
def stage(migrated: Path, folder: Path, hole: str = "") -> Iterator[Stage]:
    """Build both contracts, then serve them, with a hole when one is named."""
    with building(migrated, folder) as arena:
        arena.put(arena.people["resident"], usual(arena.people["resident"]))
    kept, running.HERE = running.HERE, HERE / "live"
    try:
        with running.serving(folder, HOLE=hole, PYTHONPATH=str(HERE.parents[2])) as server:
            built = Stage(arena, server)
            try:
                yield built
            finally:
                built.leave()
    finally:
        running.HERE = kept
        arena.engine.dispose()


def connections(on: Stage) -> list[str]:
    """Only who is signed in gets a socket."""
    return [
        f"{who}: connected is {on.socket(who).client.connected}"
        for who, somebody in on.arena.people.items()
        if on.socket(who).client.connected is not somebody.signed_in
    ]


def allowed(act: tuple[str, str], person: str | None, situation: Situation) -> bool:
    """What the hand-written table says."""
    return person is not None and EXPECTED.allows(*act, _case(act[1], person, situation))


def answers(on: Stage) -> list[str]:
    """Every event of every person, on our contract, the other one, and one that is not."""
    found: list[str] = []
    for who, somebody in on.arena.people.items():
        if not somebody.signed_in:
            continue
        told: dict[str, list[Any]] = {}
        for where in ("ours", "other", "unknown"):
            person = {"ours": somebody.ours, "other": somebody.other}.get(where)
            told[where] = _ask_all(on, who, on.arena.ids(where)["space_id"])
            expected = usual(somebody, where)
            for event, answer in zip(EVENTS, told[where], strict=True):
                problem = _judge(event, answer, person, expected)
                found += [f"{who} · {event} · {where}: {problem}"] if problem else []
        outside = [where for where in ("ours", "other") if getattr(somebody, where) is None]
        found += [
            f"{who}: {where} does not answer like what does not exist"
            for where in outside
            if told[where] != told["unknown"]
        ]
    return found


EVENTS = ("enter", *(f"catch_up {audience}" for audience in AUDIENCES), "leave")


def _ask_all(on: Stage, who: str, space_id: str) -> list[Any]:
    socket = on.socket(who)
    return [
        socket.enter(space_id),
        *(socket.ask("catch_up", space=space_id, audience=audience, cursor=0) for audience in AUDIENCES),
        socket.ask("leave", space=space_id),
    ]


def _judge(event: str, answer: Any, person: str | None, situation: Situation) -> str:
    """What is wrong with an answer; nothing when it is right."""
    if event == "leave":
        return "" if answer.get("ok") else f"leaving was refused: {answer}"
    reads, moderates = allowed(READ, person, situation), allowed(QUEUE, person, situation)
    crowd = "moderators" if moderates else "readers"
    if not reads:
        refused = answer.get("ok") is False and bool(answer.get("sentence")) and "frames" not in answer
        return "" if refused else f"must be refused: {answer}"
    if event == "enter":
        good = answer.get("ok") is True and set(answer["audiences"]) == {crowd, "author"}
        return "" if good else f"must enter as {crowd}: {answer}"
    if event.split()[1] in (crowd, "author"):
        return "" if "frames" in answer else f"must be told: {answer}"
    return "" if "frames" not in answer else f"hears an audience of others: {answer}"


def by_pairs(on: Stage) -> list[str]:
    """Entering, at every level in every phase, by pairs."""
    found: list[str] = []
    people = ("family", "board", "manager", "director", "moderator", "former")
    for who, level, (phase, by_date) in covering([people, FACTORS["level"], FACTORS["phase"]]):
        situation = Situation(level, phase, by_date=by_date)
        on.arena.put(on.arena.people[who], situation)
        answer = on.socket(who).enter(on.arena.ours.space_id)
        problem = _judge("enter", answer, on.arena.people[who].ours, situation)
        found += [f"{who}, level {level}, {phase.value}: {problem}"] if problem else []
    on.leave()
    on.arena.put(on.arena.people["resident"], usual(on.arena.people["resident"]))
    return found


def frames(on: Stage) -> list[str]:
    """A word that waits, then the same published: who hears it, in our contract and in the other one."""
    found: list[str] = []
    arena = on.arena
    on.sql("UPDATE space SET moderation = 'avant'")
    heard = {who: on.socket(who) for who, somebody in arena.people.items() if somebody.signed_in}
    for socket in heard.values():
        for where in ("ours", "other"):
            socket.enter(arena.ids(where)["space_id"])
    for where in ("ours", "other"):
        house, author = arena.house(where), "family"
        said = on.server.act(
            "publish",
            house[author].id,
            space=house.space_id,
            item=house.items[1],
            words=f"Le {WORDS} {where} attend.",
        )
        found += _hearers(on, where, heard, waiting=True)
        on.server.act("approve", house["director"].id, id=said["id"], version=1)
        found += _hearers(on, where, heard, waiting=False)
    on.leave()
    return found


def _hearers(on: Stage, where: str, heard: dict[str, Any], *, waiting: bool) -> list[str]:
    """Who heard and should not, or the reverse; those who should get the time they need."""
    expected = {who: _should_hear(on, who, where, waiting=waiting) for who in heard}
    words = f"{WORDS} {where} attend"
    running.until(lambda: all(_heard(heard[who], words) for who, may in expected.items() if may))
    time.sleep(SILENCE)
    told = "waiting" if waiting else "published"
    return [
        f"{who} · {where} · {told}: hearing it must be {may}"
        for who, may in expected.items()
        if _heard(heard[who], words) is not may
    ]


def _should_hear(on: Stage, who: str, where: str, *, waiting: bool) -> bool:
    somebody = on.arena.people[who]
    person = {"ours": somebody.ours, "other": somebody.other}[where]
    expected = usual(somebody, where)
    author = where == "ours" and who == "family"
    return allowed(READ, person, expected) and (not waiting or author or allowed(QUEUE, person, expected))


def _heard(socket: Any, words: str) -> bool:
    return words in json.dumps(list(socket.frames), ensure_ascii=False)


def lowered(on: Stage) -> list[str]:
    """Whoever lost their level hears nothing more, and is refused; so is whoever lost the session."""
    found: list[str] = []
    arena = on.arena
    on.sql("UPDATE space SET moderation = 'apres'")
    for who in ("professional", "staff_rep", "resident"):
        on.socket(who).enter(arena.ours.space_id)
    arena.put(arena.people["professional"], Situation(0))
    on.sql(
        "UPDATE session_row SET ended_at = created_at WHERE account_id = ?",
        arena.ours["staff_rep"].account_id,
    )
    time.sleep(SILENCE)
    on.socket("resident").enter(arena.ours.space_id)
    on.server.act(
        "publish", arena.ours["manager"].id,
        space=arena.ours.space_id, item=arena.ours.items[2], words=f"Le {WORDS} est baissé.",
    )  # fmt: skip
    running.until(lambda: _heard(on.socket("resident"), "est baissé"))
    time.sleep(SILENCE)
    for who, may in {"professional": False, "staff_rep": False, "resident": True}.items():
        if _heard(on.socket(who), "est baissé") is not may:
            found.append(f"{who}: hearing it must be {may}")
    if on.socket("professional").enter(arena.ours.space_id).get("ok"):
        found.append("professional enters again without a level")
    if on.socket("staff_rep").client.connected:
        found.append("the socket of an ended session is still open")
    on.leave()
    return found


PROOFS = {
    "connections": connections,
    "answers": answers,
    "by_pairs": by_pairs,
    "frames": frames,
    "lowered": lowered,
}
