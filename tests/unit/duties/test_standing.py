"""What an authority reads of the engagements of a contract: in a table and in a sentence, the same."""

from __future__ import annotations

import pytest

from portal.domain.duties.standing import Standing
from portal.vocabulary import DutyState

KEPT, TO_DO, LATE, EXPLAINED = DutyState.KEPT, DutyState.TO_DO, DutyState.LATE, DutyState.EXPLAINED


@pytest.mark.parametrize(
    ("states", "words", "sentence"),
    [
        ({}, "rien d’attendu", "Rien n’est attendu de la direction pour le moment."),
        ({TO_DO: 4}, "à jour", "Des réponses sont attendues, dans les délais promis."),
        ({KEPT: 4}, "à jour", "Les engagements pris jusqu’ici sont tenus."),
        (
            {KEPT: 4, EXPLAINED: 1},
            "expliqué",
            "Les engagements sont tenus, ou il est écrit pourquoi ils ne le sont pas.",
        ),
        (
            {TO_DO: 4, EXPLAINED: 1},
            "expliqué",
            "Ce qui n’a pas été tenu est expliqué. D’autres réponses sont attendues, dans les délais promis.",
        ),
        (
            {LATE: 1, EXPLAINED: 1},
            "en retard sur 1 engagement",
            "Des réponses promises sont en retard. La direction le sait.",
        ),
        (
            {LATE: 2},
            "en retard sur 2 engagements",
            "Des réponses promises sont en retard. La direction le sait.",
        ),
    ],
)
def test_the_table_and_the_sentence_say_the_same(
    states: dict[DutyState, int], words: str, sentence: str
) -> None:
    standing = Standing(states)
    assert (standing.words, standing.sentence) == (words, sentence)
