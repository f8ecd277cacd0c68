"""The one block of a page that says what is mine: which words, and what I may still do with them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service
from portal.domain.spaces import service as spaces
from portal.vocabulary import ContributionKind, Fate, ModerationMode
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

ELEVEN_MINUTES = 11 * 60


def item(world: World, space_id: str | None = None) -> str:
    return f"/espaces/{space_id or world.ours.space_id}/sujets/{world.ours.items[0]}"


def answered(session: Session, world: World, contribution_id: str) -> None:
    answer = NewAnswer("Nous décalons le dîner.", Fate.KEPT, version=1)
    answers.give(session, world.ours["director"].actor, contribution_id, answer)


def names(page: Page) -> list[str]:
    """The links of my own block, as they are read aloud."""
    links = page.tree.xpath("//*[@data-viewer]//a")
    return [" ".join(link.text_content().replace("\N{NO-BREAK SPACE}", " ").split()) for link in links]


def acts(page: Page) -> set[str]:
    """What my own block lets the page offer on its cards."""
    return set(page.tree.xpath("//*[@data-viewer]/@data-acts")[0].split())


def test_my_contributions_are_told_apart_by_their_first_words(world: World) -> None:
    for body in ("Le dîner est servi trop tôt pour ma mère, surtout en été.", "Le bruit.", "Le bruit."):
        world.do(lambda s, body=body: a_contribution(s, world.ours, body=body))
    found = names(world.client("family").see(item(world)))
    assert len(found) == 9
    assert len(set(found)) == 9, found
    assert any("Le dîner est servi trop tôt pour ma…" in one for one in found)
    assert all(name.startswith(("Corriger : ", "Retirer : ", "« ")) for name in found)


def test_correcting_and_withdrawing_are_offered_while_they_are_allowed(
    world: World, move_clock: Callable[[float], None]
) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours))
    family = world.client("family")
    assert acts(family.see(item(world))) == {f"{sent}:correct", f"{sent}:withdraw"}

    world.do(lambda s: answered(s, world, sent))
    assert acts(family.see(item(world))) == {f"{sent}:correct", f"{sent}:withdraw"}

    move_clock(ELEVEN_MINUTES)
    page = family.see(item(world))
    assert acts(page) == set()
    assert [name for name in names(page) if name.startswith(("Corriger", "Retirer"))] == []
    assert names(page), "the words stay listed"
    assert family.get(f"{item(world)}/moi").get_json()["acts"] == {}
    assert family.get(f"/contributions/{sent}/corriger").status_code == 403


def test_words_taken_back_offer_nothing_and_show_no_word(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: service.withdraw(s, world.ours["family"].actor, sent))
    page = world.client("family").see(item(world))
    assert acts(page) == set()
    assert len(names(page)) == 1
    assert "dîner" not in names(page)[0]


def test_replies_are_mine_too_and_those_of_others_are_not(world: World) -> None:
    root = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    mine = world.do(lambda s: a_contribution(s, world.ours, kind=ContributionKind.REPLY, parent_id=root))
    told = world.client("family").get(f"{item(world)}/moi").get_json()
    assert told["mine"] == [mine]
    assert told["acts"] == {mine: ["correct", "withdraw"]}


def test_my_words_that_wait_can_be_taken_back_from_the_page(world: World) -> None:
    held = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, space_id=held))
    family = world.client("family")
    assert acts(family.see(item(world, held))) == {f"{sent}:correct", f"{sent}:withdraw"}
    assert family.get(f"{item(world, held)}/moi").get_json()["mine"] == [sent]


def test_in_a_space_that_is_closed_nothing_is_offered(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours, "manager"))
    management = world.client("manager")
    assert acts(management.see(item(world)))
    director = world.ours["director"].actor
    world.do(lambda s: spaces.end(s, director, world.ours.space_id, "Tout le monde a parlé."))
    world.do(
        lambda s: answers.close(s, director, world.ours.space_id, broken_promise="Il a manqué du temps.")
    )
    assert acts(management.see(item(world))) == set()


def test_a_long_discussion_is_folded_and_stays_whole(world: World) -> None:
    root = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    for number in range(5):
        world.do(
            lambda s, number=number: a_contribution(
                s, world.ours, body=f"Réponse {number}.", kind=ContributionKind.REPLY, parent_id=root
            )
        )
    page = world.client("family").see(item(world))
    shown = f"//article[@id='c-{root}']/div[@class='contribution__replies']"
    assert len(page.tree.xpath(f"{shown}/article")) == 3
    assert len(page.tree.xpath(f"{shown}/details//article")) == 2
    assert page.tree.xpath(f"{shown}/details/summary")[0].text_content() == "Voir les 2 autres réponses"


def test_my_own_page_offers_the_same_acts_as_long_as_they_are_allowed(
    world: World, move_clock: Callable[[float], None]
) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours))
    family, address = world.client("family"), f"/contrats/{world.ours.contract_id}/mes-contributions"
    offered = {f"/contributions/{sent}/corriger", f"/contributions/{sent}/retirer"}

    def own(page: Page) -> set[str]:
        return {link for link in page.tree.xpath("//*[@class='card own']/ul//a/@href") if sent in link}

    assert own(family.see(address)) == offered
    world.do(lambda s: answered(s, world, sent))
    move_clock(ELEVEN_MINUTES)
    assert own(family.see(address)) == set()
