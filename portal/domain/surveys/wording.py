"""Results in words: sentences made from the folded figures alone, so that they tell nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.figures.surveys import QuestionFigures
from portal.domain.surveys.models import QuestionKind
from portal.domain.surveys.rules import DECLINED, Question
from portal.kernel.speech import Sentence, listed, number_words, say

SIDES = ((4, 5), (1, 2))
OR, THEN = say("ou"), say("puis")


@dataclass(frozen=True, slots=True)
class _Told:
    value: int
    number: int


def in_words(question: Question, figures: QuestionFigures) -> Sentence:
    """What people answered to one question, in one sentence."""
    told = sorted(
        (_Told(value, number) for value in question.values if (number := figures.told(value))),
        key=lambda one: (-one.number, one.value),
    )
    if not told:
        return say("Aucune réponse n’a été choisie par cinq personnes ou plus : aucun nombre n’est montré.")
    if question.kind is QuestionKind.SEVERAL:
        return _most_chosen(question, told)
    most = sum(figures.most(value) for value in question.values)
    if 2 * told[0].number > most:
        return say(
            "La plupart des personnes qui ont répondu ont choisi « %(answer)s ».",
            answer=question.label(told[0].value),
        )
    if question.kind is QuestionKind.SCALE:
        side = _side(told, most)
        if side:
            labels = [say("« %(answer)s »", answer=question.label(value)) for value in side]
            return say(
                "La plupart des personnes qui ont répondu ont choisi %(answers)s.", answers=listed(labels, OR)
            )
        if all(any(one.value in values for one in told) for values in SIDES):
            return say("Les avis sont partagés, entre oui et non.")
    return _most_chosen(question, told)


def declined(figures: QuestionFigures) -> Sentence | None:
    """That several persons preferred not to answer; None when this is not told."""
    number = figures.told(DECLINED)
    if not number:
        return None
    return say("%(number)s personnes ont préféré ne pas répondre.", number=number_words(number))


def _side(told: list[_Told], most: int) -> tuple[int, ...]:
    """The two words of one side of a scale, when together they are the most for certain."""
    for values in SIDES:
        if 2 * sum(one.number for one in told if one.value in values) > most:
            return values
    return ()


def _most_chosen(question: Question, told: list[_Told]) -> Sentence:
    labels = [
        say(
            "« %(answer)s » (%(number)s)",
            answer=question.label(one.value),
            number=number_words(one.number),
        )
        for one in told[:2]
    ]
    return say("Ce qui est choisi le plus souvent : %(answers)s.", answers=listed(labels, THEN))
