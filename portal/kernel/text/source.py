"""What a person typed, made fit to store: measured first, then freed of what nobody can see.

Zero-width joiners are kept only where they change what is read: between two letters or marks of a script that
joins (Persian, Hindi…), and inside an emoji sequence. Between Latin letters they serve only to make two words
that look alike differ, so they go.
"""

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 5000
MAX_MARKS_ON_A_LETTER: Final = 4


class TextError(ValueError):
    """A text that cannot be accepted."""


class TextEmpty(TextError):  # noqa: N818 - like every refusal, named after what is wrong with the text
    """Nothing visible is left of the text."""


class TextTooLong(TextError):  # noqa: N818 - same reason
    """The text has more than `maximum` characters; `length` is what was counted."""

    def __init__(self, length: int, maximum: int) -> None:
        super().__init__(f"{length} characters, {maximum} at most")
        self.length = length
        self.maximum = maximum


_ODD_SPACES: Final = str.maketrans(
    dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n")
    | dict.fromkeys("\t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a", " ")
    | dict.fromkeys("\u205f\u2800\u3000", " ")
    | dict.fromkeys("\u2007\u202f", "\u00a0")
)

_NONCHARACTERS: Final = "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(15)
)

_UNSEEN: Final = re.compile(
    "["
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\xad"  # controls, soft hyphen
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # fillers and selectors inside scripts
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction overrides and isolates
    r"\u3164\uffa0\ufe00-\ufe0d\ufeff\ufff0-\ufffc"  # Hangul fillers, variation selectors, byte order mark
    r"\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"  # surrogates, private use, noncharacters
    r"\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of rare scripts
    r"\U000e0000-\U000e0fff\U000f0000-\U0010ffff"  # tags, supplementary selectors, private planes
    f"{_NONCHARACTERS}"
    "]+"
)

_NON_JOINER, _JOINER = "\u200c", "\u200d"
_SELECTORS: Final = "\ufe0e\ufe0f"
_JOINERS: Final = re.compile(f"[{_NON_JOINER}{_JOINER}{_SELECTORS}]+")
_JOINING: Final = frozenset({"Lo", "Lm", "Mn", "Mc"})
_SYMBOLS: Final = frozenset({"So", "Sm", "Sk", "Po", "Nd"})
_PICTURES: Final = frozenset({"So", "Sm"})

_MAY_HOLD_MARKS: Final = re.compile("[\u0300-\u1fff\u20d0-\u20ff\u2cef-\U0010ffff]")
_MANY_BLANK_LINES: Final = re.compile(r"\n{4,}")


def clean_source(raw: str, *, maximum: int = MAX_CHARACTERS) -> str:
    """Take what was typed, give the source to store.

    Raises `TextTooLong` before any other work is done, `TextEmpty` when nothing visible is left.
    A browser posts each line end as two characters but counts one: so do we.
    """
    _measure(raw, 2 * maximum)
    text = raw.replace("\r\n", "\n")
    _measure(text, maximum)
    text = scrub(text)
    _measure(text, maximum)
    if not text:
        raise TextEmpty("no visible character")
    return text


def clean_line(raw: str, *, maximum: int) -> str:
    """Take a name or a label, give it on one line. Raises as `clean_source` does."""
    return " ".join(clean_source(raw, maximum=maximum).split())


def scrub(text: str) -> str:
    """Take any text, give it in NFC: visible characters, tidy lines, at most two blank lines in a row."""
    text = text.replace("\r\n", "\n").translate(_ODD_SPACES)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _limit_marks(_JOINERS.sub(_useful_joiners, text))
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).split("\n")]
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip()


def _measure(text: str, maximum: int) -> None:
    if len(text) > maximum:
        raise TextTooLong(len(text), maximum)


def _useful_joiners(found: re.Match[str]) -> str:
    run = found[0]
    before, after = _category(found.string, found.start() - 1), _category(found.string, found.end())
    if run in (_NON_JOINER, _JOINER) and before in _JOINING and after in _JOINING:
        return run
    if before not in _SYMBOLS:
        return ""
    selector = run[0] if run[0] in _SELECTORS else ""
    joiner = _JOINER if run.endswith(_JOINER) and before in _SYMBOLS and after in _PICTURES else ""
    return selector + joiner


def _category(text: str, index: int) -> str:
    return unicodedata.category(text[index]) if 0 <= index < len(text) else ""


def _limit_marks(text: str) -> str:
    """Piled-up accents spill over the lines of other people: a few per letter, none without a letter."""
    if not _MAY_HOLD_MARKS.search(text):
        return text
    kept = []
    room = 0
    for character in text:
        if unicodedata.category(character) not in ("Mn", "Me"):
            room = 0 if character.isspace() else MAX_MARKS_ON_A_LETTER
        elif room == 0:
            continue
        else:
            room -= 1
        kept.append(character)
    return "".join(kept)
