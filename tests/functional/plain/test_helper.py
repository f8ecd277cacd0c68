"""The helper of whoever writes plain words: remarks beside each paragraph, on demand, without a score and without keeping anything."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.factories.pages import CheckedClient, Page
from tests.factories.plain import reading

HARD = "Le plan de la mise en œuvre de l’offre de soins est validé par la CNSA.\n\nTout va bien."
PROMISE = "elles ne notent rien, elles ne certifient rien"


def read_over(client: CheckedClient, url: str, sent: dict[str, str]) -> Page:
    """The page that comes back when the form is sent to be read over."""
    answer = client.post(url, data=sent)
    assert answer.status_code == 200
    return Page(answer)


def forms_of(world: World) -> dict[str, tuple[str, str]]:
    """Where plain words are written, and the name of their field."""
    ours = world.ours
    root = f"/contrats/{ours.contract_id}"
    return {
        "texte": (f"{root}/sujets/{ours.items[0]}/texte/clair", "source"),
        "constat": (f"{root}/diagnostic/constats/{ours.items[0]}/recrire", "plain"),
        "constat nouveau": (f"{root}/diagnostic/ajouter", "plain"),
        "objectif": (f"{root}/objectifs/{ours.objectives[0]}/recrire", "plain"),
        "objectif nouveau": (f"{root}/objectifs/ajouter", "plain"),
    }


@pytest.mark.parametrize("name", ["texte", "constat", "constat nouveau", "objectif", "objectif nouveau"])
def test_words_are_read_over_before_they_are_kept(world: World, name: str) -> None:
    url, field = forms_of(world)[name]
    client = world.client("director")
    page = client.see(url)
    assert PROMISE not in page.words
    before = world.read(lambda s: reading(s, world.ours.items[0])).version
    sent = page.form(url)
    over = read_over(client, url, sent | {field: HARD, "relire": "1"})
    assert PROMISE in over.words
    assert "Forme passive" in over.words
    assert "CNSA" in over.words
    assert "Pas de remarque." in over.words
    assert over.form(url)[field].strip() == HARD
    assert world.read(lambda s: reading(s, world.ours.items[0])).version == before


def test_the_technical_text_is_left_alone(world: World) -> None:
    url = forms_of(world)["texte"][0].replace("clair", "technique")
    client = world.client("director")
    page = client.see(url)
    assert "Relire les mots simples" not in page.words
    sent = page.form(url)
    over = read_over(client, url, sent | {"source": HARD, "relire": "1"})
    assert PROMISE not in over.words


def test_the_glossary_knows_its_own_initials(world: World) -> None:
    url, field = forms_of(world)["texte"]
    client = world.client("director")
    sent = client.see(url).form(url)
    over = read_over(client, url, sent | {field: "L’ARS paie. Le CPOM dure cinq ans.", "relire": "1"})
    assert "Sigle" not in over.words


def test_nothing_written_is_nothing_to_read_over(world: World) -> None:
    url, field = forms_of(world)["constat nouveau"]
    client = world.client("director")
    sent = client.see(url).form(url)
    over = read_over(client, url, sent | {field: "", "relire": "1"})
    assert "Écrivez d’abord quelques mots simples." in over.words
