"""Second looks that nobody named may give: who is told of one, and can name somebody, is led there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from portal.domain.moderation import unread
from portal.domain.notifications.models import Notice
from portal.domain.notifications.places import Places
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import NoticeKind


def to_name(
    session: Session, notices: Iterable[Notice], people: Mapping[str, Actor], places: Places
) -> frozenset[str]:
    """The ids of the notices about an appeal that waits for somebody to be named by their reader."""
    told = [
        one
        for one in notices
        if one.kind is NoticeKind.APPEAL_FOLLOWED and _names(people.get(one.participant_id), one, places)
    ]
    if not told:
        return frozenset()
    waiting = unread.waiting(session, {one.space_id for one in told if one.space_id})
    about = {one.contribution_id for one in waiting}
    return frozenset(one.id for one in told if one.contribution_id in about)


def _names(person: Actor | None, notice: Notice, places: Places) -> bool:
    space = places.space(notice.space_id) if notice.space_id else None
    return space is not None and permits.allows(person, Permission.APPEAL_READERS_NAME, space.target)
