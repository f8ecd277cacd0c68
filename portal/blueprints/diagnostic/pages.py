"""What the pages of the diagnostic say, from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.diagnostic import queries, validation
from portal.domain.diagnostic.queries import AxisView, FindingView
from portal.domain.figures import queries as figures
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.vocabulary import FindingKind, SpaceObject


@dataclass(frozen=True, slots=True)
class Talk:
    """A space where people speak of a finding: what it asks, where, how many contributions it has there."""

    question: str
    url: str
    number: int


@dataclass(frozen=True, slots=True)
class Talks:
    """Where people speak of findings; `opened` says whether a space is about the diagnostic at all."""

    of: dict[str, list[Talk]]
    opened: bool


@dataclass(frozen=True, slots=True)
class Section:
    """An axis with its findings on this page, by kind; None holds those of no axis."""

    axis: AxisView | None
    kinds: tuple[tuple[FindingKind | None, tuple[FindingView, ...]], ...]

    @property
    def number(self) -> int:
        """How many findings of this page stand here."""
        return sum(len(some) for _kind, some in self.kinds)


def here(asked: Asked) -> str:
    """The diagnostic of the contract."""
    return f"{paths.contract(asked.contract_id)}/diagnostic"


def finding_url(asked: Asked, finding_id: str) -> str:
    """One finding."""
    return f"{here(asked)}/constats/{finding_id}"


def finding(asked: Asked, finding_id: str) -> FindingView:
    """One finding of the contract, as it is now. Errors: NotFoundError."""
    found = queries.finding(db.session(), asked.contract_id, finding_id)
    if found is None:
        raise NotFoundError
    return found


def party(asked: Asked) -> str | None:
    """The party that this person speaks for, when there is one."""
    speaks = asked.can & {Permission.FINDING_WRITE, Permission.FINDING_VALIDATE}
    return validation.of_person(db.session(), asked.actor) if speaks else None


def sections(findings: Sequence[FindingView], axes: Iterable[AxisView]) -> list[Section]:
    """The findings of a page under their axes and kinds; they come in this order."""
    known = {one.id: one for one in axes}
    return [
        Section(
            known.get(axis_id),
            tuple((kind, tuple(same)) for kind, same in groupby(some, key=lambda one: one.item.finding_kind)),
        )
        for axis_id, some in groupby(findings, key=lambda one: one.item.axis_id or "")
    ]


def talks(asked: Asked, finding_ids: Sequence[str]) -> Talks:
    """Where people speak of these findings, as far as this person may read; four queries."""
    session = db.session()
    views = spaces.of_contracts(session, [asked.contract_id], asked.now)
    readable = {
        one.id: one for one in views if permits.allows(asked.actor, Permission.SPACE_READ, one.target)
    }
    numbers = figures.published_among(session, list(readable), finding_ids)
    found: dict[str, list[Talk]] = {}
    for space_id, item_id in spaces.having(session, finding_ids):
        if space_id in readable:
            talk = _talk(readable[space_id], item_id, numbers.get((space_id, item_id), 0))
            found.setdefault(item_id, []).append(talk)
    return Talks(found, any(one.object is SpaceObject.DIAGNOSTIC for one in views))


def _talk(space: SpaceView, item_id: str, number: int) -> Talk:
    return Talk(space.question, paths.item(space.id, item_id), number)
