"""The balance in words: fractions that anybody can picture, and no number that the table does not tell."""

from __future__ import annotations

import re

import pytest

from portal.domain.figures.balance import Balance, Voice
from portal.domain.figures.voices import sentences
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


def plain(balance: Balance) -> list[str]:
    return [str(one).replace("\u00a0", " ") for one in sentences(balance)]


def test_each_group_is_said_by_its_numbers_and_the_true_whole() -> None:
    assert plain(BALANCE) == [
        "61 contributions sont publiées.",
        "Les résidents et personnes accompagnées : au moins 25 personnes, et au moins 45 contributions sur 61.",
        "Les familles et proches : au moins 20 personnes, et au moins 5 contributions sur 61.",
        "Les personnes de la direction : 5 personnes, et 1 contribution sur 61.",
        (
            "Peu ou pas de voix, ou un nombre qui ferait deviner celui d’un autre groupe : professionnels et "
            "représentants du personnel."
        ),
        "La direction a déjà répondu à 30 contributions.",
        "Au moins 5 contributions ont changé un texte du contrat.",
        "Les résidents et personnes accompagnées : au moins 5 contributions ont changé un texte du contrat.",
        "Les personnes de la direction : 1 contribution a changé un texte du contrat.",
    ]


@pytest.mark.parametrize(
    ("voices", "said", "told"),
    [
        # Everybody but the authority is folded: its one contribution is one in seven, not nearly all.
        (
            (voice(Group.RESIDENTS, 5, None, None, None, None), voice(Group.AUTHORITIES, 1, 1, 1, 0, 0)),
            7,
            ["Les agents des autorités : 1 personne, et 1 contribution sur 7."],
        ),
        (
            (voice(Group.RESIDENTS, 5, 5, 5, None, None), voice(Group.FAMILIES, 5, None, None, None, None)),
            11,
            [
                "Les résidents et personnes accompagnées : au moins 5 personnes, et au moins 5 contributions sur 11."
            ],
        ),
    ],
)
def test_no_share_comes_from_the_groups_that_are_told_alone(
    voices: tuple[Voice, ...], said: int, told: list[str]
) -> None:
    words = plain(Balance(voices, said=said, answered=0, changed=None))
    assert [one for one in words if one.startswith("Les ")] == told
    assert "environ" not in " ".join(words)


def test_nothing_said_is_one_sentence() -> None:
    assert len(sentences(Balance((), 0, 0, 0))) == 1


def test_no_sentence_says_a_number_that_is_not_told() -> None:
    allowed = {61, 45, 30, 25, 20, 5, 1}
    words = " ".join(sentences(BALANCE))
    assert {int(one) for one in re.findall(r"\d+", words)} <= allowed
