"""A director’s first day: from an empty contract to an open space, one next thing at a time."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import html as lxml_html
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.contracts.queries import item_ids
from portal.domain.participants import service as members
from portal.vocabulary import Group, ItemKind, Role
from tests.conftest import World
from tests.factories import papers
from tests.factories.beginnings import a_first_day
from tests.factories.pages import CheckedClient, Page
from tests.factories.world import House
from tests.functional.pages.test_queries import questions

NEXT = "La prochaine chose à faire"


@pytest.fixture
def fresh(world: World) -> House:
    """A contract on its first day."""
    return world.do(a_first_day)


@pytest.fixture
def here(fresh: House) -> str:
    return f"/contrats/{fresh.contract_id}"


def steps(page: Page) -> dict[str, str]:
    """Each first step and how far it is."""
    found = {}
    for line in page.tree.xpath("//section[@aria-labelledby='ensuite']//ol/li"):
        words = " ".join(line.text_content().split())
        found[words.partition(" :")[0]] = line.xpath("string(.//strong)")
    return found


def following(page: Page) -> str:
    """Where the next thing is done."""
    return str(
        page.tree.xpath("//section[@aria-labelledby='ensuite']//a[contains(@class, 'button')]/@href")[0]
    )


def filled(page: Page, address: str) -> dict[str, Any]:
    """All that a browser would send of the form that posts there."""
    form = page.tree.xpath(f"//form[@action='{address}']")[0]
    data: dict[str, list[str]] = {}
    for name, value in lxml_html.FormElement.form_values(form):
        data.setdefault(name, []).append(value)
    return data


def directs(session: Session, house: House, account_id: str) -> None:
    """Somebody who has an account directs this contract too."""
    member = members.add_member(session, house.contract_id, Group.MANAGEMENT, None, account_id=account_id)
    members.give_role(session, member.id, Role.DIRECTOR)


def done(client: CheckedClient, address: str, **fields: Any) -> None:
    form = filled(client.see(address), address)
    answer = client.post(address, data={**form, **fields})
    assert answer.status_code == 303, Page(answer).words


def test_the_page_of_an_empty_contract_says_the_next_thing_and_all_that_follows(
    world: World, fresh: House, here: str
) -> None:
    page = world.client("director", fresh).see(here)
    assert NEXT in page.words
    assert following(page) == f"{here}/perimetre"
    assert (
        "jusqu’où va le contrat, la catégorie d’un établissement, de quoi répond une autorité" in page.words
    )
    assert list(steps(page).values()) == ["à faire"] * 8


@pytest.mark.parametrize("who", ["family", "resident"])
def test_others_read_where_the_contract_stands_in_plain_words(
    world: World, fresh: House, here: str, who: str
) -> None:
    page = world.client(who, fresh).see(here)
    assert NEXT not in page.words
    assert "Ce contrat commence. La direction prépare le diagnostic et les objectifs." in page.words
    assert "Quand un espace d’échange ouvrira, vous le trouverez sur cette page." in page.words
    assert (
        "Un espace d’échange est ouvert" in world.client(who).see(f"/contrats/{world.ours.contract_id}").words
    )


def test_a_deputy_is_told_what_the_director_alone_does(world: World, fresh: House, here: str) -> None:
    page = world.client("deputy", fresh).see(here)
    links = page.tree.xpath("//section[@aria-labelledby='ensuite']//ol//a/@href")
    assert f"{here}/perimetre" in links
    assert f"{here}/espaces/nouveau" not in links
    director = world.client("director", fresh).see(here)
    assert f"{here}/espaces/nouveau" in director.tree.xpath(
        "//section[@aria-labelledby='ensuite']//ol//a/@href"
    )


def test_a_first_day_goes_from_an_empty_contract_to_an_open_space(
    world: World, fresh: House, here: str
) -> None:
    director = world.client("director", fresh)
    perimeter(director, here, fresh)
    page = director.see(here)
    assert steps(page)["Dire le périmètre"] == "fait"
    assert following(page) == f"{here}/trame/choisir"
    choose_trame(director, here)
    page = director.see(here)
    assert following(page) == f"{here}/reprises"
    take_up(director, here)
    page = director.see(here)
    assert steps(page)["Partir de vos fichiers"] == "fait"
    assert steps(page)["Écrire les objectifs"] == "fait"
    assert following(page) == f"{here}/diagnostic"
    finding(director, here)
    assert steps(director.see(here))["Écrire le diagnostic"] == "fait"
    indicators(director, here)
    page = director.see(here)
    assert steps(page)["Choisir les indicateurs"] == "fait"
    assert following(page) == f"{here}/espaces/nouveau"
    open_space(director, following(page))
    words = director.see(here).words
    assert NEXT not in words
    family = world.client("family", fresh).see(here).words
    assert "Le diagnostic et les premiers objectifs sont écrits." in family
    assert "Un espace d’échange est ouvert" in family


def perimeter(director: CheckedClient, here: str, fresh: House) -> None:
    site = f"{here}/perimetre/{fresh.establishment_id}"
    done(director, site, category_code="500", places_before="80")
    reach = f"{here}/perimetre/portee"
    boxes = director.see(reach).tree.xpath("//input[@type='checkbox' and @value='hebergement']/@name")
    done(director, reach, scope="departement", **dict.fromkeys(boxes, "hebergement"))


def choose_trame(director: CheckedClient, here: str) -> None:
    address = f"{here}/trame/choisir"
    model = director.see(address).tree.xpath("//section[@aria-labelledby='modeles']//a/@href")[0]
    form = filled(director.see(model), address)
    assert director.post(address, data=form).status_code == 303


def take_up(director: CheckedClient, here: str) -> None:
    address = f"{here}/reprises"
    form = filled(director.see(address), address)
    answer = director.post(
        address,
        data={**form, "file": (io.BytesIO(papers.plan()), "plan.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    pieces = answer.location
    form = filled(director.see(pieces), f"{pieces}?page=1")
    assert director.post(f"{pieces}/ecrire?page=1", data=form).status_code == 303


def finding(director: CheckedClient, here: str) -> None:
    address = f"{here}/diagnostic/axes/proposes"
    assert director.post(address, data=filled(director.see(f"{here}/diagnostic"), address)).status_code == 303
    address = f"{here}/diagnostic/ajouter"
    axis = director.see(address).tree.xpath("//select[@name='axis_id']/option/@value")[1]
    words = {"title": "Les soirées sont longues", "kind": "a-ameliorer", "axis_id": axis}
    plain, technical = "Le soir, il y a peu de monde.", "Deux agents après 20 heures."
    done(director, address, plain=plain, technical=technical, **words)


def indicators(director: CheckedClient, here: str) -> None:
    done(director, f"{here}/indicateurs/choisir")


def open_space(director: CheckedClient, address: str) -> None:
    page = director.see(address)
    for button in ("suivant", "suivant", "ouvrir"):
        form = lxml_html.FormElement.form_values(page.tree.xpath("//main//form")[0])
        data: dict[str, list[str]] = {}
        for name, value in [*form, ("aller", button)]:
            data.setdefault(name, []).append(value)
        answer = director.post(address, data=data)
        page = Page(answer)
    assert answer.status_code == 303, page.words


def test_the_page_asks_as_many_questions_whatever_is_written(world: World, fresh: House, here: str) -> None:
    director, counts = world.client("director", fresh), []
    for several in (10, 60):
        world.do(lambda s, wanted=several: many(s, fresh, wanted))
        director.see(here)
        with questions() as seen:
            director.see(here)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 18


def many(session: Any, fresh: House, wanted: int) -> None:
    already = len(item_ids(session, fresh.contract_id, ItemKind.OBJECTIVE))
    session.add_all(
        Item(
            contract_id=fresh.contract_id, kind=ItemKind.OBJECTIVE, number=number, title=f"Objectif {number}"
        )
        for number in range(already + 1, wanted + 1)
    )


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_my_contracts_say_to_who_directs_the_next_thing_to_do(
    world: World, fresh: House, here: str, who: str
) -> None:
    page = world.client(who, fresh).see("/contrats")
    assert "vous préviendra" not in page.words
    for there in ("/contrats", here):
        words = world.client(who, fresh).see(there).words
        assert "Demandez à l’accueil" not in words
        assert "Demandez à la personne qui gère le portail pour votre organisme." in words
    assert "Choisissez un espace" not in page.words
    assert "La prochaine chose à faire : Dire le périmètre" in page.words
    (first,) = page.tree.xpath(f"//main//a[contains(@class, 'button')][@href='{here}/perimetre']")
    assert "Commencer" in first.text_content()
    assert page.tree.xpath(f"//main//a[contains(., 'Voir tous les premiers pas')][@href='{here}']")


@pytest.mark.parametrize("who", ["family", "resident"])
def test_my_contracts_tell_others_who_will_let_them_know(world: World, fresh: House, who: str) -> None:
    page = world.client(who, fresh).see("/contrats")
    assert "L’accueil de votre établissement vous préviendra." in page.words
    assert NEXT not in page.words


def test_my_contracts_ask_as_much_for_one_contract_as_for_six(world: World, fresh: House) -> None:
    account = fresh["director"].account_id

    def asked() -> int:
        client = world.client("director", fresh)
        client.see("/contrats")
        with questions() as seen:
            client.see("/contrats")
        return len(seen)

    one = asked()
    for number in range(5):
        other = world.do(lambda s, number=number: a_first_day(s, f"Autre {number}"))
        world.do(lambda s, other=other: directs(s, other, account))
    page = world.client("director", fresh).see("/contrats")
    assert page.words.count("La prochaine chose à faire") == 6
    assert asked() == one
