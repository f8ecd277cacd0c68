"""Sends the heads of registers to the parties again, once a week."""

from __future__ import annotations

from portal.domain.register import service
from portal.jobs.runner import Job

LOOK_SECONDS = 3_600.0


def jobs() -> list[Job]:
    """One look an hour; a head leaves at most once a week by itself."""
    return [Job("tetes-du-registre", LOOK_SECONDS, service.send_weekly)]
