"""What the contract already holds, as a file is compared to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import sites
from portal.domain.contracts.models import Axis, Indicator, Item
from portal.domain.diagnostic.axes import PROPOSED
from portal.domain.imports.building import Context, Known, listed, proposed, there
from portal.domain.imports.naming import unnumbered
from portal.domain.imports.pieces import Piece, PieceKind, Understood
from portal.domain.indicators import catalogue, queries
from portal.domain.indicators.models import IndicatorValue, Unit
from portal.domain.indicators.numbers import Typed
from portal.domain.objectives.models import Action, Branch, ObjectiveSheet
from portal.kernel import clock
from portal.kernel import text as words_of
from portal.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class Here:
    """Something of the contract: its words, and what it stands under."""

    title: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """An indicator that values of a file may be of: its name, its unit, whether they may be less than nothing, the most they may be."""

    label: str
    unit: Unit
    signed: bool
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the contract holds, by how pieces refer to it; actions, lines and findings by what they stand under and their words."""

    axes: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, Here] = field(default_factory=dict)
    objectives: Mapping[str, Here] = field(default_factory=dict)
    actions: frozenset[tuple[str, str]] = frozenset()
    lines: frozenset[tuple[str, str]] = frozenset()
    findings: frozenset[tuple[str, str]] = frozenset()
    indicators: Mapping[str, Followed] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    year: int = 0
    values: Mapping[tuple[str, str], Mapping[int, Typed]] = field(default_factory=dict)

    def held(self, piece: Piece) -> Mapping[int, Typed]:
        """The values by year that the contract holds where those of a piece would be written."""
        return self.values.get((piece.parent, piece.said.get("site", "")), {})

    @property
    def context(self) -> Context:
        """What a file is read against."""
        return Context(
            [Known(ref, name) for ref, name in self.axes.items()],
            [Known(ref, one.label) for ref, one in self.indicators.items()],
            [Known(ref, name, self.numbers.get(ref, "")) for ref, name in self.sites.items()],
        )


def filled(session: Session, now: Standing, understood: Understood) -> Standing:
    """The same with the values of the indicators that a file gives values of; one query, none where it gives none."""
    wanted = {
        one.parent: one.parent[1:]
        for one in understood.of(PieceKind.VALUES)
        if one.parent == there(one.parent[1:]) and one.parent in now.indicators
    }
    if not wanted:
        return now
    rows = session.execute(
        select(
            IndicatorValue.indicator_id,
            IndicatorValue.establishment_id,
            IndicatorValue.year,
            IndicatorValue.value,
            IndicatorValue.estimated,
        ).where(IndicatorValue.indicator_id.in_(wanted.values()), IndicatorValue.value.is_not(None))
    )
    found: dict[tuple[str, str], dict[int, Typed]] = {}
    for indicator, site, year, value, estimated in rows:
        found.setdefault((there(indicator), site), {})[year] = Typed(value, estimated)
    return replace(now, values=found)


def folded(words: str) -> str:
    """Words as two of them are compared: their typography, their capitals and their number say nothing."""
    return unnumbered(words_of.typography(" ".join(words.split()))).casefold()


def standing(session: Session, contract_id: str) -> Standing:
    """What the contract holds now; a number of queries that does not grow with it."""
    places = sites.perimeter(session, contract_id).sites
    inside = [one for one in places if one.left_on is None]
    items = session.execute(
        select(Item.id, Item.kind, Item.title, Item.axis_id, ObjectiveSheet.branch_id)
        .outerjoin(ObjectiveSheet, ObjectiveSheet.item_id == Item.id)
        .where(Item.contract_id == contract_id, Item.withdrawn_at.is_(None))
        .order_by(Item.number)
    ).all()
    return Standing(
        axes=_axes(session, contract_id),
        branches={
            there(one.id): Here(one.title, there(one.parent_id) if one.parent_id else "")
            for one in session.scalars(
                select(Branch).where(Branch.contract_id == contract_id).order_by(Branch.number, Branch.id)
            )
        },
        objectives={
            there(item_id): Here(title, there(branch) if branch else "")
            for item_id, kind, title, _axis, branch in items
            if kind is ItemKind.OBJECTIVE
        },
        findings=frozenset(
            (there(axis or ""), folded(title))
            for _id, kind, title, axis, _branch in items
            if kind is ItemKind.FINDING
        ),
        actions=_labels(session, contract_id, Action, Action.removed_at.is_(None)),
        lines=_labels(session, contract_id, Indicator),
        indicators=_indicators(session, contract_id),
        sites={one.id: one.name for one in inside},
        numbers={one.id: one.finess_et for one in inside},
        year=clock.paris(clock.now()).year,
    )


def _axes(session: Session, contract_id: str) -> dict[str, str]:
    rows = session.scalars(select(Axis).where(Axis.contract_id == contract_id).order_by(Axis.number))
    found = {there(one.id): one.name for one in rows}
    # Before the first axis, the ten that are proposed are offered: the first finding begins them.
    return found or {proposed(number): name for number, (name, _question) in enumerate(PROPOSED)}


def _labels(
    session: Session, contract_id: str, model: type[Action | Indicator], *more: object
) -> frozenset[tuple[str, str]]:
    rows = session.execute(
        select(model.item_id, model.label)
        .join(Item, Item.id == model.item_id)
        .where(Item.contract_id == contract_id, *more)  # type: ignore[arg-type]
    )
    return frozenset((there(item_id), folded(label)) for item_id, label in rows)


def _indicators(session: Session, contract_id: str) -> dict[str, Followed]:
    followed = queries.followed(session, contract_id)
    codes = {one.code for one in followed}
    return {there(one.id): _followed(one) for one in followed} | {
        listed(one.code): _followed(one) for one in catalogue.entries() if one.code not in codes
    }


def _followed(one: queries.IndicatorView | catalogue.Entry) -> Followed:
    return Followed(str(one.label), one.unit, one.signed, one.most)
