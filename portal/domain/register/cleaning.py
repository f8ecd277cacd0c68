"""Finishes erasures: the words are out of the tables, the files of the database must forget them too."""

from __future__ import annotations

from portal.domain.register import service
from portal.kernel import cleaning
from portal.kernel.units import Unit

# Where the words of a contribution, or what could confirm them, have been.
TABLES = (
    "contribution", "contribution_version", "moderation_decision", "appeal", "report", "synthesis_citation", "journal_salt",
    "operation",
)  # fmt: skip


def finish(unit: Unit, store: str) -> bool:
    """Clean the files when an erasure waits for it; True when nothing waits any more."""
    return cleaning.finish(unit, store, TABLES, service.uncleaned, service.cleaned)
