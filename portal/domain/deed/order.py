"""In which order the contract is laid out: that of its trame, or a usual one; what fills each part, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.acts import queries as acts
from portal.domain.deed import means
from portal.domain.deed.gathered import Gathered
from portal.domain.indicators import queries as indicators
from portal.domain.trames import queries, rules
from portal.domain.trames.catalogue import Block, block_id, models
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.views import Chosen, TextView
from portal.kernel.speech import Sentence

# What every contract has, whatever its trame.
USUAL = (
    Filling.PERIMETER,
    Filling.LIFE,
    Filling.DIAGNOSTIC,
    Filling.OBJECTIVES,
    Filling.MEANS,
    Filling.FOLLOW_UP,
)
# Blocks of the models that say where their content comes from, and want of it what the portal does not hold.
APART = frozenset(
    block_id(code) for code in ("annexe-effectifs", "chrs-equilibre", "ph-activite", "ph-affectation")
)
# An annex that is itself a summary, and an article that is about reports alone.
SUMMARY, REPORTS = block_id("annexe-synthese"), block_id("sad-documents")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the contract: `prefix` begins the numbers of its headings; `detail` names the part that tells all.

    `filled` when the portal holds something for it; `added` when its trame has no place for it.
    """

    block: Block
    name: Sentence | None
    prefix: str
    level: int
    text: TextView
    filled: bool
    detail: str = ""
    added: bool = False

    @property
    def missing(self) -> bool:
        """Whether it is still to write."""
        return self.block.kind is not BlockKind.TITLE and not self.filled and not self.text.source

    @property
    def annex(self) -> bool:
        """Whether it is an annex."""
        return self.block.kind is BlockKind.ANNEX


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts in their order; `chosen` is None when no trame was."""

    chosen: Chosen | None
    parts: tuple[Part, ...]

    @property
    def laid(self) -> bool:
        """Whether a trame lays it out: an empty one does not."""
        return self.chosen is not None and bool(self.chosen.blocks)

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is still to write."""
        return tuple(one for one in self.parts if one.missing)


def plan(src: Gathered) -> Plan:
    """How this contract is laid out; a dozen questions, whatever it holds."""
    chosen = queries.chosen(src.session, src.contract_id)
    blocks = chosen.blocks if chosen is not None and chosen.blocks else usual()
    written = queries.texts(src.session, src.contract_id) if chosen is not None and chosen.blocks else {}
    held = _held(src)
    parts = laid_out(blocks, written, held)
    without = [one for one in usual() if one.filling not in {block.filling for block in blocks}]
    added = [
        Part(one, None, "", 1, TextView(one.id), filled=True, added=True)
        for one in without
        if one.filling in held
    ]
    at = next((place for place, one in enumerate(parts) if one.annex), len(parts))
    return Plan(chosen, (*parts[:at], *added, *parts[at:]))


def usual() -> tuple[Block, ...]:
    """A usual order, in the words of the national model."""
    known = {one.filling: one for one in models()["ehpad"].blocks if one.kind is BlockKind.ARTICLE}
    return tuple(known[one] for one in USUAL)


def laid_out(
    blocks: Sequence[Block], written: Mapping[str, TextView], held: Collection[Filling]
) -> tuple[Part, ...]:
    """The parts: an article stands under its title, an annex alone; the last part of a filling tells all of it."""
    names = rules.names(blocks)
    last = {one.filling: one for one in blocks if _keeps(one) and one.id not in (SUMMARY, REPORTS)}
    found, seen, under = [], dict.fromkeys(BlockKind, 0), False
    for one in blocks:
        seen[one.kind] += 1
        under = one.kind is BlockKind.TITLE or (under and one.kind is BlockKind.ARTICLE)
        level = 2 if under and one.kind is BlockKind.ARTICLE else 1
        keeps = _keeps(one)
        whole = last.get(one.filling) if keeps and one.id != REPORTS else None
        detail = names.get(whole.id) or whole.title if whole and whole.id != one.id else ""
        found.append(
            Part(
                one,
                names.get(one.id),
                _prefix(one.kind, seen[one.kind]),
                level,
                written.get(one.id, TextView(one.id)),
                keeps and one.filling in held,
                detail,
            )
        )
    return tuple(found)


def _keeps(block: Block) -> bool:
    """Whether the portal may hold its content."""
    titled = block.kind is BlockKind.TITLE
    return not titled and block.filling is not Filling.FREE and block.id not in APART


def _prefix(kind: BlockKind, number: int) -> str:
    if kind is BlockKind.ARTICLE:
        return str(number)
    return f"A{number}" if kind is BlockKind.ANNEX else ""


def _held(src: Gathered) -> frozenset[Filling]:
    """What the portal holds something for."""
    found = set(queries.filled(src.session, src.contract_id))
    if means.holds(src):
        found.add(Filling.MEANS)
    if indicators.followed(src.session, src.contract_id) or acts.minutes(src.session, src.contract_id, 1):
        found.add(Filling.FOLLOW_UP)
    return frozenset(found)
