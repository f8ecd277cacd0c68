"""Reads of indicators: those that a contract follows, their values, what they are compared to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, null, or_, select, type_coerce
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.indicators import catalogue, numbers, rules
from portal.domain.indicators.catalogue import Entry
from portal.domain.indicators.models import (
    Axis,
    ContractIndicator,
    Direction,
    Exact,
    IndicatorReference,
    IndicatorSet,
    IndicatorValue,
    Source,
    Unit,
)
from portal.domain.indicators.rules import Quartiles
from portal.domain.organisations.models import Establishment
from portal.kernel.speech import Sentence, joined, plural, say

LESS = say("moins de 5")


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator that a contract follows; `entry` is None when it is its own."""

    id: str
    code: str
    label: str
    plain: str
    definition: str
    formula: str
    unit: Unit
    direction: Direction
    axis: Axis
    source: Source
    cost: bool
    position: int
    target: Decimal | None
    target_year: int | None
    dropped_on: date | None
    version: int
    entry: Entry | None = None

    @property
    def to_check(self) -> bool:
        """Whether its definition was not read in its source."""
        return self.entry is not None and not self.entry.checked

    @property
    def published(self) -> bool:
        """Whether care homes publish it anyway."""
        return self.entry is not None and self.entry.published

    @property
    def compares(self) -> bool:
        """Whether quartiles have a meaning for it."""
        return self.unit not in (Unit.YES_NO, Unit.YEAR)

    @property
    def signed(self) -> bool:
        """Whether a value may be less than nothing: as the catalogue says; of one’s own, an amount of money or points."""
        if self.entry is not None:
            return self.entry.signed
        return not self.cost and (self.axis is Axis.MONEY or self.unit is Unit.POINTS)

    @property
    def most(self) -> Decimal | None:
        """What no value is above, as the catalogue says; nobody knows it of one’s own."""
        return self.entry.most if self.entry is not None else None

    @property
    def measure(self) -> Unit:
        """In what values and quartiles are compared: of an amount of persons, halves may be quartiles."""
        return Unit.POINTS if self.unit in (Unit.PERSONS, Unit.NUMBER, Unit.STEPS) else self.unit

    def concerns(self, category_code: str) -> bool:
        """Whether services of a category follow it."""
        return self.entry is None or self.entry.concerns(category_code)

    def worded(self, value: Decimal, *, estimated: bool = False, folded: bool = False) -> Sentence:
        """A value with its unit: « 12 % », « environ 12 % », « moins de 5 »."""
        if folded:
            return joined([LESS])
        words = numbers.worded(value, self.unit)
        return say("environ %(value)s", value=words) if estimated else words

    def told(self, value: Decimal, *, estimated: bool = False, folded: bool = False) -> Sentence:
        """What a value says, for the middle of a sentence: « 12 postes sur 100 sont vides »."""
        if self.entry is None:
            return self.worded(value, estimated=estimated, folded=folded)
        bare = self.unit in (Unit.YES_NO, Unit.YEAR)
        words: Sentence = numbers.worded(value, self.unit) if bare else numbers.amount(value)
        if folded:
            words = LESS
        elif estimated:
            words = say("environ %(value)s", value=words)
        return plural(
            self.entry.one,
            self.entry.many,
            rules.SMALLEST if folded else _form(value),
            value=words,
            part=self.entry.part,
        )


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value as it is kept; `value` is None once it was wiped."""

    value: Decimal | None
    estimated: bool
    comment: str
    by_function: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The last year that has values of an indicator: the least, the most, and that of one establishment.

    Those of a cost are per place, None where no establishment tells its places.
    """

    year: int
    least: Decimal | None
    most: Decimal | None
    own: Decimal | None


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """Quartiles of a category in a year, with where they come from."""

    category_code: str
    year: int
    quartiles: Quartiles
    source: str
    by_function: str
    version: int


def followed(session: Session, contract_id: str) -> list[IndicatorView]:
    """The indicators that a contract follows, in its order; one query."""
    return [one for one in every(session, contract_id) if one.dropped_on is None]


def every(session: Session, contract_id: str) -> list[IndicatorView]:
    """The same with those that it follows no more; one query."""
    return _views(
        session,
        select(ContractIndicator)
        .where(ContractIndicator.contract_id == contract_id)
        .order_by(ContractIndicator.position, ContractIndicator.id),
    )


def one(session: Session, contract_id: str, indicator_id: str) -> IndicatorView | None:
    """An indicator of this contract; None when it is not there."""
    found = _views(
        session,
        select(ContractIndicator).where(
            ContractIndicator.id == indicator_id, ContractIndicator.contract_id == contract_id
        ),
    )
    return found[0] if found else None


def version(session: Session, contract_id: str) -> int:
    """The version of the whole choice; 0 before the first."""
    return session.scalar(select(IndicatorSet.version).where(IndicatorSet.contract_id == contract_id)) or 0


def rows(session: Session, indicator_id: str, years: Collection[int]) -> Sequence[IndicatorValue]:
    """The rows of an indicator in these years; one query."""
    return session.scalars(
        select(IndicatorValue)
        .where(IndicatorValue.indicator_id == indicator_id, IndicatorValue.year.in_(list(years)))
        .execution_options(populate_existing=True)
    ).all()


def values(
    session: Session, indicator_id: str, years: Collection[int]
) -> Mapping[tuple[str, int], ValueView]:
    """The values of an indicator by establishment and year; one query."""
    return {
        (row.establishment_id, row.year): ValueView(
            row.value, row.estimated, row.comment, row.by_function, row.at, row.version
        )
        for row in rows(session, indicator_id, years)
    }


def last_year(session: Session, indicator_id: str) -> int | None:
    """The last year that has a value; None when there is none."""
    return session.scalar(
        select(func.max(IndicatorValue.year)).where(
            IndicatorValue.indicator_id == indicator_id, IndicatorValue.value.is_not(None)
        )
    )


def latest(session: Session, contract_id: str, establishment_id: str | None) -> Mapping[str, Latest]:
    """The last values of each indicator of a contract, over the sites that are in its perimeter; one query."""
    inside = (
        select(IndicatorValue)
        .join(ContractIndicator, ContractIndicator.id == IndicatorValue.indicator_id)
        .join(
            ContractEstablishment,
            (ContractEstablishment.contract_id == ContractIndicator.contract_id)
            & (ContractEstablishment.establishment_id == IndicatorValue.establishment_id),
        )
        .join(Establishment, Establishment.id == IndicatorValue.establishment_id)
        .where(
            ContractIndicator.contract_id == contract_id,
            ContractEstablishment.left_on.is_(None),
            IndicatorValue.value.is_not(None),
        )
    )
    last = (
        inside.with_only_columns(IndicatorValue.indicator_id, func.max(IndicatorValue.year).label("year"))
        .group_by(IndicatorValue.indicator_id)
        .subquery()
    )
    stands = _stands()
    mine = (
        func.max(case((IndicatorValue.establishment_id == establishment_id, stands)))
        if establishment_id
        else null()
    )
    rows = session.execute(
        inside.join(
            last, (last.c.indicator_id == IndicatorValue.indicator_id) & (last.c.year == IndicatorValue.year)
        )
        .with_only_columns(
            IndicatorValue.indicator_id,
            last.c.year,
            func.min(stands),
            func.max(stands),
            mine,
        )
        .group_by(IndicatorValue.indicator_id, last.c.year)
    )
    return {indicator: Latest(year, least, most, own) for indicator, year, least, most, own in rows}


def _stands() -> ColumnElement[Decimal]:
    """A value as it is compared: that of a cost is for each place of its establishment."""
    costs = [one.code for one in catalogue.by_code().values() if one.cost]
    cost = or_(ContractIndicator.cost.is_(True), ContractIndicator.code.in_(costs))
    whole = type_coerce(IndicatorValue.value, BigInteger)
    for_a_place = type_coerce(whole.op("/")(func.nullif(Establishment.places, 0)), Exact)
    return case((cost, for_a_place), else_=IndicatorValue.value)


def references(session: Session, indicator_id: str) -> list[ReferenceView]:
    """What an indicator is compared to, the last year first; one query."""
    rows = session.scalars(
        select(IndicatorReference)
        .where(IndicatorReference.indicator_id == indicator_id)
        .order_by(IndicatorReference.year.desc(), IndicatorReference.category_code)
        .execution_options(populate_existing=True)
    )
    return [
        ReferenceView(
            row.category_code,
            row.year,
            Quartiles(row.q1, row.median, row.q3),
            row.source,
            row.by_function,
            row.version,
        )
        for row in rows
    ]


def _views(session: Session, query: Select[ContractIndicator]) -> list[IndicatorView]:
    found = session.scalars(query.execution_options(populate_existing=True))
    return [view(row) for row in found]


def view(row: ContractIndicator) -> IndicatorView:
    """An indicator with the words of the catalogue, or its own."""
    entry = catalogue.by_code().get(row.code or "")
    return IndicatorView(
        id=row.id,
        code=row.code or "",
        label=entry.label if entry else row.label or row.code or "",
        plain=entry.plain if entry else row.plain,
        definition=entry.definition if entry else "",
        formula=entry.formula if entry else row.formula,
        unit=entry.unit if entry else row.unit or Unit.POINTS,
        direction=entry.direction if entry else row.direction or Direction.NEUTRAL,
        axis=entry.axis if entry else row.axis or Axis.TOOLS,
        source=entry.source if entry else Source.OWN,
        cost=entry.cost if entry else row.cost,
        position=row.position,
        target=row.target,
        target_year=row.target_year,
        dropped_on=row.dropped_on,
        version=row.version,
        entry=entry,
    )


def _form(value: Decimal) -> int:
    """A whole number that takes the form of a decimal: 1,5 is singular in French, plural in English."""
    if value == 1:
        return 1
    return 0 if abs(value) < 2 else 2  # noqa: PLR2004 — below two, French says the singular
