"""The pages of the perimeter, as people read and write them."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from portal.directory_file import load
from portal.domain.contracts.models import ContractAuthority
from portal.domain.organisations.models import Organisation
from portal.extensions import unit
from portal.kernel.ids import new_id
from portal.vocabulary import AuthorityKind
from tests.conftest import World
from tests.factories import finess
from tests.factories.lifecycle import an_authority


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/perimetre"


@pytest.mark.parametrize("who", ["resident", "family", "director", "authority"])
def test_everybody_of_the_contract_reads_it_and_only_the_direction_writes(
    world: World, here: str, who: str
) -> None:
    page = world.client(who).see(here)
    assert "Le périmètre du contrat" in page.words
    assert ("Ajouter un établissement" in page.words) is (who == "director")
    assert world.client(who).get(f"{here}/ajouter").status_code == (200 if who == "director" else 403)


def test_another_contract_has_no_such_page(world: World, here: str) -> None:
    assert world.client("director", world.other).get(here).status_code == 404


def test_a_site_is_found_in_the_directory_chosen_and_added(world: World, here: str) -> None:
    file = BytesIO("\n".join(finess.lines(60)).encode())
    list(load(unit.bound, world.app.config["SETTINGS"].instance, file))
    director = world.client("director")
    found = director.see(f"{here}/ajouter?cherche=tilleuls+ajacc")
    chosen = found.tree.xpath("//a[starts-with(normalize-space(.), 'Choisir')]/@href")
    assert chosen
    page = director.see(chosen[0])
    form = page.form(f"{here}/ajouter")
    assert form["finess_et"].startswith("2A")
    assert form["category_code"] in ("500", "354", "183", "255")
    form |= {"places_before": "80", "places_after": "92", "change": "12 places d’accueil de jour en plus"}
    assert director.post(f"{here}/ajouter", data=form).status_code == 303
    shown = world.client("family").see(here)
    assert "Places : 80 aujourd’hui, 92 à la fin du contrat." in shown.words
    assert "département 2A" in shown.words


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    form |= {"name": "Maison du Lac", "finess_et": "12", "places_before": "beaucoup", "category_code": "500"}
    page = director.post(f"{here}/ajouter", data=form)
    assert page.status_code == 422
    assert "neuf chiffres" in page.text
    assert "de 0 à 9 999" in page.text
    assert 'value="Maison du Lac"' in page.text


def test_a_site_is_changed_then_leaves_and_stays_told(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    form |= {"name": "Maison du Lac", "finess_et": "540001234", "category_code": "500"}
    assert director.post(f"{here}/ajouter", data=form).status_code == 303
    place = director.see(here).tree.xpath(
        "//a[contains(., 'Maison du Lac') and not(contains(@href, '/versions/'))]/@href"
    )[0]
    first = director.see(place).form(place)
    assert director.post(place, data=first | {"name": "Maison du Grand Lac"}).status_code == 303
    late = director.post(place, data=first | {"name": "Trop tard", "op_id": "autre-envoi"})
    assert late.status_code == 409
    leaving = director.see(place).form(f"{place}/retirer") | {
        "left_on": "01/01/2027",
        "reason": "Elle ferme ses portes.",
    }
    assert director.post(f"{place}/retirer", data=leaving).status_code == 303
    words = world.client("family").see(here).words
    assert "Maison du Grand Lac, à partir du" in words
    assert "Elle ferme ses portes." in words


def sign(session: Session, world: World) -> None:
    """An authority signs our contract."""
    ars = Organisation(id=new_id(), name="ARS du Val", authority=AuthorityKind.ARS)
    session.add(ars)
    session.flush()
    session.add(ContractAuthority(contract_id=world.ours.contract_id, organisation_id=ars.id))


def test_reach_and_competences_are_read_by_all(world: World, here: str) -> None:
    director = world.client("director")
    world.do(lambda s: sign(s, world))
    page = director.see(f"{here}/portee")
    boxes = page.tree.xpath("//input[@type='checkbox' and @value='soins']/@name")
    form = page.form(f"{here}/portee") | {"scope": "region", **dict.fromkeys(boxes, "soins")}
    assert director.post(f"{here}/portee", data=form).status_code == 303
    words = world.client("resident").see(here).words
    assert "Ce contrat concerne une région." in words
    assert "soins" in words


def test_a_category_of_one_s_own_can_be_chosen_at_once(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/categories")
    sent = director.post(f"{here}/categories", data=form | {"label": "Habitat inclusif", "code": "h1"})
    assert sent.status_code == 303
    page = director.see(sent.location)
    assert page.tree.xpath("//option[@value='H1']")


def test_a_category_that_the_list_lacks_comes_from_the_directory_with_its_code(
    world: World, here: str
) -> None:
    name = "Centre hébergement et réinsertion sociale (C.H.R.S.)"
    site = finess.line(1, nofinesset="540009991", categetab="214", libcategetab=name)
    file = BytesIO(f"{finess.FIRST}\n{site}".encode())
    list(load(unit.bound, world.app.config["SETTINGS"].instance, file))
    director = world.client("director")
    page = director.see(f"{here}/ajouter?finess=540009991")
    assert page.tree.xpath("//details[@id='categorie']/@open")
    form = page.form(f"{here}/categories")
    assert (form["code"], form["label"]) == ("214", name)
    sent = director.post(f"{here}/categories", data=form)
    assert sent.status_code == 303
    page = director.see(sent.location)
    assert not page.tree.xpath("//details[@id='categorie']/@open")
    form = page.form(f"{here}/ajouter")
    assert (form["finess_et"], form["category_code"]) == ("540009991", "214")
    assert director.post(f"{here}/ajouter", data=form).status_code == 303
    assert name in world.client("family").see(here).words


def test_each_site_says_where_a_missing_category_is_added(world: World, here: str) -> None:
    page = world.client("director").see(f"{here}/{world.ours.establishment_id}")
    assert f"{here}/ajouter#categorie" in page.tree.xpath("//main//a/@href")


def test_an_authority_is_named_without_an_article(world: World, here: str) -> None:
    world.do(lambda s: an_authority(s, world.ours.contract_id, "Agence régionale de santé"))
    page = world.client("director").see(f"{here}/portee")
    legends = [one.text_content().replace("\u00a0", " ") for one in page.tree.xpath("//legend")]
    assert "Agence régionale de santé : de quoi cette autorité répond-elle ?" in legends
