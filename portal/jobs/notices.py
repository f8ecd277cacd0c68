"""Tells members of what happened: follows the journal, and the calendar."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.domain.notifications import reminders, service
from portal.jobs.runner import Job

FOLLOW_SECONDS = 1.0
# Dates come near slowly.
REMIND_SECONDS = 600.0
FORGET_SECONDS = 3_600.0


def jobs() -> list[Job]:
    """The bell: what the journal says within a second, what dates bring within ten minutes."""
    # Contracts that failed, until when they are left alone: of this process only.
    aside: dict[str, datetime] = {}
    return [
        Job("notifications", FOLLOW_SECONDS, partial(service.follow, aside=aside)),
        Job("rappels", REMIND_SECONDS, reminders.remind),
        Job("vieilles-notifications", FORGET_SECONDS, service.forget),
    ]
