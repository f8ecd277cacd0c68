"""The indicators that the contract follows: sentences first, then the numbers of each establishment."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Heading, Paragraph, Table
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import DASH
from portal.domain.indicators import reading
from portal.domain.indicators.reading import Reading, Row
from portal.kernel.speech import say


def full(src: Gathered) -> list[Block]:
    """Each indicator in words and, but for the version for everybody, in a table."""
    if not src.followed:
        return []
    blocks: list[Block] = [Heading(say("Les indicateurs du contrat"))]
    if any(one.folded for one in src.readings):
        blocks.append(
            Paragraph(
                say(
                    "Un petit nombre de personnes est écrit «\u00a0moins de 5\u00a0»\u00a0: ce document se "
                    "transmet, et nul ne doit y être reconnu."
                ),
                quiet=True,
            )
        )
    for one in src.readings:
        blocks += _indicator(src, one)
    return blocks


def _indicator(src: Gathered, one: Reading) -> list[Block]:
    known = one.indicator
    blocks: list[Block] = [Heading(known.label, 1)]
    if known.plain:
        blocks.append(Paragraph(known.plain))
    goal = reading.goal(known)
    if goal is not None:
        blocks.append(Paragraph(goal))
    rows = [row for row in one.rows if row.last is not None]
    if not rows:
        return [*blocks, Paragraph(say("Aucune valeur n’est encore écrite."), quiet=True)]
    if src.choice.plain:
        told = (reading.sentence(known, row) for row in rows)
        return [*blocks, *(Paragraph(sentence) for sentence in told if sentence)]
    return [*blocks, _table(one, rows)]


def _table(one: Reading, rows: list[Row]) -> Table:
    head = (say("Établissement ou service"), *(str(year) for year in one.years))
    told: list[tuple[str, ...]] = [
        (row.site.name, *(cell.words or DASH for cell in row.cells)) for row in rows
    ]
    if one.totals:
        told.append((say("Tous les établissements"), *(total or DASH for total in one.totals)))
    caption = say("%(label)s, année par année", label=one.indicator.label)
    return Table(caption, head, tuple(told), (3, *(2 for _year in one.years)))
