"""The only sanitiser of the product: every text that a person typed goes through here before anybody reads it.

A source (plain text with light marks, at most `MAX_CHARACTERS`) is cleaned once, when it is posted; its HTML is
rendered by our own tree, then passes bleach, then nh3, and is stored with `RENDERER_VERSION`.
"""

from portal.kernel.speech import number_words as number
from portal.kernel.text.french import folded, typography
from portal.kernel.text.plain import excerpt, paragraphs, pieces, plain
from portal.kernel.text.rendering import RENDERER_VERSION, render, render_inline
from portal.kernel.text.source import (
    MAX_CHARACTERS,
    TextEmpty,
    TextError,
    TextTooLong,
    clean_line,
    clean_source,
)
from portal.kernel.text.xml import holdable

__all__ = [
    "MAX_CHARACTERS",
    "RENDERER_VERSION",
    "TextEmpty",
    "TextError",
    "TextTooLong",
    "clean_line",
    "clean_source",
    "excerpt",
    "folded",
    "holdable",
    "number",
    "paragraphs",
    "pieces",
    "plain",
    "render",
    "render_inline",
    "typography",
]
