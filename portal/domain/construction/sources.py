"""What every section reads from: one contract, as one member may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ContractView
from portal.domain.figures import participation
from portal.domain.figures.participation import Scope, Told
from portal.domain.organisations.queries import Place
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.domain.syntheses.together import Written, written
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group, Phase


@dataclass(frozen=True)
class Sources:
    """`views` are the spaces that every member knows of; `readable` those whose words the reader may read.

    What several sections need is read once, when the first of them asks.
    """

    session: Session
    contract: ContractView
    places: tuple[Place, ...]
    place: Place | None
    views: tuple[SpaceView, ...]
    readable: frozenset[str]
    at: datetime

    @property
    def scope(self) -> Scope:
        """What the numbers are about."""
        return Scope(self.contract.id, establishment_id=self.place_id)

    @cached_property
    def told(self) -> Told:
        """Who took part, what was said, what became of it."""
        return participation.told(self.session, self.scope)

    @cached_property
    def written(self) -> list[Written]:
        """The published syntheses of the spaces that are known."""
        return [
            one
            for one in written(self.session, self.contract.id, self.readable)
            if self.question(one.space_id)
        ]

    def groups(self, cells: Mapping[Group, int | None]) -> list[tuple[Group, int | None]]:
        """The numbers of a split by group: institutional groups belong to no establishment."""
        return [
            (group, number)
            for group, number in cells.items()
            if self.place is None or not group.institutional
        ]

    @property
    def place_id(self) -> str | None:
        """The establishment that the document is about."""
        return self.place.id if self.place else None

    @property
    def space_ids(self) -> list[str]:
        """The spaces that every member knows of."""
        return [one.id for one in self.views]

    def question(self, space_id: str | None) -> str:
        """What a space asks; empty for a space that is not told."""
        return next((one.question for one in self.views if one.id == space_id), "")


def read(session: Session, reader: Actor, place_id: str | None, at: datetime) -> Sources | None:
    """The sources for a reader's own contract, whole or for one establishment; None if it is not one of its own."""
    places = tuple(contracts.places(session, reader.contract_id))
    place = next((one for one in places if one.id == place_id), None)
    if place_id is not None and place is None:
        return None
    views = tuple(known(spaces.of_contracts(session, [reader.contract_id], at)))
    readable = frozenset(one.id for one in views if permits.allows(reader, Permission.SPACE_READ, one.target))
    contract = contracts.contracts(session, [reader.contract_id])[0]
    return Sources(session, contract, places, place, views, readable, at)


def known(views: Iterable[SpaceView]) -> Iterable[SpaceView]:
    """The spaces that every member of the contract knows of: a draft is its director's."""
    return (one for one in views if one.phase is not Phase.DRAFT)
