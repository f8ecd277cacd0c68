"""Rules of indicators: where a value stands, which small numbers fold, what a place costs. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.domain.indicators.models import Direction, Unit
from portal.kernel.speech import Sentence, say

# As everywhere on the portal: fewer persons than this would be told apart.
SMALLEST = 5
CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Quartiles:
    """A quarter of comparable establishments is below `q1`, half below `median`, a quarter above `q3`."""

    q1: Decimal
    median: Decimal
    q3: Decimal


def in_order(quartiles: Quartiles) -> bool:
    """Whether they can be quartiles of anything."""
    return quartiles.q1 <= quartiles.median <= quartiles.q3


def folds(value: Decimal | None, unit: Unit) -> bool:
    """Whether a value tells persons apart."""
    return value is not None and unit is Unit.PERSONS and value < SMALLEST


def total(values: Collection[Decimal | None], unit: Unit, *, folded: bool) -> Decimal | None:
    """All values together, when adding has a meaning; None when one is missing, or would be found again from it."""
    told = [one for one in values if one is not None]
    if not unit.totals or not told or len(told) != len(values):
        return None
    if folded and unit is Unit.PERSONS:
        return None
    return sum(told, Decimal(0))


def per_place(value: Decimal | None, places: int | None) -> Decimal | None:
    """The euros of a year for each place, to the cent; None without places."""
    if value is None or not places:
        return None
    return cents(value / places)


def cents(value: Decimal) -> Decimal:
    """An amount to the cent."""
    return value.quantize(CENTS, ROUND_HALF_UP)


def compared(value: Decimal, quartiles: Quartiles, direction: Direction) -> Sentence:
    """Where a value stands among comparable establishments, in words that promise no more than quartiles tell."""
    if value == quartiles.median:
        return say("c’est autant qu’au milieu des établissements comparables")
    low = value < quartiles.median
    far = value < quartiles.q1 or value > quartiles.q3
    if direction is Direction.NEUTRAL:
        return _described(low=low, far=far)
    better = low is (direction is Direction.DOWN)
    if better:
        return (
            say("c’est mieux que dans les trois quarts des établissements comparables")
            if far
            else say("c’est mieux que dans la moitié des établissements comparables")
        )
    return (
        say("c’est moins bien que dans les trois quarts des établissements comparables")
        if far
        else say("c’est moins bien que dans la moitié des établissements comparables")
    )


def _described(*, low: bool, far: bool) -> Sentence:
    if low:
        return (
            say("c’est moins que dans les trois quarts des établissements comparables")
            if far
            else say("c’est moins que dans la moitié des établissements comparables")
        )
    return (
        say("c’est plus que dans les trois quarts des établissements comparables")
        if far
        else say("c’est plus que dans la moitié des établissements comparables")
    )


def among(value: Decimal, others: Collection[Decimal]) -> Sentence | None:
    """Where the cost of a place stands among the comparable services of the contract; None without another."""
    if not others:
        return None
    if all(value < one for one in others):
        return say("c’est le moins cher des services comparables du contrat")
    if all(value > one for one in others):
        return say("c’est le plus cher des services comparables du contrat")
    if all(value == one for one in others):
        return say("c’est autant que dans les services comparables du contrat")
    return say("c’est entre le moins cher et le plus cher des services comparables du contrat")
