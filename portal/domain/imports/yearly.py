"""The values of an indicator by year, as a file gives them: those that are taken, doubted, or may be read in two ways. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from portal.domain.imports.pieces import Doubt, Piece
from portal.domain.imports.standing import Followed
from portal.domain.indicators import numbers
from portal.domain.indicators.models import Unit
from portal.kernel.speech import Sentence

YEAR = "year_"
FIRST_YEAR = 1990
# How a bare number of one or less is read where percents are counted: as a part of one, or as it is.
READING, PART, AS_IT_IS = "reading", "part", "tel"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Values:
    """`taken`: by year, as they are typed; `doubts`: what is not taken, or is to be checked; `small`: what is still to be read."""

    taken: Mapping[int, str]
    doubts: Sequence[tuple[Doubt, str]]
    small: Mapping[int, Decimal]


def values(
    piece: Piece, of: Followed, last_year: int, held: Mapping[int, numbers.Typed] = MappingProxyType({})
) -> Values:
    """What the years of a piece say of an indicator; what is `held` by the contract already raises no question."""
    taken: dict[int, str] = {}
    doubts: list[tuple[Doubt, str]] = []
    small: dict[int, Decimal] = {}
    reading = piece.said.get(READING, "")
    for name, words in piece.said.items():
        if not name.startswith(YEAR):
            continue
        year = int(name.removeprefix(YEAR))
        found = _read(words, of) if FIRST_YEAR <= year <= last_year else Doubt.NUMBER
        if isinstance(found, Doubt):
            doubts.append((found, f"{year} : {words}"))
            continue
        value, typed = found.value or Decimal(0), words
        if is_small(words, value, of.unit) and held.get(year) != found:
            if reading not in (PART, AS_IT_IS):
                small[year] = value
                continue
            value = value * HUNDRED if reading == PART else value
            typed = numbers.shown(value, of.unit, estimated=found.estimated)
        if of.most is None and of.unit is Unit.PERCENT and value > HUNDRED:
            doubts.append((Doubt.MUCH, f"{year} : {words}"))
        taken[year] = typed
    return Values(taken, doubts, small)


def same(piece: Piece, of: Followed, held: Mapping[int, numbers.Typed]) -> bool:
    """Whether the contract holds every value of a piece already."""
    told = {
        int(name.removeprefix(YEAR)): words for name, words in piece.said.items() if name.startswith(YEAR)
    }
    return bool(told) and all(held.get(year) == _read(words, of) for year, words in told.items())


def smalls(
    piece: Piece, of: Followed, last_year: int, held: Mapping[int, numbers.Typed] = MappingProxyType({})
) -> dict[int, Decimal]:
    """The values of a piece that may be read in two ways, whether or not somebody said how."""
    bare = {name: words for name, words in piece.said.items() if name != READING}
    found = values(
        Piece(piece.id, piece.kind, piece.text, piece.parent, piece.place, "", bare), of, last_year, held
    )
    return dict(found.small)


def readings(small: Mapping[int, Decimal], unit: Unit) -> list[tuple[str, Sentence]]:
    """The two ways to read them, each with what it makes of the first: « 97,1 % », « 0,971 % »."""
    first = next(iter(small.values()))
    return [(PART, numbers.worded(first * HUNDRED, unit)), (AS_IT_IS, numbers.worded(first, unit))]


def is_small(words: str, value: Decimal, unit: Unit) -> bool:
    """Whether a number may be a part of one, as spreadsheets keep percents: « 0,971 » for 97,1 %; one written « 0,8 % » may not."""
    return unit is Unit.PERCENT and "%" not in words and 0 < abs(value) <= 1


def _read(words: str, of: Followed) -> Doubt | numbers.Typed:
    """A value, or why it is not taken."""
    try:
        found = numbers.read(words, of.unit, signed=of.signed, most=of.most)
    except numbers.BelowError:
        return Doubt.BELOW
    except numbers.AboveError:
        return Doubt.ABOVE
    except numbers.NumberError:
        return Doubt.NUMBER
    return Doubt.NUMBER if found.value is None else found
