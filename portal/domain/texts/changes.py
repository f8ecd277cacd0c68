"""What changed between two versions of a text, word by word (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# A word, or a sign that French sets apart; then the spaces after it, whatever their kind.
_PIECES = re.compile(
    r"(\s*\n\s*\n\s*)|([:;!?\u00ab\u00bb]|[^\s:;!?\u00ab\u00bb]+)([^\S\n]*(?:\n(?!\s*\n)[^\S\n]*)?)"
)
NO_BREAKS = frozenset(map(chr, (0x00A0, 0x202F, 0x2007)))
BREAK = "\n\n"
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """Some words in a row: `kept`, `added` or `removed`."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word, and the space that follows it: two words are the same whatever follows."""

    word: str
    gap: str = field(default="", compare=False)


def word_changes(old: str, new: str) -> list[list[Change]]:
    """The new text in paragraphs, with the words that were added and those that were removed; spaces alone change nothing."""
    before, after = _pieces(old), _pieces(new)
    paragraphs: list[list[Change]] = [[]]
    for kind, pieces in _runs(before, after):
        for index, part in enumerate(_split(pieces)):
            if index:
                paragraphs.append([])
            if part:
                paragraphs[-1].append(Change(kind, part))
    return [paragraph for paragraph in paragraphs if paragraph]


def same_words(old: str, new: str) -> bool:
    """Whether both say the same words in the same paragraphs: a space more, less or of another kind is no difference."""
    return old == new or _pieces(old) == _pieces(new)


def is_changed(paragraphs: Iterable[Iterable[Change]]) -> bool:
    """Whether a word was added or removed."""
    return any(one.kind != KEPT for paragraph in paragraphs for one in paragraph)


def _pieces(text: str) -> list[_Piece]:
    return [
        _Piece(BREAK) if between else _Piece(word, _gap(spaces))
        for between, word, spaces in _PIECES.findall(text.strip())
    ]


def _gap(spaces: str) -> str:
    if not spaces:
        return ""
    return "\u00a0" if NO_BREAKS.intersection(spaces) else " "


def _runs(before: list[_Piece], after: list[_Piece]) -> Iterator[tuple[str, list[_Piece]]]:
    matcher = SequenceMatcher(a=before, b=after)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield KEPT, after[j1:j2]
            continue
        if i2 > i1:
            yield "removed", before[i1:i2]
        if j2 > j1:
            yield "added", after[j1:j2]


def _split(pieces: list[_Piece]) -> list[str]:
    """The words of each paragraph of a run."""
    parts = [""]
    for piece in pieces:
        if piece.word == BREAK:
            parts.append("")
        else:
            parts[-1] += piece.word + piece.gap
    return [part.strip() for part in parts]
