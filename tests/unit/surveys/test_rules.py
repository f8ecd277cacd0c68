"""What a survey may be, and what may be answered in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.domain.surveys import rules
from portal.domain.surveys.models import QuestionKind, SurveyState
from portal.domain.surveys.rules import Given, Question
from portal.kernel import clock
from portal.kernel.errors import InvalidError
from portal.policy.targets import SpaceTarget
from portal.vocabulary import Group, Level, Phase

K = QuestionKind
NOW = clock.now()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("kinds", "minutes"),
    [([], 1), ([K.SCALE], 1), ([K.SCALE] * 10, 3), ([K.ONE, K.WORDS], 2), ([K.WORDS] * 10, 15)],
)
def test_how_long_it_takes(kinds: list[QuestionKind], minutes: int) -> None:
    assert rules.minutes(kinds) == minutes


@pytest.mark.parametrize(
    ("state", "left", "phase", "now"),
    [
        (SurveyState.OPEN, DAY, Phase.OPEN, SurveyState.OPEN),
        (SurveyState.OPEN, timedelta(), Phase.OPEN, SurveyState.CLOSED),
        (SurveyState.OPEN, DAY, Phase.PAUSED, SurveyState.OPEN),
        (SurveyState.OPEN, DAY, Phase.ANSWERING, SurveyState.CLOSED),
        (SurveyState.DRAFT, -DAY, Phase.CLOSED, SurveyState.DRAFT),
        (SurveyState.PUBLISHED, -DAY, Phase.CLOSED, SurveyState.PUBLISHED),
    ],
)
def test_a_survey_ends_at_its_date_or_with_its_space(
    state: SurveyState, left: timedelta, phase: Phase, now: SurveyState
) -> None:
    assert rules.state_at(state, NOW + left, phase, NOW) is now


def test_only_groups_that_are_consulted_are_invited() -> None:
    levels = {
        Group.RESIDENTS: Level.CONSULTATION,
        Group.FAMILIES: Level.INFORMATION,
        Group.BOARD: Level.COCONSTRUCTION,
    }
    assert rules.invited(SpaceTarget("", "", Phase.OPEN, levels)) == [Group.RESIDENTS, Group.BOARD]


@pytest.mark.parametrize(("words_told", "groups"), [(True, [Group.AUTHORITIES]), (False, [])])
def test_authorities_are_invited_only_where_they_read_the_space(
    words_told: bool, groups: list[Group]
) -> None:
    levels = {Group.AUTHORITIES: Level.CONCERTATION}
    assert rules.invited(SpaceTarget("", "", Phase.OPEN, levels, words_told)) == groups


@pytest.mark.parametrize(
    ("ends", "promised", "field"),
    [
        (-DAY, 20, "ends_on"),
        (31 * DAY, 40, "ends_on"),
        (5 * DAY, 2, "promised_on"),
    ],
)
def test_dates_that_cannot_be_kept_are_refused(ends: timedelta, promised: int, field: str) -> None:
    day: date = clock.paris(NOW + promised * DAY).date()
    with pytest.raises(InvalidError) as refused:
        rules.check_dates(NOW + ends, day, NOW + 30 * DAY, NOW)
    assert field in refused.value.errors


@pytest.mark.parametrize(
    "options", ["", "une seule", "\n".join(str(n) for n in range(9)), "oui\noui", "x" * 81 + "\nb"]
)
def test_options_are_two_to_eight_and_differ(options: str) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_question(K.ONE, "Midi ou soir ?", options)
    assert "options" in refused.value.errors


def test_options_are_cleaned_and_a_scale_has_none() -> None:
    assert rules.check_question(K.ONE, " Quand ? ", " midi \n\n soir ")[1] == ("midi", "soir")
    assert rules.check_question(K.SCALE, "Bien ?", "midi\nsoir")[1] == ()


CHOICE = Question("c", 1, K.ONE, "Quand ?", ("midi", "soir"))
SEVERAL = Question("s", 2, K.SEVERAL, "Quoi ?", ("a", "b", "c"))
SCALE = Question("e", 3, K.SCALE, "Bien ?", ())
WORDS = Question("w", 4, K.WORDS, "Dites-le.", ())
ALL = [CHOICE, SEVERAL, SCALE, WORDS]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (CHOICE, Given((1, 2))),
        (CHOICE, Given((3,))),
        (CHOICE, Given((0,))),
        (SCALE, Given((6,))),
        (SEVERAL, Given((4,))),
        (SEVERAL, Given((1,), declined=True)),
        (WORDS, Given((1,))),
        (WORDS, Given(words="x" * 1001)),
        (WORDS, Given(words="oui", declined=True)),
    ],
)
def test_what_cannot_be_an_answer_is_refused(question: Question, answer: Given) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_sheet(ALL, {question.id: answer})
    assert list(refused.value.errors) == [question.name]


def test_a_sheet_that_says_nothing_is_asked_for_one_answer() -> None:
    for nothing in ({}, {"w": Given(words="  ")}, {"other": Given((1,))}):
        with pytest.raises(InvalidError) as refused:
            rules.check_sheet(ALL, nothing)
        assert refused.value.errors == {"sheet": [rules.NOTHING_ANSWERED]}


def test_every_question_may_be_passed_over_and_to_prefer_not_to_is_an_answer() -> None:
    assert rules.check_sheet(ALL, {"w": Given(declined=True)}) == {"w": Given(declined=True)}
    kept = rules.check_sheet(
        ALL, {"s": Given((3, 1, 3)), "w": Given(words="  "), "c": Given(declined=True), "other": Given((1,))}
    )
    assert kept == {"s": Given((1, 3)), "c": Given(declined=True)}


@pytest.mark.parametrize(
    "typed",
    [
        "Je ne souhaite pas répondre",
        "je ne souhaite pas repondre.",
        "«\u00a0JE NE SOUHAITE PAS RÉPONDRE\u00a0»",
        '  "Je ne  souhaite pas répondre" ',
    ],
)
def test_the_choice_that_every_question_offers_is_not_offered_twice(typed: str) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_question(K.ONE, "Le soir, vous préférez…", f"Chez vous\n{typed}")
    assert [str(one) for one in refused.value.errors["options"]] == [
        "Ce choix est déjà proposé à chaque question. Retirez cette ligne."
    ]


def test_a_choice_that_only_begins_like_it_is_kept() -> None:
    typed = "Je ne souhaite pas répondre le soir\nChez vous"
    assert len(rules.check_question(K.ONE, "Quand ?", typed)[1]) == 2
