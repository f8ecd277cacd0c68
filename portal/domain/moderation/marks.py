"""Which words are meant: the sentences of a text to choose from, and a quote found again in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.kernel.errors import InvalidError
from portal.kernel.speech import say

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
MARKS = re.compile(r"^(?:- |\*+)|\*+$")
SPACES, APOSTROPHE = r"[\s\u00a0\u202f]+", re.compile("[\u0027\u2019]")
QUOTES = "\u00ab\u00bb\u0022\u201c\u201d \u00a0"
MAX_SENTENCES = 200


def sentences(source: str, reason: str = "") -> tuple[str, ...]:
    """The sentences of a text and of its reason, in order, each once."""
    parts = [MARKS.sub("", part.strip()) for text in (source, reason) for part in SENTENCE_END.split(text)]
    return tuple(dict.fromkeys(part for part in parts if part))[:MAX_SENTENCES]


def found(quote: str, *texts: str) -> str | None:
    """The quote as the text writes it, whatever its spaces, apostrophes and capitals; None when absent."""
    words = quote.strip().strip(QUOTES).split()
    if not words:
        return None
    pattern = re.compile(
        SPACES.join(APOSTROPHE.sub(lambda _found: APOSTROPHE.pattern, re.escape(word)) for word in words),
        re.IGNORECASE,
    )
    hits = (pattern.search(text) for text in texts)
    return next((hit[0] for hit in hits if hit), None)


def checked(quotes: Iterable[str], *texts: str) -> tuple[str, ...]:
    """Passages that stand in one of the texts, each once. Errors: InvalidError (`quote`) for words that do not."""
    kept = []
    for quote in quotes:
        if not quote.strip():
            continue
        passage = found(quote, *texts)
        if passage is None:
            raise InvalidError(
                {"quote": [say("Ces mots ne sont pas dans le texte. Recopiez-les comme ils y sont écrits.")]}
            )
        kept.append(" ".join(passage.split("\n")))
    return tuple(dict.fromkeys(kept))
