"""The pages of the two texts, as people read them and as forms are sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.texts import service as texts
from portal.kernel import clock
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities
from tests.factories.pages import Page
from tests.factories.plain import reading, to_review, write_anew
from tests.functional.pages.test_queries import questions

MARK = "Version simplifiée à revoir"


@pytest.fixture
def item(world: World) -> str:
    return world.ours.items[0]


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/textes-simples"


def pages_of(world: World, number: int = 0) -> dict[str, str]:
    """Where a finding and an objective are read, by what they are."""
    ours = world.ours
    root = f"/contrats/{ours.contract_id}"
    return {
        "constat": f"{root}/diagnostic/constats/{ours.items[number]}",
        "objectif": f"{root}/objectifs/{ours.objectives[number]}",
        "sujet": f"/espaces/{ours.space_id}/sujets/{ours.items[number]}",
        "côte à côte": f"{root}/textes-simples/{ours.items[number]}",
    }


@pytest.mark.parametrize("name", ["constat", "objectif", "sujet", "côte à côte"])
def test_each_technical_paragraph_stands_under_the_plain_one_that_says_it(world: World, name: str) -> None:
    page = world.client("family").see(pages_of(world)[name])
    twins = page.tree.xpath("//*[contains(concat(' ', @class, ' '), ' twin ')]")
    assert len(twins) == 2
    for twin, word in zip(twins, ("Premier", "Second"), strict=True):
        plain, technical = twin.xpath("./div")
        assert f"{word} paragraphe clair" in plain.text_content()
        assert f"{word} paragraphe technique" in technical.xpath("./details")[0].text_content()
    assert MARK not in page.words


@pytest.mark.parametrize("name", ["constat", "objectif", "sujet", "côte à côte"])
def test_a_passage_to_review_says_so_wherever_it_is_read(world: World, name: str) -> None:
    for item in (world.ours.items[0], world.ours.objectives[0]):
        world.do(lambda s, item=item: to_review(s, world.ours, item))
    page = world.client("family").see(pages_of(world)[name])
    twins = page.tree.xpath("//*[contains(concat(' ', @class, ' '), ' twin ')]")
    assert [MARK in twin.text_content() for twin in twins] == [True, False]
    assert not page.tree.xpath("//form[contains(@action, '/relire')]")


def test_the_direction_reads_it_again_and_says_that_it_is_right(world: World, here: str, item: str) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    client, url = world.client("director"), f"{here}/{item}"
    form = client.see(url).form(f"{url}/relire")
    assert client.post(f"{url}/relire", data=form).status_code == 303
    page = world.client("family").see(url)
    assert MARK not in page.words
    assert "par la direction" in page.words
    # Sent twice it acts once; on an older state nothing changes, and both are told.
    assert client.post(f"{url}/relire", data=form).status_code == 303
    late = client.post(f"{url}/relire", data=form | {"op_id": "autre"})
    assert late.status_code == 409
    assert "a changé pendant ce temps" in late.text


def test_the_direction_says_which_passages_go_together(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/relier"
    form = client.see(url).form(url)
    assert (form["passage_1"], form["passage_2"]) == ("1", "2")
    wrong = client.post(url, data=form | {"passage_2": "deux"})
    assert wrong.status_code == 422
    assert "Écrivez des numéros de 1 à 2" in wrong.text
    assert (
        client.post(url, data=form | {"op_id": "b", "passage_1": "1, 2", "passage_2": ""}).status_code == 303
    )
    page = world.client("family").see(f"{here}/{item}")
    assert "En mots simples : à écrire." in page.words
    assert "La direction du contrat peut l’écrire." in page.words
    late = client.post(url, data=form | {"op_id": "c", "passage_1": "2"})
    assert late.status_code == 409
    assert "Paragraphe technique 1" in late.text


def test_new_plain_words_about_something_else_leave_what_is_to_write(
    world: World, here: str, item: str
) -> None:
    for register, more in (
        (Register.TECHNICAL, "Moyens : un poste de veilleur de nuit."),
        (Register.PLAIN, "Vous sortirez quand vous le voulez."),
    ):
        text = world.read(lambda s: reading(s, item)).item.text(register)
        assert text is not None
        last = text.paragraphs[-1].source
        after, side = f"{last}\n\n{more}", register
        world.do(lambda s, a=after, b=last, r=side: write_anew(s, world.ours, item, b, a, r))
    page = world.client("director").see(f"{here}/{item}")
    assert "En mots simples : à écrire." in page.words
    (alone,) = page.tree.xpath("//div[@class='twin'][contains(., 'Vous sortirez quand')]")
    assert "ne sont reliés à aucun passage du texte technique" in alone.text_content()
    assert "Moyens" not in alone.text_content()


def test_an_approval_is_recorded_shown_and_falls_with_the_words(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/approbation"
    form = client.see(url).form(url)
    assert client.post(url, data=form | {"held_on": "demain", "place": ""}).status_code == 422
    told = {"op_id": "b", "held_on": clock.today().isoformat(), "place": "à la résidence", "several": "y"}
    assert client.post(url, data=form | told).status_code == 303
    label = "Facile à lire et à comprendre (FALC)"
    for page in list(pages_of(world).values()):
        if world.ours.items[0] in page:
            seen = world.client("family").see(page)
            assert label in seen.words
            assert "relu et approuvé par des personnes concernées" in seen.words
    world.do(lambda s: write_anew(s, world.ours, item, "Premier", "Tout premier", Register.PLAIN))
    seen = world.client("family").see(f"{here}/{item}")
    assert "n’est plus dit facile à lire et à comprendre" in seen.words
    assert label not in [one.text_content() for one in seen.tree.xpath("//strong")]


def test_an_approval_recorded_by_mistake_is_taken_back(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/approbation"
    form = client.see(url).form(url)
    told = {"held_on": clock.today().isoformat(), "place": "à la résidence", "several": "y"}
    assert client.post(url, data=form | told).status_code == 303
    back = client.see(f"{here}/{item}").form(f"{url}/retirer")
    assert client.post(f"{url}/retirer", data=back).status_code == 303
    assert "relu et approuvé" not in client.see(f"{here}/{item}").words


def test_where_is_asked_gently_when_it_names_somebody(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/approbation"
    form = client.see(url).form(url)
    told = {"held_on": clock.today().isoformat(), "place": "chez Mme Martin Dupont", "several": "y"}
    asked = client.post(url, data=form | told)
    assert asked.status_code == 200
    page = Page(asked)
    assert "Le lieu de la relecture" in page.words
    assert "Enregistrer quand même" in page.words
    assert "Votre message" not in page.words
    assert not world.read(lambda s: reading(s, item)).easy


def test_an_approval_is_not_older_than_the_words_it_is_about(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/approbation"
    shown = client.see(url)
    assert "Ces mots ont été écrits le" in shown.words
    before = clock.today() - timedelta(days=1)
    told = {"held_on": before.isoformat(), "place": "à la résidence", "several": "y"}
    refused = client.post(url, data=shown.form(url) | told)
    assert refused.status_code == 422
    assert "l’accord ne peut pas être plus ancien" in Page(refused).words
    assert 'id="held_on-erreur"' in refused.text
    told |= {"held_on": clock.today().isoformat()}
    assert client.post(url, data=Page(refused).form(url) | told).status_code == 303


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_list_says_what_is_to_write_and_to_review(world: World, here: str, item: str, who: str) -> None:
    assert "Rien n’est à écrire ni à revoir" in world.client(who).see(here).words
    world.do(lambda s: to_review(s, world.ours, item))
    page = world.client(who).see(here)
    assert "1 passage simple est à revoir" in page.words
    assert f"{here}/{item}" in page.tree.xpath("//main//h3/a/@href")
    assert len(world.client(who).see(f"{here}?montrer=tous").tree.xpath("//main//h3")) == 5


def test_the_week_of_a_director_says_that_some_are_to_review(world: World, here: str, item: str) -> None:
    told = "Relire ou écrire des passages en mots simples"
    assert told not in world.client("director").see("/ma-semaine").words
    world.do(lambda s: to_review(s, world.ours, item))
    page = world.client("director").see("/ma-semaine")
    assert told in page.words
    assert here in page.tree.xpath("//main//a/@href")
    assert told not in world.client("moderator").see("/ma-semaine").words


def test_the_words_of_an_authority_wait_for_its_agents(world: World, here: str) -> None:
    ours = world.ours
    world.do(lambda s: two_authorities(s, ours))
    finding = world.do(lambda s: a_finding(s, ours, "authority"))
    agent, url = world.client("authority"), f"{here}/{finding}/relier"
    form = agent.see(url).form(url)
    assert agent.post(url, data=form | {"passage_1": "1, 2", "passage_2": ""}).status_code == 303
    told = "Les agents de l’autorité qui a écrit ce constat peuvent l’écrire."
    assert told in world.client("director").see(here).words
    assert told not in agent.see(here).words


def more_items(session: Session, world: World, number: int) -> None:
    """Findings with a passage to review."""
    for _ in range(number):
        finding = a_finding(session, world.ours)
        write_anew(session, world.ours, finding, "13 heures", "14 heures")


def test_the_list_is_read_by_twenty_with_as_many_questions_for_any_number(world: World, here: str) -> None:
    client = world.client("director")
    counts = []
    for number in (10, 50):
        world.do(lambda s, number=number: more_items(s, world, number))
        client.see(here)
        with questions() as seen:
            page = client.see(here)
        counts.append(len(seen))
    assert counts[1] <= counts[0]
    titles: list[str] = []
    path: str | None = here
    while path:
        page = client.see(path)
        links = page.tree.xpath("//main//h3/a/@href")
        assert len(links) <= 20
        titles += links
        following = page.tree.xpath("//main//a[@rel='next']/@href")
        path = following[0] if following else None
    assert len(titles) == len(set(titles)) == 60


def test_a_subject_of_sixty_paragraphs_asks_no_more_questions(world: World, here: str, item: str) -> None:
    client, counts = world.client("family"), []
    for number in (10, 60):
        whole = "\n\n".join(f"Paragraphe {one}." for one in range(number))
        for register in Register:
            text = world.read(lambda s, register=register: reading(s, item)).item.text(register)
            assert text is not None
            command = texts.NewWords(whole, text.version)
            world.do(
                lambda s, register=register, command=command: texts.revise(
                    s, world.ours["director"].actor, world.ours.contract_id, item, register, command
                )
            )
        client.see(f"{here}/{item}")
        with questions() as seen:
            page = client.see(f"{here}/{item}")
        counts.append(len(seen))
        assert len(page.tree.xpath("//*[contains(concat(' ', @class, ' '), ' twin ')]")) == number
    assert counts[1] <= counts[0]


def test_no_approval_is_recorded_while_a_passage_is_to_review(world: World, here: str, item: str) -> None:
    client, url = world.client("director"), f"{here}/{item}/approbation"
    world.do(lambda s: to_review(s, world.ours, item))
    shown = client.see(url)
    assert "À revoir d’abord" in shown.words
    told = {"held_on": clock.today().isoformat(), "place": "à la résidence", "several": "y"}
    refused = client.post(url, data=shown.form(url) | told)
    assert refused.status_code == 422
    assert "Relisez-le d’abord" in Page(refused).words
    assert not world.read(lambda s: reading(s, item)).easy
    # Read again and kept, it may be approved.
    keep = client.see(f"{here}/{item}").form(f"{here}/{item}/relire")
    assert client.post(f"{here}/{item}/relire", data=keep).status_code == 303
    shown = client.see(url)
    assert "À revoir d’abord" not in shown.words
    assert client.post(url, data=shown.form(url) | told).status_code == 303
    assert world.read(lambda s: reading(s, item)).easy
