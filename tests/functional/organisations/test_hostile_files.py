"""What is not an extract of the directory is refused beside its field, whatever it hides, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.domain.organisations.models import DirectoryEdition
from tests.conftest import World
from tests.factories.hostile_files import DOORS, KINDS, knock, made, told

DOOR = DOORS["directory"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_hostile_file_is_refused_and_nothing_is_kept(world: World, instance: Path, kind: str) -> None:
    answer = knock(world.client("director"), world.ours.contract_id, DOOR, *made(kind))
    assert answer.status_code == 422
    assert "n’est pas une extraction FINESS" in told(answer, DOOR)
    assert world.read(lambda s: s.scalars(select(DirectoryEdition)).all()) == []
    assert not list(instance.glob("repertoire/*"))
