"""How a synthesis is written: marks that cite, and quotes that are word for word. Pure.

What is typed holds `[c:k3f7m2qa]`, or `[c:k3f7m2qa « les mots »]`; what is kept holds `⟦1⟧`, so that words of
a person stand in one place only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from portal.kernel import text
from portal.kernel.errors import InvalidError
from portal.kernel.speech import Sentence, say

REF = 8
MAX_HEADING = 160
MAX_QUOTE = 600
MAX_SECTIONS = 12
MAX_CITATIONS = 60
MAX_UNDER = 160
MAX_REASON = 600
# Signs by their numbers: they are part of a mark, not of a sentence.
OPENS, CLOSES, APOSTROPHE, SPACE = (chr(sign) for sign in (0xAB, 0xBB, 0x2019, 0xA0))
# Telephones begin with a capital and add spaces.
_MARK = re.compile(
    rf"\[\s*c\s*:\s*([a-z2-7]{{8,26}})\s*(?:{OPENS}\s*(.+?)\s*{CLOSES}\s*)?\]", re.DOTALL | re.IGNORECASE
)
# Something that was meant as a mark and is none.
_ALMOST = re.compile(r"\[\s*c\s*:[^\]]{0,80}\]?", re.IGNORECASE)
_TOKEN = re.compile(r"⟦([0-9]{1,3})⟧")
_BRACKETS = str.maketrans("⟦⟧", "[]")
_ALIKE = str.maketrans({SPACE: " ", "\u202f": " ", APOSTROPHE: "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it is typed."""

    heading: str
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One citation as it is typed: the beginning of an id, and perhaps words."""

    ref: str
    quote: str = ""


def mark(contribution_id: str, quote: str = "") -> str:
    """What cites a contribution in a text that is being written."""
    said = f" {OPENS}{SPACE}{quote}{SPACE}{CLOSES}" if quote else ""
    return f"[c:{contribution_id[:REF]}{said}]"


def taken_apart(source: str) -> tuple[str, tuple[Mark, ...]]:
    """A typed text with a token in place of each mark, and the marks in order."""
    found: list[Mark] = []

    def token(match: re.Match[str]) -> str:
        found.append(Mark(match[1].lower(), " ".join((match[2] or "").split())))
        return f"⟦{len(found)}⟧"

    return _MARK.sub(token, source.translate(_BRACKETS)), tuple(found)


def put_together(source: str, told: Callable[[int], str]) -> str:
    """The same text with what `told` says in place of each token, counted from 1."""
    return _TOKEN.sub(lambda match: told(int(match[1])), source)


def as_read(typed: str) -> str:
    """What is typed, for who reads it only: the words that are quoted, or a number, in place of each mark."""
    source, marks = taken_apart(typed)

    def told(number: int) -> str:
        quote = marks[number - 1].quote
        return f"{OPENS}{SPACE}{quote}{SPACE}{CLOSES} [{number}]" if quote else f"[{number}]"

    return put_together(source, told)


def pieces(html: str) -> Iterator[tuple[str, int]]:
    """Rendered words and numbers of citations, in order: `(html, 0)` or `("", number)`."""
    for place, piece in enumerate(_TOKEN.split(html)):
        if place % 2:
            yield "", int(piece)
        elif piece:
            yield piece, 0


def almost(source: str) -> str:
    """What looks like a mark and is none; '' when all is understood."""
    found = _ALMOST.search(source)
    return found[0] if found else ""


def word_for_word(quote: str, words: str) -> bool:
    """Whether these words stand there, in this order, whole; spaces and apostrophes may be typed otherwise."""
    wanted = re.escape(_flat(quote))
    return bool(quote.strip()) and re.search(rf"(?<!\w){wanted}(?!\w)", _flat(words)) is not None


def _flat(words: str) -> str:
    return " ".join(words.translate(_ALIKE).split())


def check_parts(typed: Sequence[Part]) -> list[Part]:
    """The parts that say something, cleaned. Errors: InvalidError (`part-1-heading`, `part-1-source`…)."""
    errors: dict[str, list[str]] = {}
    kept: list[Part] = []
    for place, part in enumerate(typed, 1):
        if not part.heading.strip() and not part.source.strip():
            continue
        heading, source = _heading(part.heading, place, errors), _source(part.source, place, errors)
        kept.append(Part(heading, source))
    if len(kept) > MAX_SECTIONS:
        errors.setdefault("part-1-heading", []).append(
            say("Une synthèse a %(limit)s parties au plus.", limit=text.number(MAX_SECTIONS))
        )
    if errors:
        raise InvalidError(errors)
    return kept


def _heading(typed: str, place: int, errors: dict[str, list[str]]) -> str:
    try:
        cleaned = text.clean_line(typed, maximum=MAX_HEADING)
        if not almost(cleaned):
            return text.typography(cleaned)
        problem: Sentence = say("Citez dans le texte de la partie, pas dans son titre.")
    except text.TextEmpty:
        problem = say("Donnez un titre à cette partie.")
    except text.TextTooLong:
        problem = say("Ce titre est trop long (%(limit)s signes au plus).", limit=text.number(MAX_HEADING))
    errors[f"part-{place}-heading"] = [problem]
    return ""


def _source(typed: str, place: int, errors: dict[str, list[str]]) -> str:
    try:
        return text.clean_source(typed)
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        errors[f"part-{place}-source"] = [
            say("Ce texte est trop long (%(limit)s signes au plus).", limit=text.number(text.MAX_CHARACTERS))
        ]
        return ""
