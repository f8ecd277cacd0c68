"""« Ma semaine »: the few most useful acts of who keeps contracts, in an order that anybody can read; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from portal.vocabulary import Group

ACTS, MINUTES = 5, 20


class Rank(IntEnum):
    """THE order: who may be in danger; who waits for nobody; what was promised and is late, then near; what comes at its day;
    what keeps somebody waiting or silent.
    """

    DANGER = 0
    NAME_READER = 1
    LATE = 2
    NEAR = 3
    REVIEW = 4
    TAKES_EFFECT = 5
    ENDS = 6
    END = 7
    TAKE_STOCK = 8
    PROPOSED = 9
    INVITE = 10
    SIMPLIFY = 11


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: where, by when, how many times, and how many minutes each takes.

    `number` is how many wait in all, `share` how many the week asks for; `group` is whom an invitation is for, `about` what is to be looked at.
    """

    rank: Rank
    day: date
    contract_id: str
    space_id: str | None
    number: int
    minutes_each: int
    url: str
    share: int = 0
    synthesis: bool = False
    results: bool = False
    group: Group | None = None
    about: str = ""

    @property
    def minutes(self) -> int:
        """How long the share takes."""
        return self.share * self.minutes_each


def week(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The five most useful acts, shared so that they hold in twenty minutes.

    Each act gets one turn first, in order; the minutes left go to the first ones.
    """
    ordered = sorted(acts, key=lambda one: (one.rank, one.day, one.contract_id, one.space_id or "", one.url))
    chosen: list[Act] = []
    left = MINUTES
    for act in ordered:
        if len(chosen) == ACTS:
            break
        if act.number and act.minutes_each <= left:
            chosen.append(replace(act, share=1))
            left -= act.minutes_each
    for place, act in enumerate(chosen):
        more = min(act.number - 1, left // act.minutes_each)
        chosen[place] = replace(act, share=1 + more)
        left -= more * act.minutes_each
    return tuple(chosen)
