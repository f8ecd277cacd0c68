"""What the reads of the negotiation give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.lifecycle.views import PartyView
from portal.domain.negotiation.models import Piece, PointState
from portal.domain.negotiation.subjects import Subject
from portal.domain.texts.changes import Change
from portal.domain.texts.negotiated import Left


@dataclass(frozen=True, slots=True)
class ZoneView:
    """What everybody reads of a negotiation: since when, who opened and closed it, what came of it."""

    id: str
    number: int
    opened_at: datetime
    opened_by: str
    opened_function: str
    closed_at: datetime | None
    closed_by: str
    closed_function: str
    outcome: str
    version: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What a negotiation changed, read by everybody. `address` is below the contract, empty where it has no page.

    `left` says that these words are no longer those of the contract; `comparison` is the address that compares both.
    """

    id: str
    title: str
    piece: Piece
    changes: list[list[Change]]
    reason: str
    agreed_by: str
    at: datetime
    address: str
    left: Left | None
    comparison: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """Words of a party: by whose function, when."""

    organisation_id: str
    party: str
    words: str
    by_function: str
    at: datetime
    version: int = 1
    id: str = ""


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point in the list; `agreed` says whether every party agrees to its words, None when none are proposed."""

    id: str
    number: int
    title: str
    state: PointState
    ending: str
    party: str
    at: datetime
    agreed: bool | None


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage of a proposal: the words that it adds and removes, and those words as they would be.

    `now` is what the contract says there (None when the passage is gone), `since` how that differs from `before`.
    """

    piece: Piece
    place: str
    before: str
    after: str
    changes: list[list[Change]]
    now: str | None
    since: list[list[Change]]

    @property
    def moved(self) -> bool:
        """Whether the contract says something else now than when these words were proposed."""
        return self.now != self.before


@dataclass(frozen=True, slots=True)
class WordingView:
    """The words proposed, and what each party says of them: `agreed` by party id."""

    number: int
    reason: str
    party: str
    by_function: str
    at: datetime
    applied_at: datetime | None
    passages: tuple[PassageView, ...]
    agreed: Mapping[str, SaidView]
    missing: tuple[PartyView, ...]

    @property
    def moved(self) -> bool:
        """Whether these words, not yet in the contract, were written for others than those of now."""
        return self.applied_at is None and any(one.moved for one in self.passages)

    @property
    def is_agreed(self) -> bool:
        """Whether every party agrees."""
        return not self.missing and len(self.agreed) > 1


@dataclass(frozen=True, slots=True)
class PointView:
    """A point with each position, its latest messages and the words proposed; `older` is where earlier messages begin."""

    id: str
    number: int
    title: str
    state: PointState
    ending: str
    subject: Subject
    party: str
    by_function: str
    at: datetime
    version: int
    writable: bool
    positions: tuple[SaidView, ...]
    silent: tuple[str, ...]
    messages: tuple[SaidView, ...]
    older: int | None
    wording: WordingView | None

    def of(self, party: str) -> SaidView | None:
        """The position of a party."""
        return next((one for one in self.positions if one.organisation_id == party), None)
