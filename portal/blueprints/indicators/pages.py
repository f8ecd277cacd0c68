"""What the pages of indicators share: the indicator of the address, the years that are asked, what it is read with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import sites
from portal.domain.contracts.sites import Perimeter
from portal.domain.indicators import grid, queries, reading
from portal.domain.indicators.queries import IndicatorView, ReferenceView, ValueView
from portal.domain.indicators.reading import Reading
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator with everything that was read of it."""

    reading: Reading
    perimeter: Perimeter
    references: list[ReferenceView]
    last: ValueView | None
    earlier: int
    later: int | None


def root(asked: Asked) -> str:
    """The list of the indicators of a contract."""
    return f"{paths.contract(asked.contract_id)}/indicateurs"


def here(asked: Asked, indicator_id: str, act: str = "") -> str:
    """The page of an indicator, or one act on it."""
    return f"{root(asked)}/{indicator_id}/{act}" if act else f"{root(asked)}/{indicator_id}"


def named(asked: Asked, indicator_id: str) -> IndicatorView:
    """The indicator of the address. Errors: NotFoundError."""
    found = queries.one(db.session(), asked.contract_id, indicator_id)
    if found is None:
        raise NotFoundError
    return found


def this_year(asked: Asked) -> int:
    """The year in Paris."""
    return clock.paris(asked.now).year


def last_year(asked: Asked, usual: int | None = None) -> int:
    """The last of the years that are asked for, within what can be written."""
    typed, now = request.args.get("fin", ""), this_year(asked)
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else usual or now  # noqa: PLR2004 — a year
    return min(max(wanted, grid.FIRST_YEAR + reading.YEARS - 1), now)


def told(asked: Asked, indicator: IndicatorView) -> Told:
    """Everything that the page of an indicator shows; the same few queries for any number of sites and years."""
    session = db.session()
    last = last_year(asked, queries.last_year(session, indicator.id))
    years = reading.window(last)
    values, marks = queries.values(session, indicator.id, years), queries.references(session, indicator.id)
    perimeter = sites.perimeter(session, asked.contract_id)
    found = reading.reading(
        indicator,
        perimeter.sites,
        years,
        values,
        marks,
        small=Permission.INDICATOR_READ_SMALL in asked.can,
    )
    written = max(values.values(), key=lambda one: one.at, default=None)
    later = min(last + reading.YEARS, this_year(asked))
    return Told(found, perimeter, marks, written, years[0] - 1, later if later > last else None)
