"""The axes that directors’ files name in their own words."""

from __future__ import annotations

import pytest

from portal.domain.diagnostic.axes import PROPOSED
from portal.domain.imports.building import Context, Known

OFFER, PERSONS, CARE, STAFF, MONEY, PLACES, TOOLS, NETWORK, QUALITY, HEAD = map(str, range(1, 11))
CONTEXT = Context(axes=[Known(str(number), name) for number, (name, _question) in enumerate(PROPOSED, 1)])


@pytest.mark.parametrize(
    ("words", "axis"),
    [
        *((name, str(number)) for number, (name, _question) in enumerate(PROPOSED, 1)),
        ("Qualité de vie et droits des personnes accueillies", PERSONS),
        ("Qualité de vie et droits", PERSONS),
        ("Droits des usagers", PERSONS),
        ("Public accueilli", PERSONS),
        ("Expression des résidents et CVS", PERSONS),
        ("Bientraitance", PERSONS),
        ("Profil des résidents", PERSONS),
        ("Bâtiments", PLACES),
        ("BATIMENTS", PLACES),
        ("Immobilier et travaux", PLACES),
        ("Patrimoine immobilier", PLACES),
        ("Locaux", PLACES),
        ("Développement durable", PLACES),
        ("RH", STAFF),
        ("Ressources humaines", STAFF),
        ("Axe 2 : RH", STAFF),
        ("Moyens humains", STAFF),
        ("QVCT", STAFF),
        ("Qualité de vie et des conditions de travail", STAFF),
        ("Qualité de vie au travail", STAFF),
        ("Risques psychosociaux", STAFF),
        ("Formation et recrutement", STAFF),
        ("Situation financière", MONEY),
        ("Finances", MONEY),
        ("Aspects budgétaires et financiers", MONEY),
        ("Informatique", TOOLS),
        ("Le numérique", TOOLS),
        ("SI", TOOLS),
        ("Systèmes d'information", TOOLS),
        ("Partenariats", NETWORK),
        ("Travail en réseau", NETWORK),
        ("Coopération territoriale", NETWORK),
        ("Qualité", QUALITY),
        ("Qualité et gestion des risques", QUALITY),
        ("Évaluation externe", QUALITY),
        ("Évaluations de la HAS", QUALITY),
        ("Gouvernance", HEAD),
        ("Pilotage et stratégie", HEAD),
        ("IV. Siège social", HEAD),
        ("Offre du territoire", OFFER),
        ("Soins", CARE),
        ("Accompagnement des personnes", CARE),
        ("Projets personnalisés", CARE),
    ],
)
def test_an_axis_is_known_by_its_beginning_or_its_main_words(words: str, axis: str) -> None:
    assert CONTEXT.axis_about(words) == axis


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Divers",
        "Autres",
        "Axe 1",
        "Axe transversal",
        "Introduction",
        "Vie",
        "Calendrier",
        "Territoire",
        "Évaluation des besoins",
        "Qualité et sécurité des soins",
        "Finances et immobilier",
        "Personnel et finances",
        "Nombre de chats",
        "Cuisine",
        "Le droitier",
        "Bâtonnets",
        "Arrhes",
        "Siéger",
        "Offrez",
        "x" * 500,
        "Bâtiments " * 30,
    ],
)
def test_words_that_name_none_or_several_leave_the_choice(words: str) -> None:
    assert CONTEXT.axis_about(words) == ""


def test_one_s_own_axis_is_known_by_its_beginning_and_no_subject_is_lent_to_two() -> None:
    mine = Context(
        axes=[
            Known("a", "Animation et vie sociale"),
            Known("b", "Bâtiments de Nord"),
            Known("c", "Bâtiments de Sud"),
        ]
    )
    assert mine.axis_about("Animations") == "a"
    assert mine.axis_about("Immobilier") == ""
    assert mine.axis_about("Bâtiment du sud") == "c"
