"""What a document is made of, before any page, PDF or text file: pure.

Words that are a `Sentence` are ours and are said in the language of the reader; a plain `str` is data
(names, words of the contract or of people) and stays as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.texts.changes import Change


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `quiet` for what explains or bounds the rest, `strong` for what names what follows.

    `url` is where the words lead on a page; on paper they are words alone.
    """

    words: str
    quiet: bool = False
    strong: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, one level below that of the section; `deep` is how many more."""

    words: str
    deep: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row says what the row is about. `shares`: how wide its columns are on paper."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: `size` is None where the number is not told."""

    label: str
    size: int | None
    told: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of numbers; `alt` says in words all that it shows."""

    title: str
    alt: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A passage of the contract with the words that were added and those that were removed."""

    where: str
    paragraphs: tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of people, and who said them as everybody reads it."""

    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Room to write by hand: what for, and how many lines."""

    label: str
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Break:
    """On paper, what follows begins a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents of the document, down to the headings of the second level."""


Block = Paragraph | Heading | Bullets | Table | Bars | Difference | Quote | Blank | Break | Contents


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under one heading; `id` is its anchor. `level` 2 is a part of the one before."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Seal:
    """How far the register went when the document was made."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: what it is called, what it is about, its parts, and the register it stands on.

    `pages`: on paper it has no more of them; the last words quoted in its first part give way.
    `places`: the establishments that a document of the same kind can be about, by id and name.
    `mark`: what every sheet says across it, such as that it is a draft.
    """

    title: str
    contract: str
    about: str
    day: date
    sections: tuple[Section, ...]
    seal: Seal
    pages: int | None = None
    places: tuple[tuple[str, str], ...] = ()
    mark: str = ""
