"""Who is told of what, when an e-mail leaves, and when one is left in peace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from portal.domain.facts import FactKind
from portal.kernel.clock import PARIS, paris
from portal.policy.permissions import Permission
from portal.vocabulary import NoticeKind, Role

# What is told of, and how long it is news.
CLOSING_LEAD = timedelta(days=7)
KEPT_NOTICES = timedelta(days=365)
KEPT_MAILS = timedelta(days=90)
KEPT_STOPS = timedelta(days=400)
MAILED_WITHIN = timedelta(days=14)

# E-mails.
MORNING = 8
QUIET_FROM, QUIET_UNTIL = 20, 7
FIRST_WAIT = timedelta(minutes=5)
LATER = timedelta(minutes=15)
MAX_ATTEMPTS = 5
# Longer than any conversation with a mail server: see portal/mail/smtp.py.
SENDING_PATIENCE = timedelta(minutes=15)
# An address that refuses three e-mails in a row is left alone until the operator says so.
REFUSALS = 3
REFUSED_ADDRESS = "destinataire"
DAY_OVER = "jour-passe"
DAY_LENGTH = len("2026-11-22")


class Whom(Enum):
    """Among the members of a contract, whom a fact is told to."""

    AUTHOR = "who wrote the words"
    ANSWERED_TO = "who wrote the words that a reply answers, and who began the discussion"
    FOLLOWERS = "who follows the discussion"
    GROUP = "the group whose level it is"
    EVERYBODY = "every member"
    NAMED = "those whom what happened names: who asked, who decides, who keeps"
    PARTIES = "who directs, and who acts for an authority"
    APPEAL_READERS = "who is named for the appeals of the space"
    REPORTERS = "who reported what was just examined"
    SPARED = "who had reported, and nobody had examined it, what its author took back"
    ERASURE = "whose confirmation an erasure waits for: the direction when who wrote asked, else who wrote"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the table: what is told, to whom, if they may do this at that moment."""

    kind: NoticeKind
    whom: Whom
    if_may: Permission


# THE table: what is not here is told to nobody. Nobody is ever told of their own act.
TABLE: dict[FactKind, tuple[Told, ...]] = {
    FactKind.ANSWER_GIVEN: (Told(NoticeKind.ANSWERED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.CONTRIBUTION_THANKED: (Told(NoticeKind.THANKED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.ANSWER_CORRECTED: (Told(NoticeKind.CORRECTED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.ANSWER_LINKED: (Told(NoticeKind.LINKED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.CONTRIBUTIONS_MERGED: (Told(NoticeKind.MERGED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.HANDOVER_MOVED: (Told(NoticeKind.HANDED_OVER, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.CONTRIBUTION_PUBLISHED: (
        Told(NoticeKind.REPLIED, Whom.ANSWERED_TO, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.THREAD, Whom.FOLLOWERS, Permission.CONTRIBUTION_READ),
    ),
    FactKind.CONTRIBUTION_REFUSED: (Told(NoticeKind.REVIEWED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.CONTRIBUTION_HIDDEN: (
        Told(NoticeKind.REVIEWED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.REPORT_DECIDED, Whom.REPORTERS, Permission.CONTRIBUTION_READ),
    ),
    FactKind.CONTRIBUTION_WITHDRAWN: (
        Told(NoticeKind.REPORT_DECIDED, Whom.SPARED, Permission.CONTRIBUTION_READ),
    ),
    FactKind.APPEAL_MADE: (
        Told(NoticeKind.APPEAL_TO_READ, Whom.APPEAL_READERS, Permission.APPEALS_READ),
        Told(NoticeKind.APPEAL_FOLLOWED, Whom.EVERYBODY, Permission.QUEUE_READ),
    ),
    FactKind.APPEAL_PASSED: (
        Told(NoticeKind.APPEAL_PASSED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.APPEAL_TO_READ, Whom.APPEAL_READERS, Permission.APPEALS_READ),
        Told(NoticeKind.APPEAL_FOLLOWED, Whom.EVERYBODY, Permission.QUEUE_READ),
    ),
    FactKind.APPEAL_UPHELD: (
        Told(NoticeKind.APPEAL_DECIDED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.APPEAL_FOLLOWED, Whom.EVERYBODY, Permission.QUEUE_READ),
    ),
    FactKind.APPEAL_REVERSED: (
        Told(NoticeKind.APPEAL_DECIDED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.APPEAL_FOLLOWED, Whom.EVERYBODY, Permission.QUEUE_READ),
        Told(NoticeKind.REPLIED, Whom.ANSWERED_TO, Permission.CONTRIBUTION_READ),
        Told(NoticeKind.THREAD, Whom.FOLLOWERS, Permission.CONTRIBUTION_READ),
    ),
    FactKind.CONTRIBUTION_REPORTED: (Told(NoticeKind.REPORTED, Whom.EVERYBODY, Permission.QUEUE_READ),),
    FactKind.REPORTS_SETTLED: (
        Told(NoticeKind.REPORT_DECIDED, Whom.REPORTERS, Permission.CONTRIBUTION_READ),
    ),
    FactKind.DANGER_RAISED: (Told(NoticeKind.DANGER, Whom.EVERYBODY, Permission.QUEUE_READ),),
    FactKind.CORRECTION_REFUSED: (Told(NoticeKind.REVIEWED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.CONTRIBUTION_SUBMITTED: (Told(NoticeKind.TO_MODERATE, Whom.EVERYBODY, Permission.QUEUE_READ),),
    FactKind.CORRECTION_SUBMITTED: (Told(NoticeKind.TO_MODERATE, Whom.EVERYBODY, Permission.QUEUE_READ),),
    FactKind.LEVEL_RECORDED: (Told(NoticeKind.LEVEL, Whom.GROUP, Permission.INVOLVEMENT_READ),),
    FactKind.LEVEL_EFFECTIVE: (Told(NoticeKind.LEVEL, Whom.GROUP, Permission.INVOLVEMENT_READ),),
    FactKind.SPACE_OPENED: (Told(NoticeKind.OPENED, Whom.EVERYBODY, Permission.SPACE_READ),),
    FactKind.SPACE_RESUMED: (Told(NoticeKind.RESUMED, Whom.EVERYBODY, Permission.SPACE_READ),),
    FactKind.SPACE_WORDS_TOLD: (Told(NoticeKind.READING, Whom.NAMED, Permission.SYNTHESES_READ),),
    # The groups of the space, and the authorities, who may read the synthesis without the words.
    FactKind.SYNTHESIS_PUBLISHED: (
        Told(NoticeKind.SYNTHESIS, Whom.EVERYBODY, Permission.SPACE_READ),
        Told(NoticeKind.SYNTHESIS, Whom.PARTIES, Permission.SYNTHESES_READ),
    ),
    FactKind.SYNTHESIS_CORRECTED: (
        Told(NoticeKind.SYNTHESIS, Whom.EVERYBODY, Permission.SPACE_READ),
        Told(NoticeKind.SYNTHESIS, Whom.PARTIES, Permission.SYNTHESES_READ),
    ),
    FactKind.EXTENSION_ASKED: (Told(NoticeKind.EXTENSION_ASKED, Whom.NAMED, Permission.EXTENSION_DECIDE),),
    FactKind.EXTENSION_AGREED: (Told(NoticeKind.EXTENSION_DECIDED, Whom.NAMED, Permission.SPACE_READ),),
    FactKind.EXTENSION_REFUSED: (Told(NoticeKind.EXTENSION_DECIDED, Whom.NAMED, Permission.SPACE_READ),),
    FactKind.DUTY_ENTRUSTED: (Told(NoticeKind.CHARGED, Whom.NAMED, Permission.DUTIES_READ),),
    FactKind.LEAVE_COVERED: (Told(NoticeKind.CHARGED, Whom.NAMED, Permission.DUTIES_READ),),
    FactKind.DUTY_EXPLAINED: (Told(NoticeKind.EXPLAINED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.SURVEY_OPENED: (Told(NoticeKind.SURVEY, Whom.NAMED, Permission.SURVEY_ANSWER),),
    FactKind.SURVEY_PUBLISHED: (Told(NoticeKind.SURVEY_RESULTS, Whom.NAMED, Permission.SPACE_READ),),
    FactKind.LEVEL_PROPOSED: (Told(NoticeKind.PROPOSED, Whom.EVERYBODY, Permission.LEVEL_RECORD),),
    FactKind.LEVEL_PROPOSAL_ACCEPTED: (
        Told(NoticeKind.PROPOSAL_DECIDED, Whom.NAMED, Permission.INVOLVEMENT_READ),
    ),
    FactKind.LEVEL_PROPOSAL_REFUSED: (
        Told(NoticeKind.PROPOSAL_DECIDED, Whom.NAMED, Permission.INVOLVEMENT_READ),
    ),
    FactKind.LEVEL_PROPOSAL_LAPSED: (
        Told(NoticeKind.PROPOSAL_DECIDED, Whom.NAMED, Permission.INVOLVEMENT_READ),
    ),
    FactKind.ACT_RECORDED: (Told(NoticeKind.ACT, Whom.EVERYBODY, Permission.ACTS_READ),),
    FactKind.ACT_CORRECTED: (Told(NoticeKind.ACT, Whom.EVERYBODY, Permission.ACTS_READ),),
    FactKind.ACT_FOLLOWED: (Told(NoticeKind.ACT, Whom.EVERYBODY, Permission.ACTS_READ),),
    FactKind.ACT_TAKEN_BACK: (Told(NoticeKind.ACT, Whom.EVERYBODY, Permission.ACTS_READ),),
    FactKind.WORDING_CHANGED_IN_NEGOTIATION: (
        Told(NoticeKind.NEGOTIATED, Whom.NAMED, Permission.CONTRACT_READ),
    ),
    FactKind.NEGOTIATED_WORDS_CHANGED: (
        Told(NoticeKind.AGREED_CHANGED, Whom.PARTIES, Permission.NEGOTIATION_READ),
        Told(NoticeKind.AGREED_CHANGED, Whom.NAMED, Permission.CONTRACT_READ),
    ),
    # Once a day, however many: a file brings hundreds of findings at once.
    FactKind.FINDING_ADDED: (Told(NoticeKind.FINDINGS, Whom.PARTIES, Permission.FINDING_VALIDATE),),
    FactKind.FINDING_VALIDATED: (Told(NoticeKind.FINDINGS, Whom.PARTIES, Permission.FINDING_VALIDATE),),
    FactKind.ERASURE_ASKED: (Told(NoticeKind.ERASURE, Whom.ERASURE, Permission.ERASE),),
    FactKind.CONTRIBUTION_ERASED: (Told(NoticeKind.ERASED, Whom.AUTHOR, Permission.CONTRIBUTION_READ),),
    FactKind.REGISTER_HEAD_SENT: (Told(NoticeKind.HEAD, Whom.PARTIES, Permission.REGISTER_READ),),
}
# The same for what a date brings about.
CLOSING = Told(NoticeKind.CLOSING, Whom.EVERYBODY, Permission.SPACE_READ)
REVIEW_LATE = Told(NoticeKind.REVIEW_LATE, Whom.EVERYBODY, Permission.QUEUE_READ)
DUTY = Told(NoticeKind.DUTY, Whom.NAMED, Permission.DUTIES_READ)

# Whoever wanted peace still hears of these: somebody may be in danger, or waits for this person alone.
NEVER_MUTED = frozenset(
    {
        NoticeKind.DANGER,
        NoticeKind.DUTY,
        NoticeKind.ERASURE,
        NoticeKind.ERASED,
        NoticeKind.APPEAL_TO_READ,
    }
)

# Decided again whenever a notice is shown or sent.
READING: dict[NoticeKind, Permission] = {
    NoticeKind.ANSWERED: Permission.CONTRIBUTION_READ,
    NoticeKind.THANKED: Permission.CONTRIBUTION_READ,
    NoticeKind.CORRECTED: Permission.CONTRIBUTION_READ,
    NoticeKind.MERGED: Permission.CONTRIBUTION_READ,
    NoticeKind.LINKED: Permission.CONTRIBUTION_READ,
    NoticeKind.HANDED_OVER: Permission.CONTRIBUTION_READ,
    NoticeKind.REPLIED: Permission.CONTRIBUTION_READ,
    NoticeKind.THREAD: Permission.CONTRIBUTION_READ,
    NoticeKind.REVIEWED: Permission.CONTRIBUTION_READ,
    NoticeKind.LEVEL: Permission.INVOLVEMENT_READ,
    NoticeKind.OPENED: Permission.SPACE_READ,
    NoticeKind.RESUMED: Permission.SPACE_READ,
    NoticeKind.SYNTHESIS: Permission.SYNTHESES_READ,
    NoticeKind.CLOSING: Permission.SPACE_READ,
    NoticeKind.TO_MODERATE: Permission.QUEUE_READ,
    NoticeKind.APPEAL_TO_READ: Permission.APPEALS_READ,
    NoticeKind.APPEAL_FOLLOWED: Permission.QUEUE_READ,
    NoticeKind.APPEAL_PASSED: Permission.CONTRIBUTION_READ,
    NoticeKind.APPEAL_DECIDED: Permission.CONTRIBUTION_READ,
    NoticeKind.REPORTED: Permission.QUEUE_READ,
    NoticeKind.REPORT_DECIDED: Permission.CONTRIBUTION_READ,
    NoticeKind.DANGER: Permission.QUEUE_READ,
    NoticeKind.ERASURE: Permission.ERASE,
    NoticeKind.ERASED: Permission.CONTRIBUTION_READ,
    NoticeKind.REVIEW_LATE: Permission.QUEUE_READ,
    NoticeKind.DUTY: Permission.DUTIES_READ,
    NoticeKind.EXTENSION_ASKED: Permission.SPACE_READ,
    NoticeKind.EXTENSION_DECIDED: Permission.SPACE_READ,
    NoticeKind.PROPOSED: Permission.INVOLVEMENT_READ,
    NoticeKind.PROPOSAL_DECIDED: Permission.INVOLVEMENT_READ,
    NoticeKind.CHARGED: Permission.DUTIES_READ,
    NoticeKind.EXPLAINED: Permission.CONTRIBUTION_READ,
    NoticeKind.SURVEY: Permission.SPACE_READ,
    NoticeKind.SURVEY_RESULTS: Permission.SPACE_READ,
    NoticeKind.HEAD: Permission.REGISTER_READ,
    NoticeKind.TO_LOOK_AT: Permission.CONTRACT_READ,
    NoticeKind.ACT: Permission.ACTS_READ,
    NoticeKind.NEGOTIATED: Permission.CONTRACT_READ,
    NoticeKind.AGREED_CHANGED: Permission.CONTRACT_READ,
    NoticeKind.FINDINGS: Permission.CONTRACT_READ,
    NoticeKind.READING: Permission.SYNTHESES_READ,
}
# To whom the head of a register is sent.
PARTIES = frozenset({Role.DIRECTOR, Role.DEPUTY, Role.AUTHORITY_AGENT})
# Says that something waits: once is enough until it is read or done.
STANDING = frozenset({NoticeKind.TO_MODERATE})
# Says what others wait for: read once it is done, and never new again because somebody says so.
ENDS_BY_ITSELF = frozenset({NoticeKind.TO_MODERATE, NoticeKind.DUTY})
# After these, perhaps nothing is owed any more: said of words, or of a whole space.
KEEPS = frozenset(
    {
        FactKind.ANSWER_GIVEN,
        FactKind.DUTY_EXPLAINED,
        FactKind.CONTRIBUTION_WITHDRAWN,
        FactKind.CONTRIBUTION_HIDDEN,
    }
)
KEEPS_SPACE = frozenset({FactKind.SYNTHESIS_PUBLISHED, FactKind.SYNTHESIS_CORRECTED, FactKind.SPACE_CLOSED})
# After these, perhaps nothing waits for a moderator any more.
REVIEWS = frozenset(
    {
        FactKind.CONTRIBUTION_PUBLISHED,
        FactKind.CONTRIBUTION_CORRECTED,
        FactKind.CONTRIBUTION_REFUSED,
        FactKind.CORRECTION_REFUSED,
        FactKind.CONTRIBUTION_HIDDEN,
        FactKind.CONTRIBUTION_WITHDRAWN,
        FactKind.PENDING_WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in Paris during which no e-mail leaves; none when both are the same."""

    from_: int = QUIET_FROM
    until: int = QUIET_UNTIL

    def holds(self, at: datetime) -> bool:
        """Whether this instant is quiet."""
        return self.covers(paris(at).hour)

    def covers(self, hour: int) -> bool:
        """Whether this hour of the day is quiet."""
        if self.from_ <= self.until:
            return self.from_ <= hour < self.until
        return hour >= self.from_ or hour < self.until

    @property
    def leaves_a_morning(self) -> bool:
        """Whether some e-mail can leave at all: not everything from eight to midnight is quiet."""
        return not all(self.covers(hour) for hour in range(MORNING, 24))

    def morning(self, day: date) -> datetime | None:
        """When the e-mail of a day is due: at eight, or the first hour after that is not quiet."""
        hours = (hour for hour in range(MORNING, 24) if not self.covers(hour))
        hour = next(hours, None)
        return None if hour is None else datetime.combine(day, time(hour), PARIS)


def is_due(quiet: Quiet, at: datetime) -> bool:
    """Whether the e-mail of this day may leave at this instant."""
    morning = quiet.morning(paris(at).date())
    return morning is not None and at >= morning and not quiet.holds(at)


def cutoff(at: datetime) -> datetime:
    """Until when what happened goes with the e-mail of this day: eight in the morning, in Paris.

    One morning has one e-mail, whatever the day brings.
    """
    return datetime.combine(paris(at).date(), time(MORNING), PARIS)


def told_at(written: str, now: datetime) -> datetime:
    """When what a line of the journal tells happened, as finely as the line says; never after `now`.

    A day alone is told as its end, in Paris: a morning tells of the days before it.
    """
    if len(written) > DAY_LENGTH:
        return min(datetime.fromisoformat(written), now)
    day = date.fromisoformat(written)
    return min(datetime.combine(day, time.max, PARIS), now)


def next_attempt(attempts: int, at: datetime) -> datetime:
    """When to try again after so many attempts: five minutes, then ten, twenty, forty."""
    return at + FIRST_WAIT * int(2 ** (attempts - 1))


def given_up(attempts: int) -> bool:
    """Whether so many attempts are enough."""
    return attempts >= MAX_ATTEMPTS


def closing_from(opens_at: datetime, ends_at: datetime) -> datetime:
    """From when the end of a space is near: a week before, or its second half when it is short."""
    return ends_at - min(CLOSING_LEAD, (ends_at - opens_at) / 2)
