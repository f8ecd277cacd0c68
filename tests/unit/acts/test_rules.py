"""What an act may say, who records it, what the law names: tables with sentences."""

from __future__ import annotations

import re
from datetime import date

import pytest

from portal.domain.acts import rules
from portal.domain.acts.models import ActOutcome
from portal.policy.permissions import Permission as Can
from portal.vocabulary import ActKind, AuthorityKind

TODAY = date(2027, 3, 2)


@pytest.mark.parametrize(
    ("kind", "never"),
    [
        (ActKind.CVS, {ActOutcome.ADOPTED, ActOutcome.REJECTED, ActOutcome.DEEMED, ActOutcome.MET}),
        (ActKind.CSE, {ActOutcome.ADOPTED, ActOutcome.REJECTED, ActOutcome.MET}),
        (ActKind.BOARD, set(ActOutcome) - {ActOutcome.ADOPTED, ActOutcome.REJECTED}),
        (ActKind.DEPARTMENT, set(ActOutcome) - {ActOutcome.ADOPTED, ActOutcome.REJECTED}),
        (ActKind.COMMITTEE, set(ActOutcome) - {ActOutcome.MET}),
        (ActKind.OTHER, {ActOutcome.MET}),
    ],
)
def test_each_kind_has_its_closed_list_of_outcomes(kind: ActKind, never: set[ActOutcome]) -> None:
    assert set(rules.OUTCOMES[kind]) == set(ActOutcome) - never


@pytest.mark.parametrize(
    ("rights", "kinds"),
    [
        ({Can.ACT_RECORD_CVS}, {ActKind.CVS}),
        ({Can.ACT_RECORD_VOTE}, {ActKind.DEPARTMENT}),
        ({Can.ACT_RECORD_CVS, Can.ACT_RECORD_VOTE, Can.ACT_RECORD_EVERY}, set(ActKind)),
        ({Can.ACT_RECORD, Can.ACTS_READ}, set()),
    ],
)
def test_one_records_the_kinds_that_one_s_rights_name(rights: set[Can], kinds: set[ActKind]) -> None:
    assert set(rules.kinds_for(rights)) == kinds


def test_the_vote_of_the_departement_is_spoken_of_where_it_is_a_party() -> None:
    with_it = rules.expected([AuthorityKind.ARS, AuthorityKind.DEPARTMENT])
    without = rules.expected([AuthorityKind.ARS])
    assert {one.kind for one in with_it} - {one.kind for one in without} == {ActKind.DEPARTMENT}
    assert rules.missing(with_it, {ActKind.CVS, ActKind.BOARD}) == (ActKind.CSE, ActKind.DEPARTMENT)
    assert rules.missing(without, set(ActKind)) == ()


def test_no_sentence_says_that_the_cvs_must_be_consulted_on_the_contract() -> None:
    told = next(one for one in rules.LAWS if one.kind is ActKind.CVS)
    assert "ne dit pas qu’il doit être consulté" in told.sentence
    assert "D311-15" in told.articles


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        (TODAY, True),
        (date(2026, 1, 1), True),
        (date(2027, 3, 3), False),
        (date(1999, 1, 1), False),
        (None, False),
    ],
)
def test_an_act_has_already_taken_place(day: date | None, fine: bool) -> None:
    assert (rules.day_problem(day, TODAY) is None) is fine


# By hand, from what was read of the law for this portal: nothing is printed that was not read.
READ = {
    ActKind.CVS: {"L311-6", "D311-3", "D311-15", "D311-29"},
    ActKind.CSE: {"L2312-8", "R2312-6"},
    ActKind.BOARD: {"L315-12"},
    ActKind.DEPARTMENT: {"L313-11"},
}


def test_no_article_is_printed_that_was_not_read() -> None:
    printed = {one.kind: set(re.findall(r"[LRD]\d[\d-]*\d", str(one.articles))) for one in rules.LAWS}
    assert printed == READ
    silent = next(one for one in rules.LAWS if one.kind is ActKind.CSE)
    assert "avis négatif" in silent.sentence, "silence is held for a refusal, not for an opinion of any kind"
