"""Whether a page is valid HTML. A page of the same shape as one that was found valid is not read again.

A shape keeps what the rules of HTML look at: every tag, the names of its attributes, the values that decide how it is
read, whether words stand between two tags. It forgets the words themselves and the other values. Where a page has
anything that could be wrong beside its tags (a sign that means something, an attribute without quotes), it has no
shape: it is read whole each time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256

import html5lib

# Signs that mean nothing by themselves: not « < > & », no control character, nothing that Unicode keeps for nobody.
_PLAIN = r"[\t\n\r !-%'-;=?-~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]"
_NAMED = "&(?:amp|lt|gt|quot|nbsp|#39|#34);"
_WORDS = f"(?:{_PLAIN}|{_NAMED})+"
_VALUE = f'(?:(?!"){_PLAIN}|{_NAMED})*'
_SPACE = "[ \t\n\r]"
_NAME = "[a-zA-Z][a-zA-Z0-9:-]*"
_ATTRIBUTE = f'{_SPACE}+{_NAME}(?:="{_VALUE}")?'
_PART = re.compile(
    f"(?P<tag><{_NAME}(?:{_ATTRIBUTE})*{_SPACE}*/?>|</{_NAME}>)|(?P<words>{_WORDS})|<!(?:doctype|DOCTYPE) html>"
)
_GIVEN = re.compile(f'({_NAME})="{_VALUE}"')
# Values that decide how the page is read.
_DECIDE = {"type", "charset", "content", "http-equiv", "encoding"}
_valid: set[bytes] = set()


def faults(text: str) -> list[str]:
    """What is not valid in this page."""
    shape = shape_of(text)
    mark = None if shape is None else sha256(shape.encode()).digest()
    if mark in _valid:
        return []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    if mark is not None and not parser.errors:
        _valid.add(mark)
    return [f"invalid HTML at {position}: {code} {data}" for position, code, data in parser.errors]


def shape_of(text: str) -> str | None:
    """The same for two pages that are both valid or both not; None for a page that must be read whole."""
    parts, end = [], 0
    for found in _PART.finditer(text):
        if found.start() != end:
            return None
        end, one = found.end(), found[0]
        if found["words"] is None:
            parts.append(_without_values(one))
        else:
            parts.append("x" if one.strip("\t\n\r ") else " ")
    return "".join(parts) if end == len(text) else None


@lru_cache(maxsize=20_000)
def _without_values(tag: str) -> str:
    return _GIVEN.sub(lambda one: one[0] if one[1].lower() in _DECIDE else f'{one[1]}=""', tag)
