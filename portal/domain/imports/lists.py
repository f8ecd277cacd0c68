"""Tables that are no plan: findings, and the values of indicators by year. Pure."""

from __future__ import annotations

from portal.domain.imports import cells
from portal.domain.imports.building import Builder
from portal.domain.imports.columns import Column
from portal.domain.imports.heads import Above, Head, quoted
from portal.domain.imports.pieces import PieceKind
from portal.domain.imports.source import Place, Table

C, K = Column, PieceKind
KINDS = {
    C.STRENGTH: K.STRENGTH,
    C.TO_IMPROVE: K.TO_IMPROVE,
    C.OPPORTUNITY: K.OPPORTUNITY,
    C.WATCH: K.VIGILANCE,
    C.FINDING: K.FINDING,
}


def findings(head: Head, table: Table, builder: Builder, above: Above) -> None:
    """Add the findings of a table."""
    axis = ""
    for row in head.rows:
        if builder.full:
            return
        if not row.filled:
            continue
        place, quote = Place(table.name, row.number), quoted(row)
        words = " ".join(head.of(row, C.AXIS).split())
        axis = builder.context.axis_about(words) if words else axis or above.axis
        said = {
            "plain": head.of(row, C.PLAIN),
            "technical": head.of(row, C.TECHNICAL),
            "evidence": head.of(row, C.EVIDENCE),
        }
        for column, kind in KINDS.items():
            # What stands in one cell of findings is one finding when the row says its sort, else a list.
            whole = column is C.FINDING and head.has(C.FINDING_KIND)
            told = cells.finding_kind(head.of(row, C.FINDING_KIND)) if whole else kind
            for text in [head.of(row, column)] if whole else cells.several(head.of(row, column)):
                if text.strip():
                    builder.add(told, text, axis, place, quote, said)


def values(head: Head, table: Table, builder: Builder) -> None:
    """Add the values of a table, a piece for each row."""
    label = ""
    only = builder.context.sites[0].ref if len(builder.context.sites) == 1 else ""
    for row in head.rows:
        if builder.full:
            return
        label = " ".join(head.of(row, C.INDICATOR).split()) or label
        numbers = {found: row.cell(number) for number, found in head.years.items() if row.cell(number)}
        if not label or not numbers:
            continue
        named = head.of(row, C.FINESS) or head.of(row, C.SITE)
        site = builder.context.site(head.of(row, C.FINESS)) or builder.context.site(head.of(row, C.SITE))
        said = {"site": site or ("" if named else only), "site_words": head.of(row, C.SITE) or named}
        said |= {f"year_{one}": words for one, words in numbers.items() if one.isdigit()}
        builder.add(
            K.VALUES,
            label,
            builder.context.indicator(label),
            Place(table.name, row.number),
            quoted(row),
            said,
        )
