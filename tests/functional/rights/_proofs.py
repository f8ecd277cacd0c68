"""The proofs themselves, as functions that return differences: tests run them, and holes too."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lxml import html
from werkzeug.test import TestResponse

from portal.vocabulary import ContributionStatus, Group, Phase
from tests.factories.world import LEVELS as WORLD_LEVELS
from tests.unit.policy.personas import AGES

from ._arena import WORDS, Arena, Somebody
from ._table import ABSENT, ALLOWED, LINES, OPEN, REFUSED, SIGN_IN, Line, Situation, reads_space, reads_words

CHANGING = re.compile(
    rb'nonce-?="?[\w-]+"?|name="csrf_token"[^>]*>|data-csrf="[^"]*"|content="[\w.-]{60,}"|[a-z2-7]{26}'
)
FORM_ANSWERS = (409, 422)


@dataclass(frozen=True)
class Case:
    """One request of one person in one situation; `where` says whose ids the address names."""

    line: Line
    who: str
    where: str
    situation: Situation

    def __str__(self) -> str:
        one = self.situation
        state = f"level {one.level}, {one.phase.value}{' by date' if one.by_date else ''}, {one.state.value}"
        own = "own" if one.own else "another’s"
        answered = "answered" if one.answered else "unanswered"
        return f"{self.line} · {self.who} · {self.where} · {state}, {own}, {answered}, {one.age}"


def live_lines(arena: Arena) -> list[Line]:
    """The lines whose address exists now."""
    known = live_routes(arena.app)
    return [line for line in LINES if line.route in known]


def live_routes(app: Any) -> set[tuple[str, str]]:
    """Method and address of every route of the application, static files apart."""
    return {
        (method, re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"<\1>", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def usual(somebody: Somebody, where: str = "ours") -> Situation:
    """An open space at the levels of the factories, somebody else's published words."""
    group = somebody.group if where == "ours" or somebody.other is None else Group.MANAGEMENT
    return Situation(level=int(WORLD_LEVELS.get(group, 0)))


def whole_grid(arena: Arena) -> Iterator[Case]:
    """Every line × every person × ours, the other contract, and ids that name nothing."""
    for line in live_lines(arena):
        for who, somebody in arena.people.items():
            for where in ("ours", "other", "unknown") if line.names else ("ours",):
                yield Case(line, who, where, usual(somebody))


FACTORS: dict[str, tuple[Any, ...]] = {
    "level": (0, 1, 2, 3, 4),
    "phase": (*((phase, False) for phase in Phase), (Phase.OPEN, True), (Phase.ANSWERING, True)),
    "state": tuple(ContributionStatus),
    "own": (False, True),
    "answered": (False, True),
    "age": tuple(AGES.values()),
}


def pairwise(
    arena: Arena, lines: Iterable[Line] | None = None, people: Iterable[str] | None = None
) -> list[Case]:
    """A covering array: every pair of values of two factors stands in at least one case."""
    chosen = [line for line in (lines or live_lines(arena)) if line.names]
    members = [name for name in (people or arena.people) if arena.people[name].ours is not None]
    factors = {"line": tuple(chosen), "who": tuple(members), **FACTORS}
    return [_case(row) for row in covering(list(factors.values()))]


def _case(row: tuple[Any, ...]) -> Case:
    line, who, level, (phase, by_date), state, own, answered, age = row
    return Case(line, who, "ours", Situation(level, phase, state, own, answered, age, by_date))


def covering(factors: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows such that every pair of values of two factors is met; greedy, always the same."""
    draw = random.Random(7)
    columns = range(len(factors))
    missing = {
        (a, x, b, y)
        for a, b in combinations(columns, 2)
        for x in range(len(factors[a]))
        for y in range(len(factors[b]))
    }
    waiting = sorted(missing)
    draw.shuffle(waiting)
    rows = []
    while waiting:
        pair = waiting.pop()
        if pair not in missing:
            continue
        row = _row(pair, missing, factors, draw)
        missing -= set(_pairs(row))
        rows.append(tuple(factors[column][row[column]] for column in columns))
    return rows


def _row(
    pair: tuple[int, int, int, int],
    missing: set[tuple[int, int, int, int]],
    factors: list[Any],
    draw: random.Random,
) -> dict[int, int]:
    a, x, b, y = pair
    row = {a: x, b: y}
    rest = [column for column in range(len(factors)) if column not in row]
    draw.shuffle(rest)
    for column in rest:
        options = list(range(len(factors[column])))
        draw.shuffle(options)
        row[column] = max(
            options, key=lambda value: sum(_ordered(column, value, c, v) in missing for c, v in row.items())
        )
    return row


def _ordered(a: int, x: int, b: int, y: int) -> tuple[int, int, int, int]:
    return (a, x, b, y) if a < b else (b, y, a, x)


def _pairs(row: dict[int, int]) -> Iterator[tuple[int, int, int, int]]:
    for a, b in combinations(sorted(row), 2):
        yield a, row[a], b, row[b]


def mismatches(arena: Arena, cases: Iterable[Case], *, limit: int = 12) -> list[str]:
    """Send every request; return at most `limit` differences with the tables, as sentences."""
    found: list[str] = []
    absent: dict[tuple[Line, str], bytes] = {}
    before: tuple[str, Situation] | None = None
    for case in cases:
        somebody = arena.people[case.who]
        if before != (case.who, case.situation):
            arena.put(somebody, case.situation)
            before = (case.who, case.situation)
        state = arena.mark()
        response = arena.ask(somebody, case.line.method, *_request(arena, case))
        changed = arena.mark() != state
        found += [f"{case}: {problem}" for problem in problems(arena, case, response, changed=changed)]
        if case.where != "ours" and response.status_code == 404:
            body = absent.setdefault((case.line, case.who), bare(response))
            if bare(response) != body:
                found.append(f"{case}: what is outside does not answer like what does not exist")
        if changed:
            arena.restore()
            before = None
        if len(found) >= limit:
            break
    return found


def _request(arena: Arena, case: Case) -> tuple[str, dict[str, str]]:
    ids = arena.ids(case.where)
    path = _address(case.line, ids)
    known = {"{version}": "1", "{état}": case.situation.state.value}
    return path, {name: known.get(value, value) for name, value in case.line.fields}


def problems(arena: Arena, case: Case, response: TestResponse, *, changed: bool) -> Iterator[str]:
    """What is wrong with an answer, given the tables."""
    somebody = arena.people[case.who]
    person = {"ours": somebody.ours, "other": somebody.other}.get(case.where)
    situation = case.situation if case.where == "ours" else usual(somebody, case.where)
    expected = case.line.expects(person, situation, signed_in=somebody.signed_in)
    got = outcome(response)
    if got not in ((ALLOWED, SIGN_IN) if expected == OPEN else (expected,)):
        yield f"must be {expected}, but was {got} ({response.status_code})"
    if changed and (response.status_code >= 400 or case.line.method == "GET"):
        yield f"answered {response.status_code} and yet wrote in the database"
    if got == REFUSED:
        yield from _unexplained(response)
    if "no-store" not in response.headers.get("Cache-Control", ""):
        yield "may be kept by a cache"
    if WORDS.encode() in response.get_data() and not reads_words(person, situation):
        yield "shows words that this person may not read"
    if got == ALLOWED and case.where == "ours":
        yield from _personal(arena, case, response, person)


def _personal(arena: Arena, case: Case, response: TestResponse, person: str | None) -> Iterator[str]:
    """What a page says is mine."""
    words, own = arena.words["ours"], case.situation.own
    listed = own and person is not None and reads_space(person, case.situation)
    if case.line.address.endswith("/moi"):
        yield from _viewer(response, words, own=own)
    if (
        case.line.address.endswith("/mes-contributions")
        and (f"c-{words}".encode() in response.get_data()) is not listed
    ):
        yield "the list of my contributions is not mine"


def _viewer(response: TestResponse, contribution: str, *, own: bool) -> Iterator[str]:
    block = json.loads(response.get_data())
    if contribution in block["mine"] and not own:
        yield "the viewer’s block says that another’s words are mine"
    if block["reactions"]:
        yield "the viewer’s block tells the reaction of another person"


def outcome(response: TestResponse) -> str:
    """What an answer means."""
    status = response.status_code
    if status in (302, 303) and response.headers["Location"].startswith("/connexion"):
        return SIGN_IN
    if status < 400 or status in FORM_ANSWERS:
        return ALLOWED
    return {403: REFUSED, 404: ABSENT}.get(status, f"status {status}")


def _unexplained(response: TestResponse) -> Iterator[str]:
    page = html.document_fromstring(response.get_data(as_text=True))
    said = [one.text_content().strip() for one in page.xpath("//*[contains(@class, 'notice--refusal')]//p")]
    if len(said) < 2 or not all(sentence.endswith((".", "!")) for sentence in said):
        yield f"refuses without saying why and who can change it: {said}"


def bare(response: TestResponse) -> bytes:
    """The body without what is new in every answer: nonces, tokens, ids of the address."""
    return CHANGING.sub(b"", response.get_data())


# Sent without the token of a form: the secret of the address stands for it, and an unknown one does nothing.
BY_THEIR_ADDRESS = {"/courriels/arreter/<jeton>": 404}


def without_token(arena: Arena, lines: Iterable[Line] | None = None) -> list[str]:
    """Every form sent without its token: refused, and nothing written."""
    found = []
    for line in lines or live_lines(arena):
        if line.method == "GET":
            continue
        for who in ("anonymous", "family", "director"):
            case = Case(line, who, "ours", usual(arena.people[who]))
            arena.put(arena.people[who], case.situation)
            state = arena.mark()
            path, fields = _request(arena, case)
            response = arena.ask(arena.people[who], line.method, path, fields | {"csrf_token": ""})
            refused = (400, 403, BY_THEIR_ADDRESS.get(line.address))
            if response.status_code not in refused or arena.mark() != state:
                found.append(f"{case}: sent without its token, answered {response.status_code}")
                arena.restore()
    return found


def mixed(arena: Arena, lines: list[Line] | None = None) -> list[str]:
    """Our space or contract with an item of the other one, and the reverse: as for an unknown item."""
    found = []
    ours, other, unknown = arena.ids("ours"), arena.ids("other"), arena.ids("unknown")
    for line in lines or live_lines(arena):
        if "item_id" not in line.names:
            continue
        for who in ("resident", "director", "elsewhere"):
            somebody = arena.people[who]
            arena.put(somebody, usual(somebody))
            fields = {name: "1" if value == "{version}" else value for name, value in line.fields}
            for ids in (ours | {"item_id": other["item_id"]}, other | {"item_id": ours["item_id"]}):
                state = arena.mark()
                got, like = (
                    arena.ask(somebody, line.method, _address(line, some), fields)
                    for some in (ids, ids | {"item_id": unknown["item_id"]})
                )
                if got.status_code not in (403, 404) or bare(got) != bare(like) or arena.mark() != state:
                    found.append(
                        f"{line} · {who} · {ids['item_id']}: {got.status_code}, unknown {like.status_code}"
                    )
                    arena.restore()
                    arena.put(somebody, usual(somebody))
    return found


def _address(line: Line, ids: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda name: ids[name[1]], line.address)
