"""Under which label one speaks, and what words must be."""

from __future__ import annotations

import pytest

from portal.domain.contributions.rules import Words, check_words, first_status, label, shown_scope
from portal.kernel.errors import InvalidError
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    Group,
    ModerationMode,
    ShownScope,
)


@pytest.mark.parametrize(
    ("group", "here", "all_", "expected"),
    [
        pytest.param(
            Group.FAMILIES, 5, 20, ShownScope.ESTABLISHMENT, id="five in the house: the house shows"
        ),
        pytest.param(Group.FAMILIES, 4, 20, ShownScope.GROUP, id="four in the house: the group only"),
        pytest.param(Group.FAMILIES, 4, 4, ShownScope.COLLEGE, id="four in the group: the college only"),
        pytest.param(Group.STAFF_REPS, 1, 3, ShownScope.COLLEGE, id="three representatives: the college"),
        pytest.param(Group.MANAGEMENT, 1, 1, ShownScope.GROUP, id="an institutional group is named"),
        pytest.param(Group.AUTHORITIES, 1, 2, ShownScope.GROUP, id="an authority too"),
    ],
)
def test_a_label_tells_less_when_few_would_share_it(
    group: Group, here: int, all_: int, expected: ShownScope
) -> None:
    assert shown_scope(group, here, all_) is expected


def test_labels_carry_no_gender_and_no_name_unless_asked() -> None:
    assert label(Group.RESIDENTS, ShownScope.GROUP, Display.GROUP, "Jeanne Morel") == "Résident ou résidente"
    assert (
        label(Group.RESIDENTS, ShownScope.COLLEGE, Display.GROUP, None) == "Personnes accompagnées et proches"
    )
    assert label(Group.RESIDENTS, ShownScope.GROUP, Display.NAME, "Jeanne Morel").startswith(
        "Jeanne Morel · "
    )


def test_words_are_read_before_publication_where_the_space_says_so() -> None:
    assert first_status(ModerationMode.BEFORE) is ContributionStatus.PENDING
    assert first_status(ModerationMode.AFTER) is ContributionStatus.PUBLISHED


@pytest.mark.parametrize(
    ("kind", "words", "fields"),
    [
        (ContributionKind.COMMENT, Words(" \n "), ["body"]),
        (ContributionKind.PROPOSAL, Words("D’autres mots."), ["reason"]),
        (ContributionKind.PROPOSAL, Words(""), ["body", "reason"]),
        (ContributionKind.COMMENT, Words("a" * 5001), ["body"]),
    ],
)
def test_words_that_cannot_be_taken_say_which_field(
    kind: ContributionKind, words: Words, fields: list[str]
) -> None:
    with pytest.raises(InvalidError) as refused:
        check_words(kind, words)
    assert list(refused.value.errors) == fields


def test_a_comment_drops_a_reason_nobody_asked_for() -> None:
    assert check_words(ContributionKind.COMMENT, Words(" Oui. ", "non")) == Words("Oui.")
