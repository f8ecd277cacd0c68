"""The page on which a director loads the national directory, and follows its reading."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import pytest

from portal.extensions import unit
from portal.jobs import directory as reader
from tests.conftest import World
from tests.factories import finess


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/repertoire"


def send(world: World, here: str, content: bytes, name: str = "finess.csv", who: str = "director"):
    client = world.client(who)
    form = client.see(here).form(here)
    return client.post(
        here, data=form | {"file": (BytesIO(content), name)}, content_type="multipart/form-data"
    )


def test_only_a_director_loads_it(world: World, here: str) -> None:
    for who, status in (("director", 200), ("deputy", 403), ("resident", 403), ("authority", 403)):
        assert world.client(who).get(here).status_code == status
    assert world.client("director", world.other).get(here).status_code == 404


def test_a_file_is_kept_read_in_the_background_and_put_in_use(
    world: World, here: str, instance: Path
) -> None:
    director = world.client("director")
    assert "Aucun répertoire n’est encore chargé" in director.see(here).words
    lines = [*finess.lines(40), "structureet;cassée"]
    assert send(world, here, "\n".join(lines).encode()).status_code == 303
    page = director.see(here)
    assert "0 % lus" in page.words
    assert "Charger un fichier plus récent" not in page.words
    while reader.work(unit.bound, instance, "un"):
        pass
    page = director.see(here)
    assert "40 établissements." in page.words
    assert "Répertoire du" in page.words
    assert "1 ligne laissée de côté" in page.words
    assert "Ligne 82" in page.words


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choisissez un fichier"),
        (b"PK\x03\x04" + b"\x00" * 1000, "n’est pas une extraction FINESS"),
        (b"=cmd|' /C calc'!A0;etalab", "n’est pas une extraction FINESS"),
    ],
)
def test_another_file_is_refused_at_once_and_nothing_is_kept(
    world: World, here: str, instance: Path, content: bytes, told: str
) -> None:
    answer = send(world, here, content, name="finess.csv" if content else "")
    assert answer.status_code == 422
    assert told in answer.text
    assert not list(instance.glob("repertoire/*"))


def test_fifty_megabytes_of_something_else_are_refused_in_two_seconds(world: World, here: str) -> None:
    began = time.monotonic()
    assert send(world, here, b"\x00" * 50_000_000).status_code == 422
    assert time.monotonic() - began < 2


def test_what_is_heavier_than_any_extract_is_not_even_read(world: World, here: str) -> None:
    refused = send(world, here, b"finess;etalab;1\n" + b"x" * 62 * 1024 * 1024)
    assert refused.status_code == 413
    assert "60\u00a0Mo au plus" in refused.text


def test_one_file_at_a_time(world: World, here: str, instance: Path) -> None:
    content = "\n".join(finess.lines(5)).encode()
    client = world.client("director")
    form = client.see(here).form(here)
    assert send(world, here, content).status_code == 303
    late = client.post(
        here, data=form | {"file": (BytesIO(content), "f.csv")}, content_type="multipart/form-data"
    )
    assert late.status_code == 422
    assert len(list(instance.glob("repertoire/*"))) == 1
