"""An erasure under an open alert: the page says first that somebody must be told, and leads there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.moderation import danger
from portal.domain.moderation.models import DangerChannel
from portal.domain.register import service as register
from portal.kernel.errors import RefusedError, StaleError
from portal.policy.actor import Actor
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

WAITS = "Rien ne peut être effacé avant"
FOREVER = "Effacer ce texte pour toujours"
PROPOSE = "Proposer l’effacement"


@pytest.fixture
def alarming(world: World) -> str:
    """Published words on which an alert was given, and nobody is noted as told."""
    one = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, one))
    return one


def seen(world: World, one: str, who: str) -> Page:
    return world.client(who).see(f"/contributions/{one}/effacer")


def buttons(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//button")]


def leads_to_the_procedure(page: Page, one: str) -> bool:
    return bool(page.tree.xpath(f"//main//a[@href='/contributions/{one}/danger']"))


def tell(world: World, one: str) -> None:
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, one, DangerChannel.DIRECTION))


@pytest.mark.parametrize("asked", [True, False])
def test_the_direction_is_led_to_the_procedure_first(world: World, alarming: str, asked: bool) -> None:
    act = FOREVER if asked else PROPOSE
    if asked:
        world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, alarming))
    page = seen(world, alarming, "director")
    assert WAITS in page.words
    assert leads_to_the_procedure(page, alarming)
    assert act not in buttons(page)
    tell(world, alarming)
    page = seen(world, alarming, "director")
    assert WAITS not in page.words
    assert act in buttons(page)


def test_the_author_who_is_asked_to_accept_reads_that_the_direction_comes_first(
    world: World, alarming: str
) -> None:
    tell(world, alarming)
    world.do(lambda s: register.ask_erasure(s, world.ours["director"].actor, alarming))
    assert FOREVER in buttons(seen(world, alarming, "family"))
    world.do(lambda s: danger.end(s, world.ours["director"].actor, alarming))
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, alarming))
    page = seen(world, alarming, "family")
    assert "La direction note d’abord qui a été prévenu" in page.words
    assert FOREVER not in buttons(page)
    assert "Refuser, et garder mon texte" in buttons(page)
    assert not leads_to_the_procedure(page, alarming)
    page = seen(world, alarming, "director")
    assert WAITS in page.words
    assert leads_to_the_procedure(page, alarming)


def test_the_author_may_ask_at_once(world: World, alarming: str) -> None:
    page = seen(world, alarming, "family")
    assert "Demander l’effacement" in buttons(page)
    assert "Cela n’empêche pas votre demande" in page.words


def test_a_page_read_before_the_alert_is_refused_with_the_way_to_the_procedure(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, one))
    client, here = world.client("director"), f"/contributions/{one}/effacer"
    form = client.see(here).form(here)
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, one))
    answer = client.post(here, data=form)
    assert answer.status_code == 403
    assert leads_to_the_procedure(Page(answer), one)


class UndoneError(Exception):
    """What was tried is given up."""


VERBS = {
    "Demander l’effacement": register.ask_erasure,
    PROPOSE: register.ask_erasure,
    FOREVER: register.confirm_erasure,
    "Refuser, et garder mon texte": register.give_up_erasure,
    "Renoncer à cet effacement": register.give_up_erasure,
}


def accepted(world: World, one: str, who: str) -> set[object]:
    """The acts that the service lets this person do now; nothing of them is kept."""

    def tries(verb: Callable[[Session, Actor, str], object]) -> bool:
        def undone(session: Session) -> None:
            verb(session, world.ours[who].actor, one)
            raise UndoneError

        try:
            world.do(undone)
        except UndoneError:
            return True
        except (RefusedError, StaleError):
            return False
        raise AssertionError

    return {verb for verb in VERBS.values() if tries(verb)}


@pytest.mark.parametrize("alert", ["none", "open", "told"])
@pytest.mark.parametrize("asked", ["nobody", "author", "direction", "refused"])
def test_the_page_offers_what_is_accepted_and_nothing_else(world: World, asked: str, alert: str) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours))
    if asked != "nobody":
        who = "family" if asked == "author" else "director"
        world.do(lambda s: register.ask_erasure(s, world.ours[who].actor, one))
    if asked == "refused":
        world.do(lambda s: register.give_up_erasure(s, world.ours["family"].actor, one))
    if alert != "none":
        world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, one))
    if alert == "told":
        tell(world, one)
    for who in ("family", "director", "deputy"):
        offered = {VERBS[name] for name in buttons(seen(world, one, who)) if name in VERBS}
        assert offered == accepted(world, one, who), who
