"""Chooses, once a week, the contracts that an authority may look at."""

from __future__ import annotations

from portal.domain.notifications import watched
from portal.jobs.runner import Job

LOOK_SECONDS = 3_600.0


def jobs() -> list[Job]:
    """One look an hour: the first of the week is on Monday night, so that the letter leaves in the morning."""
    return [Job("contrats-a-regarder", LOOK_SECONDS, watched.choose)]
