"""Contributions that are told to several audiences: read once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.domain.contributions import cards
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.views import CardView
from portal.kernel.prepared import Statement, among
from portal.vocabulary import (
    Audience,
    ContributionKind,
    ContributionStatus,
    Display,
    Group,
    ShownScope,
)


class _Row(NamedTuple):
    """What cards show of a contribution, no more: a frame is read at each comment."""

    id: str
    item_id: str
    root_id: str | None
    kind: ContributionKind
    status: ContributionStatus
    group: Group
    display: Display
    shown_scope: ShownScope
    shown_name: str | None
    anchor_quote: str | None
    version: int
    shown_version: int | None
    pending: bool
    created_at: datetime
    published_at: datetime | None
    erased: bool


class _Words(NamedTuple):
    """The same of a version."""

    number: int | None
    html: str
    reason_html: str


_BESIDE = tuple(one.name for one in cards.BESIDE)
_AFTER_ROW = len(_Row._fields)
_AFTER_WORDS = _AFTER_ROW + len(_Words._fields)


class Told:
    """Some contributions; what is first asked of them is read for all, and for all audiences where they read the same."""

    def __init__(self, session: Session, contribution_ids: Collection[str]) -> None:
        self._session = session
        self._ids = list(contribution_ids)
        # Readers on one side, who know of words that wait on the other.
        self._rows: dict[bool, dict[str, SimpleNamespace]] = {}
        self._all: list[SimpleNamespace] = []
        self._beside: dict[bool, cards.Extra] = {}

    def card(self, contribution_id: str, audience: Audience) -> CardView | None:
        """The card for one audience; None when that audience may not see it, or for another contribution."""
        readers = audience is Audience.READERS
        if readers not in self._rows:
            self._read(audience, readers=readers)
        found = self._rows[readers].get(contribution_id)
        return None if found is None else cards.card_of(found, audience, self._beside[readers])

    def shown(self, audience: Audience) -> list[CardView]:
        """The cards of all that the audience may see."""
        made = [self.card(one, audience) for one in self._ids]
        return [one for one in made if one is not None]

    def _read(self, audience: Audience, *, readers: bool) -> None:
        others = self._rows.get(not readers)
        if others is None:
            rows = _rows(self._session, self._ids, audience)
        else:
            # What nobody reads differently is not read again.
            rows = [row for row in self._all if _same_for_all(row.Contribution)]
            differs = [row.Contribution.id for row in self._all if not _same_for_all(row.Contribution)]
            rows += _rows(self._session, differs, audience) if differs else []
        self._all = rows
        seen = [row for row in rows if cards.seen_by(audience, row.Contribution)]
        self._rows[readers] = {row.Contribution.id: row for row in seen}
        self._beside[readers] = cards.beside(self._session, seen, audience, self._beside.get(not readers))


def _same_for_all(row: _Row) -> bool:
    """Whether everybody who sees this contribution reads the same version of it."""
    return not row.pending and row.status is not ContributionStatus.REFUSED


def _rows(session: Session, ids: Sequence[str], audience: Audience) -> list[SimpleNamespace]:
    found = _statement(readers=audience is Audience.READERS).rows(session, ids=ids)
    return [_found(row) for row in found]


def _found(row: Any) -> SimpleNamespace:
    """A row as `cards` reads it: contribution, version, and what is selected beside them."""
    words = _Words._make(row[_AFTER_ROW:_AFTER_WORDS])
    return SimpleNamespace(
        Contribution=_Row._make(row[:_AFTER_ROW]),
        ContributionVersion=None if words.number is None else words,
        **dict(zip(_BESIDE, row[_AFTER_WORDS:], strict=True)),
    )


@cache
def _statement(*, readers: bool) -> Statement:
    whole = cards.select_cards(Audience.READERS if readers else Audience.MODERATORS)
    columns = [
        *(getattr(Contribution, name) for name in _Row._fields),
        *(getattr(ContributionVersion, name) for name in _Words._fields),
        *cards.BESIDE,
    ]
    asked = whole.with_only_columns(*columns, maintain_column_froms=True)
    return Statement(lambda dialect: asked.where(among(dialect, Contribution.id)))
