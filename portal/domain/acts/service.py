"""Verbs of formal acts: record, correct by a new version, take back and leave a stone; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.acts import documents, rules
from portal.domain.acts.documents import Document
from portal.domain.acts.models import ActOutcome, ActRecord, FormalAct, FormalActVersion
from portal.domain.contracts import parties
from portal.domain.contracts.models import Contract, ContractEstablishment
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.proposals.service import proposer
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ActKind, AuthorityKind, Stage

MAX_BODY, MAX_TEXT, MAX_REASON = 160, 5000, 600


@dataclass(frozen=True, slots=True)
class NewAct:
    """What was typed of an act: `document` is what was sent with it, if anything."""

    kind: ActKind
    stage: Stage | None
    held_on: date | None
    body: str
    establishment_id: str | None
    outcome: ActOutcome | None
    source: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The whole act anew, why, and the version that was on the screen."""

    act: NewAct
    reason: str
    seen: int
    drop_document: bool = False


def record(
    session: Session, person: Actor, contract_id: str, command: NewAct, *, at: datetime | None = None
) -> FormalAct:
    """Record a formal act of one's contract. Errors: RefusedError, InvalidError."""
    now = at or clock.now()
    _require(person, contract_id, command.kind)
    _require_own(session, person, command.kind, command.establishment_id)
    values = _checked(session, contract_id, command, now)
    row = FormalAct(
        contract_id=contract_id,
        kind=command.kind,
        **values,
        record_id=_kept(session, contract_id, command, now),
        by_participant=person.participant_id,
        by_function=recorder(person),
        by_body=not directs(person),
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    journal.append(session, _fact(session, FactKind.ACT_RECORDED, row, person))
    return row


def correct(
    session: Session,
    person: Actor,
    contract_id: str,
    act_id: str,
    command: Correction,
    *,
    at: datetime | None = None,
) -> FormalAct:
    """Write a new version of an act, with a reason; the former one stays readable.

    Errors: NotFoundError, RefusedError, InvalidError; StaleError when it was corrected or taken back first.
    """
    now = at or clock.now()
    row = _standing(session, person, contract_id, act_id, command.seen)
    stays = row.establishment_id is None
    _require_own(session, person, row.kind, command.act.establishment_id, recorded=stays)
    errors: dict[str, list[str]] = {}
    try:
        reason = check_reason(command.reason, "reason", MAX_REASON)
    except InvalidError as error:
        errors |= error.errors
    values = _checked(session, contract_id, command.act, now, errors, kept=row.stage)
    replaced = command.act.document is not None or (command.drop_document and row.record_id is not None)
    if not replaced and all(getattr(row, name) == value for name, value in values.items()):
        raise InvalidError({"source": [say("Vous n’avez rien changé.")]})
    session.add(_former(row))
    session.flush()
    if replaced:
        row.record_id = _kept(session, contract_id, command.act, now)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.reason, row.corrected_at = row.version + 1, reason, now
    row.by_participant, row.by_function = person.participant_id, recorder(person)
    row.by_body = row.by_body or not directs(person)
    session.flush()
    journal.append(session, _fact(session, FactKind.ACT_CORRECTED, row, person, reason))
    return row


def take_back(
    session: Session,
    person: Actor,
    contract_id: str,
    act_id: str,
    reason: str,
    *,
    seen: int,
    at: datetime | None = None,
) -> FormalAct:
    """Take an act back, with a reason: its place stays, its words and its document are no longer shown.

    Errors: NotFoundError, RefusedError, InvalidError (`reason`); StaleError when somebody was first.
    """
    row = _standing(session, person, contract_id, act_id, seen)
    row.taken_back_reason = check_reason(reason, "reason", MAX_REASON)
    row.taken_back_at, row.taken_back_function = at or clock.now(), recorder(person)
    session.flush()
    journal.append(session, _fact(session, FactKind.ACT_TAKEN_BACK, row, person, row.taken_back_reason))
    return row


def recorder(person: Actor) -> str:
    """Under which function an act is recorded: never a name."""
    return function_of(person) if directs(person) else proposer(person)


def refusal(
    session: Session,
    person: Actor,
    kind: ActKind,
    establishment_id: str | None,
    *,
    by_body: bool,
    recorded: bool = True,
) -> RefusedError | None:
    """Why an act is not for this person to write, who may record acts of its kind; None when it is.

    What a body wrote is its own: the direction corrects and takes back what it recorded from paper only.
    An opinion already `recorded` for no house in particular is any elected person's to change.
    """
    if directs(person):
        return _of_the_body() if by_body else None
    house = establishment_id or (person.establishment_id if recorded else None)
    if kind is ActKind.CVS and house != person.establishment_id:
        return RefusedError(
            "role",
            say("Cet avis est celui du CVS d’un autre établissement que le vôtre."),
            say("Les personnes élues à ce CVS l’écrivent, ou la direction."),
        )
    if kind is ActKind.DEPARTMENT and not parties.is_of(session, person, AuthorityKind.DEPARTMENT):
        return _of_the_department() if parties.acts_for(session, person) else _of_nobody_knows()
    return None


def directs(person: Actor) -> bool:
    """Whether somebody records acts of every kind, from paper."""
    return permits.allows(person, Permission.ACT_RECORD_EVERY, ContractTarget(person.contract_id))


def _of_the_department() -> RefusedError:
    return RefusedError(
        "role",
        say("Ce vote est celui du conseil départemental."),
        say("Ses agents l’enregistrent, ou la direction."),
    )


def _of_nobody_knows() -> RefusedError:
    return RefusedError(
        "role",
        say("Le portail ne sait pas encore pour quelle autorité vous agissez."),
        say("L’exploitation du portail peut le dire."),
    )


def _of_the_body() -> RefusedError:
    return RefusedError(
        "role",
        say("L’instance a enregistré cet acte elle-même. La direction n’y change rien."),
        say("Les personnes de cette instance peuvent le corriger ou le retirer."),
    )


def _require_own(
    session: Session,
    person: Actor,
    kind: ActKind,
    establishment_id: str | None,
    *,
    by_body: bool = False,
    recorded: bool = False,
) -> None:
    found = refusal(session, person, kind, establishment_id, by_body=by_body, recorded=recorded)
    if found is not None:
        raise found


def _require(person: Actor, contract_id: str, kind: ActKind) -> None:
    permits.require(person, rules.MAY_RECORD[kind], ContractTarget(contract_id))


def _standing(session: Session, person: Actor, contract_id: str, act_id: str, seen: int) -> FormalAct:
    permits.require(person, Permission.ACT_RECORD, ContractTarget(contract_id))
    row = session.get(FormalAct, act_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    _require(person, contract_id, row.kind)
    _require_own(session, person, row.kind, row.establishment_id, by_body=row.by_body, recorded=True)
    if row.taken_back_at is not None:
        raise StaleError(
            say("Cet acte a été retiré. Sa place reste, et plus rien n’y change."),
            seen=seen,
            current=row.version,
        )
    if row.version != seen:
        raise StaleError(
            say("Quelqu’un a corrigé cet acte pendant que vous écriviez. Voici la version actuelle."),
            seen=seen,
            current=row.version,
        )
    return row


def _checked(
    session: Session,
    contract_id: str,
    command: NewAct,
    now: datetime,
    errors: dict[str, list[str]] | None = None,
    *,
    kept: Stage | None = None,
) -> dict[str, object]:
    """The columns of an act, from what was typed. Errors: InvalidError, with those that are known already."""
    errors = {} if errors is None else errors
    body = ""
    try:
        body = check_line(command.body, "body_name", MAX_BODY)
    except InvalidError as error:
        errors |= error.errors
    source = _source(command.source, errors)
    if command.kind in rules.IN_WORDS and not source and "source" not in errors:
        errors["source"] = [say("Écrivez ce que le comité a décidé, ou qu’il n’a rien décidé.")]
    problem = rules.day_problem(command.held_on, clock.paris(now).date())
    if problem is not None:
        errors["held_on"] = [problem]
    if command.outcome not in rules.OUTCOMES[command.kind]:
        errors["outcome"] = [say("Choisissez ce que l’instance a dit ou décidé.")]
    if command.stage is None:
        errors["stage"] = [say("Choisissez une étape du contrat.")]
    elif command.stage is not kept and _is_to_come(session, contract_id, command.stage):
        errors["stage"] = [say("Le contrat n’est pas encore à cette étape.")]
    if command.establishment_id and not _is_place(session, contract_id, command.establishment_id):
        errors["establishment"] = [say("Choisissez un établissement du contrat, ou tout le contrat.")]
    if errors:
        raise InvalidError(errors)
    return {
        "stage": command.stage,
        "held_on": command.held_on,
        "body": body,
        "establishment_id": command.establishment_id or None,
        "outcome": command.outcome,
        "source": source,
        "html": text.render(source) if source else "",
        "renderer": text.RENDERER_VERSION,
    }


def _source(typed: str, errors: dict[str, list[str]]) -> str:
    """The text of an act: nothing, or words."""
    try:
        source = text.typography(text.clean_source(typed, maximum=MAX_TEXT))
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        limit = text.number(MAX_TEXT)
        errors["source"] = [
            say("Ce texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=limit)
        ]
        return ""
    # However short: what the body said is chosen above, and these words are beside it.
    if source and not reasons.says(source):
        errors["source"] = [reasons.NO_WORD]
    return source


def _is_to_come(session: Session, contract_id: str, stage: Stage) -> bool:
    now = session.get(Contract, contract_id)
    return now is not None and rules.rank(stage) > rules.rank(now.stage)


def _is_place(session: Session, contract_id: str, establishment_id: str) -> bool:
    return session.get(ContractEstablishment, (contract_id, establishment_id)) is not None


def _kept(session: Session, contract_id: str, command: NewAct, now: datetime) -> str | None:
    """Keep the document that came, under a name of ours; its id."""
    document = command.document
    if document is None or command.held_on is None:
        return None
    row = ActRecord(
        contract_id=contract_id,
        name=documents.own_name(command.kind, command.held_on, document.extension),
        extension=document.extension,
        size=document.size,
        sha256=document.sha256,
        content=document.content,
        at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _former(row: FormalAct) -> FormalActVersion:
    return FormalActVersion(
        act_id=row.id,
        number=row.version,
        stage=row.stage,
        held_on=row.held_on,
        body=row.body,
        establishment_id=row.establishment_id,
        outcome=row.outcome,
        source=row.source,
        html=row.html,
        renderer=row.renderer,
        record_id=row.record_id,
        reason=row.reason,
        by_function=row.by_function,
        at=row.corrected_at or row.recorded_at,
    )


def _fact(session: Session, kind: FactKind, row: FormalAct, person: Actor, reason: str = "") -> Fact:
    """The line of the register: its seal covers the words and the digest of the document."""
    sha256 = session.scalar(select(ActRecord.sha256).where(ActRecord.id == row.record_id)) or ""
    words = (row.kind.value, row.held_on.isoformat(), row.body, row.outcome.value, row.source, sha256, reason)
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=person.group,
        participant_id=person.participant_id,
        content="\n".join(words),
    )
