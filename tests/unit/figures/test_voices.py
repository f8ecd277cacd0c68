"""The balance in words: fractions that anybody can picture, and no number that the table does not tell."""

from __future__ import annotations

import re

import pytest

from portal.domain.figures.balance import Balance, Voice
from portal.domain.figures.voices import fraction, sentences
from portal.vocabulary import Group


def voice(group: Group, *numbers: int | None) -> Voice:
    return Voice(group, *numbers)


BALANCE = Balance(
    (
        voice(Group.RESIDENTS, 25, 20, 45, 20, 5),
        voice(Group.FAMILIES, 20, 5, 5, 5, None),
        voice(Group.PROFESSIONALS, None, None, None, None, None),
        voice(Group.STAFF_REPS, 5, None, None, None, None),
        voice(Group.BOARD, 10, 0, 0, 0, 0),
        voice(Group.MANAGEMENT, 5, 1, 1, 0, 1),
    ),
    said=61,
    answered=30,
    changed=5,
)


@pytest.mark.parametrize(
    ("part", "whole", "found"),
    [
        (1, 10, (1, 10)),
        (24, 100, (1, 4)),
        (25, 80, (1, 3)),
        (49, 100, (1, 2)),
        (1, 1000, (1, 50)),
        (100, 100, (9, 10)),
        (0, 10, None),
        (5, 0, None),
    ],
)
def test_a_share_is_a_small_fraction(part: int, whole: int, found: tuple[int, int] | None) -> None:
    assert fraction(part, whole) == found


def test_each_group_is_said_by_its_share_of_people_and_of_words() -> None:
    told = [str(one).replace("\u00a0", " ") for one in sentences(BALANCE)]
    assert told == [
        "61 contributions sont publiées.",
        "Les résidents et personnes accompagnées sont environ 2 personnes sur 5 et environ 9 contributions sur 10.",
        "Les familles et proches sont environ 1 personne sur 3 et environ 1 contribution sur 10.",
        "Les personnes de la direction sont environ 1 personne sur 10 et environ 1 contribution sur 50.",
        (
            "Peu ou pas de voix, ou un nombre qui ferait deviner celui d’un autre groupe : professionnels et "
            "représentants du personnel."
        ),
        "La direction a déjà répondu à 30 contributions.",
        "Au moins 5 contributions ont changé un texte du contrat.",
        "De ce groupe (résidents et personnes accompagnées) : au moins 5.",
        "De ce groupe (direction) : 1.",
    ]


def test_nothing_said_is_one_sentence() -> None:
    assert len(sentences(Balance((), 0, 0, 0))) == 1


def test_no_sentence_says_a_number_that_is_not_told() -> None:
    allowed = {61, 30, 9, 5, 1, 2, 3, 10, 50}
    words = " ".join(sentences(BALANCE))
    assert {int(one) for one in re.findall(r"\d+", words)} <= allowed
