"""Results are told in words first, and the words say no more than the numbers."""

from __future__ import annotations

import pytest

from portal.domain.figures.surveys import QuestionFigures
from portal.domain.surveys import wording
from portal.domain.surveys.models import QuestionKind
from portal.domain.surveys.rules import Question
from portal.vocabulary import Group

K = QuestionKind
N = "\u00a0"


def asked(kind: QuestionKind, *options: str) -> Question:
    return Question("q", 1, kind, "Que préférez-vous ?", options)


def figures(**whole: int | None) -> QuestionFigures:
    return QuestionFigures({int(key[1:]): number for key, number in whole.items()}, {})


@pytest.mark.parametrize(
    ("question", "told", "sentence"),
    [
        (
            asked(K.ONE, "Midi", "Soir"),
            figures(v1=10, v2=None),
            f"La plupart des personnes qui ont répondu ont choisi «{N}Midi{N}».",
        ),
        # Five of at most nine is most of them; five of at most thirteen may not be.
        (
            asked(K.ONE, "Midi", "Soir"),
            figures(v1=5),
            f"La plupart des personnes qui ont répondu ont choisi «{N}Midi{N}».",
        ),
        (
            asked(K.ONE, "Midi", "Soir", "Nuit"),
            figures(v1=5),
            f"Ce qui est choisi le plus souvent{N}: «{N}Midi{N}» (5).",
        ),
        (
            asked(K.SEVERAL, "Midi", "Soir"),
            figures(v1=6, v2=12),
            f"Ce qui est choisi le plus souvent{N}: «{N}Soir{N}» (12) puis «{N}Midi{N}» (6).",
        ),
        (
            asked(K.SCALE),
            figures(v4=12, v5=11, v2=6),
            f"La plupart des personnes qui ont répondu ont choisi «{N}Plutôt oui{N}» ou «{N}Tout à fait{N}».",
        ),
        (asked(K.SCALE), figures(v5=8, v1=9), "Les avis sont partagés, entre oui et non."),
        (
            asked(K.ONE, "Midi", "Soir"),
            figures(),
            f"Aucune réponse n’a été choisie par cinq personnes ou plus{N}: aucun nombre n’est montré.",
        ),
    ],
)
def test_what_people_answered_is_one_sentence(
    question: Question, told: QuestionFigures, sentence: str
) -> None:
    assert wording.in_words(question, told) == sentence


def test_an_institution_counts_in_what_others_may_be() -> None:
    """A small number hides with what institutions said beside it: their share is known, and added."""
    row = {Group.BOARD: {1: 0, 2: 6}}
    told = QuestionFigures({1: 9, 2: None}, row)
    assert told.most(2) == 10
    assert "le plus souvent" in wording.in_words(asked(K.ONE, "Midi", "Soir"), told)


def test_who_preferred_not_to_answer_is_told_from_five_on() -> None:
    assert wording.declined(figures(v1=9)) is None
    assert wording.declined(figures(v0=6)) == "6 personnes ont préféré ne pas répondre."
