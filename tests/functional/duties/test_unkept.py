"""« Non tenu, expliqué » is written once the day has come, and every page of an authority says the same of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.duties import clocks, service
from portal.domain.duties.models import DutyExplanation
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.kernel import clock
from portal.kernel.errors import StaleError
from portal.vocabulary import Fate, Group
from tests.conftest import World
from tests.factories.world import a_contribution, a_space

WHY = "Le car est en panne."
SUIVI_UNKEPT = "Un engagement n’a pas été tenu."
Go = Callable[[date], None]


@pytest.fixture
def words(world: World) -> str:
    return world.do(lambda s: a_contribution(s, world.ours))


@pytest.fixture
def go(move_clock: Callable[[float], None]) -> Go:
    """Go to noon of a day, as the world then is."""
    began = clock.now()

    def to(day: date) -> None:
        move_clock((datetime.combine(day, time(12), clock.PARIS) - began).total_seconds())

    return to


def due(world: World) -> date:
    def read(session: Session) -> date:
        view = spaces.view(session, world.ours.space_id, clock.now())
        assert view is not None
        return clocks.of(session, [view], clock.now()).due_on(view, Group.FAMILIES)

    return world.read(read)


def explain(world: World, words: str) -> None:
    world.do(lambda s: service.explain(s, world.ours["director"].actor, words, WHY))


def explained(world: World) -> int:
    return world.read(lambda s: s.query(DutyExplanation).count())


def test_before_its_day_an_engagement_is_not_said_unkept(world: World, words: str, go: Go) -> None:
    day = due(world)
    path = f"/contributions/{words}/explication"
    proposed = world.client("director").see(path)
    assert proposed.tree.xpath(f"//main//a[@href='/espaces/{world.ours.space_id}/pause']")
    go(day - timedelta(days=1))
    page = world.client("director").see(path)
    assert not page.tree.xpath("//textarea")
    assert "Le jour promis n’est pas encore venu" in page.words
    for where in (f"/contributions/{words}/reponse", f"/delais?contribution={words}"):
        assert page.tree.xpath(f"//main//a[contains(@href, '{where}')]"), where
    sent = world.client("director").send(path, op_id="a" * 26, body=WHY)
    assert sent.status_code == 409
    assert WHY in sent.text, "the words are given back"
    assert explained(world) == 0
    go(day)
    assert world.client("director").see(path).tree.xpath("//textarea[@name='body']")
    assert world.client("director").send(path, op_id="b" * 26, body=WHY).status_code == 303
    assert explained(world) == 1


def test_before_its_day_nobody_is_led_to_explain(world: World, words: str, go: Go) -> None:
    day = due(world)
    link = f"//a[@href='/contributions/{words}/explication']"
    pages = (f"/contributions/{words}/reponse", f"/contrats/{world.ours.contract_id}/devoirs")
    go(day - timedelta(days=1))
    for path in pages:
        page = world.client("director").see(path)
        assert page.tree.xpath(f"//a[contains(@href, '{words}/reponse')] | //form"), path
        assert not page.tree.xpath(link), path
    go(day)
    for path in pages:
        assert world.client("director").see(path).tree.xpath(link), path
    explain(world, words)
    assert not world.client("director").see(pages[0]).tree.xpath(link), "it is written already"


def test_a_pause_is_proposed_only_while_people_write(world: World, words: str) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    page = world.client("director").see(f"/contributions/{words}/explication")
    assert not page.tree.xpath("//main//a[contains(@href, '/pause')]")
    assert page.tree.xpath(f"//main//a[@href='/espaces/{space_id}/cloture']")


def test_closing_a_space_may_say_so_before_the_day(world: World, words: str) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    with pytest.raises(StaleError):
        explain(world, words)
    world.do(lambda s: answers.close(s, director, space_id, broken_promise="Il a manqué du temps."))
    agent = world.client("authority")
    assert SUIVI_UNKEPT in agent.see("/suivi").words
    assert "il est écrit pourquoi ils ne le sont pas" in agent.see("/contrats").words


def test_two_pages_of_an_authority_say_the_same_of_one_contract(world: World, words: str, go: Go) -> None:
    """One is explained, another is not due yet."""
    go(due(world))
    explain(world, words)
    later = world.do(lambda s: a_space(s, world.ours, days=60))
    world.do(lambda s: a_contribution(s, world.ours, space_id=later))
    agent = world.client("authority")
    assert SUIVI_UNKEPT in agent.see("/suivi").words
    for path in ("/contrats", f"/contrats/{world.ours.contract_id}"):
        told = agent.see(path).words
        assert "Ce qui n’a pas été tenu est expliqué. D’autres réponses sont attendues" in told


def test_what_is_answered_after_all_is_unkept_nowhere(world: World, words: str, go: Go) -> None:
    go(due(world))
    explain(world, words)
    assert SUIVI_UNKEPT in world.client("authority").see("/suivi").words
    command = NewAnswer("Merci. Nous le ferons.", Fate.KEPT)
    world.do(lambda s: answers.give(s, world.ours["director"].actor, words, command))
    agent = world.client("authority")
    assert SUIVI_UNKEPT not in agent.see("/suivi").words
    assert "expliqué" not in agent.see("/contrats").words
