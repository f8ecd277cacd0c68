"""What changed between two versions of a text, word by word (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A no-break space stays inside its piece: « mot : » is one.
_PIECES = re.compile(r"\n[ \t]*\n[ \t\n]*|[^ \t\n]+")
BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Change:
    """Some words in a row: `kept`, `added` or `removed`."""

    kind: str
    words: str


def word_changes(old: str, new: str) -> list[list[Change]]:
    """The new text in paragraphs, with the words that were added and those that were removed."""
    before, after = _pieces(old), _pieces(new)
    paragraphs: list[list[Change]] = [[]]
    for kind, pieces in _runs(before, after):
        for index, part in enumerate(_split(pieces)):
            if index:
                paragraphs.append([])
            if part:
                paragraphs[-1].append(Change(kind, part))
    return [paragraph for paragraph in paragraphs if paragraph]


def _pieces(text: str) -> list[str]:
    return [BREAK if "\n" in piece else piece for piece in _PIECES.findall(text.strip())]


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    matcher = SequenceMatcher(a=before, b=after)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield "kept", after[j1:j2]
            continue
        if i2 > i1:
            yield "removed", before[i1:i2]
        if j2 > j1:
            yield "added", after[j1:j2]


def _split(pieces: list[str]) -> list[str]:
    """The words of each paragraph of a run."""
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece == BREAK:
            parts.append([])
        else:
            parts[-1].append(piece)
    return [" ".join(part) for part in parts]
