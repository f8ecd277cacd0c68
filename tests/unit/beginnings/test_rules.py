"""The first steps of a contract, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.beginnings import rules
from portal.domain.beginnings.rules import Known, Place, Step, StepState
from portal.vocabulary import Phase

EMPTY = Known(
    scope=False,
    sites=True,
    nameless_sites=True,
    authorities=True,
    idle_authorities=True,
    trame=False,
    taken_up=False,
    findings=False,
    objectives=False,
    indicators=False,
    measured=False,
    levels=False,
    signed_on=None,
    ends_on=date(2032, 12, 31),
)
DRAWN = {"scope": True, "nameless_sites": False, "idle_authorities": False}
WRITTEN = {"findings": True, "objectives": True}


def state(step, spaces=(), **known):
    found = {one.step: one.state for one in rules.steps(replace(EMPTY, **known), spaces)}
    return found[step]


@pytest.mark.parametrize(
    ("step", "known", "expected"),
    [
        (Step.PERIMETER, {}, StepState.TO_DO),
        (Step.PERIMETER, DRAWN, StepState.DONE),
        (Step.PERIMETER, {**DRAWN, "nameless_sites": True}, StepState.TO_DO),
        (Step.PERIMETER, {**DRAWN, "sites": False}, StepState.TO_DO),
        (Step.PERIMETER, {**DRAWN, "authorities": False}, StepState.TO_DO),
        (Step.TRAME, {}, StepState.TO_DO),
        (Step.TRAME, {"trame": True}, StepState.DONE),
        (Step.TRAME, {"signed_on": date(2028, 1, 1)}, StepState.NOT_NEEDED),
        (Step.FILES, {"findings": True}, StepState.TO_DO),
        (Step.FILES, {"taken_up": True}, StepState.DONE),
        (Step.FILES, WRITTEN, StepState.NOT_NEEDED),
        (Step.DIAGNOSTIC, {"findings": True}, StepState.DONE),
        (Step.INDICATORS, {"objectives": True}, StepState.TO_DO),
        (Step.INDICATORS, {"objectives": True, "measured": True}, StepState.NOT_NEEDED),
        (Step.INDICATORS, {"indicators": True}, StepState.DONE),
        (Step.OBJECTIVES, {"objectives": True}, StepState.DONE),
        (Step.LEVELS, {}, StepState.TO_DO),
        (Step.LEVELS, {"levels": True}, StepState.DONE),
        (Step.SPACE, {}, StepState.TO_DO),
    ],
)
def test_a_step_is_done_to_do_or_not_needed(step, known, expected):
    assert state(step, **known) is expected


@pytest.mark.parametrize("phase", Phase)
def test_a_space_counts_once_it_is_told_and_goes_on_while_it_is_prepared(phase):
    space = [Place("s", phase)]
    told = phase is not Phase.DRAFT
    assert state(Step.SPACE, space) is (StepState.DONE if told else StepState.TO_DO)
    last = rules.steps(EMPTY, space)[-1]
    assert last.space_id == ("" if told else "s")


def test_a_prepared_space_is_no_news_once_another_one_was_told():
    both = [Place("a", Phase.DRAFT), Place("b", Phase.CLOSED)]
    assert rules.steps(EMPTY, both)[-1].space_id == ""


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "Ce contrat commence."),
        ({"findings": True}, "Le diagnostic est commencé."),
        ({"objectives": True}, "Les premiers objectifs sont écrits. Le diagnostic n’est pas"),
        (WRITTEN, "Le diagnostic et les premiers objectifs sont écrits."),
        ({**WRITTEN, "signed_on": date(2028, 1, 3)}, "Le contrat est signé depuis le lundi 3 janvier 2028."),
    ],
)
def test_others_read_what_is_written(known, words):
    assert rules.standing(replace(EMPTY, **known), [])[0].startswith(words)


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ([], "Quand un espace d’échange ouvrira"),
        ([Phase.DRAFT], "Quand un espace d’échange ouvrira"),
        ([Phase.ANNOUNCED], "Un espace d’échange va ouvrir"),
        ([Phase.ANNOUNCED, Phase.OPEN], "Un espace d’échange est ouvert"),
        ([Phase.OPEN, Phase.CLOSED, Phase.OPEN], "Des espaces d’échange sont ouverts"),
        ([Phase.CLOSED], "Aucun espace d’échange n’est ouvert"),
        ([Phase.PAUSED], "Aucun espace d’échange n’est ouvert"),
    ],
)
def test_others_read_where_they_are_heard(phases, words):
    said = rules.standing(EMPTY, [Place(str(number), one) for number, one in enumerate(phases)])[1]
    assert said.startswith(words)
