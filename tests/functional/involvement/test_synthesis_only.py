"""A level recorded for authorities where they read the synthesis alone: no page shows more than it opens."""

from __future__ import annotations

import pytest

from portal.domain.proposals import service as proposals
from portal.domain.proposals.service import NewProposal
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_level, a_space

ALONE = "lisent seulement la synthèse"


@pytest.fixture
def held(world: World) -> str:
    """A space where authorities were given a level, and read the synthesis only."""
    space = world.do(lambda s: a_space(s, world.ours, words_told=False))
    world.do(lambda s: a_level(s, world.ours, Group.AUTHORITIES, Level.CONSULTATION, space_id=space))
    return space


def row(page: Page, group: str) -> str:
    (found,) = page.tree.xpath(f"//main//tr[th[.='{group}']]")
    return " ".join(found.text_content().replace("\N{NO-BREAK SPACE}", " ").split())


def preview_of(world: World, space: str, level: str, group: Group = Group.AUTHORITIES) -> Page:
    client, here = world.client("director"), f"/espaces/{space}/niveaux"
    form = client.see(f"{here}?groupe={group.value}").form(here)
    return Page(client.post(here, data=form | {"level": level, "apercu": "1"}))


def test_the_list_of_levels_says_it(world: World, held: str) -> None:
    page = world.client("director").see(f"/espaces/{held}/niveaux")
    assert ALONE in row(page, "Autorités")
    assert "commenter" not in row(page, "Autorités")
    assert ALONE not in row(page, "Familles et proches")
    words = world.client("director").see(f"/espaces/{world.ours.space_id}/niveaux")
    assert ALONE not in row(words, "Autorités")


def test_the_page_where_it_is_recorded_says_it_first(world: World, held: str) -> None:
    client = world.client("director")
    said = "Le niveau n’y ouvre aucun autre acte. À partir de « Donner son avis », une synthèse leur est due."
    assert said in client.see(f"/espaces/{held}/niveaux?groupe=authorities").words
    assert said not in client.see(f"/espaces/{held}/niveaux?groupe=families").words
    assert said not in client.see(f"/espaces/{world.ours.space_id}/niveaux?groupe=authorities").words


def test_the_preview_opens_no_act_and_no_step(world: World, held: str) -> None:
    page = preview_of(world, held, "3")
    (shown,) = page.tree.xpath("//section[@id='apercu']")
    words = " ".join(shown.text_content().split())
    assert "Les autorités lisent la synthèse de cet espace" in words
    assert "elles ne pourront pas lire cet espace" not in words
    assert "Lire la synthèse, une fois publiée" in words
    assert not shown.xpath(".//*[contains(@class,'rung--')]")
    assert "Discuter et proposer" not in words
    other = preview_of(world, held, "3", Group.FAMILIES)
    assert other.tree.xpath("//section[@id='apercu']//*[contains(@class,'rung--mine')]")


def test_the_choices_of_a_level_promise_nothing_more(world: World, held: str) -> None:
    client = world.client("director")
    words = client.see(f"/espaces/{held}/niveaux?groupe=authorities").words
    assert "Le groupe pourra aussi" not in words
    assert "Le groupe peut :" not in words
    assert "Le groupe peut :" in client.see(f"/espaces/{held}/niveaux?groupe=families").words


def test_everybody_reads_it_beside_the_levels_of_the_others(world: World, held: str) -> None:
    def others(space: str) -> str:
        page = world.client("family").see(f"/espaces/{space}")
        (found,) = page.tree.xpath("//main//ul[@class='levels']/li[starts-with(., 'Autorités')]")
        return " ".join(found.text_content().split())

    assert others(held) == f"Autorités {ALONE}"
    assert others(world.ours.space_id) != f"Autorités {ALONE}"


def test_what_is_recorded_is_confirmed_with_it(world: World, held: str) -> None:
    client, here = world.client("director"), f"/espaces/{held}/niveaux"
    form = client.see(f"{here}?groupe=authorities").form(here)
    sent = client.post(here, data=form | {"level": "3"})
    assert sent.status_code == 303
    notice = client.see(sent.location).words
    assert (
        "Autorités : Discuter et proposer, dès maintenant. Ici, elles lisent seulement la synthèse" in notice
    )

    form = client.see(f"{here}?groupe=authorities").form(here)
    sent = client.post(here, data=form | {"level": "0", "reason": "La synthèse suffit."})
    recorded = client.see(sent.location).tree.xpath("//*[@data-draft-done]")[0].text_content()
    assert "ne participe pas" in recorded
    assert ALONE not in recorded


def test_its_own_page_shows_no_badge_of_a_level_that_opens_nothing(world: World, held: str) -> None:
    page = world.client("authority").see("/contrats")
    badges = {
        space: page.tree.xpath(
            f"//article[@aria-labelledby='espace-{space}']//*[contains(@class, 'badge--level')]"
        )
        for space in (held, world.ours.space_id)
    }
    assert badges[held] == []
    assert len(badges[world.ours.space_id]) == 1


def test_the_page_of_levels_leads_nobody_to_a_space_that_is_refused(world: World, held: str) -> None:
    here = f"/contrats/{world.ours.contract_id}/engagements"
    for who, leads in (("authority", False), ("family", True)):
        page = world.client(who).see(here)
        assert bool(page.tree.xpath(f"//main//h2/a[@href='/espaces/{held}']")) is leads, who


def test_a_proposal_says_it_where_it_is_decided(world: World, held: str) -> None:
    for space in (held, world.ours.space_id):
        wanted = NewProposal(Group.AUTHORITIES, Level.CONCERTATION, "Pour travailler ensemble.", space)
        world.do(
            lambda s, one=wanted: proposals.propose(
                s, world.ours["authority"].actor, world.ours.contract_id, one
            )
        )
    page = world.client("director").see(f"/contrats/{world.ours.contract_id}/propositions")
    told = [ALONE in one.text_content() for one in page.tree.xpath("//ul[@class='list-cards']/li")]
    assert sorted(told) == [False, True]


def test_the_account_of_the_construction_says_it(world: World, held: str) -> None:
    page = world.client("director").see(f"/contrats/{world.ours.contract_id}/construction")
    rows = page.tree.xpath("//main//tr[th[.='Autorités'] or td[.='Autorités']]")
    told = [" ".join(one.text_content().split()) for one in rows]
    assert any("lire la synthèse, une fois publiée" in one for one in told)
    assert not all("synthèse" in one for one in told)
