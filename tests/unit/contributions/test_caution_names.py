"""A title and a name are somebody, however the title is written; a title alone, a function and a house are not."""

from __future__ import annotations

import pytest

from portal.domain.contributions.caution import Care, cautions

HOUSES = ("Résidence Madame de Staël", "Le Docteur Calmette")

NAMED = [
    ("Hier, le docteur Martin n’est pas venu.", "docteur Martin"),
    ("Le Dr Martin est pressé.", "Dr Martin"),
    ("Le Dr. Martin est pressé.", "Dr. Martin"),
    ("J’ai vu le dr Martin.", "dr Martin"),
    ("La docteure Élise Martin écoute.", "docteure Élise Martin"),
    ("C’est madame Lefèvre qui sert.", "madame Lefèvre"),
    ("Mme. Lefèvre sert trop tôt.", "Mme. Lefèvre"),
    ("Demandez à mme Lefèvre.", "mme Lefèvre"),
    ("Mlle. Roy et moi.", "Mlle. Roy"),
    ("MADAME LEFÈVRE crie.", "MADAME LEFÈVRE"),
    ("Mme Le Goff ne mange plus.", "Mme Le Goff"),
    ("M. d’Aubigné se lève tôt.", "M. d’Aubigné"),
    ("Hier mme durand n’a pas mangé.", "mme durand"),
    ("mr. lefèvre crie la nuit", "mr. lefèvre"),
    ("M.Petit dort mal.", "M.Petit"),
    ("Le professeur Garnier l’a dit.", "professeur Garnier"),
    ("Pr. Garnier l’a dit.", "Pr. Garnier"),
    ("L’infirmière Sophie est gentille.", "infirmière Sophie"),
    ("L’aide-soignant Karim me lève.", "aide-soignant Karim"),
    ("La kiné Sophie Lenoir passe le mardi.", "kiné Sophie Lenoir"),
    ("La directrice Claire Arnaud ne répond pas.", "directrice Claire Arnaud"),
]
NOBODY = [
    "Le docteur ne vient plus le samedi.",
    "Voir un docteur. Le soir, il n’y en a pas.",
    "Madame la Directrice, merci.",
    "madame la directrice sait tout",
    "MADAME LA DIRECTRICE, MERCI.",
    "Monsieur le Maire et Madame la Préfète sont venus.",
    "Mme la Présidente du CVS a parlé.",
    "Mme veut dormir plus tard, mr était d’accord.",
    "mme la responsable et mr le gestionnaire, merci",
    "Un A.M.P. de plus le soir, et un M.J.P.M. joignable.",
    "Oui, madame. Nous dînons trop tôt.",
    "Merci docteur ! Vous avez raison.",
    "LE DOCTEUR EST ABSENT.",
    "Une infirmière IDE et un médecin EHPAD.",
    "L’infirmière. Elle court partout.",
    "Le professeur des écoles vient lire.",
    "Le Directeur Général et l’Infirmière Coordinatrice décident.",
    "Il faut un médecin coordonnateur et une psychologue.",
    "Rue du Docteur Roux, il n’y a pas de banc.",
    "À l’EHPAD Docteur Roux, on mange à midi.",
    "Les familles de la Résidence Madame de Staël viennent.",
    "Le Docteur Calmette est notre maison.",
    "Les infirmières de nuit, Rose et Capucine exceptées.",
]


@pytest.mark.parametrize(("text", "passage"), NAMED)
def test_a_title_and_a_name_are_somebody(text: str, passage: str) -> None:
    found = {one.care: one.passages for one in cautions(text, known=HOUSES)}
    assert found == {Care.NAME: (passage,)}


@pytest.mark.parametrize("text", NOBODY)
def test_a_title_alone_a_function_or_a_house_is_nobody(text: str) -> None:
    assert cautions(text, known=HOUSES) == ()


def test_two_titles_are_one_name_and_a_house_hides_nobody_else() -> None:
    (one,) = cautions("La directrice madame Arnaud, au Docteur Calmette.", known=("Docteur Calmette",))
    assert one.passages == ("madame Arnaud",)
    (one,) = cautions("Résidence Madame de Staël, madame Arnaud crie.", known=HOUSES)
    assert one.passages == ("madame Arnaud",)
