"""How much of a line may be told, as a table; every fact has its sentence and its family."""

from __future__ import annotations

import pytest

from portal.domain.facts import FactKind as K
from portal.domain.register.rules import FAMILY_OF, Shown, Words, group_label, shown
from portal.domain.register.sentences import SENTENCES
from portal.vocabulary import ContributionStatus as S
from portal.vocabulary import Group, ShownScope

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
    (K.CONTRIBUTION_PUBLISHED, SMALL, WORDS, COLLEGE, Shown.UNGROUPED, "professionnels"),
    (K.CONTRIBUTION_SUBMITTED, FAMILIES, WORDS, card(status=S.REFUSED), Shown.UNGROUPED, "personnes accompagnées et proches"),
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
