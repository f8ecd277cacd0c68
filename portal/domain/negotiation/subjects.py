"""What a point is about: a finding or an objective, a block of the trame, a line of money, or none of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.means.models import MeansLine
from portal.domain.trames import queries as trames
from portal.domain.trames.catalogue import Block
from portal.domain.trames.models import BlockKind
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say
from portal.vocabulary import ItemKind

ITEM, BLOCK, MEANS = "sujet", "bloc", "ligne"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a point is about; all None when it is about nothing that is already written. `address` is below the contract."""

    item_id: str | None = None
    block_id: str | None = None
    means_id: str | None = None
    title: str = ""
    kind: str = ""
    address: str = ""

    @property
    def code(self) -> str:
        """How a form names it."""
        if self.item_id:
            return f"{ITEM}:{self.item_id}"
        if self.block_id:
            return f"{BLOCK}:{self.block_id}"
        return f"{MEANS}:{self.means_id}" if self.means_id else ""


NOTHING = Subject()
# A part of the trame is none of them: its block is.
ADDRESSES = {ItemKind.FINDING: "diagnostic/constats", ItemKind.OBJECTIVE: "objectifs"}


def find(session: Session, contract_id: str, code: str) -> Subject:
    """What a form named. Errors: InvalidError (`about`) when the contract has no such thing."""
    sort, _, id_ = code.partition(":")
    found = {ITEM: of_item, BLOCK: of_block, MEANS: of_means}
    subject = NOTHING if not code else found[sort](session, contract_id, id_) if sort in found else None
    if subject is None:
        raise InvalidError({"about": [say("Choisissez une des choses proposées.")]})
    return subject


def of_item(session: Session, contract_id: str, item_id: str) -> Subject | None:
    """A finding or an objective that stands."""
    row = session.get(Item, item_id)
    if (
        row is None
        or row.contract_id != contract_id
        or row.withdrawn_at is not None
        or row.kind not in ADDRESSES
    ):
        return None
    return _item(row)


def of_block(session: Session, contract_id: str, block_id: str) -> Subject | None:
    """A block of the trame of the contract that takes words."""
    return next((_block(one) for one in blocks(session, contract_id) if one.id == block_id), None)


def of_means(session: Session, contract_id: str, means_id: str) -> Subject | None:
    """A line of money that stands."""
    row = session.get(MeansLine, means_id)
    if row is None or row.contract_id != contract_id or row.removed_at is not None:
        return None
    return Subject(
        means_id=row.id, title=row.label, kind=say("ligne d’argent"), address=f"moyens/lignes/{row.id}"
    )


def offered(session: Session, contract_id: str) -> list[Subject]:
    """All that a point may be about but for lines of money, which have pages of their own; four questions at most."""
    query = select(Item).where(
        Item.contract_id == contract_id, Item.withdrawn_at.is_(None), Item.kind.in_(ADDRESSES)
    )
    rows = session.scalars(query.order_by(Item.kind, Item.number))
    return [*map(_item, rows), *map(_block, blocks(session, contract_id))]


def blocks(session: Session, contract_id: str) -> list[Block]:
    """The blocks of the trame that take words."""
    chosen = trames.chosen(session, contract_id)
    return [one for one in chosen.blocks if one.kind is not BlockKind.TITLE] if chosen is not None else []


def _item(row: Item) -> Subject:
    return Subject(
        item_id=row.id, title=row.title, kind=row.kind.label, address=f"{ADDRESSES[row.kind]}/{row.id}"
    )


def _block(one: Block) -> Subject:
    return Subject(
        block_id=one.id, title=str(one.title), kind=say("bloc de la trame"), address=f"trame#bloc-{one.id}"
    )
