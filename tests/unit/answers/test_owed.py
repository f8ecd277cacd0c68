"""Levels are cumulative: what a lower one promises, a higher one owes too."""

from __future__ import annotations

from portal.domain.answers.rules import owed_in_full
from portal.vocabulary import Level

QUESTION, FATE = "une réponse à chaque question", "la suite donnée à chaque avis"
SYNTHESIS, RESULTS = "une synthèse de ce qui a été dit", "les résultats de chaque questionnaire court"
MOTIVATED = "une réponse motivée à chaque proposition"


def test_each_level_owes_all_that_the_one_below_owes_and_more() -> None:
    assert owed_in_full(Level.INFORMATION) == (QUESTION,)
    assert owed_in_full(Level.CONSULTATION) == (QUESTION, FATE, SYNTHESIS, RESULTS)
    assert owed_in_full(Level.CONCERTATION) == (QUESTION, FATE, SYNTHESIS, RESULTS, MOTIVATED)
    whole = owed_in_full(Level.COCONSTRUCTION)
    assert whole[:5] == owed_in_full(Level.CONCERTATION)
    assert len(whole) == 8
