"""French typography, one character for one character: positions in a text never move."""

import re
import unicodedata
from typing import Final

NO_BREAK: Final = "\u00a0"
APOSTROPHE: Final = "\u2019"

_SPACE_TO_HOLD: Final = re.compile(r"(?<=«) | (?=[;:!?»])")
# A star may stand between the apostrophe and the word it elides on: l'*eau*.
_ELISION: Final = re.compile(r"(?<=[^\W\d_])'(?=\*?[^\W\d_])")


def typography(text: str) -> str:
    """Take plain French text, give it with no-break spaces and typographic apostrophes; the length is the same."""
    held = _SPACE_TO_HOLD.sub(NO_BREAK, text.replace("\u202f", NO_BREAK))
    return _ELISION.sub(APOSTROPHE, held)


def folded(text: str) -> str:
    """The same words as one compares them: small letters, no accent, « œ » in two letters."""
    small = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(sign for sign in unicodedata.normalize("NFKD", small) if not unicodedata.combining(sign))
