"""Where the marks of the pictures stand: bars of the establishments, the line of one of them over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.domain.indicators.queries import ReferenceView
from portal.domain.indicators.reading import Reading, Row

WIDTH = 400
# The line: a column for each year, room above for numbers and below for years.
COLUMN, LEFT, TOP, HEIGHT, FOOT = 80, 40, 24, 120, 24
BAND = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of an establishment, from zero, and where the quartiles stand on it."""

    width: int
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A year on the line."""

    x: int
    y: int
    year: int
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """Between a quarter and three quarters of comparable establishments, with their middle."""

    x: int
    y: int
    height: int
    median: int


@dataclass(frozen=True, slots=True)
class Curve:
    """An establishment over the years: `path` joins the years that follow each other."""

    path: str
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...]
    years: tuple[tuple[int, int], ...]
    base: int
    width: int
    height: int
    band: int = BAND


def bar(reading: Reading, row: Row) -> Bar | None:
    """The bar of an establishment; None when its number is not told, is nothing, or is less than nothing."""
    widest = reading.widest
    if row.stands is None or widest <= 0:
        return None
    marks = row.quartiles
    ticks = tuple(_part(one, widest) for one in (marks.q1, marks.median, marks.q3)) if marks else ()
    return Bar(_part(row.stands, widest), ticks)


def curve(reading: Reading, row: Row, references: Sequence[ReferenceView]) -> Curve | None:
    """The line of an establishment; None under two years. What is compared per place has no line: its table says it."""
    numbers = {cell.year: cell.number for cell in row.cells if cell.number is not None}
    if len(numbers) < 2 or reading.indicator.cost:  # noqa: PLR2004 — a line joins two points
        return None
    marks = {one.year: one.quartiles for one in references if one.category_code == row.site.category_code}
    marks = {year: one for year, one in marks.items() if year in reading.years}
    edges = [one for mark in marks.values() for one in (mark.q1, mark.q3)]
    low = min(Decimal(0), *numbers.values(), *edges)
    high = max(*numbers.values(), *edges, low + 1)

    def across(year: int) -> int:
        return LEFT + reading.years.index(year) * COLUMN

    def down(value: Decimal) -> int:
        return TOP + HEIGHT - round(HEIGHT * (value - low) / (high - low))

    words = {cell.year: cell.words for cell in row.cells}
    dots = tuple(Dot(across(year), down(value), year, words[year]) for year, value in numbers.items())
    bands = tuple(
        Band(
            across(year) - BAND // 2, down(mark.q3), max(down(mark.q1) - down(mark.q3), 2), down(mark.median)
        )
        for year, mark in sorted(marks.items())
    )
    return Curve(
        path=_path(dots),
        dots=dots,
        bands=bands,
        years=tuple((across(year), year) for year in reading.years),
        base=down(Decimal(0)),
        width=LEFT * 2 + COLUMN * (len(reading.years) - 1),
        height=TOP + HEIGHT + FOOT,
    )


def _part(value: Decimal, whole: Decimal) -> int:
    return max(round(WIDTH * value / whole), 0)


def _path(dots: Sequence[Dot]) -> str:
    """Straight lines between years that follow each other; a year without a number is a gap."""
    parts, before = [], None
    for dot in dots:
        parts.append(f"{'L' if before is not None and dot.year == before + 1 else 'M'}{dot.x} {dot.y}")
        before = dot.year
    return "".join(parts)
