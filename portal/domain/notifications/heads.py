"""The head of a register that was sent to the parties: read from its line, never kept in a notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.journal.models import JournalLine
from portal.domain.notifications.models import Notice
from portal.vocabulary import NoticeKind

PREFIX = "tete"


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the hash of a line: of the one that says that the head was sent."""

    seq: int
    hash: str


def heads(session: Session, notices: Iterable[Notice]) -> dict[str, Head]:
    """What each notice of a head tells, by its id, in one query."""
    told = {
        one.id: (one.contract_id, int(one.mark.split(":")[1]))
        for one in notices
        if one.kind is NoticeKind.HEAD
    }
    if not told:
        return {}
    lines = or_(
        *(
            and_(JournalLine.contract_id == contract_id, JournalLine.seq == seq)
            for contract_id, seq in set(told.values())
        )
    )
    rows = session.execute(select(JournalLine.contract_id, JournalLine.seq, JournalLine.hash).where(lines))
    known = {(contract_id, seq): Head(seq, hashed) for contract_id, seq, hashed in rows}
    return {notice: known[place] for notice, place in told.items() if place in known}
