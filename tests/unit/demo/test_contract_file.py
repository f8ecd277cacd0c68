"""A file that describes a contract is taken whole, or refused with the keys to mend."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from portal.demo.contract_file import parse
from portal.demo.loader import load_contract
from portal.demo.seed import contract_data
from portal.domain.contracts.models import Contract, ContractEstablishment, Item
from portal.domain.involvement import queries as involvement
from portal.domain.journal.models import JournalLine
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.texts import queries as texts
from portal.kernel.errors import InvalidError
from portal.vocabulary import Group, Level, Register

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOOD = contract_data("melezes")
MISSING = object()

# (where in the file, what is written there, the key that the sentence must name, a word of it)
SLIPS = [
    (["contrat", "titre"], MISSING, "contrat.titre", "manque"),
    (["contrat", "titre"], "  ", "contrat.titre", "vide"),
    (["contrat", "titre"], "x" * 201, "contrat.titre", "trop long"),
    (["contrat", "titre"], 3, "contrat.titre", "guillemets"),
    (["contrat", "debut"], "2027-01-01", "contrat.debut", "date"),
    (["contrat", "fin"], GOOD["contrat"]["debut"], "contrat.fin", "après"),
    (["contrat", "etape"], "diagnostique", "contrat.etape", "diagnostic"),
    (["contrat", "titer"], "x", "contrat.titer", "inconnue"),
    (["organisme", "finess"], "12345", "organisme.finess", "neuf"),
    (["autorites"], [], "autorites", "au moins une"),
    (["autorites", 0, "genre"], "prefet", "autorites[1].genre", "ars"),
    (["etablissements"], MISSING, "etablissements", "manque"),
    (["etablissements", 0, "places"], "28", "etablissements[1].places", "nombre"),
    (["etablissements", 0, "places"], True, "etablissements[1].places", "nombre"),
    (["niveaux", "voisins"], "information", "niveaux.voisins", "residents"),
    (["niveaux", "residents"], "co-construction", "niveaux.residents", "concertation"),
    (["constats", 0, "nature"], "bien", "constats[1].nature", "point-fort"),
    (["constats", 0, "clair"], MISSING, "constats[1].clair", "manque"),
    (["constats", 1, "cle"], "atelier", "constats[2].cle", "déjà"),
    (["constats", 0, "marge", "decide_par"], "", "constats[1].marge.decide_par", "par qui"),
    (["constats", 0], "texte", "constats", "[[constats]]"),
    (["constats", 1, "lieux"], ["nulle-part"], "constats[2].lieux", "établissement"),
    (["constats", 0, "preuve"], "x" * 301, "constats[1].preuve", "trop long"),
    (["axes"], [{"nom": "Le soir"}, {"nom": "Le soir"}], "axes[2].nom", "déjà"),
    (["organisme"], "texte", "organisme", "[organisme]"),
]


def written(place, value):
    data = copy.deepcopy(GOOD)
    *path, last = place
    table = data
    for key in path:
        table = table[key]
    if value is MISSING:
        del table[last]
    else:
        table[last] = value
    return data


def refusal(data):
    with pytest.raises(InvalidError) as refused:
        parse(data)
    return refused.value.errors


@pytest.mark.parametrize(("place", "value", "key", "words"), SLIPS)
def test_a_slip_is_told_with_its_key(place, value, key, words):
    sentence = " ".join(refusal(written(place, value))[key])
    assert sentence.startswith(f"{key}\u00a0: ")
    assert words in sentence


def test_one_box_of_the_leeway_may_be_empty_and_not_two():
    data = written(["constats", 0, "marge", "ouvert"], "")
    assert parse(data).findings[0].leeway["open"] == ""
    data["constats"][0]["marge"]["decide"] = ""
    assert "une seule" in " ".join(refusal(data)["constats[1].marge.ouvert"])


def test_all_slips_are_told_at_once():
    data = written(["contrat", "titre"], MISSING)
    del data["organisme"]["nom"]
    assert set(refusal(data)) == {"contrat.titre", "organisme.nom"}


def test_a_refused_file_writes_nothing(unit):
    with pytest.raises(InvalidError):
        unit(lambda s: load_contract(s, written(["contrat", "fin"], 2031), demonstration=False, at=AT))
    assert unit(lambda s: s.scalar(select(func.count(Organisation.id)))) == 0


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_contract_is_written_with_its_parties_places_items_texts_and_levels(unit, demonstration):
    contract_id = unit(lambda s: load_contract(s, GOOD, demonstration=demonstration, at=AT))

    def read(session):
        contract = session.get_one(Contract, contract_id)
        assert contract.title == "Contrat 2027–2031 de la fondation Haut-Mélèze"
        assert session.get_one(Organisation, contract.organisation_id).finess_ej == "990000522"
        assert set(session.scalars(select(Organisation.fictional))) == {demonstration}
        items = list(session.scalars(select(Item).order_by(Item.number)))
        assert [item.number for item in items] == [1, 2, 3]
        words = texts.current(session, [item.id for item in items])
        assert len(words) == 6
        assert len(words[items[0].id, Register.PLAIN].paragraphs) == 2
        levels = involvement.levels(session, contract_id, "", AT)
        assert levels[Group.MANAGEMENT] is Level.CONCERTATION
        assert levels[Group.AUTHORITIES] is Level.INFORMATION
        lines = list(session.scalars(select(JournalLine).order_by(JournalLine.seq)))
        assert lines[0].kind == "contract_created"
        assert len(lines) == 1 + len(GOOD["niveaux"])

    unit(read)


def test_a_second_contract_finds_its_organisation_and_places_again(unit):
    for title in ("Premier contrat", "Second contrat"):
        data = written(["contrat", "titre"], title)
        unit(lambda s, data=data: load_contract(s, data, demonstration=False, at=AT))
    counts = unit(
        lambda s: [
            s.scalar(select(func.count()).select_from(table))
            for table in (Contract, Organisation, Establishment, ContractEstablishment)
        ]
    )
    assert counts == [2, 2, 1, 2]
