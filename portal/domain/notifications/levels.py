"""What a level changed: read from the records, never kept in a notice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.involvement import changes as changed
from portal.domain.involvement.changes import Change
from portal.domain.involvement.models import Involvement
from portal.domain.notifications.models import Notice
from portal.vocabulary import NoticeKind

_PREFIX = "niveau"


def mark(record: Involvement, kind: FactKind) -> str:
    """What notices of a record are known by: it is told when decided, and when it takes effect."""
    return f"{_PREFIX}:{record.id}:{kind.value}"


def changes(session: Session, notices: Iterable[Notice]) -> dict[str, Change]:
    """What each notice of a level tells, by its id, in one query; what is lost is absent."""
    told = {one.id: one.mark.split(":")[1] for one in notices if _is_of_level(one)}
    known = changed.of_records(session, set(told.values()))
    return {notice: known[record] for notice, record in told.items() if record in known}


def _is_of_level(notice: Notice) -> bool:
    return notice.kind is NoticeKind.LEVEL and notice.mark.startswith(f"{_PREFIX}:")
