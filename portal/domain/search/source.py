"""One thing that can be found, and when it was last written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.journal.models import JournalLine
from portal.domain.search.models import Kind
from portal.domain.texts.models import Text, TextVersion


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be found: its title, its texts, since when, and which space one reads to read it."""

    kind: Kind
    contract_id: str
    object_id: str
    owner_id: str
    title: str
    texts: tuple[str, ...]
    version: int
    at: datetime
    space_id: str = ""
    # The contribution that an answer is under.
    about_id: str = ""


def days(session: Session, of: Mapping[str, str]) -> Mapping[str, datetime]:
    """When each of these was last written, by its texts or by the journal; their contracts by id; three queries."""
    contract_ids, item_ids = sorted(set(of.values())), sorted(of)
    created: dict[str, datetime] = dict(
        session.execute(select(Contract.id, Contract.created_at).where(Contract.id.in_(contract_ids))).all()
    )
    found = {one: created[contract_id] for one, contract_id in of.items()}
    written = (
        select(Text.item_id, func.max(TextVersion.at))
        .join(TextVersion, and_(TextVersion.text_id == Text.id, TextVersion.number == Text.version))
        .where(Text.item_id.in_(item_ids))
        .group_by(Text.item_id)
    )
    told = (
        select(JournalLine.object, func.max(JournalLine.at))
        .where(JournalLine.contract_id.in_(contract_ids), JournalLine.object.in_(item_ids))
        .group_by(JournalLine.object)
    )
    for item_id, at in (*session.execute(written), *session.execute(told)):
        found[item_id] = max(found[item_id], _moment(at))
    return found


def _moment(at: datetime | str) -> datetime:
    """An instant, or a day of the journal as it is written there."""
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    return read if read.tzinfo else read.replace(tzinfo=UTC)
