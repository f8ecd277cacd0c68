"""Values of indicators and what is promised to people: what a file says of them, and what it does not."""

from __future__ import annotations

import pytest

from portal.domain.diagnostic import queries as diagnostic
from portal.domain.imports import outgoing
from portal.domain.objectives import queries
from tests.conftest import World
from tests.factories import papers
from tests.functional.imports.test_pages import taken_up, write


def test_values_of_indicators_are_written_in_their_grid(world: World) -> None:
    site = world.ours.establishment_id
    name = world.read(lambda s: dict(diagnostic.places(s, world.ours.contract_id))[site])
    table = [
        ("Indicateur", "Établissement", "2022", "2023", "2024"),
        ("Taux d'ETP vacants", name, "-3", "8,5", "beaucoup"),
    ]
    address = taken_up(world, papers.xlsx(table), "valeurs.xlsx")
    page = world.client("director").see(address)
    words = page.words.replace("\u00a0", " ")
    assert "Ce nombre n’est pas compris : « 2024 : beaucoup »" in words
    assert "Cet indicateur ne descend pas sous zéro : « 2022 : -3 »" in words
    assert write(world, address).status_code == 303
    sheet = world.read(lambda s: outgoing.values(s, world.ours.contract_id))
    assert [row for row in sheet.rows if "vacants" in row[0]] == [
        ("Taux de postes vacants", name, sheet.rows[0][2], "8,5")
    ]


def test_a_number_that_may_be_a_part_of_one_is_told_in_both_readings_and_waits(world: World) -> None:
    site = world.ours.establishment_id
    name = world.read(lambda s: dict(diagnostic.places(s, world.ours.contract_id))[site])
    table = [
        ("Indicateur", "Établissement", "2022", "2023", "2024"),
        ("Taux d'ETP vacants", name, 950, "9,6 %", 0.0971),
    ]
    address = taken_up(world, papers.xlsx(table), "valeurs.xlsx")
    page = world.client("director").see(address)
    offered = [" ".join(one.split()) for one in page.tree.xpath("//select[@name='reading-1']/option/text()")]
    assert offered == ["Choisissez…", "9,71 %", "0,0971 %"]
    assert "Cet indicateur ne peut pas valoir autant" in page.words
    refused = write(world, address)
    assert refused.status_code == 422
    assert "Dites comment lire ce nombre." in refused.text
    assert write(world, address, {"reading-1": "part"}).status_code == 303
    sheet = world.read(lambda s: outgoing.values(s, world.ours.contract_id))
    (row,) = [row for row in sheet.rows if "vacants" in row[0]]
    assert row[3:] == ("9,6", "9,71")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_values_that_are_there_already_are_not_written_twice(world: World, form: str) -> None:
    site = world.ours.establishment_id
    name = world.read(lambda s: dict(diagnostic.places(s, world.ours.contract_id))[site])
    table = [("Indicateur", "Établissement", "2023", "2024"), ("Taux d'ETP vacants", name, "0,8 %", "8,5 e")]
    assert write(world, taken_up(world, papers.xlsx(table), "valeurs.xlsx")).status_code == 303
    file = world.client("director").get(f"/contrats/{world.ours.contract_id}/indicateurs/telecharger/{form}")
    address = taken_up(world, file.data, f"indicateurs.{form}")
    words = world.client("director").see(address).words
    assert "1 morceau est déjà dans le contrat" in words.replace("\u00a0", " ")
    assert "que veulent-ils dire" not in words
    refused = write(world, address)
    assert refused.status_code == 422
    assert "Il n’y a rien à écrire" in refused.text
    changed = file.data.replace(b"8,5 e", b"9,5 e")
    if form == "csv":
        address = taken_up(world, changed, "indicateurs.csv")
        assert write(world, address).status_code == 303
        sheet = world.read(lambda s: outgoing.values(s, world.ours.contract_id))
        assert sheet.rows[0][3:] == ("0,8", "9,5 e")


def test_a_title_is_no_promise_and_what_changes_for_people_is_to_be_written(world: World) -> None:
    contract = f"/contrats/{world.ours.contract_id}"
    address = taken_up(world, papers.plan())
    assert write(world, address).status_code == 303
    sheets = world.read(lambda s: queries.page(s, world.ours.contract_id, queries.Wanted()).sheets)
    found = next(one for one in sheets if one.item.title == "Prévenir les chutes")
    assert found.expected == ""
    assert "Prévenir les chutes" in world.client("director").see(address).words
    sheet = world.client("director").see(f"{contract}/objectifs/{found.item.id}")
    assert sheet.tree.xpath(
        f"//section[.//h2[@id='resultat']]//a[@href='{contract}/objectifs/{found.item.id}/recrire']"
    )
    family = world.client("family").see(f"{contract}/objectifs/{found.item.id}")
    assert "Ce n’est pas encore écrit." in family.words
