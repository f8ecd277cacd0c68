"""Ten thousand contributions: pages ask as little and weigh as much as with a hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, insert, inspect, select, text
from sqlalchemy.orm import Session

from portal.domain.contributions import queries
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.kernel.ids import new_id
from portal.vocabulary import Audience, ContributionKind, ModerationMode
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page
from tests.factories.world import a_contribution, a_space
from tests.stores import Store

pytestmark = [pytest.mark.slow, pytest.mark.both_stores]

FEW, MANY = 100, 10_000
# « 100 » and « 10 000 » are not written with as many signs.
SIGNS = 200
HEAVIEST = 165_000
# One for each kind of duty that is dated, one for the questions that the space asked before, one for its documents.
QUESTIONS = 18


@dataclass
class Grown:
    """A space with so many contributions on its first item, and one where as many wait to be read."""

    space: str
    held: str
    ids: list[str]
    number: int


def copies(session: Session, space: str, model_id: str, number: int) -> list[str]:
    """So many contributions like one that exists: half of them are replies to it; their ids."""
    one = session.scalars(select(Contribution).where(Contribution.id == model_id)).one()
    words = session.get_one(ContributionVersion, (model_id, 1))
    ids = [new_id() for _ in range(number - 1)]
    reply = {"root_id": model_id, "parent_id": model_id, "kind": ContributionKind.REPLY}
    like, said = values(one, "arrival"), values(words)
    rows = [like | {"id": new} | (reply if place % 2 else {}) for place, new in enumerate(ids)]
    session.execute(insert(Contribution), rows)
    session.execute(insert(ContributionVersion), [said | {"contribution_id": new} for new in ids])
    assert one.space_id == space
    return [model_id, *ids]


def values(row: Any, *without: str) -> dict[str, Any]:
    """The columns of a row by the names that its model gives them."""
    names = [one.key for one in inspect(row).mapper.column_attrs if one.key not in without]
    return {name: getattr(row, name) for name in names}


def grown(world: World, number: int) -> Grown:
    def build(session: Session) -> Grown:
        space = a_space(session, world.ours)
        held = a_space(session, world.ours, moderation=ModerationMode.BEFORE)
        first = a_contribution(session, world.ours, "family", space_id=space)
        waits = a_contribution(session, world.ours, "professional", space_id=held)
        copies(session, held, waits, number)
        return Grown(space, held, copies(session, space, first, number), number)

    return world.do(build)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every question that is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def subject(world: World, of: Grown) -> str:
    return f"/espaces/{of.space}/sujets/{world.ours.items[0]}"


# Each page: who opens it, and where.
PAGES: dict[str, tuple[str, Callable[[World, Grown], str]]] = {
    "space": ("resident", lambda _world, of: f"/espaces/{of.space}"),
    "subject": ("resident", subject),
    "subject, to the author": ("family", subject),
    "subject, in the middle": (
        "resident",
        lambda w, of: f"{subject(w, of)}?apres={of.ids[of.number // 2 + 1]}",
    ),
    "subject, back from the end": ("resident", lambda w, of: f"{subject(w, of)}?avant={of.ids[-1]}"),
    "whole discussion": ("resident", lambda _world, of: f"/contributions/{of.ids[0]}/fil"),
    "to moderate": ("director", lambda _world, of: f"/espaces/{of.held}/moderation"),
}


@dataclass
class Cost:
    """What one page takes."""

    questions: int
    size: int
    cards: int
    page: Page


def cost(client: CheckedClient, path: str) -> Cost:
    # What is read once and kept is not this page's.
    client.see(path)
    with counted() as asked:
        page = client.see(path)
    cards = page.tree.xpath("//*[@data-contribution]/@data-contribution")
    return Cost(len(asked), len(page.html.encode()), len(set(cards)), page)


def faults(few: Cost, many: Cost) -> list[str]:
    """What grows with the number of contributions."""
    found = [f"{few.questions} questions, then {many.questions}"] if few.questions != many.questions else []
    found += [f"{many.questions} questions"] if many.questions > QUESTIONS else []
    found += [f"{few.cards} cards, then {many.cards}"] if few.cards != many.cards or not few.cards else []
    found += [f"{few.size} bytes, then {many.size}"] if abs(many.size - few.size) > SIGNS else []
    return found + ([f"{many.size} bytes"] if many.size > HEAVIEST else [])


@pytest.fixture
def believed_empty(world: World, store: Store) -> Iterator[None]:
    """PostgreSQL counts too late: it takes tables that have just been filled for empty ones."""
    if store.name == "sqlite":
        yield
        return
    tables = (ContributionVersion.__tablename__, Contribution.__tablename__)
    grown(world, FEW)
    with psycopg.connect(store.database_url, autocommit=True) as database:
        for name in tables:
            database.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)")
            database.execute(f"DELETE FROM {name}")
            database.execute(f"ANALYZE {name}")
        yield
        for name in tables:
            database.execute(f"ALTER TABLE {name} RESET (autovacuum_enabled)")


@pytest.mark.usefixtures("believed_empty")
def test_pages_cost_the_same_with_ten_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = grown(world, FEW), grown(world, MANY)
    clients = {name: world.client(name) for name in {who for who, _ in PAGES.values()}}

    def found(page: str) -> list[str]:
        who, path = PAGES[page]
        return faults(cost(clients[who], path(world, few)), cost(clients[who], path(world, many)))

    assert {page: found(page) for page in PAGES} == {page: [] for page in PAGES}
    check_following(clients["resident"], world, many)
    # Controls: pages that are longer than a hundred can fill, and a question for whatever is there.
    with monkeypatch.context() as planted:
        planted.setitem(queries.thread.__kwdefaults__, "size", FEW - 20)
        assert any("cards" in one for one in found("subject"))
        assert any("bytes" in one for one in found("subject"))
    with monkeypatch.context() as planted:
        planted.setattr(queries, "cards", a_question_for_each_hundred(queries.cards))
        assert any("questions" in one for one in found("subject"))


def check_following(client: CheckedClient, world: World, of: Grown) -> None:
    """From one page to the next by its own links: no card twice, none passed over."""
    roots = [of.ids[0], *of.ids[1::2]]
    path, seen = subject(world, of), []
    for _ in range(3):
        page = client.see(path)
        shown = page.tree.xpath("//article/@data-contribution")
        seen += [one for one in shown if one in roots]
        path = page.tree.xpath("//a[@rel='next']/@href")[0]
    assert seen == roots[: len(seen)]
    assert len(seen) == 3 * queries.PAGE


def a_question_for_each_hundred(honest: Callable[..., Any]) -> Callable[..., Any]:
    """The planted fault: whoever shows cards also looks at all that there is."""

    def slow(session: Session, rows: Sequence[Any], audience: Audience) -> Any:
        space = rows[0].Contribution.space_id if rows else ""
        held = session.scalar(
            text("SELECT count(*) FROM contribution WHERE space_id = :space"), {"space": space}
        )
        for _ in range(held // FEW):
            session.execute(text("SELECT 1"))
        return honest(session, rows, audience)

    return slow
