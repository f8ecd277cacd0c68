"""Words that say the same are found together, and words that do not stay apart: tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.text.stems import begun, stem, tokens, words

TOGETHER = (
    ("chute", "chutes"),
    ("hôpital", "Hôpitaux", "HOPITAL"),
    ("social", "sociaux", "sociale", "sociales"),
    ("travail", "travaux"),
    ("accompagner", "accompagné", "accompagnées", "accompagnement", "accompagnant"),
    ("héberger", "hébergement", "hébergés"),
    ("loger", "logement", "logements"),
    ("former", "formation", "formations", "formé"),
    ("participer", "participation", "participant", "participantes"),
    ("évaluer", "évaluation", "évaluée"),
    ("animer", "animation", "animateur", "animatrice"),
    ("direction", "directeur", "directrices"),
    ("hospitalisation", "hospitaliser", "hospitalisés"),
    ("infirmier", "infirmière", "infirmières", "infirmerie"),
    ("qualité", "qualités"),
    ("mobile", "mobilité"),
    ("sécurité", "sécuriser", "sécurisé"),
    ("responsable", "responsabilité"),
    ("dépendant", "dépendance", "dépendantes"),
    ("urgence", "urgent", "urgentes"),
    ("professionnel", "professionnelle", "professionnels", "profession"),
    ("fonctionnement", "fonctionner", "fonction"),
    ("vieillir", "vieillissement"),
    ("actif", "active", "activité", "activités"),
    ("collectif", "collective", "collectivité"),
    ("objectif", "objectifs"),
    ("bon", "bonne", "bonnes"),
    ("alimenter", "alimentation", "aliment"),
    ("document", "documents", "documentation"),
    ("eau", "eaux"),
    ("préau", "préaux"),
    ("bureau", "bureaux"),
    ("œuvre", "oeuvres"),
    ("résident", "résidente", "résidents"),
    ("repas", "REPAS"),
    ("recruter", "recrutement", "recrutés"),
    ("économie", "économique"),
    ("coordination", "coordinateur", "coordinatrices"),
)
APART = (
    ("action", "activité"),
    ("commun", "comment"),
    ("objet", "objectif"),
    ("sol", "soleil"),
    ("moyen", "moment"),
    ("soin", "soir"),
    ("personne", "personnel"),
    ("place", "plan"),
    ("jour", "journée d’accueil"),
    ("table", "tableau"),
    ("chute", "chat"),
    ("2026", "2027"),
)


@pytest.mark.parametrize("same", TOGETHER, ids=lambda one: one[0])
def test_these_words_are_found_together(same: tuple[str, ...]) -> None:
    found = {next(tokens(one)).stem for one in same}
    assert len(found) == 1, {one: next(tokens(one)).stem for one in same}
    assert "" not in found


@pytest.mark.parametrize(("one", "other"), APART)
def test_these_words_stay_apart(one: str, other: str) -> None:
    assert next(tokens(one)).stem != next(tokens(other)).stem


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’aide d'un élu", ["aide", "un", "elu"]),
        ("qu’elle, jusqu'ici", ["elle", "ici"]),
        ("aujourd’hui", ["aujourd", "hui"]),
        ("Cœur, NAÎTRE ; ça", ["coeur", "naitre", "ca"]),
        ("le 12e étage, 3,5 %", ["le", "12e", "etage", "3", "5"]),
        ("arc-en-ciel", ["arc", "en", "ciel"]),
        ("", []),
        ("…", []),
    ],
)
def test_a_text_is_cut_in_words_without_accents_or_elisions(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_word_knows_where_it_stands() -> None:
    text = "L’hôpital, l’Œuvre"
    assert [text[one.start : one.end] for one in tokens(text)] == ["hôpital", "Œuvre"]


@pytest.mark.parametrize("word", ["de", "la", "et", "qui", "vous"])
def test_words_that_say_nothing_alone_are_not_looked_for(word: str) -> None:
    assert next(tokens(word)).stem == ""


@pytest.mark.parametrize(
    ("start", "word"),
    [
        ("hospitalisat", "hospitalisation"),
        ("accompagnem", "accompagnement"),
        ("infirmi", "infirmière"),
        ("professionn", "professionnels"),
    ],
)
def test_a_beginning_that_stops_within_an_ending_gives_the_word(start: str, word: str) -> None:
    assert stem(next(tokens(word)).word) in begun(start)


@given(st.text(alphabet="abcdefilmnoprstuvx", min_size=1, max_size=24))
def test_the_stem_of_a_stem_is_itself_and_is_never_empty(word: str) -> None:
    once = stem(word)
    assert once
    assert stem(once) == once
    assert len(once) >= min(len(word), 3)
