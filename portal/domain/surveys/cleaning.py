"""Finishes the cut of a survey: no table links a sheet to its author, the files of the database must not either."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.surveys.models import Survey
from portal.kernel.cleaning import Noun

# Where sheets and participants stood together, or what could confirm an answer.
TABLES = ("survey_sheet", "survey_mark", "survey_words", "operation")


def uncleaned(session: Session) -> list[str]:
    """The surveys that ended and of which the files may still hold who answered what."""
    query = select(Survey.id).where(Survey.closed_at.is_not(None), Survey.cleaned_at.is_(None))
    return list(session.scalars(query))


def cleaned(session: Session, survey_ids: list[str], at: datetime) -> None:
    """Note that nothing is left in the files."""
    session.execute(update(Survey).where(Survey.id.in_(survey_ids)).values(cleaned_at=at))


NOUN = Noun(TABLES, uncleaned, cleaned)
