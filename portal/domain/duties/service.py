"""Verbs about duties: entrust, cover, ask a group for more time, agree to it, explain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact as fact_of_words
from portal.domain.contributions.service import located, target_of
from portal.domain.duties import clocks, keepers, rules
from portal.domain.duties.models import DutyCover, DutyExplanation, DutyExtension, DutyOwner, DutyWarning
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants import queries as participants
from portal.domain.participants.queries import function_of
from portal.domain.participants.requests import ENDED
from portal.domain.spaces import queries as spaces
from portal.kernel import clock, lines, reasons, text
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import (
    ORGANISER,
    ContributionStatus,
    DutyKind,
    Group,
    Phase,
    RequestState,
    ShownScope,
)

MAX_REASON = 600
MAX_EXPLANATION = 1000
TOO_LONG = say("Votre explication est trop longue (1 000 signes au plus).")
UNDER_WAY = frozenset({Phase.OPEN, Phase.PAUSED, Phase.ANSWERING})


_LAST_DAY = say(
    "Choisissez un dernier jour qui n’est pas encore passé, et qui ne vient pas avant le premier."
)
# A slip of the year would wait for the group's answer until then.
MORE_AT_MOST = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class NewOwner:
    """Who is to keep which duties; `until_on` None lasts until another decision."""

    participant_id: str
    space_id: str | None = None
    kind: DutyKind | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewCover:
    """Who covers a member who is away, between two days."""

    participant_id: str
    covered_by: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class NewExtension:
    """More time asked of a group: for all that it is owed, or for one contribution of it."""

    group: Group
    until_on: date | None
    reason: str
    contribution_id: str | None = None


def entrust(session: Session, person: Actor, contract_id: str, command: NewOwner) -> DutyOwner:
    """Entrust duties to a member who may keep them. Errors: RefusedError, InvalidError."""
    permits.require(person, Permission.DUTY_DELEGATE, ContractTarget(contract_id))
    today = clock.today()
    begins = command.from_on or today
    _check_keeper(session, contract_id, command.participant_id, "participant")
    if command.participant_id == person.participant_id:
        raise InvalidError({"participant": [say("Choisissez une autre personne que vous-même.")]})
    if command.until_on is not None and command.until_on < max(begins, today):
        raise InvalidError({"until_on": [_LAST_DAY]})
    if command.space_id is not None:
        known = spaces.view(session, command.space_id, clock.now())
        if known is None or known.contract_id != contract_id:
            raise InvalidError({"space": [say("Choisissez un espace d’échange de ce contrat.")]})
    row = DutyOwner(
        contract_id=contract_id,
        space_id=command.space_id,
        kind=command.kind,
        participant_id=command.participant_id,
        from_on=begins,
        until_on=command.until_on,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    journal.append(session, _fact(FactKind.DUTY_ENTRUSTED, contract_id, row.id, person))
    return row


def take_back(session: Session, person: Actor, contract_id: str, charge_id: str) -> None:
    """End what was entrusted, or a cover, from now on. Errors: RefusedError, StaleError when it has ended."""
    permits.require(person, Permission.DUTY_DELEGATE, ContractTarget(contract_id))
    row: DutyOwner | DutyCover | None = session.get(DutyOwner, charge_id) or session.get(DutyCover, charge_id)
    if row is None or row.contract_id != contract_id or row.ended_at is not None:
        raise StaleError(
            say("Cette décision a déjà pris fin. Voici l’état actuel."), seen=charge_id, current=None
        )
    row.ended_at = clock.now()
    session.flush()
    kind = FactKind.DUTY_ENTRUSTED if isinstance(row, DutyOwner) else FactKind.LEAVE_COVERED
    journal.append(session, _fact(kind, contract_id, row.id, person, "fin"))


def cover(session: Session, person: Actor, contract_id: str, command: NewCover) -> DutyCover:
    """Say who covers a member who is away. Errors: RefusedError, InvalidError."""
    permits.require(person, Permission.DUTY_DELEGATE, ContractTarget(contract_id))
    _check_keeper(session, contract_id, command.participant_id, "absent")
    _check_keeper(session, contract_id, command.covered_by, "covered_by")
    if command.participant_id == command.covered_by:
        raise InvalidError({"covered_by": [say("Choisissez une autre personne que celle qui s’absente.")]})
    if command.from_on is None:
        raise InvalidError({"cover_from": [say("Écrivez le premier jour de l’absence.")]})
    if command.until_on is None or command.until_on < max(command.from_on, clock.today()):
        raise InvalidError({"cover_until": [_LAST_DAY]})
    _check_apart(session, contract_id, command, command.from_on, command.until_on)
    row = DutyCover(
        contract_id=contract_id,
        participant_id=command.participant_id,
        covered_by=command.covered_by,
        from_on=command.from_on,
        until_on=command.until_on,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    journal.append(session, _fact(FactKind.LEAVE_COVERED, contract_id, row.id, person))
    return row


def ask_extension(session: Session, person: Actor, space_id: str, command: NewExtension) -> DutyExtension:
    """Ask a group for more time; nothing moves until it agrees.

    Errors: NotFoundError, RefusedError, InvalidError (`group`, `until_on`, `reason`).
    """
    space = _space(session, person, space_id, Permission.ANSWER_IN)
    _check_group(session, space, command.group)
    if command.contribution_id is not None:
        _check_alone(session, person, space, command)
    reason = lines.check_reason(command.reason, "reason", MAX_REASON)
    dates = clocks.read(session, [space_id], clock.now())
    due = dates.due_on(space, command.group, command.contribution_id)
    if command.until_on is None or command.until_on <= max(due, clock.today()):
        raise InvalidError({"until_on": [say("Choisissez un jour après celui qui est promis aujourd’hui.")]})
    if command.until_on > due + MORE_AT_MOST:
        raise InvalidError({"until_on": [say("Demandez six mois de plus au maximum. Vérifiez l’année.")]})
    waiting = select(DutyExtension.id).where(
        DutyExtension.space_id == space_id,
        DutyExtension.group == command.group,
        DutyExtension.contribution_id.is_not_distinct_from(command.contribution_id),
        DutyExtension.state == RequestState.ASKED,
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise StaleError(
            say("Un délai est déjà demandé à ce groupe. Il attend sa réponse."), seen=None, current=None
        )
    row = DutyExtension(
        contract_id=space.contract_id,
        space_id=space_id,
        group=command.group,
        contribution_id=command.contribution_id,
        until_on=dates.next_working(space, command.until_on),
        reason=reason,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    journal.append(session, _extension_fact(FactKind.EXTENSION_ASKED, row, person, reason))
    return row


def decide_extension(
    session: Session, person: Actor, space_id: str, extension_id: str, *, accepted: bool, reason: str
) -> DutyExtension:
    """Agree to more time in the name of one's group, or refuse with a reason.

    Errors: NotFoundError, RefusedError, InvalidError (`reason`), StaleError when it was decided.
    """
    _space(session, person, space_id, Permission.EXTENSION_DECIDE)
    row = session.get(DutyExtension, extension_id)
    if row is None or row.space_id != space_id or row.state is not RequestState.ASKED:
        raise StaleError(
            say("Ce délai est déjà décidé. Voici l’état actuel."), seen=extension_id, current=None
        )
    if not rules.may_decide(person.group, person.roles, row.group):
        raise RefusedError(
            "role",
            say("Ce délai concerne un autre groupe que le vôtre."),
            say("Les personnes qui représentent ce groupe décident."),
        )
    told = lines.check_reason(reason, "reason", MAX_REASON, optional=accepted)
    row.decide(person, RequestState.ACCEPTED if accepted else RequestState.REFUSED, told)
    session.flush()
    kind = FactKind.EXTENSION_AGREED if accepted else FactKind.EXTENSION_REFUSED
    journal.append(session, _extension_fact(kind, row, person, told))
    return row


def lapse(session: Session, person: Actor, space_id: str) -> None:
    """Say of every delay that waits in a space that its closing leaves it without a decision.

    The closing has its own line in the register: what waited there is told by it.
    """
    waiting = (DutyExtension.space_id == space_id, DutyExtension.state == RequestState.ASKED)
    for row in session.scalars(select(DutyExtension).where(*waiting)):
        row.decide(person, RequestState.LAPSED, ENDED)
    session.flush()


def explain(session: Session, person: Actor, contribution_id: str, source: str) -> DutyExplanation:
    """Write why the engagement towards one contribution is not kept; it stays visible, and an answer may still come.

    Errors: NotFoundError, RefusedError, InvalidError (`body`), StaleError when it was answered or explained, or is not due yet.
    """
    row, space = located(session, person, contribution_id, Permission.ANSWER_IN, clock.now())
    if session.get(DutyExplanation, row.id) is not None:
        raise StaleError(say("Cet engagement est déjà expliqué."), seen=None, current=None)
    target = target_of(session, row, space, clock.now())
    if target.answered and row.status is ContributionStatus.PUBLISHED:
        raise StaleError(say("Quelqu’un a déjà répondu à cette contribution."), seen=None, current=None)
    permits.require(person, Permission.ANSWER, target)
    if row.group is ORGANISER:
        raise RefusedError(
            "etat",
            say("Rien n’est dû à la direction elle-même."),
            say("La direction du contrat peut vous aider."),
        )
    _check_day(session, row, space)
    cleaned = _explained(source)
    told = DutyExplanation(
        contribution_id=row.id,
        contract_id=row.contract_id,
        space_id=row.space_id,
        source=cleaned,
        html=text.render(cleaned),
        renderer=text.RENDERER_VERSION,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=clock.now(),
    )
    session.add(told)
    session.flush()
    journal.append(session, fact_of_words(FactKind.DUTY_EXPLAINED, row, person, cleaned))
    return told


def note_warning(session: Session, space_id: str, due_on: date, stage: int) -> None:
    """Remember that who keeps a contract was warned of a day, or that nobody is left: others may read lateness."""
    if session.get(DutyWarning, (space_id, due_on, stage)) is None:
        session.add(DutyWarning(space_id=space_id, due_on=due_on, stage=stage, at=clock.now()))
        session.flush()


def _check_day(session: Session, row: Contribution, space: spaces.SpaceView) -> None:
    """Nothing is unkept before its day: a page that offers it is an old one. Errors: StaleError."""
    due = clocks.of(session, [space], clock.now()).due_on(space, row.group, row.id)
    if not rules.may_be_explained(due, clock.today()):
        early = say(
            "Le jour promis n’est pas encore venu : c’est le %(day)s. Cet engagement peut encore être tenu.",
            day=day_label(due),
        )
        raise StaleError(early, seen=None, current=due)


def _explained(source: str) -> str:
    empty = say("Écrivez pourquoi cet engagement n’est pas tenu. Tout le monde pourra le lire.")
    return reasons.read(source, "body", MAX_EXPLANATION, empty=empty, too_long=TOO_LONG)


def _space(session: Session, person: Actor, space_id: str, permission: Permission) -> spaces.SpaceView:
    space = spaces.view(session, space_id, clock.now())
    if space is None:
        raise NotFoundError
    permits.require(person, permission, space.target)
    return space


def _check_keeper(session: Session, contract_id: str, participant_id: str, field: str) -> None:
    known = {one.participant_id for one in keepers.read(session, contract_id).people}
    if participant_id not in known:
        raise InvalidError({field: [say("Choisissez une personne dans la liste.")]})


def _check_apart(session: Session, contract_id: str, command: NewCover, first: date, last: date) -> None:
    """One cover for an absence, by somebody who is there: nobody covers in a circle. Errors: InvalidError."""
    leaves = keepers.read(session, contract_id).leaves
    away = {one.participant_id for one in leaves if one.meets(first, last)}
    if command.participant_id in away:
        raise InvalidError({"absent": [say("Une absence est déjà prévue ces jours-là.")]})
    if command.covered_by in away:
        raise InvalidError(
            {"covered_by": [say("Cette personne est absente ces jours-là. Choisissez-en une autre.")]}
        )


def may_agree(space: spaces.SpaceView, group: Group) -> bool:
    """Whether a group takes part there, and reads what it would agree to."""
    return group is not ORGANISER and group in space.target.levels and space.target.reads(group)


def _check_group(session: Session, space: spaces.SpaceView, group: Group) -> None:
    """Only of a group that is owed something and has a voice to agree. Errors: InvalidError (`group`)."""
    if not may_agree(space, group):
        raise InvalidError(
            {"group": [say("Choisissez un groupe qui participe à cet espace, et qui en lit les mots.")]}
        )
    members = participants.members(session, space.contract_id)
    if not any(rules.may_decide(one.group, one.roles, group) for one in members):
        raise InvalidError(
            {
                "group": [
                    say(
                        "Personne ne peut encore accepter un délai au nom de ce groupe. "
                        "L’organisme gestionnaire peut nommer une personne élue au CVS."
                    )
                ]
            }
        )


def _check_alone(session: Session, person: Actor, space: spaces.SpaceView, command: NewExtension) -> None:
    """One contribution of the group whose label says so: a date of its own must not tell more than its card."""
    row, _ = located(session, person, command.contribution_id or "", Permission.ANSWER_IN, clock.now())
    if row.space_id != space.id or row.group is not command.group or row.shown_scope is ShownScope.COLLEGE:
        raise InvalidError({"group": [say("Demandez ce délai pour tout le groupe.")]})


def _extension_fact(kind: FactKind, row: DutyExtension, person: Actor, content: str) -> Fact:
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=row.group,
        participant_id=person.participant_id,
        content=f"{row.group.value} {row.until_on.isoformat()} {content}",
        space_id=row.space_id,
    )


def _fact(kind: FactKind, contract_id: str, about: str, person: Actor, content: str = "") -> Fact:
    return Fact(
        kind, contract_id, about, group=person.group, participant_id=person.participant_id, content=content
    )
