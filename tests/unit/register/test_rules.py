"""How much of a line may be told, as a table; every fact has its sentence and its family."""

from __future__ import annotations

import json

import pytest

from portal.domain.facts import FactKind as K
from portal.domain.journal.rules import Line, veil
from portal.domain.register.canonical import SealedLine, exported
from portal.domain.register.rules import FAMILY_OF, PERSONAL, Shown, Words, group_label, shown
from portal.domain.register.sentences import SENTENCES
from portal.vocabulary import Audience, Group, ShownScope
from portal.vocabulary import ContributionStatus as S

WORDS = "d" * 64
FAMILIES, SMALL, DIRECTION = Group.FAMILIES, Group.STAFF_REPS, Group.MANAGEMENT


def card(
    group: Group = FAMILIES,
    scope: ShownScope = ShownScope.GROUP,
    status: S = S.PUBLISHED,
    *,
    readable: bool = True,
) -> Words:
    return Words(readable, group, status, scope)


COLLEGE = card(SMALL, ShownScope.COLLEGE)
TABLE = [
    # An author's act is told as far as the card is.
    (K.CONTRIBUTION_PUBLISHED, FAMILIES, WORDS, card(), Shown.WHOLE, "familles et proches"),
    (K.CONTRIBUTION_SUBMITTED, FAMILIES, WORDS, card(), Shown.WHOLE, "familles et proches"),
    (K.CONTRIBUTION_PUBLISHED, SMALL, WORDS, COLLEGE, Shown.UNGROUPED, "professionnels (collège)"),
    (K.CONTRIBUTION_SUBMITTED, FAMILIES, WORDS, card(status=S.REFUSED), Shown.UNGROUPED, "personnes accompagnées et proches (collège)"),
    (K.CONTRIBUTION_WITHDRAWN, FAMILIES, "", card(status=S.WITHDRAWN), Shown.WHOLE, "familles et proches"),
    # What a moderator did tells nothing of the moderator's own group, even when it is the author's.
    (K.CONTRIBUTION_PUBLISHED, FAMILIES, "", card(), Shown.UNGROUPED, ""),
    (K.CONTRIBUTION_HIDDEN, FAMILIES, WORDS, card(status=S.HIDDEN), Shown.UNGROUPED, ""),
    (K.CONTRIBUTION_REFUSED, DIRECTION, WORDS, card(status=S.REFUSED), Shown.WHOLE, "direction"),
    (K.ANSWER_GIVEN, DIRECTION, WORDS, card(), Shown.WHOLE, "direction"),
    (K.ANSWER_GIVEN, FAMILIES, WORDS, card(), Shown.UNGROUPED, ""),
    # What readers do not know of, and persons who would be counted.
    (K.CONTRIBUTION_SUBMITTED, FAMILIES, WORDS, card(status=S.PENDING, readable=False), Shown.SEALED, None),
    (K.REACTION_CHANGED, FAMILIES, "", card(), Shown.SEALED, None),
    (K.REACTION_CHANGED, DIRECTION, "", card(), Shown.SEALED, None),
    (K.MEMBER_ADDED, FAMILIES, "", None, Shown.SEALED, None),
    (K.MEMBER_LEFT, FAMILIES, "", None, Shown.SEALED, None),
    (K.PENDING_WITHDRAWN, FAMILIES, "", card(readable=False), Shown.SEALED, None),
    (K.CORRECTION_SUBMITTED, FAMILIES, WORDS, card(), Shown.SEALED, None),
    # That a decision stood says that its author asked for a second look; nobody else is told of it.
    (K.APPEAL_MADE, FAMILIES, WORDS, card(status=S.REFUSED), Shown.SEALED, None),
    (K.APPEAL_UPHELD, DIRECTION, WORDS, card(status=S.REFUSED), Shown.SEALED, None),
    (K.APPEAL_REVERSED, DIRECTION, WORDS, card(), Shown.WHOLE, "direction"),
    # A level is about a group; a role is not.
    (K.LEVEL_RECORDED, FAMILIES, WORDS, None, Shown.WHOLE, "familles et proches"),
    (K.ROLE_GIVEN, FAMILIES, WORDS, None, Shown.UNGROUPED, ""),
    (K.AGENT_ATTACHED, FAMILIES, WORDS, None, Shown.UNGROUPED, ""),
    (K.SPACE_OPENED, DIRECTION, "", None, Shown.WHOLE, "direction"),
    (K.CONTRIBUTION_ERASED, None, "", card(status=S.WITHDRAWN), Shown.WHOLE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "group", "digest", "words", "how", "label"), TABLE)
def test_a_line_tells_as_much_as_its_card(kind, group, digest, words, how, label) -> None:
    value = group.value if group else ""
    assert shown(kind, value, digest, words) is how
    if label is not None:
        assert group_label(kind, value, digest, words) == label


@pytest.mark.parametrize("kind", [K.SPACE_CREATED, K.LEVEL_RECORDED])
def test_a_space_in_preparation_is_sealed(kind: K) -> None:
    assert shown(kind, "management", "", draft=True) is Shown.SEALED


@pytest.mark.parametrize("kind", list(K), ids=str)
def test_every_fact_has_a_sentence_and_a_family(kind: K) -> None:
    assert str(SENTENCES[kind]).endswith(".")
    assert kind in FAMILY_OF


# What the direction does, told to nobody either: a sealed line does not even say that a participant acted.
BY_THE_DIRECTION = {K.REPORTS_SETTLED, K.CORRECTION_REFUSED, K.APPEAL_UPHELD, K.LEAVE_COVERED}


@pytest.mark.parametrize("kind", sorted(PERSONAL), ids=str)
def test_a_sealed_line_says_neither_what_nor_when_nor_of_whom(kind: K) -> None:
    salt = b"\x01" * 32
    line = Line("c" * 26, 7, "2026-11-23", kind.value, "families", "o" * 26, WORDS, WORDS, veil(salt))
    told = json.loads(exported(SealedLine(line, "f" * 64, shown(kind, line.group, WORDS, card()))))
    assert list(told) == ["n", "scelle", "empreinte"]
    assert len(told["scelle"]) == 64
    assert BY_THE_DIRECTION < PERSONAL


# Sent words are told once they are published; thanks are an act of the direction about words that all read.
TOLD_LATER_OR_BY_ALL = {K.SPACE_CREATED, K.CONTRIBUTION_SUBMITTED, K.CONTRIBUTION_THANKED}


def test_what_no_reader_hears_of_live_is_sealed_in_the_register() -> None:
    unheard = {kind for kind in K if Audience.MODERATORS in kind.audiences}
    unheard -= {kind for kind in unheard if Audience.READERS in kind.audiences}
    assert unheard - PERSONAL == TOLD_LATER_OR_BY_ALL
