"""How far objectives and actions are, read as a whole; when a reason is owed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.objectives.models import Financing, State

# What went otherwise than was hoped is explained.
EXPLAINED = frozenset({State.LATE, State.DROPPED})
# From the signature on, what is planned was promised: changing it takes a reason.
ORDER: tuple[State, ...] = (State.DONE, State.RUNNING, State.LATE, State.NOT_STARTED, State.DROPPED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned of an action."""

    label: str
    starts_on: date | None
    ends_on: date | None
    financing: Financing
    funded_until: date | None


def must_explain(before: State, after: State) -> bool:
    """Whether a new state asks for its justification."""
    return after in EXPLAINED and after is not before


def in_order(states: Mapping[State, int]) -> list[tuple[State, int]]:
    """The states that there are, what is done first, with how many."""
    return [(one, states[one]) for one in ORDER if states.get(one)]


def runs_short(financing: Financing, funded_until: date | None, ends_on: date | None) -> bool:
    """Whether the money of an action ends before it does, or was not found."""
    if financing is Financing.UNFUNDED:
        return True
    ends_first = funded_until is not None and ends_on is not None and funded_until < ends_on
    return financing is Financing.FUNDED and ends_first


def calendar(plans: Iterable[tuple[date | None, date | None]], first: int, last: int) -> dict[int, int]:
    """For each year of the contract, how many of these actions run in it; those without both dates are left out."""
    years = dict.fromkeys(range(first, last + 1), 0)
    for starts_on, ends_on in plans:
        if starts_on is None or ends_on is None:
            continue
        for year in range(max(first, starts_on.year), min(last, ends_on.year) + 1):
            years[year] += 1
    return years
