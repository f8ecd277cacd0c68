"""The fictional contracts: believable French, well typed, and nothing that could be real."""

from __future__ import annotations

import re
import tomllib

import pytest

from portal.demo.contract_file import parse
from portal.demo.seed import CONTRACTS, DATA, contract_data
from portal.vocabulary import FindingKind, Group, Level, Register

NO_BREAK = "\u00a0"
FILES = sorted(DATA.glob("*/*.toml"))
TABLES = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}
OWN_WORDS = re.compile(r"mélèze|alpage|marmotte|chamois|edelweiss|gentiane", re.IGNORECASE)
BAD_FRENCH = {
    "straight apostrophe": r"'",
    "three dots": r"\.\.\.",
    "narrow space, absent from the font": "\u202f",
    "no space before a double sign": rf"[^{NO_BREAK}\s][;!?»](?!\w)|(?<!\d)[^{NO_BREAK}\d]:(?!\d)",
    "a space that breaks": r" [;:!?»]|« ",
    "no space inside quotes": rf"«[^{NO_BREAK}]",
    "two spaces": rf"[ {NO_BREAK}]{{2}}",
    "a word that nobody wants to be called": r"(?i)\butilisateur",
}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def named(path):
    return "/".join(path.parts[-2:])


def sentences(source):
    return [one for one in re.split(r"[.!?…]+\s*", source.replace(NO_BREAK, " ")) if one.strip()]


def entries(contract, key):
    tables = [table for path, table in TABLES.items() if path.parent.name == contract]
    return [one for table in tables for one in table.get(key, [])]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("problem", BAD_FRENCH)
@pytest.mark.parametrize("path", FILES, ids=named)
def test_french_is_typed_as_it_should(path, problem):
    assert not [words for words in strings(TABLES[path]) if re.search(BAD_FRENCH[problem], words)]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_everything_is_marked_fictional(contract):
    file = parse(contract_data(contract))
    numbers = [file.organisation.finess, *(place.finess for place in file.places)]
    assert all(number.startswith("99") for number in numbers)
    for path in (path for path in FILES if path.parent.name == contract):
        for number in re.findall(r"0\d(?:[\s\u00a0]\d\d){4}", path.read_text(encoding="utf-8")):
            assert number.replace(NO_BREAK, " ").startswith("01 99 00 "), number


@pytest.mark.parametrize("contract", CONTRACTS)
def test_plain_texts_are_plain_and_both_texts_have_a_few_paragraphs(contract):
    file = parse(contract_data(contract))
    for item in (*file.findings, *file.objectives):
        assert max(len(one.split()) for one in sentences(item.texts[Register.PLAIN])) <= 15, item.key
        for register in Register:
            assert 2 <= len(item.texts[register].split("\n\n")) <= 4, (item.key, register)


def test_the_main_contract_has_the_shape_that_was_promised():
    file = parse(contract_data("rives"))
    assert sorted(place.category for place in file.places) == [
        "EHPAD",
        "EHPAD",
        "Résidence autonomie",
        "Service autonomie à domicile",
    ]
    assert len(file.authorities) == 2
    assert len(file.findings) >= 10
    assert len({finding.axis for finding in file.findings}) >= 6
    assert {finding.finding_kind for finding in file.findings} == set(FindingKind)
    assert len(file.objectives) == 12
    assert set(file.levels) == set(Group)
    for objective in file.objectives:
        assert objective.indicators
        for indicator in objective.indicators:
            years = indicator.yearly.split(" · ")
            assert len(years) == 5
            assert years[-1] == indicator.target


@pytest.mark.parametrize("contract", CONTRACTS)
def test_no_group_is_promised_a_level_that_does_not_exist_yet(contract):
    offered = {level.label for level in Level if level < Level.COCONSTRUCTION}
    for space in entries(contract, "espaces"):
        assert set(space["niveaux"]) == {group.value for group in Group}
        assert set(space["niveaux"].values()) <= offered


def test_the_two_contracts_share_no_name():
    whole = [{person["nom"] for person in entries(contract, "personnes")} for contract in CONTRACTS]
    assert not whole[0] & whole[1]
    families = [{name.split()[-1] for name in names} for names in whole]
    assert not families[0] & families[1]


def test_every_text_of_the_second_contract_is_recognisable_and_none_of_the_first():
    for path in (path for path in FILES if path.parent.name == "rives"):
        assert not [words for words in strings(TABLES[path]) if OWN_WORDS.search(words)], path
    for item in (*entries("melezes", "constats"), *entries("melezes", "contributions")):
        texts = [item.get(key, "") for key in ("titre", "clair", "technique", "texte")]
        texts.append(item.get("reponse", {}).get("texte", ""))
        for paragraph in (part for text in texts for part in text.strip().split("\n\n")):
            assert not paragraph or OWN_WORDS.search(paragraph), paragraph


@pytest.mark.parametrize("contract", CONTRACTS)
def test_addresses_lead_nowhere_and_keys_are_unique(contract):
    tables = [table for path, table in TABLES.items() if path.parent.name == contract]
    domains = {table["domaine"] for table in tables if "domaine" in table}
    assert len(domains) == 1
    assert domains.pop().endswith(".example")
    for key in ("personnes", "contributions"):
        keys = [one["cle"] for one in entries(contract, key)]
        assert len(keys) == len(set(keys))
