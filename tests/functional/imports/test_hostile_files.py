"""A hostile file is refused beside the field of the files that are taken up, and nothing of it is kept."""

from __future__ import annotations

import pytest

from portal.domain.imports.models import FileImport
from tests.conftest import World
from tests.factories.hostile_files import DOORS, KINDS, answered, knock
from tests.factories.pages import Page

DOOR = DOORS["imports"]
# What the door answers to each file, and the words beside its field.
ANSWERS = {
    "empty": (422, "Choisissez un fichier .docx"),
    "fifty megabytes": (413, "10\u00a0Mo au plus"),
    "bomb in a text": (422, "deviendrait trop grand"),
    "bomb in a table": (422, "deviendrait trop grand"),
    "archives in archives": (422, "Choisissez un fichier .docx"),
    "thousands of parts": (422, "deviendrait trop grand"),
    "words that multiply": (422, "que le portail n’ouvre jamais"),
    "macros in a text": (422, "contient des macros"),
    "macros in a table": (422, "contient des macros"),
    "old format": (422, "ancien format"),
    "locked": (422, "Un PDF ne garde ni les lignes"),
    "page as a document": (422, "Choisissez un fichier .docx"),
    "drawing with a script": (422, "Choisissez un fichier .docx"),
    "program as a document": (422, "Choisissez un fichier .docx"),
    "program as a table": (422, "Choisissez un fichier .docx"),
    "cut archive": (422, "abîmé"),
    "picture of billions of points": (422, "Choisissez un fichier .docx"),
    "formulas": (422, "Rien n’est compris"),
}


def test_every_kind_of_hostile_file_knocks_at_this_door() -> None:
    assert set(ANSWERS) == set(KINDS)


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_a_hostile_file_is_answered_and_nothing_is_kept(world: World, kind: str) -> None:
    answered(world, DOOR, kind, ANSWERS[kind], (FileImport,))


def test_a_file_of_fifty_megabytes_is_told_as_a_file_with_the_way_back(world: World) -> None:
    here = f"/contrats/{world.ours.contract_id}/{DOOR.path}"
    refused = knock(world.client("director"), world.ours.contract_id, DOOR, "a.csv", b"x" * 50 * 1024 * 1024)
    assert refused.status_code == 413
    page = Page(refused)
    assert "Ce fichier est trop lourd" in page.words
    assert "10 Mo au plus" in page.words
    assert "document joint" not in page.words
    assert page.tree.xpath("//main//a[contains(., 'Revenir au formulaire')]/@href") == [here]


def test_a_file_that_is_a_little_too_heavy_is_refused_beside_its_field(world: World) -> None:
    refused = knock(world.client("director"), world.ours.contract_id, DOOR, "a.csv", b"x" * 12 * 1024 * 1024)
    assert refused.status_code == 422
    (told,) = Page(refused).tree.xpath("//*[@id='file-erreur']")
    assert "10\u00a0Mo" in told.text_content()
