"""What an erasure rewrites in the tables is rewritten in the files: no table is forgotten when one is added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from portal.domain.register import cleaning as erasures
from portal.domain.register import service as register
from portal.domain.surveys import cleaning as surveys
from portal.domain.surveys import service as survey
from portal.kernel.cleaning import Noun
from tests.conftest import World
from tests.factories.surveys import an_open_survey, version
from tests.factories.world import a_contribution

CHANGED = re.compile(r'\s*(?:UPDATE|DELETE FROM) "?(\w+)"?')
# Their rows hold no words, and nothing that could confirm any: each with what is written there.
WITHOUT_WORDS = {
    "journal_head": "the number and the head of the register",
    "survey": "its state, its end, and why it ended, which everyone reads",
}


@contextmanager
def changed() -> Iterator[set[str]]:
    """The tables of which rows are changed or deleted meanwhile."""
    found: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        known = CHANGED.match(statement)
        if known:
            found.add(known[1])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def confirmed(world: World) -> Callable[[Session], object]:
    """Words that are erased by two persons."""
    words = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, words))
    return lambda s: register.confirm_erasure(s, world.ours["director"].actor, words)


def on_request(world: World) -> Callable[[Session], object]:
    """Words that the operator erases."""
    words = world.do(lambda s: a_contribution(s, world.ours))
    return lambda s: register.erase_on_request(s, words)


def cut(world: World) -> Callable[[Session], object]:
    """A survey that ends: nothing ties a sheet to its author any more."""
    one = world.do(lambda s: an_open_survey(s, world.ours))
    seen = world.read(lambda s: version(s, one))
    reason = "Tout le monde a répondu."
    return lambda s: survey.close(s, world.ours["director"].actor, one, reason, version=seen)


@pytest.mark.parametrize(
    ("noun", "erase"), [(erasures.NOUN, confirmed), (erasures.NOUN, on_request), (surveys.NOUN, cut)]
)
def test_every_table_that_is_emptied_is_rewritten(
    world: World, noun: Noun, erase: Callable[[World], Callable[[Session], object]]
) -> None:
    act = erase(world)
    with changed() as found:
        world.do(act)
    assert found, "control: something is emptied"
    assert found - set(WITHOUT_WORDS) <= set(noun.tables)
