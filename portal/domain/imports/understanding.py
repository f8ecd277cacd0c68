"""What a file says, as pieces, and what it says that is left aside. Pure."""

from __future__ import annotations

from portal.domain.imports import tables
from portal.domain.imports.building import Builder, Context
from portal.domain.imports.pieces import Understood, Why
from portal.domain.imports.prose import Prose
from portal.domain.imports.source import Block, Source, Table


def understand(source: Source, context: Context) -> Understood:
    """The pieces of a file in its order; nothing of it disappears without a word."""
    builder = Builder(context)
    prose = Prose(builder)
    for part in source.parts:
        if builder.full:
            break
        if isinstance(part, Block):
            prose.read(part)
        else:
            tables.read(part, builder, prose.above)
    titles = _titles(source) if any(one.place.column for one in source.missed) else {}
    for missed in source.missed:
        quote = titles.get((missed.place.inside, missed.place.column)) or missed.place.inside
        builder.aside(missed.place, quote, Why.UNREAD, missed.loss.value)
    return builder.understood()


def _titles(source: Source) -> dict[tuple[str, int], str]:
    """The titles of the columns of each table, by its name and their number from 1."""
    return {
        (part.name, number): words
        for part in source.parts
        if isinstance(part, Table)
        for number, words in enumerate(tables.titles(part), 1)
    }
