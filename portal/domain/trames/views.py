"""What the reads of trames give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.trames.catalogue import Block
from portal.domain.trames.rules import BlockState
from portal.kernel.speech import Sentence


@dataclass(frozen=True, slots=True)
class VersionView:
    """A published version; `told` says what changed."""

    id: str
    number: int
    title: str
    told: str
    published_on: date


@dataclass(frozen=True, slots=True)
class TrameView:
    """A trame of an authority; `latest` is None while nothing of it is published."""

    id: str
    title: str
    model: str
    organisation_id: str
    authority: str
    version: int
    latest: VersionView | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """In which trame a contract is written; `version_of` is None for a model.

    `trame_id`, `authority` and `number` are those of an authority's trame; `newer` is its later version, if any.
    """

    title: str
    source: str
    model: str
    version_of: str | None
    trame_id: str | None
    authority: str
    number: int
    published_on: date | None
    chosen_on: date
    by_function: Sentence
    version: int
    blocks: tuple[Block, ...]
    newer: VersionView | None = None

    @property
    def choice(self) -> str:
        """How a form names it."""
        return self.version_of or self.model


@dataclass(frozen=True, slots=True)
class TextView:
    """Words of a block, and who wrote them when; `number` is 0 when nobody ever did."""

    block_id: str
    number: int = 0
    title: str = ""
    source: str = ""
    html: str = ""
    by_function: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What the portal already holds for a block: a sentence, and the page where it is read, if there is one."""

    told: Sentence
    page: str = ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of a contract: its name in the order, what fills it, its words, where it stands."""

    block: Block
    name: Sentence | None
    filled: Filled | None
    text: TextView
    state: BlockState


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole contract as its trame lays it out; `aside` are words whose block the trame has no more."""

    chosen: Chosen
    blocks: tuple[BlockView, ...]
    aside: tuple[TextView, ...]

    def block(self, block_id: str) -> BlockView | None:
        """One of its blocks."""
        return next((one for one in self.blocks if one.block.id == block_id), None)

    @property
    def next(self) -> BlockView | None:
        """The first block that is still to write."""
        return next((one for one in self.blocks if one.state is BlockState.TO_WRITE), None)

    @property
    def done(self) -> int:
        """How many blocks hold something."""
        return sum(one.state in (BlockState.FILLED, BlockState.WRITTEN) for one in self.blocks)

    @property
    def whole(self) -> int:
        """How many blocks have something to hold."""
        return sum(one.state is not BlockState.HEADING for one in self.blocks)
