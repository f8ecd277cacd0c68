"""A first name is somebody, alone or with a name behind it; a flower, a feast, a street and a house are not."""

from __future__ import annotations

import time

import pytest

from portal.domain.contributions.caution import Care, cautions
from portal.domain.contributions.first_names import ALSO_WORDS, FIRST_NAMES
from portal.kernel.text import folded

HOUSES = ("Les Jardins de Jeanne", "Fondation Lucien Faure")

SOMEBODY = [
    ("Hier soir Lucien Faure était triste.", "Lucien Faure"),
    ("Lucien Faure mange trop tôt.", "Lucien Faure"),
    ("La fille de Jeanne Morel trouve la soupe froide.", "Jeanne Morel"),
    ("Karim m’a crié dessus.", "Karim"),
    ("Karim m'a crié dessus.", "Karim"),
    ("C’est d’Emma que je parle.", "Emma"),
    ("Lucien FAURE mange trop tôt.", "Lucien FAURE"),
    ("LUCIEN FAURE.", "LUCIEN FAURE"),
    ("FAURE Lucien mange trop tôt.", "Lucien"),
    ("Élodie vient le mardi.", "Élodie"),
    ("Elodie vient le mardi.", "Elodie"),
    ("Hier, Jean-Pierre pleurait.", "Jean-Pierre"),
    ("Marie-Claire Dubois attend.", "Marie-Claire Dubois"),
    ("Fatoumata Diallo chante bien.", "Fatoumata Diallo"),
    ("Mohamed Ben Salah a froid.", "Mohamed Ben Salah"),
    ("Youssef El Amrani a froid.", "Youssef El Amrani"),
    ("Nadia ben Youssef a froid.", "Nadia ben Youssef"),
    ("Mamadou n’a pas eu son repas.", "Mamadou"),
    ("Odette Le Goff dort mal.", "Odette Le Goff"),
    ("Ginette de La Tour dort mal.", "Ginette de La Tour"),
    ("Yvonne d’Aubigné dort mal.", "Yvonne d’Aubigné"),
    ("Paul N’Diaye dort mal.", "Paul N’Diaye"),
    ("Pierre Martin dort mal.", "Pierre Martin"),
    ("Rose Dupont est seule.", "Rose Dupont"),
    ("Claire MOREL est seule.", "Claire MOREL"),
    ("Noël Durand est seul.", "Noël Durand"),
    ("Mon voisin Lucien est seul le soir.", "Lucien"),
    ("Merci à Sandrine !", "Sandrine"),
    ("On attend (Thérèse surtout).", "Thérèse"),
    ("La chambre de Raymonde est froide.", "Raymonde"),
    ("Simone, 92 ans, tombe souvent.", "Simone"),
    ("Marcelle pleurait hier.", "Marcelle"),
    ("Hier Pascal criait.", "Pascal"),
    ("Maxime Durand est parti.", "Maxime Durand"),
    ("À ma place Karim a signé.", "Karim"),
    ("À la maison Karim dort mal.", "Karim"),
    ("À ma place Karim Durand a signé.", "Karim Durand"),
    ("À la maison Karim Durand dort mal.", "Karim Durand"),
    ("Dans son unité Ginette Moreau a froid.", "Ginette Moreau"),
    ("Dans son unité Ginette a froid.", "Ginette"),
]
NOBODY = [
    "Les Tilleuls sont bruyants.",
    "L’animation du Lundi plaît.",
    "Il n’y a pas de banc rue Victor Hugo.",
    "Le Père Noël passe le 24.",
    "À Noël, on dîne trop tôt.",
    "Rose ou bleu, les murs sont tristes.",
    "Marc de café et compost : on peut trier.",
    "Pierre sur pierre, on avance.",
    "Claire et nette, cette phrase.",
    "Blanche est la porte.",
    "La Marguerite est l’unité fermée.",
    "Capucine et Violette sont les deux unités.",
    "La France manque de soignants.",
    "France Alzheimer et France Travail sont venus.",
    "Le lundi de la Toussaint, personne.",
    "La Saint-Pierre est fêtée, la Sainte-Odile non.",
    "Le bal de la Saint-Jean est annulé.",
    "La messe de Saint François est courte.",
    "L’école Sainte-Anne vient chanter.",
    "Place Jean Jaurès, on traverse mal.",
    "Le bus s’arrête avenue du Général Charles de Gaulle.",
    "Résidence Simone Veil, on mange à midi.",
    "La salle « Édith Piaf » est froide.",
    "L’EHPAD Louise Michel a un jardin.",
    "Le lycée Jules Ferry nous écrit.",
    "L’hôpital Georges Pompidou nous l’envoie.",
    "Unité Marie Curie, le sol glisse.",
    "Aux Jardins de Jeanne on dîne tôt, comme dans Les Jardins de Jeanne.",
    "La Fondation Lucien Faure gère trois maisons.",
    "Un ali, un paul, un jean bleu : des mots en petites lettres.",
    "Le CVS demande un vote. Le CPOM le dit.",
    "Constance et Patience sont deux vertus.",
    "Victoire ! Le jardin est ouvert.",
    "Aurore boréale au programme.",
    "Madeleine ou tarte, au goûter.",
    "Martin est un ours dans le conte.",
    "Clémentine ou pomme, au choix.",
    "Max 5 personnes par table.",
    "Samba et java au bal.",
    "Honoré de vous lire.",
    "Romain ou grec, le décor plaît.",
    "Le foyer « Karim » ouvre demain.",
    "L’unité Marie Curie est au rez-de-chaussée.",
    "Dans notre unité Marie Curie, il fait froid.",
    "Écrivez à Karim.Faure@maison.example",
]


def care_of(text: str) -> dict[Care, tuple[str, ...]]:
    return {one.care: one.passages for one in cautions(text, known=HOUSES)}


@pytest.mark.parametrize(("text", "passage"), SOMEBODY)
def test_a_first_name_is_somebody(text: str, passage: str) -> None:
    assert care_of(text) == {Care.NAME: (passage,)}


@pytest.mark.parametrize("text", NOBODY)
def test_a_word_a_feast_a_street_or_a_house_is_nobody(text: str) -> None:
    assert Care.NAME not in care_of(text)


def test_a_title_with_its_first_name_is_told_once() -> None:
    assert care_of("L’infirmière Sophie et Karim.") == {Care.NAME: ("infirmière Sophie", "Karim")}


@pytest.mark.parametrize(
    "text",
    [
        "Écrivez à marie (chez) orange point fr",
        "Écrivez à marie.faure arobase orange.fr",
        "Écrivez à marie arobase orange point fr",
        "Écrivez à marie [arobase] orange (point) fr",
        "Écrivez à marie chez orange point fr",
    ],
)
def test_an_address_that_is_spelled_is_an_address(text: str) -> None:
    assert Care.EMAIL in care_of(text)


@pytest.mark.parametrize(
    "text",
    ["Je suis chez orange. Point final.", "Le signe arobase manque au clavier.", "Il vient chez nous."],
)
def test_the_words_of_an_address_alone_are_none(text: str) -> None:
    assert Care.EMAIL not in care_of(text)


def test_a_name_is_either_sure_or_also_a_word() -> None:
    assert not FIRST_NAMES & ALSO_WORDS
    assert len(FIRST_NAMES) >= 500


def test_one_beginning_stands_for_each_of_its_endings() -> None:
    known = {"marcel", "marcelle", "marceline", "renee", "leon", "pascale", folded("Aurélienne"), "claudine"}
    assert known <= FIRST_NAMES
    assert not {one for one in FIRST_NAMES if "/" in one}


@pytest.mark.parametrize("piece", ["Lucien de La ", "Jean-", "a.", "marie point ", "Rose ", "rue "])
def test_a_long_text_is_looked_through_at_once(piece: str) -> None:
    began = time.process_time()
    cautions(piece * 4000)
    assert time.process_time() - began < 1
