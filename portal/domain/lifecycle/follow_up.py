"""Verbs of the follow-up: the seats of the committee, the two reviews, who reports what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority
from portal.domain.facts import FactKind
from portal.domain.lifecycle import reports
from portal.domain.lifecycle.models import CommitteeSeat, ReportLine, Review, ReviewKind, ReviewVersion
from portal.domain.lifecycle.writing import A_YEAR, Fields, begin, require_seen, tell
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons, text
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import say
from portal.policy.actor import Actor

MAX_FUNCTION, MAX_PARTNER, MAX_LABEL, MAX_WHO, MAX_SAYS = 120, 160, 200, 160, 5000
# What is kept of a review when it is written anew.
KEPT = ("contract_id", "kind", "version", "held_on", "says", "html", "renderer", "by_function", "at")
MAX_SEATS, MAX_LINES = 40, 40
PARTNER = "autre"


@dataclass(frozen=True, slots=True)
class ReviewTyped:
    """A review as typed: planned and made, when the committee meets and met, what it says."""

    planned_on: date | None = None
    held_on: date | None = None
    meets_on: date | None = None
    met_on: date | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class LineTyped:
    """A line of what is reported, as typed; a number that was not one is 0."""

    label: str
    reporter: str
    recipient: str
    day: int
    month: int
    last_sent_on: date | None = None
    set_aside: bool = False


def add_seat(
    session: Session, person: Actor, contract_id: str, function: str, party: str, partner: str
) -> str:
    """Add a seat to the committee: a function, and the party or the partner it stands for; its id.

    Errors: RefusedError, InvalidError (`function`, `party`, `partner`).
    """
    contract = begin(session, person, contract_id)
    fields = Fields()
    told = fields.line("function", function, MAX_FUNCTION)
    other = fields.line("partner", partner, MAX_PARTNER, optional=party != PARTNER)
    if party != PARTNER and party not in _parties(session, contract):
        fields.wrong("party", say("Choisissez pour qui cette personne siège."))
    seated = select(CommitteeSeat.id).where(
        CommitteeSeat.contract_id == contract_id, CommitteeSeat.left_on.is_(None)
    )
    if len(session.scalars(seated.limit(MAX_SEATS)).all()) >= MAX_SEATS:
        fields.wrong("function", say("Le comité a déjà 40 sièges. Retirez-en un d’abord."))
    fields.done()
    row = CommitteeSeat(
        contract_id=contract_id,
        function=told,
        organisation_id=None if party == PARTNER else party,
        partner=other if party == PARTNER else "",
    )
    session.add(row)
    session.flush()
    tell(session, person, contract_id, FactKind.FOLLOW_UP_CHANGED, row.id, told, party, other)
    return row.id


def leave_seat(session: Session, person: Actor, contract_id: str, seat_id: str, seen: int) -> None:
    """Take a seat out of the committee, from today on. Errors: RefusedError, NotFoundError, StaleError."""
    begin(session, person, contract_id)
    row = session.get(CommitteeSeat, seat_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    require_seen(seen, row.version, say("Ce siège vient de changer. Voici le comité tel qu’il est."))
    row.left_on, row.version = clock.today(), row.version + 1
    tell(session, person, contract_id, FactKind.FOLLOW_UP_CHANGED, row.id, row.left_on)


def _parties(session: Session, contract: Contract) -> set[str]:
    query = select(ContractAuthority.organisation_id).where(ContractAuthority.contract_id == contract.id)
    return {contract.organisation_id, *session.scalars(query)}


def write_review(
    session: Session, person: Actor, contract_id: str, kind: ReviewKind, typed: ReviewTyped, seen: int
) -> None:
    """Write a review and the meeting of the committee about it; what it said before stays readable.

    Errors: RefusedError, StaleError, InvalidError.
    """
    contract = begin(session, person, contract_id)
    row = session.get(Review, (contract_id, kind), populate_existing=True)
    require_seen(seen, row.version if row else 0)
    fields, today = Fields(), clock.today()
    fields.day("planned_on", typed.planned_on)
    fields.day("meets_on", typed.meets_on)
    fields.day("held_on", typed.held_on, today=today)
    fields.day("met_on", typed.met_on, today=today)
    early = say("Ce jour est plus d’un an avant le début du contrat. Vérifiez l’année.")
    late = say("Ce jour est plus d’un an après la fin du contrat. Vérifiez l’année.")
    for name in ("planned_on", "meets_on", "held_on", "met_on"):
        fields.order(contract.starts_on - A_YEAR, getattr(typed, name), name, early)
        fields.order(getattr(typed, name), contract.ends_on + A_YEAR, name, late)
    says = fields.words(lambda: _says(typed.says))
    if says and typed.held_on is None:
        fields.wrong("held_on", say("Écrivez quel jour ce bilan a été fait."))
    fields.done()
    if row is None:
        row = Review(contract_id=contract_id, kind=kind, says="", version=0)
        session.add(row)
    if row.says != says:
        _say_anew(session, person, row, says)
    row.planned_on, row.held_on, row.meets_on, row.met_on = (
        typed.planned_on,
        typed.held_on,
        typed.meets_on,
        typed.met_on,
    )
    row.version += 1
    days = (typed.planned_on, typed.held_on, typed.meets_on, typed.met_on)
    tell(session, person, contract_id, FactKind.REVIEW_WRITTEN, contract_id, kind.value, *days, says)


def _say_anew(session: Session, person: Actor, row: Review, says: str) -> None:
    if row.says:
        session.add(ReviewVersion(**{name: getattr(row, name) for name in KEPT}))
    row.says, row.html = says, text.render(says) if says else ""
    row.renderer, row.by_function, row.at = text.RENDERER_VERSION, function_of(person), clock.now()


def _says(typed: str) -> str:
    limit = text.number(MAX_SAYS)
    words = reasons.read(
        typed,
        "says",
        MAX_SAYS,
        empty=None,
        too_long=say("Ce texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=limit),
    )
    return text.typography(words)


def write_ready(
    session: Session, person: Actor, contract_id: str, code: str, typed: LineTyped, seen: int
) -> None:
    """Change a ready line for this contract. Errors: RefusedError, NotFoundError, StaleError, InvalidError."""
    begin(session, person, contract_id)
    if code not in reports.READY_BY_CODE:
        raise NotFoundError
    query = select(ReportLine).where(ReportLine.contract_id == contract_id, ReportLine.code == code)
    row = session.scalar(query.execution_options(populate_existing=True))
    require_seen(seen, row.version if row else 0)
    values = _checked_line(typed)
    if row is None:
        row = ReportLine(contract_id=contract_id, code=code, version=0)
    _put(session, person, row, values)


def add_line(session: Session, person: Actor, contract_id: str, typed: LineTyped) -> None:
    """Add a line of the contract's own. Errors: RefusedError, InvalidError."""
    begin(session, person, contract_id)
    own = select(ReportLine.id).where(ReportLine.contract_id == contract_id)
    values = _checked_line(typed, full=len(session.scalars(own.limit(MAX_LINES)).all()) >= MAX_LINES)
    _put(session, person, ReportLine(contract_id=contract_id, version=0), values)


def write_line(
    session: Session, person: Actor, contract_id: str, line_id: str, typed: LineTyped, seen: int
) -> None:
    """Change a line of the contract's own. Errors: RefusedError, NotFoundError, StaleError, InvalidError."""
    begin(session, person, contract_id)
    row = session.get(ReportLine, line_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    require_seen(seen, row.version)
    _put(session, person, row, _checked_line(typed))


def _checked_line(typed: LineTyped, *, full: bool = False) -> dict[str, object]:
    fields = Fields()
    label = fields.line("label", typed.label, MAX_LABEL)
    reporter = fields.line("reporter", typed.reporter, MAX_WHO)
    recipient = fields.line("recipient", typed.recipient, MAX_LABEL, optional=True)
    fields.day("last_sent_on", typed.last_sent_on, today=clock.today())
    if not reports.exists(typed.day, typed.month):
        fields.wrong("day", say("Choisissez un jour qui existe dans ce mois, chaque année."))
    if full:
        fields.wrong(
            "label", say("Ce contrat a déjà 40 échéances. Changez-en une, ou laissez-en une de côté.")
        )
    fields.done()
    return {
        "label": label,
        "reporter": reporter,
        "recipient": recipient,
        "day": typed.day,
        "month": typed.month,
        "last_sent_on": typed.last_sent_on,
        "set_aside": typed.set_aside,
    }


def _put(session: Session, person: Actor, row: ReportLine, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    session.add(row)
    session.flush()
    tell(session, person, row.contract_id, FactKind.FOLLOW_UP_CHANGED, row.id, *values.values())
