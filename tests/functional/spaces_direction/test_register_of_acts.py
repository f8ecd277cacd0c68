"""What the register and the members' pages say of acts at their edges: dates, drafts, second sendings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import SessionRow
from portal.domain.answers import service as answers
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.journal.models import JournalLine
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.domain.spaces.service import SpaceCorrection
from portal.jobs import compaction
from portal.kernel import clock
from portal.kernel.errors import RefusedError
from portal.vocabulary import ModerationMode
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space


def lines(world: World) -> list[str]:
    query = select(JournalLine.kind).where(JournalLine.contract_id == world.ours.contract_id)
    return world.read(lambda s: list(s.scalars(query.order_by(JournalLine.seq))))


def test_a_space_announced_is_not_written_as_open(world: World) -> None:
    director = world.ours["director"].actor
    space = world.do(lambda s: a_space(s, world.ours, opened=False))

    def later(session: Session) -> None:
        row = session.get_one(Space, space)
        row.opens_at = clock.now() + timedelta(days=2)

    world.do(later)
    before = len(lines(world))
    world.do(lambda s: spaces.open_(s, director, space))
    assert lines(world)[before:] == ["space_announced"]


def test_a_phase_that_came_by_its_date_has_its_own_line(
    world: World, move_clock: Callable[[float], None]
) -> None:
    director, space = world.ours["director"].actor, world.ours.space_id
    row = world.read(lambda s: s.get_one(Space, space))
    same = SpaceCorrection(row.question, "Mieux dit.", row.ends_at, row.answer_days, row.moderation)
    move_clock(timedelta(days=31).total_seconds())
    before = len(lines(world))
    world.do(lambda s: spaces.correct(s, director, space, same, version=row.version))
    assert lines(world)[before:] == ["space_answering", "space_corrected"]


def test_a_draft_is_not_told_to_members_by_the_history_of_levels(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, opened=False))
    question = "Faut-il fermer le salon\N{NO-BREAK SPACE}?"

    def ask(session: Session) -> None:
        session.get_one(Space, space).question = question

    world.do(ask)
    path = f"/contrats/{world.ours.contract_id}/engagements"
    assert "Faut-il fermer le salon" in world.client("director").see(path).words
    assert "Faut-il fermer le salon" not in world.client("family").see(path).words


def test_a_promise_of_invisible_signs_explains_nothing(world: World) -> None:
    director, space = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: spaces.end(s, director, space, "Tout le monde a parlé."))
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: answers.close(s, director, space, broken_promise="\u200b\u2066"))
    assert refused.value.code == "engagements"


def test_a_pending_word_corrected_once_publication_is_immediate_is_published(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))

    def at_once(session: Session) -> None:
        session.get_one(Space, space).moderation = ModerationMode.AFTER

    world.do(at_once)
    author = world.ours["resident"].actor
    world.do(lambda s: contributions.correct(s, author, sent, Words("Autrement dit.")))
    assert lines(world)[-1] == "contribution_published"


def test_other_words_under_a_form_already_sent_are_given_back(world: World) -> None:
    root = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    family, path = world.client("family"), f"/contributions/{root}/repondre"
    assert family.send(path, body="Premiers mots.", op_id="m" * 26).status_code == 303
    director = world.ours["director"].actor
    world.do(lambda s: spaces.pause(s, director, world.ours.space_id, "Une réunion."))
    answer = family.send(path, body="Mots qui ont changé.", op_id="m" * 26)
    assert answer.status_code == 403
    assert "Mots qui ont changé." in Page(answer).html


def test_sessions_that_ended_a_month_ago_are_forgotten(
    world: World, move_clock: Callable[[float], None]
) -> None:
    world.client("resident")
    count = select(SessionRow.token_hash)
    assert world.read(lambda s: s.scalars(count).all())
    world.do(lambda s: compaction.compact(s, clock.now()))
    assert world.read(lambda s: s.scalars(count).all()), "one that is alive stays"
    move_clock(timedelta(days=60).total_seconds())
    world.do(lambda s: compaction.compact(s, clock.now()))
    assert not world.read(lambda s: s.scalars(count).all())
