"""Which signs can be printed: PDF/UA-1 allows no sign without its drawing.

What the fonts cannot draw is replaced by a word that says so, rather than by nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Any

# What the font inside Typst draws, far from all of it; a test draws each of them.
_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x391, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2037),
    (0x2039, 0x203E),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20AB, 0x20AC),
    (0x2190, 0x219B),
    (0x2264, 0x2265),
    (0x25A0, 0x25A1),
)
DRAWN: AbstractSet[str] = frozenset(chr(code) for first, last in _RANGES for code in range(first, last + 1))
_SPACES = {"\n": " ", "\t": " ", "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}"}
# They change or join what stands before them and have no drawing of their own.
_SILENT = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
_MISSING = "\ufffc"


def printable(words: str, instead: str) -> str:
    """The words with `instead` for each run of signs that cannot be drawn."""
    composed = unicodedata.normalize("NFC", _SILENT.sub("", words))
    kept = "".join(_drawn(sign) for sign in composed)
    return re.sub(f"{_MISSING}+", lambda _found: instead, kept)


def _drawn(sign: str) -> str:
    if sign in _SPACES:
        return _SPACES[sign]
    if sign in DRAWN:
        return sign
    alike = unicodedata.normalize("NFKC", sign)
    return alike if all(one in DRAWN for one in alike) else _MISSING


def all_printable(value: Any, instead: str) -> Any:
    """The same for every text of plain data."""
    if isinstance(value, str):
        return printable(value, instead)
    if isinstance(value, dict):
        return {name: all_printable(one, instead) for name, one in value.items()}
    if isinstance(value, list):
        return [all_printable(one, instead) for one in value]
    return value
