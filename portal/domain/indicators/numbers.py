"""Numbers as people type and read them: « 12,5 », « 1 234 », « 12,5 e » for an estimate, « oui »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.domain.indicators.models import SCALE, Unit
from portal.kernel.speech import NO_BREAK, Language, Sentence, joined, say

MOST = Decimal(10) ** 12
STEPS = (1, 5)
YEARS = (1950, 2100)
# What spreadsheets put between thousands, and after a number: it says nothing more than the number.
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_SIGNS = re.compile(r"(?:%|€)$")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_ESTIMATE = re.compile(r"^(?:≈|~)\s*|\s*\(?e\)?$", re.IGNORECASE)
_YES = {"oui": 1, "o": 1, "yes": 1, "y": 1, "non": 0, "n": 0, "no": 0}
YES, NO = say("oui"), say("non")
TOO_GREAT = say("C’est trop grand : vérifiez ce nombre.")
BELOW = say("Écrivez zéro ou plus : cet indicateur ne descend pas sous zéro.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell says: a number, or nothing, and whether it is an estimate."""

    value: Decimal | None
    estimated: bool = False


class NumberError(ValueError):
    """What was typed is no number of this unit; its text is the sentence that says how to mend it."""


class BelowError(NumberError):
    """What was typed is less than nothing, where that has no meaning."""


class AboveError(NumberError):
    """What was typed is more than the indicator can be."""


class Amount(Sentence):
    """A number in the digits of a language: « 1 234,5 » or “1,234.5”."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """Its digits there."""
        return digits(self._values["value"], language.code)


def amount(value: Decimal) -> Amount:
    """A number as one reads it."""
    return Amount.made(digits(value, "fr"), value=value)


def digits(value: Decimal, code: str) -> str:
    """A number without needless zeros, its thousands in groups."""
    whole = f"{plain(value):,f}"
    return whole if code == "en" else whole.replace(",", NO_BREAK).replace(".", ",")


def plain(value: Decimal) -> Decimal:
    """The same number without the zeros that end its decimals."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def worded(value: Decimal, unit: Unit) -> Sentence:
    """A number with its unit: « 12,5 % », « oui », « 2024 »."""
    if unit is Unit.YES_NO:
        return joined([YES if value else NO])
    if unit is Unit.YEAR:
        return joined([str(plain(value))])
    return joined([amount(value), unit.sign], NO_BREAK) if unit.sign else amount(value)


def shown(value: Decimal | None, unit: Unit, *, estimated: bool = False) -> str:
    """What stands in the cell of a grid: what one would type there."""
    if value is None:
        return ""
    words = digits(value, "fr").replace(NO_BREAK, " ")
    if unit is Unit.YES_NO:
        words = "oui" if value else "non"
    elif unit is Unit.YEAR:
        words = str(plain(value))
    return f"{words} e" if estimated else words


def read(typed: str, unit: Unit, *, signed: bool = False, most: Decimal | None = None) -> Typed:
    """What was typed in a cell; spaces, « % » and « € » apart; `signed` when it may be less than nothing, `most` the most it may be.

    Errors: NumberError.
    """
    words = typed.strip()
    bare = _ESTIMATE.sub("", words) if any(sign.isdigit() for sign in words) else words
    estimated = bare != words
    bare = _SIGNS.sub("", _SPACES.sub("", bare))
    if not bare:
        return Typed(None)
    if unit is Unit.YES_NO and bare.lower() in _YES:
        return Typed(Decimal(_YES[bare.lower()]))
    bare = _point(bare)
    if not (bare.isascii() and _NUMBER.fullmatch(bare)):
        raise NumberError(_how(unit))
    value = Decimal(bare)
    # « -0 » is nothing less than nothing.
    value = value or abs(value)
    if value >= MOST and unit not in (Unit.YES_NO, Unit.STEPS, Unit.YEAR):
        raise NumberError(TOO_GREAT)
    if not _fits(value, unit):
        raise NumberError(_how(unit))
    if value < 0 and not signed:
        raise BelowError(BELOW)
    if most is not None and value > most:
        raise AboveError(_above(most, unit))
    return Typed(value, estimated and unit is not Unit.YES_NO)


def _point(bare: str) -> str:
    """One decimal sign: « 1,234.5 » and « 1.234,5 » too."""
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(",") < bare.rfind(".") else "."
        bare = bare.replace(thousands, "")
    return bare.replace(",", ".")


def _fits(value: Decimal, unit: Unit) -> bool:
    if abs(value) >= MOST or value * SCALE != (value * SCALE).to_integral_value():
        return False
    whole = value == value.to_integral_value()
    if unit is Unit.YES_NO:
        return value in (0, 1)
    if unit in (Unit.PERSONS, Unit.NUMBER):
        return whole and value >= 0
    if unit is Unit.STEPS:
        return whole and STEPS[0] <= value <= STEPS[1]
    if unit is Unit.YEAR:
        return whole and YEARS[0] <= value <= YEARS[1]
    return True


def _above(most: Decimal, unit: Unit) -> Sentence:
    return say("Vérifiez ce nombre : cet indicateur ne dépasse pas %(most)s.", most=worded(most, unit))


def _how(unit: Unit) -> Sentence:
    return {
        Unit.YES_NO: say("Écrivez oui ou non."),
        Unit.PERSONS: say("Écrivez un nombre entier de personnes, par exemple 48."),
        Unit.NUMBER: say("Écrivez un nombre entier, par exemple 48."),
        Unit.STEPS: say("Écrivez un niveau, de 1 à 5."),
        Unit.YEAR: say("Écrivez une année, par exemple 2024."),
    }.get(unit, say("Écrivez un nombre, par exemple 12,5. Ajoutez e après un nombre estimé."))
