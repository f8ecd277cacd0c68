"""What a file says, as pieces, and what it says that is left aside. Pure."""

from __future__ import annotations

from portal.domain.imports import tables
from portal.domain.imports.building import Builder, Context
from portal.domain.imports.pieces import Understood, Why
from portal.domain.imports.prose import Prose
from portal.domain.imports.source import Block, Source


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
    for missed in source.missed:
        builder.aside(missed.place, missed.place.inside, Why.UNREAD, missed.loss.value)
    return builder.understood()
