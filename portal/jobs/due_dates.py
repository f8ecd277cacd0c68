"""What a date brings about: levels that take effect, spaces that open and end, surveys that end, files that are forgotten."""

from __future__ import annotations

from portal.domain.imports import service as imports
from portal.domain.involvement import service as involvement
from portal.domain.spaces import service as spaces
from portal.domain.surveys.ending import Ending
from portal.jobs.runner import Job

EVERY_SECONDS = 1.0
# Nobody waits for a file that is forgotten.
FORGETTING_SECONDS = 600.0


def jobs() -> list[Job]:
    """The jobs that follow the calendar; pages already open hear of them within a second."""
    return [
        Job("engagements", EVERY_SECONDS, involvement.apply_due),
        Job("espaces", EVERY_SECONDS, spaces.advance_due),
        Job("questionnaires", EVERY_SECONDS, Ending().advance_due),
        Job("reprises", FORGETTING_SECONDS, imports.forget_due),
    ]
