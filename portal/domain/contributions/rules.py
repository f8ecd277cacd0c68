"""What a contribution must say, under which label, and in which state it begins."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel import text
from portal.kernel.errors import InvalidError
from portal.kernel.speech import Sentence, capital, joined, say
from portal.policy.permissions import Permission
from portal.vocabulary import (
    College,
    ContributionKind,
    ContributionStatus,
    Display,
    Group,
    ModerationMode,
    Register,
    ShownScope,
)

SMALL_GROUP = 5

PERMISSION_OF = {
    ContributionKind.QUESTION: Permission.ASK,
    ContributionKind.COMMENT: Permission.COMMENT,
    ContributionKind.PROPOSAL: Permission.PROPOSE,
    ContributionKind.REPLY: Permission.REPLY_IN,
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """The paragraph spoken about: register, stable id, version of the text, its words."""

    register: Register
    paragraph: str
    version: int
    quote: str


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: the text, and its reason for a proposal."""

    source: str
    reason: str = ""


def check_words(kind: ContributionKind, words: Words) -> Words:
    """Cleaned words. Errors: InvalidError (fields `body`, `reason`) that says how to mend."""
    errors: dict[str, list[str]] = {}
    source = _clean(words.source, "body", say("Écrivez quelques mots avant d’envoyer."), errors)
    reason = ""
    if kind is ContributionKind.PROPOSAL:
        reason = _clean(words.reason, "reason", say("Dites pourquoi vous proposez ces mots."), errors)
    if errors:
        raise InvalidError(errors)
    return Words(source, reason)


def _clean(raw: str, field: str, empty: str, errors: dict[str, list[str]]) -> str:
    try:
        return text.clean_source(raw)
    except text.TextEmpty:
        errors[field] = [empty]
    except text.TextTooLong:
        errors[field] = [
            say(
                "Votre texte est trop long. Il peut avoir %(limit)s signes au plus. Vous pouvez l’envoyer en deux fois.",
                limit=text.number(text.MAX_CHARACTERS),
            )
        ]
    return ""


def shown_scope(group: Group, in_establishment: int, in_group: int) -> ShownScope:
    """How much a label may tell the day it is posted (fewer than five tells less)."""
    if group.institutional:
        return ShownScope.GROUP
    if in_group < SMALL_GROUP:
        return ShownScope.COLLEGE
    return ShownScope.ESTABLISHMENT if in_establishment >= SMALL_GROUP else ShownScope.GROUP


def first_status(mode: ModerationMode) -> ContributionStatus:
    """The state in which a contribution begins."""
    return ContributionStatus.PENDING if mode is ModerationMode.BEFORE else ContributionStatus.PUBLISHED


def label(group: Group, scope: ShownScope, display: Display, name: str | None) -> str:
    """Who speaks, as a card says it; an establishment is added apart by the page."""
    if display is Display.NAME and name:
        return joined((name, group.one), " · ")
    if scope is ShownScope.COLLEGE:
        return capital(group.college.label)
    return group.one


def college_label(college: College) -> Sentence:
    """A college beside groups: « professionnels » alone would be the group of that name."""
    return say("%(college)s (collège)", college=college.label)


def stone_label(
    status: ContributionStatus, scope: ShownScope, name: str | None
) -> tuple[ShownScope, str | None]:
    """Under which label a place without words stays: never a name beside a rule.

    Words that were never public tell their college only; others fold to their group.
    """
    if status is ContributionStatus.REFUSED:
        return ShownScope.COLLEGE, None
    if status in (ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN):
        return (ShownScope.COLLEGE if scope is ShownScope.COLLEGE else ShownScope.GROUP), None
    return scope, name
