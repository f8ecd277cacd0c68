"""A document in one language, as plain data: what the thread that makes files is given."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from portal.domain.construction.blocks import Document, Heading
from portal.kernel.dates import day_label
from portal.kernel.speech import Language, Sentence, say, spoken

AUTHOR = "Polyphonie"
SOURCE = "fr"
# What a file says of itself, beside the document.
WORDS = {
    "added": say("ajouté :"),
    "removed": say("retiré :"),
    "page": say("page"),
    "of": say("sur"),
    "sign": say("[signe]"),
}

Data = dict[str, Any]


def plain(document: Document, language: Language) -> Data:
    """The document said in a language; `l` marks words that stay in another one."""
    told = _Teller(language)
    return {
        "lang": language.code,
        "author": AUTHOR,
        "title": told.text(document.title),
        "subtitle": [told.words(document.contract), told.words(document.about)],
        "made": told.text(
            say(
                "Fait le %(day)s, à la ligne %(seq)s du registre.",
                day=day_label(document.day),
                seq=document.seal.seq,
            )
        ),
        "day": [document.day.year, document.day.month, document.day.day],
        "pages": document.pages,
        "mark": told.text(document.mark),
        "seal": document.seal.hash,
        "words": {name: told.text(sentence) for name, sentence in WORDS.items()},
        "sections": [
            {
                "id": section.id,
                "title": told.words(section.title),
                "level": section.level,
                "blocks": [told.block(one, section.level) for one in section.blocks],
            }
            for section in document.sections
        ],
    }


class _Teller:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def text(self, value: str) -> str:
        return str(spoken(value, self._language))

    def words(self, value: str) -> Data:
        """Words with their language, where it is not that of the document."""
        own = not isinstance(value, Sentence) and self._language.code != SOURCE
        return {"t": self.text(value), "l": SOURCE if own else None}

    def block(self, one: Any, level: int) -> Data:
        """A block by the name of its kind, in a section of this level."""
        told = {field.name: self._value(getattr(one, field.name)) for field in fields(one)}
        if isinstance(one, Heading):
            told["level"] = level + 1 + one.deep
        return {"kind": type(one).__name__.lower(), **told}

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, tuple):
            return [self._value(one) for one in value]
        if is_dataclass(value):
            return {field.name: self._value(getattr(value, field.name)) for field in fields(value)}
        return value
