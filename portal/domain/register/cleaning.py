"""Finishes erasures: the words are out of the tables, the files of the database must forget them too."""

from __future__ import annotations

from portal.domain.register import service
from portal.kernel.cleaning import Noun

# Where the words of a contribution, what could confirm them, or who asked, have been.
TABLES = (
    "contribution", "contribution_version", "moderation_decision", "appeal", "appeal_aside", "report", "synthesis_citation",
    "journal_salt", "operation", "erasure", "search_word", "search_entry",
)  # fmt: skip

NOUN = Noun(TABLES, service.uncleaned, service.cleaned)
