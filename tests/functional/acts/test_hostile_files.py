"""A hostile file is refused beside the field of the document of an act, and nothing of it is kept."""

from __future__ import annotations

import pytest

from portal.domain.acts.models import ActRecord, FormalAct
from tests.conftest import World
from tests.factories.hostile_files import DOORS, KINDS, answered

DOOR = DOORS["acts"]
# What the door answers to each file, and the words beside its field.
ANSWERS = {
    "empty": (422, "pas le document que son nom annonce"),
    "fifty megabytes": (413, "10\u00a0Mo au plus"),
    "bomb in a text": (422, "deviendrait énorme"),
    "bomb in a table": (422, "PDF, ODT ou DOCX"),
    "archives in archives": (422, "pas le document que son nom annonce"),
    "thousands of parts": (422, "pas le document que son nom annonce"),
    "words that multiply": (422, "bloquer un ordinateur"),
    "macros in a text": (422, "contient des macros"),
    "macros in a table": (422, "PDF, ODT ou DOCX"),
    "old format": (422, "pas le document que son nom annonce"),
    # It is handed over as it came: whoever has the word opens it.
    "locked": (303, ""),
    "page as a document": (422, "pas le document que son nom annonce"),
    "drawing with a script": (422, "pas le document que son nom annonce"),
    "program as a document": (422, "pas le document que son nom annonce"),
    "program as a table": (422, "PDF, ODT ou DOCX"),
    "cut archive": (422, "pas le document que son nom annonce"),
    "picture of billions of points": (422, "PDF, ODT ou DOCX"),
    "formulas": (422, "PDF, ODT ou DOCX"),
}


def test_every_kind_of_hostile_file_knocks_at_this_door() -> None:
    assert set(ANSWERS) == set(KINDS)


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_a_hostile_file_is_answered_and_nothing_is_kept(world: World, kind: str) -> None:
    answered(world, DOOR, kind, ANSWERS[kind], (ActRecord, FormalAct))
