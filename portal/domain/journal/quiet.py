"""What waits for the line of its day: the acts that, told one by one, would count persons.

Each is written apart when it happens (`service.append`); one line of the chain seals together all
those that waited, and says neither how many they were nor of which kinds. A contract that lives has
that line every day, so that its being there says nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import rules, service
from portal.domain.journal.models import JournalHead, QuietBatch, QuietLine
from portal.kernel.clock import paris
from portal.vocabulary import Phase

# Other units wait while a piece is written.
AT_ONCE = 20
_LIVING = (Phase.ANNOUNCED, Phase.OPEN, Phase.PAUSED, Phase.ANSWERING)
_space = table("space", column("contract_id"), column("phase"))


def seal_due(session: Session, at: datetime) -> bool:
    """Write the line of the day of some contracts that lack it; True when one was written."""
    day = paris(at).date()
    found = _due(session, day)
    service.hold(session, *found)
    for contract_id in found:
        _seal(session, contract_id, day)
    return bool(found)


def _due(session: Session, day: date) -> list[str]:
    head = JournalHead.contract_id
    today = exists().where(QuietBatch.contract_id == head, QuietBatch.day == day)
    lives = exists().where(_space.c.contract_id == head, _space.c.phase.in_([one.value for one in _LIVING]))
    sealed = (
        select(func.coalesce(func.max(QuietBatch.upto), 0))
        .where(QuietBatch.contract_id == head)
        .scalar_subquery()
    )
    waits = exists().where(and_(QuietLine.contract_id == head, QuietLine.tick > sealed))
    return list(session.scalars(select(head).where(~today, or_(lives, waits)).order_by(head).limit(AT_ONCE)))


def _seal(session: Session, contract_id: str, day: date) -> None:
    upto = session.scalars(select(JournalHead.ticks).where(JournalHead.contract_id == contract_id)).one()
    last = session.scalar(select(func.max(QuietBatch.upto)).where(QuietBatch.contract_id == contract_id)) or 0
    together = rules.together(contract_id, _waiting(session, contract_id, last, upto))
    seq = service.append(session, Fact(FactKind.QUIET_SEALED, contract_id, contract_id, content=together))
    session.add(QuietBatch(contract_id=contract_id, seq=seq, upto=upto, day=day))


def _waiting(session: Session, contract_id: str, after: int, upto: int) -> Iterator[rules.Line]:
    rows = session.scalars(
        select(QuietLine)
        .where(QuietLine.contract_id == contract_id, QuietLine.tick > after, QuietLine.tick <= upto)
        .order_by(QuietLine.tick)
    )
    for row in rows:
        yield rules.Line(
            contract_id, row.tick, row.at, row.kind, row.group, row.object, row.digest, row.commit
        )
