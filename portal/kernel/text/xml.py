"""What an XML file can hold: an office file must not fail for a sign that somebody typed."""

from __future__ import annotations

import re

# All but the characters of XML 1.0.
_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def holdable(words: str) -> str:
    """The words without the signs that no XML file can hold."""
    return _NEVER.sub("", words)
