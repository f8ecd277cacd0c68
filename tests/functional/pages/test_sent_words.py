"""What was sent is not kept on the device: written again under its first number, it would be refused as sent twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import World
from tests.factories.documents import a_document
from tests.factories.lifecycle import a_life
from tests.factories.objectives import an_action, some_aims
from tests.factories.pages import Page

Names = dict[str, str]
# Where a form with words stands under the contract, and what one writes in it.
FORMS: tuple[tuple[str, Names], ...] = (
    ("diagnostic/ajouter", {"axis_id": "{axis}", "kind": "a-ameliorer", "title": "Le soir", "plain": "On a faim.", "technical": "Jeûne."}),
    ("diagnostic/axes", {"name": "La nuit", "question": "Et la nuit ?"}),
    ("diagnostic/axes/{axis}", {"name": "Les repas", "question": "Et les repas ?"}),
    ("diagnostic/constats/{finding}/recrire", {"title": "Le dîner"}),
    ("diagnostic/constats/{finding}/retirer", {"reason": "Il est dit ailleurs."}),
    ("objectifs/ajouter", {"expected": "On dort mieux.", "title": "La nuit", "plain": "On dort.", "technical": "Astreinte."}),
    ("objectifs/{objective}/recrire", {"expected": "On dort mieux.", "title": "Un autre titre"}),
    ("objectifs/{objective}/avancement", {"state": "en-cours", "words": "Les équipes sont formées."}),
    ("objectifs/{objective}/actions/ajouter", {"label": "Former les équipes"}),
    ("objectifs/{objective}/actions/{action}", {"label": "Former toutes les équipes"}),
    ("objectifs/arbre", {"title": "Bien manger", "plain": "Manger à l’heure."}),
    ("objectifs/arbre/{branch}", {"title": "Mieux manger"}),
    ("moyens/objectifs/{objective}/ajouter", {"label": "Un poste", "payer": "propres", "lasting": "reconductible", "need": "chaque-annee", "planned_2027": "16 000"}),
    ("perimetre/{place}", {"change": "Dix places de plus.", "category_code": "500"}),
    ("indicateurs/ajouter", {"label": "Sorties", "plain": "Combien de sorties.", "unit": "nombre", "direction": "hausse", "axis": "1"}),
    ("sujets/{finding}/texte/clair", {"source": "D’autres mots."}),
    ("vie/desaccords/nouveau", {"about": "Les nuits", "raised_on": "2026-01-05", "words": "Deux postes.", "position": "Deux postes."}),
    ("documents/{document}/presenter", {"title": "Un autre nom"}),
)  # fmt: skip


@pytest.fixture
def names(world: World) -> Names:
    """What the addresses of the forms call by name."""
    ours = world.ours
    director = ours["director"].actor

    def made(session: Any) -> Names:
        found = some_aims(session, director)
        action = an_action(session, ours, ours.objectives[0])
        a_life(session, director)
        return {
            "axis": ours.axis_id,
            "finding": ours.items[1],
            "objective": ours.objectives[0],
            "action": action,
            "branch": found["branch_id"],
            "place": ours.establishment_id,
            "document": a_document(session, ours),
        }

    return world.do(made)


def filled(page: Page, typed: Names, named: Callable[[str], str]) -> Names:
    """The form with words of the page, as one sends it once it is filled in."""
    forms = page.tree.xpath("//main//form[@data-draft]")
    fields = {name: value or "" for name, value in dict(forms[0].form_values()).items()}
    del fields["csrf_token"]
    return fields | {name: named(words) for name, words in typed.items()}


@pytest.mark.parametrize(("path", "typed"), FORMS, ids=[path for path, _typed in FORMS])
def test_the_page_that_follows_says_that_it_was_sent(
    world: World, names: Names, path: str, typed: Names
) -> None:
    director, address = world.client("director"), f"/contrats/{world.ours.contract_id}/{path.format(**names)}"
    fields = filled(director.see(address), typed, lambda words: words.format(**names))
    answer = director.send(address, **fields)
    assert answer.status_code == 303, Page(answer).words[:1500]
    assert director.see(answer.headers["Location"]).tree.xpath("//main//*[@data-draft-done]")


def test_a_form_that_is_refused_keeps_its_words(world: World, names: Names) -> None:
    director, address = world.client("director"), f"/contrats/{world.ours.contract_id}/diagnostic/ajouter"
    fields = filled(director.see(address), {"title": "Le soir"}, str)
    answer = director.send(address, **fields)
    assert answer.status_code == 422
    assert not Page(answer).tree.xpath("//*[@data-draft-done]")
