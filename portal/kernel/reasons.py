"""What a reason that people will read must hold, wherever one is owed."""

from __future__ import annotations

import re

from portal.kernel import text
from portal.kernel.errors import InvalidError
from portal.kernel.speech import Sentence, say

MIN_WORDS = 2
MIN_LETTERS = 8
TOO_SHORT = say("Écrivez au moins une courte phrase : les personnes concernées la liront.")
NO_WORD = say("Écrivez des mots, ou laissez ce champ vide.")
_WORD = re.compile(r"[^\W\d_]+")


def tells(words: str) -> bool:
    """Whether these words can be read as a reason: a dot or one word alone explains nothing."""
    found = _WORD.findall(words)
    return len(found) >= MIN_WORDS and sum(map(len, found)) >= MIN_LETTERS


def says(words: str) -> bool:
    """Whether there is a word at all: « Oui. » has one, a dot has none."""
    return _WORD.search(words) is not None


def answers(words: str) -> bool:
    """Whether these words can answer a question of fact: « En mars. » does, « Oui. » and a dot do not."""
    return len(re.findall(r"\w+", words)) >= MIN_WORDS and says(words)


def check(words: str, field: str) -> str:
    """The words of a reason, as they came; nothing stays nothing. Errors: InvalidError (`field`)."""
    if words.strip() and not tells(words):
        raise InvalidError({field: [TOO_SHORT]})
    return words


def offered(words: str, field: str) -> str:
    """The words of a reason that nobody owes: as short as one likes. Errors: InvalidError (`field`) when there is no word."""
    if words.strip() and not says(words):
        raise InvalidError({field: [NO_WORD]})
    return words


def owed(words: str, field: str, empty: Sentence) -> None:
    """A reason that turns out to be owed. Errors: InvalidError (`field`): `empty`, or too short to be a reason."""
    if not words:
        raise InvalidError({field: [empty]})
    check(words, field)


def read(typed: str, field: str, maximum: int, *, empty: Sentence | None, too_long: Sentence) -> str:
    """Words that are owed, cleaned, `maximum` signs at most; nothing stays nothing when `empty` is None.

    Errors: InvalidError (`field`): `empty`, `too_long`, or too short to be a reason.
    """
    try:
        cleaned = text.clean_source(typed, maximum=maximum)
    except text.TextEmpty:
        if empty is None:
            return ""
        raise InvalidError({field: [empty]}) from None
    except text.TextTooLong:
        raise InvalidError({field: [too_long]}) from None
    return check(cleaned, field)
