"""A name after « de » is said as people say it, and left alone in another language."""

from __future__ import annotations

import pytest

from portal.kernel.names import of
from portal.kernel.speech import say


class English:
    code = "en"

    def one(self, msgid: str) -> str:
        return {"La direction %(of_house)s": "The management of %(of_house)s"}.get(msgid, msgid)

    def many(self, one: str, many: str, number: int) -> str:
        return one if number == 1 else many


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Les Tilleuls", "des Tilleuls"),
        ("les Tilleuls", "des Tilleuls"),
        ("Le Parc", "du Parc"),
        ("La Roseraie", "de La Roseraie"),
        ("L’Oasis", "de L’Oasis"),
        ("L'Oasis", "de L'Oasis"),
        ("Avel", "d’Avel"),
        ("Épinay", "d’Épinay"),
        ("Saint-Roch", "de Saint-Roch"),
        ("Résidence Les Tilleuls", "de la Résidence Les Tilleuls"),
        ("EHPAD Les Tilleuls", "de l’EHPAD Les Tilleuls"),
        ("Foyer du Lac", "du Foyer du Lac"),
        ("SAVS Le Phare", "du SAVS Le Phare"),
        # Names that only begin like an article, and an article alone.
        ("Lesage", "de Lesage"),
        ("Les", "de Les"),
        ("Leïla", "de Leïla"),
    ],
)
def test_a_name_is_contracted_with_de(name: str, said: str) -> None:
    assert str(of(name)) == said


def test_another_language_has_no_contraction() -> None:
    sentence = say("La direction %(of_house)s", of_house=of("Les Tilleuls"))
    assert str(sentence) == "La direction des Tilleuls"
    assert sentence.said(English()) == "The management of Les Tilleuls"
