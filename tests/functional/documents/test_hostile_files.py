"""A hostile file is refused beside the field of a document, and nothing of it is kept."""

from __future__ import annotations

import pytest

from portal.domain.documents.models import Document, DocumentFile
from tests.conftest import World
from tests.factories.hostile_files import DOORS, KINDS, answered

DOOR = DOORS["documents"]
# What the door answers to each file, and the words beside its field.
ANSWERS = {
    "empty": (422, "vide"),
    "fifty megabytes": (422, "20\u00a0Mo au plus"),
    "bomb in a text": (422, "deviendrait énorme"),
    "bomb in a table": (422, "deviendrait énorme"),
    "archives in archives": (422, "est une archive"),
    "thousands of parts": (422, "deviendrait énorme"),
    "words that multiply": (422, "bloquer un ordinateur"),
    "macros in a text": (422, "contient des macros"),
    "macros in a table": (422, "contient des macros"),
    "old format": (422, "ancien format"),
    "locked": (422, "protégé par un mot de passe"),
    "page as a document": (422, "une page du web"),
    "drawing with a script": (422, "un dessin qui peut agir"),
    "program as a document": (422, "est un programme"),
    "program as a table": (422, "est un programme"),
    "cut archive": (422, "abîmé ou incomplet"),
    "picture of billions of points": (422, "50\u00a0millions de points"),
    "formulas": (303, ""),
}


def test_every_kind_of_hostile_file_knocks_at_this_door() -> None:
    assert set(ANSWERS) == set(KINDS)


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_a_hostile_file_is_answered_and_nothing_is_kept(world: World, kind: str) -> None:
    answered(world, DOOR, kind, ANSWERS[kind], (Document, DocumentFile))
