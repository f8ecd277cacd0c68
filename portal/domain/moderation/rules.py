"""Each rule of moderation in plain words, and how long people wait. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.kernel.calendar import METROPOLITAN, is_working, next_working
from portal.kernel.clock import PARIS, paris
from portal.kernel.speech import Sentence, say
from portal.vocabulary import ModerationRule

REVIEW_DAYS = 5
APPEAL_DAYS = 15
DAY = timedelta(days=1)

PLAIN: dict[ModerationRule, Sentence] = {
    ModerationRule.NAMES_SOMEONE: say(
        "On ne nomme personne ici, même pour dire du bien : tout le monde pourrait le lire."
    ),
    ModerationRule.HEALTH: say(
        "La santé d’une personne ne regarde qu’elle et les personnes qui la soignent."
    ),
    ModerationRule.INSULT: say("On peut tout critiquer, sans insulter ni menacer quelqu’un."),
    ModerationRule.DISCRIMINATION: say(
        "On ne rejette personne pour son origine, sa religion, son handicap, son âge ou ce qu’elle est."
    ),
    ModerationRule.OFF_TOPIC: say("Ces mots parlent d’autre chose que du sujet de cette page."),
    ModerationRule.DUPLICATE: say("Les mêmes mots ont déjà été envoyés : votre premier envoi compte."),
    ModerationRule.ADVERTISING: say("On ne vend rien et on ne démarche personne ici."),
    ModerationRule.PERSONAL: say(
        "Un contrat parle de toutes les personnes accompagnées. Votre situation mérite une réponse pour vous : "
        "une personne peut vous recevoir."
    ),
}


def late_from(since: datetime, days: int, department: str = METROPOLITAN) -> datetime:
    """From when words sent then have waited too long: after so many working days, the next morning."""
    day = paris(since).date()
    while days > 0:
        day += DAY
        days -= is_working(day, department)
    return datetime.combine(day + DAY, time(0), PARIS)


def late_before(now: datetime, days: int, department: str = METROPOLITAN) -> datetime:
    """What was sent before this instant has waited too long now."""
    day = paris(now).date()
    while late_from(datetime.combine(day, time(0), PARIS), days, department) > now:
        day -= DAY
    return datetime.combine(day + DAY, time(0), PARIS)


def appeal_due(at: datetime, department: str) -> datetime:
    """The end of the working day by which an appeal is to be decided."""
    day = next_working(paris(at).date() + APPEAL_DAYS * DAY, department)
    return datetime.combine(day, time(23, 59), PARIS)


def due_anew(at: datetime, due_at: datetime, now: datetime, department: str) -> datetime:
    """The day of an appeal that somebody else takes over: the days begin again once, never once they are over.

    That they began again is read from the day itself: two leavings that give the same day count as one.
    """
    begun_again = due_at != appeal_due(at, department)
    return due_at if begun_again or now > due_at else appeal_due(now, department)
