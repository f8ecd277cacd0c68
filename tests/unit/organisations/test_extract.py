"""The extract of the FINESS directory, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.organisations import extract
from portal.domain.organisations.extract import Broken, Fault, Site
from tests.factories import finess


def one(line: str) -> Site | Broken:
    """What a single line gives."""
    ((_number, found),) = extract.read([line])
    return found


def test_a_line_has_the_fields_of_the_open_data() -> None:
    assert len(extract.FIELDS) == 32
    assert finess.line(1).count(";") == 31


@pytest.mark.parametrize(
    ("first", "day"),
    [
        ("finess;etalab;97;2026-09-08", date(2026, 9, 8)),
        ("\ufefffiness;etalab;97;2026-09-08\r\n", date(2026, 9, 8)),
        ("finess;etalab;", None),
        ("FINESS;ETALAB;97;demain", None),
    ],
)
def test_the_first_line_gives_the_day(first: str, day: date | None) -> None:
    assert extract.header(first).dated_on == day


@pytest.mark.parametrize("first", ["", "finess", "nofinesset;rs", "structureet;540000001", "PK\x03\x04"])
def test_another_first_line_is_no_extract(first: str) -> None:
    with pytest.raises(extract.NotAnExtractError):
        extract.header(first)


def test_a_line_becomes_an_establishment() -> None:
    found = one(finess.line(8, rslongue="EHPAD Les Tilleuls de la Forêt") + "\r\n")
    assert found == Site(
        finess_et="540000008",
        finess_ej="545000002",
        name="EHPAD Les Tilleuls de la Forêt",
        address="8 R DE LA FORET",
        postcode="54000",
        town="NANCY",
        department="54",
        phone="0399000000",
        category="500",
        category_label="Etablissement d'hébergement pour personnes âgées dépendantes",
        siret="",
        opened_on=date(1998, 4, 1),
    )


@pytest.mark.parametrize(
    ("changed", "number", "department", "town"),
    [
        ({"nofinesset": "2A0000123", "departement": "2A"}, "2A0000123", "2A", "AJACCIO"),
        ({"nofinesset": "2B0000123", "departement": "2B"}, "2B0000123", "2B", "AJACCIO"),
        ({"nofinesset": "970100123", "departement": "9A"}, "970100123", "971", "AJACCIO"),
        ({"nofinesset": "970400123", "departement": "974"}, "970400123", "974", "AJACCIO"),
        ({"ligneacheminement": "ST PIERRE"}, "2A0000001", "2A", "ST PIERRE"),
    ],
)
def test_corsica_and_overseas_are_kept(
    changed: dict[str, str], number: str, department: str, town: str
) -> None:
    found = one(finess.line(1, **changed))
    assert isinstance(found, Site)
    assert (found.finess_et, found.department, found.town) == (number, department, town)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("autre;1;2", Fault.KIND),
        (finess.line(1) + ";de trop", Fault.FIELDS),
        (finess.line(1).rsplit(";", 1)[0], Fault.FIELDS),
        (finess.line(1, nofinesset="54000001"), Fault.SITE),
        (finess.line(1, nofinesset="2C0000001"), Fault.SITE),
        (finess.line(1, nofinessej=""), Fault.OWNER),
        (finess.line(1, rs="  "), Fault.NAME),
        (finess.line(1, departement="20"), Fault.DEPARTMENT),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_kept(line: str, fault: Fault) -> None:
    found = list(extract.read([finess.line(1), line, "", finess.line(2), "geolocalisation;540000001;1;2"]))
    assert found[1] == (3, Broken(3, fault))
    assert [(number, type(row)) for number, row in found] == [(2, Site), (3, Broken), (5, Site)]


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [
        ([b"plain"], "utf-8"),
        (["é".encode()[:1], "é".encode()[1:]], "utf-8"),
        (["Châtaignier".encode("latin-1")], "cp1252"),
        (["é".encode()[:1]], "cp1252"),
    ],
)
def test_the_letters_are_read_as_their_makers_wrote_them(pieces: list[bytes], encoding: str) -> None:
    assert extract.encoding_of(pieces) == encoding
