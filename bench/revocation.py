"""A right that ends, and how soon an open page is told, whatever ended it.

    python bench/revocation.py [--court]

For each sample a new contract, one person whose right will end and one who keeps theirs, both at an open
page. The act happens at any moment of the server's beat; the clock runs from just before the act until the
socket hears `goodbye` or `reenter`. Then words are published: the witness hears them, the person must not.
Words are also published between the act and the word to the page: no right that ended may let them through.
Three servers: SQLite, one process; PostgreSQL, two processes with Valkey, the act at one and the page at the
other; the same with Valkey dead.

Control: a server whose sweep sees neither rights nor sessions must turn the figures red.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _report import Report, quantile, spread
from _wire import Crowd, Line

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "realtime")]

import server as running
import world as worlds

from portal.vocabulary import Level
from tests import stores
from tests.factories.gate import Gate

GOAL_P99, GOAL_MAX = 1.0, 2.0
BEAT_SECONDS = 0.35
PATIENCE_SECONDS, CONTROL_PATIENCE = 10.0, 3.0
AT_ONCE = 3
PAST = "'2026-01-01 00:00:00.000000'"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TOLD = re.compile(rb'^42\["(goodbye|reenter)"')
LOSER, WITNESS, WRITER, DIRECTOR = "family", "resident", "nurse", "director"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Answers are taken as they are."""

    def redirect_request(self, *_given: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a right ends; `session` when it is the session itself."""

    name: str
    end: Callable[[Sample], object]
    session: bool = False
    # Nothing can be published until the space resumes.
    halts: bool = False
    # What the person is asked to enter with afterwards: refused, or let in for less.
    refused: bool = True
    prepare: Callable[[Sample], object] = lambda _sample: None


@dataclass
class Pair:
    """The server at which acts happen, and the one at which pages are open."""

    act: running.Running
    page: running.Running


@dataclass
class Sample:
    """One right that ends, from beginning to end."""

    pair: Pair
    way: Way
    patience: float
    world: worlds.World = field(init=False)
    began: float = 0.0
    told: float | None = None
    token: str = ""
    between: bool = False
    after: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def person(self) -> worlds.Someone:
        return self.world[LOSER]

    def sql(self, statement: str, *values: object) -> None:
        worlds.sql(self.pair.act.database, statement, *values)

    def act(self, name: str, by: str = DIRECTOR, **data: Any) -> None:
        self.pair.act.act(name, self.world[by].participant_id, **data)

    def publish(self, words: str) -> None:
        self.act("publish", WRITER, space=self.world.space_id, item=self.world.items[0], words=words)

    def page(self, path: str, form: dict[str, str] | None = None) -> str:
        """A page of the person, or the answer to a form."""
        headers = {
            "Cookie": f"polyphonie={self.person.token}",
            "Origin": self.pair.act.url,
            "Sec-Fetch-Site": "same-origin",
        }
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        asked = urllib.request.Request(f"{self.pair.act.url}{path}", data, headers)
        try:
            with urllib.request.build_opener(_Stay).open(asked, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code not in (302, 303):
                raise
            return ""


def leaves_by_the_page(sample: Sample) -> None:
    """« Sortir », as the person presses it; the page was open before."""
    sample.page("/deconnexion", {"csrf_token": sample.token})


def opens_a_page(sample: Sample) -> None:
    found = CSRF.search(sample.page("/contrats"))
    assert found is not None
    sample.token = found[1]


def becomes_moderator(sample: Sample) -> None:
    person = sample.person.participant_id
    sample.sql(
        f"INSERT INTO participant_role (id, participant_id, role, given_at) VALUES (?, ?, 'moderator', {PAST})",
        person,
        person,
    )


def lowered(sample: Sample) -> None:
    sample.act("set_level", contract=sample.world.contract_id, space=sample.world.space_id, group="families",
               level=int(Level.INFORMATION), reason="Pour essayer.", days_ago=8)  # fmt: skip


WAYS = (
    Way("log-out by the page", leaves_by_the_page, session=True, prepare=opens_a_page),
    Way("disabling", lambda s: s.act("disable", account=s.person.account_id), session=True),
    Way("change of password", lambda s: s.act("new_password", account=s.person.account_id), session=True),
    Way("SQL: session ended", lambda s: s.sql(f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?", s.person.token_hash), session=True),
    Way("SQL: session removed", lambda s: s.sql("DELETE FROM session_row WHERE token_hash = ?", s.person.token_hash), session=True),
    Way("SQL: account disabled", lambda s: s.sql(f"UPDATE account SET disabled_at = {PAST} WHERE id = ?", s.person.account_id), session=True),
    Way("membership ended", lambda s: s.act("leave", who=s.person.participant_id)),
    Way("SQL: membership ended", lambda s: s.sql(f"UPDATE participant SET left_at = {PAST} WHERE id = ?", s.person.participant_id)),
    Way("SQL: seat removed", lambda s: s.sql("DELETE FROM seat WHERE participant_id = ?", s.person.participant_id)),
    Way("SQL: role ended", lambda s: s.sql(f"UPDATE participant_role SET ended_at = {PAST} WHERE id = ?", s.person.participant_id), refused=False, prepare=becomes_moderator),
    Way("level lowered", lowered, refused=False),
    Way("SQL: level removed", lambda s: s.sql("DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?", s.world.contract_id)),
    Way("phase: pause", lambda s: s.act("set_phase", space=s.world.space_id, phase="pause"), halts=True, refused=False),
    Way("SQL: phase", lambda s: s.sql("UPDATE space SET phase = 'pause' WHERE id = ?", s.world.space_id), halts=True, refused=False),
)  # fmt: skip


class Watch:
    """The two pages of a sample."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.crowd = Crowd()
        self.heard: dict[str, list[bytes]] = {LOSER: [], WITNESS: []}
        self.asked = 0
        self.lines = {name: self._line(name) for name in self.heard}
        if self.crowd.enter(self.lines.values(), lambda _line: sample.world.space_id):
            raise ConnectionError("a page was not let in")

    def _line(self, name: str) -> Line:
        return self.crowd.add(
            Line(
                self.sample.pair.page.port,
                self.sample.world[name].token,
                lambda _l, data, at: self._hears(name, data, at),
            )
        )

    def _hears(self, name: str, data: bytes, at: float) -> None:
        told = TOLD.match(data)
        if told is None:
            self.heard[name].append(data)
        elif name == LOSER:
            self.sample.told = self.sample.told or at
        else:
            self.asked = self.lines[WITNESS].ask("enter", space=self.sample.world.space_id, cursors={})

    @property
    def witness_is_in(self) -> bool:
        return not self.asked or self.asked in self.lines[WITNESS].answers

    def saw(self, name: str, words: str) -> bool:
        return any(words.encode() in one for one in self.heard[name])


def run(sample: Sample) -> Sample:
    """One right that ends, and what its page heard."""
    sample.world = worlds.build(sample.pair.page.database)
    sample.way.prepare(sample)
    watch = Watch(sample)
    try:
        watch.crowd.pump(lambda: False, random.uniform(0.0, BEAT_SECONDS))
        actor = threading.Thread(target=_acts, args=(sample,))
        actor.start()
        watch.crowd.pump(lambda: sample.told and not actor.is_alive(), sample.patience)
        actor.join()
        if sample.told is None:
            sample.wrong.append("never told")
            return sample
        _listens_on(sample, watch)
        return sample
    finally:
        watch.crowd.close()


def _acts(sample: Sample) -> None:
    try:
        sample.began = time.monotonic()
        sample.way.end(sample)
        if not sample.way.halts:
            sample.publish("Entre les deux.")
    except Exception as error:  # noqa: BLE001 — told with the sample
        sample.wrong.append(f"the act failed: {error}")


def _listens_on(sample: Sample, watch: Watch) -> None:
    """Publish until the witness hears: by then the person would have."""
    if sample.way.halts:
        sample.sql("UPDATE space SET phase = 'ouvert' WHERE id = ?", sample.world.space_id)
        watch.crowd.pump(lambda: watch.witness_is_in, sample.patience)
    for number in range(6):
        watch.crowd.pump(lambda: watch.witness_is_in, sample.patience)
        sample.publish(f"Ensuite, {number}.")
        if watch.crowd.pump(lambda: watch.saw(WITNESS, "Ensuite"), 2.5):
            break
    else:
        sample.wrong.append("the witness heard nothing")
    sample.between = watch.saw(LOSER, "Entre")
    sample.after = sum(b"Ensuite" in one and b"frame" in one[:12] for one in watch.heard[LOSER])
    line = watch.lines[LOSER]
    if sample.way.session:
        if not watch.crowd.pump(lambda: not line.open, 2.0):
            sample.wrong.append("the socket stays open")
        return
    number = line.ask("enter", space=sample.world.space_id, cursors={})
    watch.crowd.pump(lambda: number in line.answers, sample.patience)
    answer = line.answers.get(number) or {}
    if bool(answer.get("ok")) is sample.way.refused:
        sample.wrong.append(f"asked again: {answer}")
    if "moderators" in answer.get("audiences", ()):
        sample.wrong.append("still hears the moderation")


def faults_of(samples: list[Sample]) -> list[str]:
    """What is wrong with these samples: nothing when all is right."""
    found = [f"{one.way.name}: {word}" for one in samples for word in one.wrong]
    found += [f"{one.way.name}: {one.after} frames after" for one in samples if one.after]
    found += [
        f"{one.way.name}: words after the act" for one in samples if one.between and not one.way.session
    ]
    times = times_of(samples)
    if times and (late := quantile(times, 0.99)) > GOAL_P99:
        found.append(f"p99 {late:.2f} s")
    if times and max(times) > GOAL_MAX:
        found.append(f"max {max(times):.2f} s")
    return found


def times_of(samples: list[Sample]) -> list[float]:
    return [one.told - one.began for one in samples if one.told is not None]


def sampled(pair: Pair, rounds: int, patience: float = PATIENCE_SECONDS) -> list[Sample]:
    """Every way, so many times, in turns."""
    wanted = [Sample(pair, way, patience) for _ in range(rounds) for way in WAYS]
    with ThreadPoolExecutor(AT_ONCE) as several:
        return list(several.map(run, wanted))


@contextmanager
def configurations(folder: Path) -> Iterator[list[tuple[str, Callable[[ExitStack], Pair]]]]:
    """The three servers, each started when it is its turn."""

    def one(stack: ExitStack) -> Pair:
        alone = stack.enter_context(running.serving(folder / "sqlite"))
        return Pair(alone, alone)

    def two(stack: ExitStack, *, dead: bool) -> Pair:
        gate = stack.enter_context(Gate.before(stores.valkey_url()))
        environ = {"DATABASE_URL": stores.new_database(), "REDIS_URL": gate.address(stores.valkey_url())}
        place = folder / ("sans" if dead else "avec")
        pair = Pair(*(stack.enter_context(running.serving(place / name, **environ)) for name in "ab"))
        if dead:
            gate.shut()
        return pair

    yield [
        ("SQLite, one process", one),
        ("PostgreSQL, two processes, Valkey", lambda stack: two(stack, dead=False)),
        ("PostgreSQL, two processes, Valkey dead", lambda stack: two(stack, dead=True)),
    ]


def measure(report: Report, name: str, samples: list[Sample], *, short: bool) -> None:
    """One row for all, one for each way."""
    wrong = faults_of(samples)
    between = sum(bool(one.between) for one in samples if one.way.session)
    report.row(
        f"from the act to the page, {name}",
        f"{spread(times_of(samples))}; 0 frames after it was told"
        f"; sessions: words published at the same instant still heard {between} times"
        + (f" [{'; '.join(wrong[:5])}]" if wrong else ""),
        "p99 1 s, max 2 s, 0 frames",
        not wrong,
    )
    if short:
        return
    for way in WAYS:
        own = times_of([one for one in samples if one.way is way])
        if own:
            report.row(f"  {way.name}", spread(own))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", "--short", action="store_true", help="56 samples each instead of 210")
    given = parser.parse_args()
    report = Report("revocation")
    rounds = 4 if given.court else 15
    with tempfile.TemporaryDirectory() as folder:
        with configurations(Path(folder)) as known:
            for name, start in known:
                with ExitStack() as stack:
                    measure(report, name, sampled(start(stack), rounds), short=given.court)
        with running.serving(Path(folder) / "faute", FAULT="stale_rooms") as faulty:
            found = faults_of(sampled(Pair(faulty, faulty), 1, CONTROL_PATIENCE))
        report.control("rights and sessions are never read again", f"{len(found)} faults" if found else False)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
