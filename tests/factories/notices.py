"""What tests ask of the bell: follow the journal to its end, and who was told what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.journal.models import JournalHead
from portal.domain.notifications import reminders, service
from portal.domain.notifications.models import Notice, NoticeCursor
from portal.kernel import clock
from tests.conftest import World


def follow(world: World, at: datetime | None = None) -> None:
    """Tell everybody of everything that the journal says."""
    while world.do(lambda session: service.follow(session, at or clock.now())):
        pass


def remind(world: World, at: datetime) -> None:
    """Tell of the dates that are near at this instant."""
    while world.do(lambda session: reminders.remind(session, at)):
        pass


def skip(world: World) -> None:
    """What happened so far is not news: as on a portal that learns to tell."""

    def at_heads(session: Session) -> None:
        for head in session.scalars(select(JournalHead)):
            session.merge(NoticeCursor(contract_id=head.contract_id, seq=head.seq))

    world.do(at_heads)


def told(world: World) -> set[tuple[str, str]]:
    """Who (by the name that tests give) was told what; those of the other house under `other:`."""
    names = {person.id: name for name, person in world.ours.people.items()}
    names |= {person.id: f"other:{name}" for name, person in world.other.people.items()}

    def read(session: Session) -> set[tuple[str, str]]:
        return {(names[one.participant_id], one.kind.name) for one in session.scalars(select(Notice))}

    return world.read(read)


def number(world: World) -> int:
    """How many notices there are."""
    return world.read(lambda session: len(session.scalars(select(Notice.id)).all()))
