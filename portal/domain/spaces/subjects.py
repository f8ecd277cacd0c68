"""The subjects of several spaces at once: their items in order, with what names each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Axis, Item
from portal.domain.spaces.models import SpaceItem
from portal.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What names an item: « objectif 3 » with its title; a finding with its axis."""

    kind: ItemKind
    number: int
    axis: str
    title: str

    @property
    def finding(self) -> bool:
        """Whether it is a finding, which people know by its axis."""
        return self.kind is ItemKind.FINDING


def of_spaces(session: Session, space_ids: Iterable[str]) -> dict[str, dict[str, Subject]]:
    """What names each item, in the order of each space; one query."""
    rows = session.execute(
        select(
            SpaceItem.space_id,
            Item.id,
            Item.kind,
            Item.number,
            func.coalesce(Axis.name, Item.axis),
            Item.title,
        )
        .join(Item, Item.id == SpaceItem.item_id)
        .outerjoin(Axis, Axis.id == Item.axis_id)
        .where(SpaceItem.space_id.in_(list(space_ids)))
        .order_by(SpaceItem.space_id, SpaceItem.position)
    )
    found: dict[str, dict[str, Subject]] = {}
    for space_id, item_id, kind, number, axis, title in rows:
        found.setdefault(space_id, {})[item_id] = Subject(kind, number, axis, title)
    return found
