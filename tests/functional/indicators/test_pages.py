"""The pages of indicators, as people read and fill them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.indicators import catalogue
from portal.domain.organisations.models import Establishment
from portal.kernel.ids import new_id
from tests.conftest import World
from tests.factories.indicators import (
    categorise,
    compare_to,
    fill,
    follow_indicators,
    more_sites,
    this_year,
)
from tests.factories.pages import CheckedClient, Page

YEAR = this_year()


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/indicateurs"


@pytest.fixture
def vacant(world: World) -> str:
    """An indicator with a value and what it is compared to."""
    world.do(lambda s: categorise(s, world.ours))
    found: str = world.do(lambda s: follow_indicators(s, world.ours, "etp-vacants"))[0]
    site = world.ours.establishment_id
    world.do(lambda s: fill(s, world.ours, found, {(site, YEAR): "12", (site, YEAR - 1): "15,5 e"}))
    world.do(lambda s: compare_to(s, world.ours, found, "9", "14", "18", year=YEAR))
    return found


def name(world: World, year: int = YEAR, site: str = "") -> str:
    return f"v-{site or world.ours.establishment_id}-{year}"


def grid(client: CheckedClient, path: str) -> dict[str, str]:
    return client.see(path).form(f"{path}?fin={YEAR}")


@pytest.mark.parametrize("who", ["resident", "family", "professional", "authority", "director"])
def test_every_member_reads_a_sentence_first(world: World, here: str, vacant: str, who: str) -> None:
    page = world.client(who).see(f"{here}/{vacant}")
    words = (
        f"En {YEAR}, à la Maison Tilleuls, 12 postes sur 100 sont vides ; c’est mieux que dans la moitié "
        "des établissements comparables."
    )
    assert words in page.words
    assert page.words.index(words) < page.words.index("En image") < page.words.index("En chiffres")
    assert "environ 15,5 %" in page.words
    assert "Définition à vérifier avec votre autorité." in page.words
    assert "Source : Tableau de bord, EHPAD de la région." in page.words
    assert ("Écrire les valeurs" in page.words) is (who == "director")
    assert ("Écrire les repères" in page.words) is (who in ("director", "authority"))
    assert f"En {YEAR}" in world.client(who).see(here).words


def test_another_contract_and_an_unknown_indicator_are_not_there(
    world: World, here: str, vacant: str
) -> None:
    theirs = world.client("director", world.other)
    for path in (here, f"{here}/{vacant}", f"{here}/{vacant}/saisie"):
        assert theirs.get(path).status_code == 404
    elsewhere = f"/contrats/{world.other.contract_id}/indicateurs/{vacant}"
    assert theirs.get(elsewhere).status_code == 404
    assert world.client("director").get(f"{here}/{new_id()}").status_code == 404


@pytest.mark.parametrize("who", ["family", "authority", "moderator"])
def test_who_does_not_fill_reads_why(world: World, here: str, vacant: str, who: str) -> None:
    client = world.client(who)
    for path in (
        f"{here}/choisir",
        f"{here}/ajouter",
        f"{here}/{vacant}/saisie",
        f"{here}/{vacant}/reglages",
    ):
        refused = client.get(path)
        assert refused.status_code == 403
        assert "la direction du contrat" in refused.text


def test_a_first_day_begins_with_eight_that_are_ticked(world: World, here: str) -> None:
    director = world.client("director")
    assert "Huit sont proposés" in director.see(here).words
    assert "n’a pas encore choisi" in world.client("family").see(here).words
    page = director.see(f"{here}/choisir")
    ticked = page.tree.xpath("//input[@name='codes' and @checked]/@value")
    assert ticked == [one.code for one in catalogue.proposed()]
    assert page.words.count("Pourquoi :") == 8
    assert "presque personne ne les lit tous" in page.words
    form = page.form(f"{here}/choisir")
    sent = director.post(f"{here}/choisir", data=form | {"codes": ticked})
    assert sent.status_code == 303
    shown = director.see(sent.location)
    assert shown.words.count("Aucune valeur n’est encore écrite.") == 8
    late = director.post(f"{here}/choisir", data=form | {"codes": ["caf"], "op_id": new_id()})
    assert late.status_code == 409
    assert 'value="caf" checked' in late.text


def test_more_than_twelve_are_taken_with_a_warning(world: World, here: str) -> None:
    director = world.client("director")
    many = [one.code for one in catalogue.entries()][:13]
    form = director.see(f"{here}/choisir").form(f"{here}/choisir")
    sent = director.post(f"{here}/choisir", data=form | {"codes": many})
    assert "Au-delà de 12 indicateurs" in director.see(sent.location).words
    assert "Au-delà de 12 indicateurs" not in world.client("family").see(here).words
    none = director.see(f"{here}/choisir").form(f"{here}/choisir")
    refused = director.post(f"{here}/choisir", data=none | {"codes": []})
    assert refused.status_code == 422
    assert "Choisissez au moins un indicateur." in Page(refused).words


def test_one_s_own_is_added_settled_stopped_and_taken_up(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    wrong = director.post(f"{here}/ajouter", data=form | {"label": "Repas pris en commun"})
    assert wrong.status_code == 422
    assert 'value="Repas pris en commun"' in wrong.text
    typed = {
        "label": "Repas pris en commun",
        "plain": "Combien de repas on prend ensemble.",
        "unit": "pourcent",
        "direction": "hausse",
        "axis": "1",
    }
    assert director.post(f"{here}/ajouter", data=form | typed | {"op_id": new_id()}).status_code == 303
    place = director.see(here).tree.xpath("//a[contains(., 'Repas pris')]/@href")[0]
    form = director.see(f"{place}/reglages").form(f"{place}/reglages")
    sent = director.post(f"{place}/reglages", data=form | {"target": "80", "target_year": "2031"})
    assert "Le contrat vise 80 % en 2031." in director.see(sent.location).words
    form = director.see(f"{place}/reglages").form(f"{place}/suivi")
    assert director.post(f"{place}/suivi", data=form | {"acte": "arreter"}).status_code == 303
    assert "Ne sont plus suivis" in world.client("family").see(here).words
    form = director.see(f"{place}/reglages").form(f"{place}/suivi")
    assert director.post(f"{place}/suivi", data=form | {"acte": "reprendre"}).status_code == 303
    assert "Ne sont plus suivis" not in world.client("family").see(here).words


def test_a_grid_is_filled_and_said_to_be_kept(world: World, here: str, vacant: str) -> None:
    director, path = world.client("director"), f"{here}/{vacant}/saisie"
    form = grid(director, path)
    assert form[name(world)] == "12"
    assert form[name(world, YEAR - 1)] == "15,5 e"
    sent = director.post(
        f"{path}?fin={YEAR}", data=form | {name(world): "11,25", name(world, YEAR - 2): "1 0"}
    )
    assert sent.status_code == 303
    page = director.see(sent.location)
    assert "C’est enregistré" in page.words
    assert page.form(f"{path}?fin={YEAR}")[name(world)] == "11,25"
    assert "11,25 postes sur 100 sont vides" in world.client("family").see(f"{here}/{vacant}").words


def test_every_bad_cell_is_named_and_nothing_typed_is_lost(world: World, here: str, vacant: str) -> None:
    director, path = world.client("director"), f"{here}/{vacant}/saisie"
    form = grid(director, path)
    bad = {name(world): "douze", name(world, YEAR - 1): "9", name(world, YEAR - 3): "-12"}
    answer = director.post(f"{path}?fin={YEAR}", data=form | bad)
    assert answer.status_code == 422
    page = Page(answer)
    links = page.tree.xpath("//div[@data-error-summary]//a/@href")
    assert links == [f"#{name(world, YEAR - 3)}", f"#{name(world)}"]
    assert f"Maison Tilleuls, {YEAR} : Écrivez un nombre" in page.words
    assert f"Maison Tilleuls, {YEAR - 3} : Écrivez zéro ou plus" in page.words
    again = page.form(f"{path}?fin={YEAR}")
    assert {key: again[key] for key in bad} == bad
    assert "12 postes sur 100" in world.client("family").see(f"{here}/{vacant}").words
    mended = again | {name(world): "12", name(world, YEAR - 3): "1,2"}
    assert director.post(f"{path}?fin={YEAR}", data=mended).status_code == 303


def test_two_who_fill_the_same_cell_see_both_and_lose_nothing(world: World, here: str, vacant: str) -> None:
    director, deputy, path = world.client("director"), world.client("deputy"), f"{here}/{vacant}/saisie"
    mine, theirs = grid(director, path), grid(deputy, path)
    theirs |= {name(world): "20", name(world, YEAR - 2): "30"}
    assert deputy.post(f"{path}?fin={YEAR}", data=theirs).status_code == 303
    mine |= {name(world): "11", name(world, YEAR - 3): "8"}
    answer = director.post(f"{path}?fin={YEAR}", data=mine)
    assert answer.status_code == 409
    page = Page(answer)
    assert page.words.count("Écrit entre-temps") == 1
    assert "Écrit entre-temps : 20, par la suppléance de la direction." in page.words
    again = page.form(f"{path}?fin={YEAR}")
    assert again[name(world)] == "11", "mine is kept"
    assert again[name(world, YEAR - 2)] == "30", "what I did not touch is theirs"
    assert again[name(world, YEAR - 3)] == "8"
    assert director.post(f"{path}?fin={YEAR}", data=again).status_code == 303
    kept = grid(deputy, path)
    assert [kept[name(world, year)] for year in (YEAR, YEAR - 2, YEAR - 3)] == ["11", "30", "8"]


def test_a_grid_that_came_too_late_is_given_back_as_it_can_be_pasted(
    world: World, here: str, vacant: str
) -> None:
    director, path = world.client("director"), f"{here}/{vacant}/saisie"
    form = grid(director, path) | {name(world, YEAR - 2): "7,5", "csrf_token": "périmé"}
    answer = director.post(f"{path}?fin={YEAR}", data=form)
    assert answer.status_code == 400
    assert Page(answer).tree.xpath("//textarea")[0].text.strip("\n") == "\t\t7,5\t15,5 e\t12"


def test_a_comment_stands_beside_its_number(world: World, here: str, vacant: str) -> None:
    director, path = world.client("director"), f"{here}/{vacant}/saisie?fin={YEAR}&quoi=commentaires"
    form = director.see(path).form(path)
    assert form[name(world)] == ""
    sent = director.post(path, data=form | {name(world): "Deux étages en travaux."})
    assert sent.status_code == 303
    assert (
        f"Maison Tilleuls, {YEAR} : Deux étages en travaux."
        in world.client("family").see(f"{here}/{vacant}").words
    )


@pytest.mark.parametrize("who", ["director", "authority"])
def test_references_are_written_and_taken_away(world: World, here: str, vacant: str, who: str) -> None:
    client, path = world.client(who), f"{here}/{vacant}/reperes"
    form = client.see(path).form(path)
    typed = {"category_code": "500", "year": str(YEAR - 1), "q1": "8", "median": "10,5", "q3": "x"}
    wrong = client.post(path, data=form | typed)
    assert wrong.status_code == 422
    assert 'value="10,5"' in wrong.text
    typed |= {"q3": "14", "source": "Tableau de bord de l’an passé", "op_id": new_id()}
    assert client.post(path, data=form | typed).status_code == 303
    late = client.post(path, data=form | typed | {"q1": "7", "op_id": new_id()})
    assert late.status_code == 409
    change = client.see(f"{path}?categorie=500&annee={YEAR - 1}").form(path)
    assert change["median"] == "10,5"
    empty = change | dict.fromkeys(("q1", "median", "q3"), "")
    assert client.post(path, data=empty).status_code == 303
    assert "10,5" not in client.see(path).words


def test_a_cost_is_compared_by_place_between_comparable_services(world: World, here: str) -> None:
    near = world.do(lambda s: more_sites(s, world.ours, 2, places=50))
    far = world.do(lambda s: more_sites(s, world.ours, 1, "183", places=10))[0]
    world.do(lambda s: categorise(s, world.ours))
    cost = world.do(lambda s: follow_indicators(s, world.ours, "cout-place"))[0]
    mine = world.ours.establishment_id
    amounts = {mine: "4200000", near[0]: "2 000 000", near[1]: "3 000 000", far: "100"}
    world.do(lambda s: fill(s, world.ours, cost, {(site, YEAR): value for site, value in amounts.items()}))
    words = world.client("family").see(f"{here}/{cost}").words
    assert "une place coûte 50 000 € par an ; c’est entre le moins cher et le plus cher" in words
    assert words.count("40 000 € par place") == 2, "beside the bar and under its amount"
    assert "10 € par place" in words
    assert words.count("c’est le moins cher") == 1, "a service of another category is compared to none"
    assert (
        f"En {YEAR}, à la Maison Tilleuls, une place coûte 50 000 € par an"
        in world.client("family").see(here).words
    )
    assert (
        f"En {YEAR}, selon l’établissement : de 10 € à 60 000 € par place."
        in world.client("manager").see(here).words
    )


def test_without_any_places_a_cost_waits_for_them(world: World, here: str) -> None:
    cost = world.do(lambda s: follow_indicators(s, world.ours, "cout-place"))[0]

    def forget(session: Session) -> None:
        session.get_one(Establishment, world.ours.establishment_id).places = None

    world.do(forget)
    world.do(lambda s: fill(s, world.ours, cost, {(world.ours.establishment_id, YEAR): "900000"}))
    for who in ("family", "manager"):
        words = world.client(who).see(here).words
        assert f"En {YEAR} : ce que coûte une place se dira quand le nombre de places sera écrit." in words
        assert "900 000" not in words


def test_small_numbers_of_persons_fold_for_members_and_with_them_the_total(world: World, here: str) -> None:
    other = world.do(lambda s: more_sites(s, world.ours, 1))[0]
    people = world.do(lambda s: follow_indicators(s, world.ours, "file-active"))[0]
    mine = world.ours.establishment_id
    world.do(
        lambda s: fill(
            s,
            world.ours,
            people,
            {(mine, YEAR): "40", (other, YEAR): "3", (mine, YEAR - 1): "41", (other, YEAR - 1): "17"},
        )
    )
    for who, sees in (("family", False), ("professional", False), ("director", True), ("authority", True)):
        page = world.client(who).see(f"{here}/{people}?etablissement={other}")
        cells = [" ".join(one.text_content().split()) for one in page.tree.xpath("//table//td")]
        assert ("3" in cells) is sees
        assert ("43" in cells) is sees
        assert ("58" in cells) is sees, "no total at all: the year before would help to find it"
        assert ("moins de 5" in cells) is not sees
        assert ("moins de 5 personnes ont été suivies" in page.words) is not sees
        assert ("n’est pas montré" in page.words) is not sees
        if not sees:
            assert "3 personnes" not in page.words
            assert len(page.tree.xpath("//svg//path[contains(@class, 'measure__value')]")) == 1
    for who, words in (
        ("family", f"En {YEAR}, à la Maison Tilleuls, 40 personnes ont été suivies"),
        ("manager", f"En {YEAR}, selon l’établissement : de moins de 5 à 40."),
        ("authority", f"En {YEAR}, selon l’établissement : de 3 à 40."),
    ):
        assert words in world.client(who).see(here).words


def test_years_may_be_looked_at_before_and_after(world: World, here: str, vacant: str) -> None:
    page = world.client("family").see(f"{here}/{vacant}?fin={YEAR - 5}")
    assert "Aucune valeur pour ces années" in page.words
    assert f"?fin={YEAR}" in page.html
    for odd in ("1200", "99999", "x", "²"):
        assert world.client("family").get(f"{here}/{vacant}?fin={odd}").status_code == 200
        assert world.client("director").get(f"{here}/{vacant}/saisie?fin={odd}&page={odd}").status_code == 200


def test_it_is_read_in_english_too(world: World, here: str, vacant: str) -> None:
    client = world.client("family")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.see(f"{here}/{vacant}")
    assert "12 posts out of 100 are empty" in page.words
    assert "15.5" in page.words
