"""What was passed on and of which nobody gave news: asked of the database, a page at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import handovers, queries
from portal.domain.answers import service as answers
from portal.domain.answers.handovers import SILENCE, NewStep
from portal.domain.answers.queries import RECIPIENTS
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions.states import HandoverState
from portal.kernel import clock
from portal.vocabulary import Fate
from tests.conftest import World
from tests.factories.world import a_contribution


def passed_on(session: Session, world: World, words: str) -> str:
    said = a_contribution(session, world.ours, body=words)
    command = NewAnswer("On en parlera.", Fate.PASSED_ON, passed_to=str(RECIPIENTS[0]))
    answers.give(session, world.ours["director"].actor, said, command)
    return said


def test_only_what_waits_for_a_month_is_told_and_few_of_it(world: World) -> None:
    now = clock.now()
    quiet, answered, moved = (
        world.do(lambda s, n=number: passed_on(s, world, f"Parole {n}.")) for number in range(3)
    )
    step = NewStep(HandoverState.ANSWERED, "C’est fait.")
    director = world.ours["director"].actor
    world.do(lambda s: handovers.move(s, director, answered, step))
    later = now + SILENCE + timedelta(days=1)
    news = NewStep(
        next(one for one in HandoverState if one not in (HandoverState.SENT, HandoverState.ANSWERED)),
        "On y pense.",
    )
    world.do(lambda s: handovers.move(s, director, moved, news, at=later))

    def silent(at: timedelta) -> list[str]:
        return world.read(lambda s: handovers.silent(s, world.ours.space_id, now + at))[0]

    def under_way(at: timedelta) -> list[str]:
        return world.read(lambda s: handovers.under_way(s, world.ours.space_id, now + at))[0]

    assert silent(timedelta(days=1)) == []
    assert under_way(timedelta(days=1)) == [quiet, moved]
    assert under_way(SILENCE + timedelta(days=2)) == [moved]
    assert silent(SILENCE + timedelta(days=2)) == [quiet]
    assert silent(2 * SILENCE + timedelta(days=2)) == [quiet, moved]


def test_it_comes_a_page_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "FOLLOWED", 2)
    passed = [world.do(lambda s, n=number: passed_on(s, world, f"Parole {n}.")) for number in range(3)]
    at = clock.now() + SILENCE + timedelta(days=1)
    first, following = world.read(lambda s: handovers.silent(s, world.ours.space_id, at))
    assert (first, following) == (passed[:2], passed[1])
    assert world.read(lambda s: handovers.silent(s, world.ours.space_id, at, following)) == (passed[2:], None)
