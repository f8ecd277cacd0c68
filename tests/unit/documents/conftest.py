"""A document that holds one of everything, in French, and the tags of a PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from portal.documents.plain import Data, plain
from portal.domain.construction.blocks import (
    Bar,
    Bars,
    Blank,
    Break,
    Bullets,
    Difference,
    Document,
    Heading,
    Paragraph,
    Quote,
    Seal,
    Section,
    Table,
)
from portal.domain.texts.changes import Change
from portal.kernel.speech import say
from portal.languages import language

HOSTILE = "Un *gras* #text <label> @ref $x$ \\ `code` // c /* d */ = Titre #panic()"


def a_document(words: str = HOSTILE, rows: int = 80) -> Document:
    """One block of every kind; the table goes over several pages."""
    table = Table(
        say("Le tableau"), (say("Groupe"), say("Nombre")), tuple((words, str(n)) for n in range(rows))
    )
    bars = (Bar(say("Résidents"), 10, say("au moins 10")), Bar(say("Familles"), None, say("moins de 5")))
    difference = Difference(
        words, ((Change("kept", "un"), Change("added", words), Change("removed", "trois")),)
    )
    return Document(
        say("Comment ce contrat a été construit"),
        words,
        say("Tout le contrat"),
        date(2026, 11, 22),
        (
            Section(
                "un", say("Premier"), (Paragraph(words), Heading(words), table, Bullets((words, say("deux"))))
            ),
            Section(
                "deux",
                say("Second"),
                (
                    Bars(say("Une image"), say("Une image, en mots."), bars),
                    Heading(say("Encore")),
                    difference,
                    Quote(words, "Famille ou proche"),
                    Break(),
                    Blank(say("À remplir"), 3),
                    Paragraph(say("Fin."), quiet=True),
                ),
            ),
        ),
        Seal(12, "ab" * 32),
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the fonts are kept."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="session")
def data() -> Data:
    return plain(a_document(), language("fr"))


@pytest.fixture(scope="session")
def paper(data: Data, folder: Path) -> PdfReader:
    from portal.documents.pdf import pdf

    return PdfReader(io.BytesIO(pdf(data, folder)))


def tags(element: Any) -> Iterator[tuple[str, DictionaryObject]]:
    """Every element of the structure of a PDF, in the order in which it is read aloud."""
    found = element.get_object()
    if isinstance(found, ArrayObject):
        for one in found:
            yield from tags(one)
    elif isinstance(found, DictionaryObject):
        if "/S" in found and "/K" in found:
            yield str(found["/S"]), found
        if "/K" in found:
            yield from tags(found["/K"])
