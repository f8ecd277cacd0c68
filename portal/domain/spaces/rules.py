"""Phases of a space and what a new one must say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.kernel import calendar, text
from portal.kernel.clock import paris
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say
from portal.vocabulary import Phase

MAX_QUESTION = 160
MAX_INTRODUCTION = 600
ANSWER_DAYS = 30
MAX_ANSWER_DAYS = 180


def phase_at(phase: Phase, opens_at: datetime, ends_at: datetime, at: datetime) -> Phase:
    """The phase at `at`: dates count at once, even before the job has written them."""
    if phase is Phase.ANNOUNCED and opens_at <= at:
        phase = Phase.OPEN
    if phase in (Phase.OPEN, Phase.PAUSED) and ends_at <= at:
        return Phase.ANSWERING
    return phase


def answer_due(ends_or_sent: datetime, answer_days: int) -> datetime:
    """The day by which an answer is owed."""
    return ends_or_sent + timedelta(days=answer_days)


def promised_day(ends_at: datetime, answer_days: int, department: str) -> date:
    """The last day of the delay, in Paris: a working day where the space is."""
    return calendar.next_working(paris(answer_due(ends_at, answer_days)).date(), department)


def on_an_earlier_day(ends_at: datetime, announced: datetime) -> bool:
    """Whether an end comes sooner than people were told: they were told a day, in Paris, not an hour."""
    return paris(ends_at).date() < paris(announced).date()


def check_dates(opens_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Refuse an end in the past or before the opening. Errors: InvalidError (`ends_on`)."""
    if ends_at <= max(opens_at, at):
        raise InvalidError(
            {"ends_on": [say("Choisissez une date de fin après la date d’ouverture et après aujourd’hui.")]}
        )


def check_delay(answer_days: int) -> None:
    """Refuse a delay that nobody could promise. Errors: InvalidError (`answer_days`)."""
    if not 1 <= answer_days <= MAX_ANSWER_DAYS:
        raise InvalidError(
            {
                "answer_days": [
                    say("Choisissez un délai entre 1 et %(limit)s jours.", limit=text.number(MAX_ANSWER_DAYS))
                ]
            }
        )


def check_promise(told: int, answer_days: int) -> None:
    """Refuse to lengthen a delay that people were told: the groups agree to that. Errors: InvalidError (`answer_days`)."""
    if answer_days > told:
        raise InvalidError(
            {
                "answer_days": [
                    say(
                        "Ce délai est promis\N{NO-BREAK SPACE}: il ne s’allonge pas ici. "
                        "Demandez plus de temps à chaque groupe, sur la page des délais de cet espace."
                    )
                ]
            }
        )
