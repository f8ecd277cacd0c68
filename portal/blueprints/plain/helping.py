"""The helper of whoever writes plain words: gentle remarks beside each paragraph, on demand; it keeps nothing."""

from __future__ import annotations

from functools import cache

from flask import request

from portal.blueprints.home.words import WORDS
from portal.domain.plain.readability import Looked, initials, look
from portal.domain.texts.service import MAX_TEXT

READ_OVER = "relire"


def wanted() -> bool:
    """Whether the form was sent to be read over, not to be kept."""
    return request.method == "POST" and READ_OVER in request.form


def looked(source: str | None) -> list[Looked] | None:
    """The paragraphs of plain words with their remarks; None unless they were asked for."""
    return look((source or "")[:MAX_TEXT], _explained()) if wanted() else None


@cache
def _explained() -> frozenset[str]:
    """The initials that the glossary explains."""
    return frozenset(name for _code, word, _plain, _source in WORDS for name in initials(str(word)))
