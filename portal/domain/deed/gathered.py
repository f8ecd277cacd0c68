"""What the whole contract is made from: each noun read once, in as many questions for ten lines as for a thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts import sites
from portal.domain.contracts.models import Indicator, Item
from portal.domain.contracts.queries import ContractView
from portal.domain.contracts.queries import IndicatorView as LineView
from portal.domain.contracts.sites import Perimeter
from portal.domain.deed.choices import Choice
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.diagnostic.queries import AxisView, FindingView
from portal.domain.indicators import queries as indicators
from portal.domain.indicators import reading
from portal.domain.indicators.models import ContractIndicator, IndicatorReference, IndicatorValue
from portal.domain.indicators.queries import IndicatorView, ReferenceView, ValueView
from portal.domain.indicators.reading import Reading
from portal.domain.indicators.rules import Quartiles
from portal.domain.lifecycle import queries as lifecycle
from portal.domain.lifecycle.views import Life
from portal.domain.negotiation import queries as negotiation
from portal.domain.negotiation.views import ChangeView
from portal.domain.objectives import queries as objectives
from portal.domain.objectives.models import Action, ObjectiveFinding, ObjectiveIndicator
from portal.domain.objectives.queries import BranchView, SheetView
from portal.domain.objectives.told import ActionView, action_view
from portal.domain.plain import queries as plain
from portal.domain.plain.queries import Reading as BothTexts
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.vocabulary import Phase

OBJECTIVES, FINDINGS, ACTIONS = 200, 500, 2000


@dataclass(frozen=True)
class Gathered:
    """One contract, for one document: `portal` is where the portal is reached.

    The widest reader may read all of it: small numbers of persons are folded for everybody, and what a space keeps
    for its own groups is not here. So all members take the same file away, and may hand it on.
    """

    session: Session
    contract_id: str
    at: datetime
    today: date
    choice: Choice
    portal: str = ""

    @cached_property
    def contract(self) -> ContractView:
        """Who signs, when, at which stage."""
        return contracts.contracts(self.session, [self.contract_id])[0]

    @cached_property
    def perimeter(self) -> Perimeter:
        """Its sites and their authorities."""
        return sites.perimeter(self.session, self.contract_id)

    @cached_property
    def life(self) -> Life:
        """Its dates, its stages, its committee, what is reported."""
        return lifecycle.life(self.session, self.contract_id, self.today)

    @property
    def signed(self) -> bool:
        """Whether it is signed: until then each sheet says that it is a draft."""
        day = self.life.dates.signed_on
        return day is not None and day <= self.today

    @cached_property
    def axes(self) -> tuple[AxisView, ...]:
        """The axes of the diagnostic, with their numbers of findings."""
        return diagnostic.axes(self.session, self.contract_id)

    @cached_property
    def findings(self) -> tuple[FindingView, ...]:
        """The findings that stand, axis by axis."""
        known = diagnostic.parties(self.session, self.contract_id)
        page = diagnostic.page(self.session, self.contract_id, diagnostic.Wanted(), known, size=FINDINGS)
        return page.findings

    @cached_property
    def branches(self) -> tuple[BranchView, ...]:
        """The tree of the objectives."""
        return objectives.branches(self.session, self.contract_id)

    @cached_property
    def sheets(self) -> tuple[SheetView, ...]:
        """The objectives, in the order of the tree."""
        found = objectives.page(self.session, self.contract_id, objectives.Wanted(), size=OBJECTIVES)
        return found.sheets

    @cached_property
    def readings_of(self) -> Mapping[str, BothTexts]:
        """Both texts of each finding and objective, passage by passage; two questions."""
        items = [*(one.item for one in self.findings), *(one.item for one in self.sheets)]
        return plain.readings(self.session, items)

    @property
    def _ids(self) -> list[str]:
        return [one.item.id for one in self.sheets]

    @cached_property
    def actions(self) -> Mapping[str, Sequence[ActionView]]:
        """The actions that stand, by objective."""
        query = select(Action).where(Action.item_id.in_(self._ids), Action.removed_at.is_(None))
        rows = self.session.scalars(query.order_by(Action.item_id, Action.number).limit(ACTIONS))
        return _by((one.item_id, action_view(one)) for one in rows)

    @cached_property
    def lines(self) -> Mapping[str, Sequence[LineView]]:
        """Where each objective starts and where it should arrive."""
        query = select(Indicator).where(Indicator.item_id.in_(self._ids))
        rows = self.session.scalars(query.order_by(Indicator.item_id, Indicator.position))
        return _by((one.item_id, LineView(one.label, one.initial, one.target, one.yearly)) for one in rows)

    @cached_property
    def answered(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The findings that each objective answers: number and title."""
        rows = self.session.execute(
            select(ObjectiveFinding.item_id, Item.number, Item.title)
            .join(Item, Item.id == ObjectiveFinding.finding_id)
            .where(ObjectiveFinding.item_id.in_(self._ids), Item.withdrawn_at.is_(None))
            .order_by(Item.number)
        )
        return _by((item_id, (number, title)) for item_id, number, title in rows)

    @cached_property
    def measured(self) -> Mapping[str, Sequence[str]]:
        """The indicators by which each objective is followed, by their names."""
        names = {one.id: one.label for one in self.followed}
        rows = self.session.execute(
            select(ObjectiveIndicator.item_id, ObjectiveIndicator.indicator_id).where(
                ObjectiveIndicator.item_id.in_(self._ids)
            )
        )
        return _by((item_id, names[one]) for item_id, one in rows if one in names)

    @cached_property
    def followed(self) -> list[IndicatorView]:
        """The indicators that the contract follows."""
        return indicators.followed(self.session, self.contract_id)

    @cached_property
    def negotiated(self) -> Mapping[str, ChangeView]:
        """What negotiations changed last in each block of the trame."""
        return negotiation.of_blocks(self.session, self.contract_id)

    @cached_property
    def readings(self) -> list[Reading]:
        """Each of them with its values, small numbers of persons folded; three questions for all of them."""
        mine = (
            select(ContractIndicator.id)
            .where(ContractIndicator.contract_id == self.contract_id, ContractIndicator.dropped_on.is_(None))
            .scalar_subquery()
        )
        last = self.session.scalar(
            select(func.max(IndicatorValue.year)).where(
                IndicatorValue.indicator_id.in_(mine), IndicatorValue.value.is_not(None)
            )
        )
        years = reading.window(last or self.today.year)
        values = self._values(mine, years)
        known = self._references(mine)
        return [
            reading.reading(
                one, self.perimeter.sites, years, values.get(one.id, {}), known.get(one.id, ()), small=False
            )
            for one in self.followed
        ]

    def _values(self, mine: Any, years: Sequence[int]) -> dict[str, dict[tuple[str, int], ValueView]]:
        row = IndicatorValue
        found: dict[str, dict[tuple[str, int], ValueView]] = {}
        query = select(
            row.indicator_id,
            row.establishment_id,
            row.year,
            row.value,
            row.estimated,
            row.comment,
            row.by_function,
            row.at,
            row.version,
        ).where(row.indicator_id.in_(mine), row.year.in_(list(years)))
        for indicator, place, year, value, estimated, comment, who, at, version in self.session.execute(
            query
        ):
            told = ValueView(value, estimated, comment, who, at, version)
            found.setdefault(indicator, {})[place, year] = told
        return found

    def _references(self, mine: Any) -> Mapping[str, Sequence[ReferenceView]]:
        query = select(IndicatorReference).where(IndicatorReference.indicator_id.in_(mine))
        return _by(
            (
                one.indicator_id,
                ReferenceView(
                    one.category_code,
                    one.year,
                    Quartiles(one.q1, one.median, one.q3),
                    one.source,
                    one.by_function,
                    one.version,
                ),
            )
            for one in self.session.scalars(query)
        )

    @cached_property
    def spaces(self) -> tuple[SpaceView, ...]:
        """The spaces that every member knows of, as long as one may still take part in them."""
        living = (Phase.ANNOUNCED, Phase.OPEN, Phase.PAUSED)
        views = spaces.of_contracts(self.session, [self.contract_id], self.at)
        return tuple(one for one in views if one.phase in living)


def _by(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found
