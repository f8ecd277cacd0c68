"""The pages of the objectives, as people read and write them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.indicators import catalogue
from portal.domain.objectives import ready
from portal.domain.objectives.models import Financing, State
from portal.vocabulary import ItemKind
from tests.conftest import World
from tests.factories.indicators import fill, follow_indicators, this_year
from tests.factories.objectives import EXPECTED, a_branch, an_action, an_objective, version_of
from tests.functional.pages.test_queries import questions

WHY = "Le médecin attendu n’est pas encore arrivé."


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/objectifs"


def grown(session: Session, world: World, number: int) -> None:
    """So many objectives more, each with an action."""
    ours = world.ours
    for _one in range(number):
        objective = an_objective(session, ours, places=frozenset({ours.establishment_id}))
        an_action(session, ours, objective)


@pytest.mark.parametrize("who", ["resident", "family", "authority"])
def test_the_tree_is_read_by_all_what_changes_first(world: World, here: str, who: str) -> None:
    top = world.do(lambda s: a_branch(s, world.ours))
    under = world.do(lambda s: a_branch(s, world.ours, top, "La nuit"))
    world.do(lambda s: an_objective(s, world.ours, branch_id=under))
    page = world.client(who).see(here)
    assert page.title == "Qu’est-ce qui va changer ?"
    assert EXPECTED in page.words
    assert "Objectif stratégique 1.1" in page.words
    assert "Écrire un objectif" not in page.words
    assert page.words.index(EXPECTED) < page.words.index("Pas encore rangés")


def test_many_objectives_are_folded_under_their_branches(world: World, here: str) -> None:
    top = world.do(lambda s: a_branch(s, world.ours))
    under = world.do(lambda s: a_branch(s, world.ours, top, "La nuit"))
    world.do(lambda s: an_objective(s, world.ours, branch_id=under))
    family = world.client("family")

    def folds(path: str) -> list[tuple[str, bool]]:
        found = family.see(path).tree.xpath("//details[starts-with(@id, 'branche-')]")
        return [(" ".join(one.find("summary").text_content().split()), "open" in one.attrib) for one in found]

    assert all(opened for _name, opened in folds(here)), "few are read at once"
    world.do(lambda s: grown(s, world, 6))
    (night, opened), (unplaced, _opened) = folds(here)
    assert not opened
    assert night.endswith("1 objectif sur cette page"), "one knows what is inside before opening"
    assert unplaced.startswith("Pas encore rangés")
    for path in (f"{here}?orientation={top}", f"{here}?tout=oui", f"{here}?fait=ecrit"):
        assert all(opened for _name, opened in folds(path)), path
    (anchor,) = family.see(f"{here}?orientation={top}").tree.xpath("//li[starts-with(@id, 'objectif-')]/@id")
    objective = anchor.removeprefix("objectif-")
    back = f"{here}?orientation={under}#objectif-{objective}"
    assert back in family.see(f"{here}/{objective}").tree.xpath("//main//a/@href"), "where it is open"


@pytest.mark.parametrize("path", ["", "/modeles", "/arbre", "/ajouter"])
def test_another_contract_has_no_such_page(world: World, path: str) -> None:
    client = world.client("director")
    assert client.get(f"/contrats/{world.other.contract_id}/objectifs{path}").status_code == 404
    assert client.get(f"/contrats/{world.ours.contract_id}/objectifs{path}").status_code == 200


def test_an_objective_of_another_contract_is_not_there(world: World, here: str) -> None:
    client = world.client("family")
    assert client.get(f"{here}/{world.other.objectives[0]}").status_code == 404
    assert client.get(f"{here}/{world.ours.items[0]}").status_code == 404, "a finding is no objective"
    assert client.get(f"{here}/{world.ours.objectives[0]}").status_code == 200


def test_a_family_reads_the_expected_result_before_all_else(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    world.do(lambda s: an_action(s, world.ours, objective))
    page = world.client("family").see(f"{here}/{objective}")
    words = page.words
    assert (
        words.index(EXPECTED) < words.index("Un médecin répond la nuit.") < words.index("Former les équipes")
    )
    assert "financé jusqu’au lundi 31 décembre 2029" in words
    assert "Récrire" not in words


def test_a_model_fills_the_form_and_nothing_is_saved_before_it_is_sent(world: World, here: str) -> None:
    director = world.client("director")
    before = world.read(lambda s: s.scalars(select(Item.id).where(Item.kind == ItemKind.OBJECTIVE)).all())
    assert "Réduire les hospitalisations" in director.see(f"{here}/modeles").words
    form = director.see(f"{here}/ajouter?modele=urgences").form(f"{here}/ajouter")
    model = ready.known("urgences")
    assert model is not None
    assert form["expected"] == model.expected
    assert form["line1_initial"] == "38"
    assert (
        world.read(lambda s: s.scalars(select(Item.id).where(Item.kind == ItemKind.OBJECTIVE)).all())
        == before
    )
    sent = director.post(f"{here}/ajouter", data=form)
    assert sent.status_code == 303, sent.text
    assert model.expected in director.see(here).words


def test_two_people_who_write_one_sheet_see_both_states(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    path = f"{here}/{objective}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"title": "Le titre de l’autre"}).status_code == 303
    late = director.post(path, data=mine | {"title": "Mon titre"})
    assert late.status_code == 409
    assert "Le titre de l’autre" in late.text
    assert "Mon titre" in late.text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    sent = director.post(f"{here}/ajouter", data=form | {"title": "Mon titre"})
    assert sent.status_code == 422
    assert 'id="expected-erreur"' in sent.text
    assert "Mon titre" in sent.text


@pytest.mark.parametrize(
    ("who", "vacancies", "number"),
    [
        ("family", "12 postes sur 100 sont vides", "moins de 5 personnes ont été suivies"),
        ("director", ": 12", ": 3."),
        ("authority", ": 12", ": 3."),
    ],
)
def test_the_indicators_that_follow_it_tell_their_last_values(
    world: World, here: str, who: str, vacancies: str, number: str
) -> None:
    ours, year = world.ours, this_year()
    vacant, active = world.do(lambda s: follow_indicators(s, ours, "etp-vacants", "file-active"))
    world.do(lambda s: fill(s, ours, vacant, {(ours.establishment_id, year): "12"}))
    world.do(lambda s: fill(s, ours, active, {(ours.establishment_id, year): "3"}))
    followed = frozenset({vacant, active})
    objective = world.do(lambda s: an_objective(s, ours, indicators=followed))
    page = world.client(who).see(f"{here}/{objective}")
    assert vacancies in page.words
    assert number in page.words
    assert page.tree.xpath(f"//a[contains(@href, '/indicateurs/{vacant}')]")


def test_an_indicator_without_values_says_so_beside_the_objective(world: World, here: str) -> None:
    vacant = world.do(lambda s: follow_indicators(s, world.ours, "etp-vacants"))[0]
    objective = world.do(lambda s: an_objective(s, world.ours, indicators=frozenset({vacant})))
    assert "Aucune valeur n’est encore écrite." in world.client("family").see(f"{here}/{objective}").words


def test_ten_indicators_of_an_objective_ask_no_more_than_one(world: World, here: str) -> None:
    ours, codes = world.ours, [one.code for one in catalogue.entries()[:10]]
    some = world.do(lambda s: follow_indicators(s, ours, *codes))
    one = world.do(lambda s: an_objective(s, ours, indicators=frozenset(some[:1])))
    ten = world.do(lambda s: an_objective(s, ours, indicators=frozenset(some)))
    family = world.client("family")

    def asked(objective: str) -> int:
        family.see(f"{here}/{objective}")
        with questions() as seen:
            family.see(f"{here}/{objective}")
        return len(seen)

    assert asked(ten) == asked(one)


def test_progress_and_actions_are_told_in_their_forms(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    director, path = world.client("director"), f"{here}/{objective}"
    form = director.see(f"{path}/avancement").form(f"{path}/avancement")
    assert director.post(f"{path}/avancement", data=form | {"state": "retarde"}).status_code == 422
    told = form | {"state": "retarde", "words": WHY}
    assert director.post(f"{path}/avancement", data=told).status_code == 303
    form = director.see(f"{path}/actions/ajouter").form(f"{path}/actions/ajouter")
    wrong = director.post(f"{path}/actions/ajouter", data=form | {"label": "Former", "starts_on": "demain"})
    assert wrong.status_code == 422
    assert 'id="starts_on-erreur"' in wrong.text
    good = form | {"label": "Former les équipes", "financing": "finance", "funded_until": "31/12/2028"}
    assert director.post(f"{path}/actions/ajouter", data=good).status_code == 303
    words = world.client("family").see(path).words
    assert WHY in words
    assert "financé jusqu’au dimanche 31 décembre 2028" in words


def test_why_an_action_was_adapted_is_read_beside_it_and_where_progress_is_told(
    world: World, here: str
) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    action = world.do(lambda s: an_action(s, world.ours, objective))
    director, path = world.client("director"), f"{here}/{objective}"
    for day, why in (("31/12/2028", "Deux départs non remplacés."), ("31/12/2029", "Le chantier a glissé.")):
        place = f"{path}/actions/{action}"
        typed = director.see(place).form(place) | {"ends_on": day, "reason": why}
        assert director.post(place, data=typed).status_code == 303
    for who in ("director", "family"):
        (card,) = world.client(who).see(path).tree.xpath(f"//li[@id='action-{action}']")
        words = card.text_content().replace("\u00a0", " ")
        assert "Adapté parce que : Le chantier a glissé." in words
        assert "Deux départs" not in words, "the last reason; the others stand in the history"
    progress = director.see(f"{path}/avancement").words.replace("\u00a0", " ")
    assert "Former les équipes de nuit : adapté parce que : Le chantier a glissé." in progress
    assert "adapté parce que : Deux départs non remplacés." in progress


def test_an_action_is_removed_and_put_back_from_the_page(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    action = world.do(lambda s: an_action(s, world.ours, objective))
    director, path = world.client("director"), f"{here}/{objective}"
    for verb in ("retirer", "remettre"):
        target = f"{path}/actions/{action}/{verb}"
        assert director.post(target, data=director.see(path).form(target)).status_code == 303
        assert (f"action-{action}" in director.get(path).text) is (verb == "remettre")


def test_the_tree_is_written_and_ordered(world: World, here: str) -> None:
    director, path = world.client("director"), f"{here}/arbre"
    form = director.see(path).form(path)
    sent = director.post(path, data=form | {"title": "Bien vivre ici", "plain": "Se sentir chez soi."})
    assert sent.status_code == 303, sent.text
    page = director.see(path)
    assert "1 Bien vivre ici" in page.words
    first = page.tree.xpath("//li[starts-with(@id, 'branche-')]/@id")[0].removeprefix("branche-")
    form = director.see(f"{path}/{first}").form(f"{path}/{first}/retirer")
    assert director.post(f"{path}/{first}/retirer", data=form).status_code == 303
    assert "Bien vivre ici" not in director.see(path).words


def test_it_is_filtered_by_branch_place_state_and_money(world: World, here: str) -> None:
    ours = world.ours
    top = world.do(lambda s: a_branch(s, ours))
    under = world.do(lambda s: a_branch(s, ours, top, "La nuit"))
    there = frozenset({ours.establishment_id})
    first = world.do(lambda s: an_objective(s, ours, expected="Le premier.", branch_id=under, places=there))
    world.do(lambda s: an_action(s, ours, first, financing=Financing.UNFUNDED, funded_until=None))
    family = world.client("family")

    def found(asked: str) -> list[str]:
        return family.see(f"{here}?{asked}").tree.xpath("//li[starts-with(@id, 'objectif-')]/@id")

    everything = [f"objectif-{one}" for one in (first, *ours.objectives)]
    assert found("") == everything
    assert found(f"orientation={top}") == found(f"orientation={under}") == everything[:1]
    assert found(f"lieu={world.other.establishment_id}") == everything[1:]
    assert found("finance=non") == everything[:1]
    assert found("finance=oui") == everything[1:]
    assert found(f"etat={State.DONE.value}") == []
    assert found(f"etat={State.NOT_STARTED.value}") == everything
    assert found("orientation=rien&etat=rien&finance=rien") == everything


def test_sixty_objectives_ask_no_more_than_ten_and_are_paged(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    pages = (
        ("family", here),
        ("director", f"{here}?tout=oui"),
        ("family", f"{here}/{objective}"),
        ("director", f"{here}/{objective}"),
        ("director", f"{here}/{objective}/recrire"),
        ("director", f"{here}/{objective}/avancement"),
    )

    def asked(who: str, path: str) -> int:
        client = world.client(who)
        client.see(path)
        with questions() as seen:
            client.see(path)
        return len(seen)

    def grow(number: int) -> None:
        world.do(lambda s: grown(s, world, number))
        world.do(lambda s: [an_action(s, world.ours, objective) for _one in range(number)])

    grow(10)
    few = {page: asked(*page) for page in pages}
    grow(50)
    many = {page: asked(*page) for page in pages}
    assert many == few
    assert max(many.values()) <= 28
    family, seen, where = world.client("family"), [], here
    while where:
        page = family.see(where)
        seen += page.tree.xpath("//li[starts-with(@id, 'objectif-')]/@id")
        where = next((f"{one}" for one in page.tree.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 63
    assert len(family.see(f"{here}/{objective}").tree.xpath("//li[starts-with(@id, 'action-')]")) == 25


@pytest.mark.parametrize(
    "path", ["", "/modeles", "/ajouter", "/arbre", "/{item}", "/{item}/recrire", "/{item}/avancement"]
)
def test_it_is_read_and_written_in_english_too(world: World, here: str, path: str) -> None:
    director = world.client("director")
    director.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = director.see(here + path.format(item=world.ours.objectives[0]))
    assert page.tree.get("lang") == "en"
    assert "bjective" in page.words


def test_the_version_of_an_objective_moves_with_its_progress(world: World, here: str) -> None:
    objective = world.ours.objectives[0]
    before = world.read(lambda s: version_of(s, objective))
    director, path = world.client("director"), f"{here}/{objective}/avancement"
    form = director.see(path).form(path)
    assert director.post(path, data=form | {"state": "en-cours"}).status_code == 303
    assert world.read(lambda s: version_of(s, objective)) == before + 1


def test_actions_are_told_in_their_gender_and_number(world: World) -> None:
    objective = world.ours.objectives[0]
    world.do(lambda s: [an_action(s, world.ours, objective, label=f"Action {number}") for number in range(2)])
    words = world.client("family").see(f"/contrats/{world.ours.contract_id}/objectifs").words
    assert "Ses actions : 2 non démarrées" in words
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/objectifs/{objective}")
    assert "non démarrée" in page.words
