"""How numbers are said: what is folded is said as such, and never as nought."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.construction.blocks import Bar, Bars
from portal.kernel.speech import Sentence, capital, joined, number_words, say
from portal.vocabulary import Group

FEW = say("moins de 5, ou non montré")


def exact(number: int | None) -> Sentence:
    """A number as a whole; folded when it is not told."""
    return FEW if number is None else number_words(number)


def stepped(number: int | None) -> Sentence:
    """A number told by steps of five."""
    return FEW if number is None else say("au moins %(number)s", number=number_words(number))


def of_group(number: int | None, group: Group) -> Sentence:
    """The number of a group: by steps for persons to protect, exact for the institutional ones."""
    return exact(number) if group.institutional else stepped(number)


def of_scope(number: int | None, *, whole: bool) -> Sentence:
    """A number of contributions: exact for the whole contract, by steps for one establishment."""
    return exact(number) if whole else stepped(number)


def picture(title: str, cells: Mapping[Group, int | None]) -> Bars:
    """A picture of numbers by group, whose alternative says every one of them."""
    rows = tuple(
        Bar(capital(group.label), number, of_group(number, group)) for group, number in cells.items()
    )
    alt = joined(say("%(label)s : %(told)s.", label=row.label, told=row.told) for row in rows)
    return Bars(title, joined((say("%(title)s.", title=title), alt)), rows)
