"""Levels proposed by an authority or by a member of the CVS: the direction accepts, or refuses with a reason.

What still waits when its space is closed lapses.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.involvement import queries as records
from portal.domain.involvement import rules, service
from portal.domain.involvement.models import Involvement, InvolvementAdvice, InvolvementProposal
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.participants.requests import ENDED
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget, Target
from portal.vocabulary import Group, Level, Phase, RequestState, Role

MAX_REASON = 600
PAGE = 20
# Why a proposal is accepted that a record made before already gave.
GIVEN = say("Ce niveau était déjà accordé.")
# How a sentence ends, whatever closes a quotation after it.
FINAL = re.compile(r"[.!?\u2026]\W*$")


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A level proposed for a group, in a space or for the whole contract."""

    group: Group
    level: Level
    reason: str
    space_id: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its page shows it."""

    id: str
    space_id: str | None
    group: Group
    level: Level
    reason: str
    by_function: str
    at: datetime
    state: RequestState
    decided_function: str
    decided_at: datetime | None
    decision_reason: str
    involvement_id: str | None


def propose(session: Session, person: Actor, contract_id: str, command: NewProposal) -> InvolvementProposal:
    """Propose a level, with a reason. Errors: RefusedError, InvalidError, StaleError when one waits already."""
    permits.require(person, Permission.LEVEL_PROPOSE, ContractTarget(contract_id))
    current = _current(session, contract_id, command)
    if command.level is Level.COCONSTRUCTION:
        raise InvalidError({"level": [say("Le quatrième niveau n’est pas encore proposé ici.")]})
    if current is command.level:
        raise InvalidError({"level": [say("Ce groupe a déjà ce niveau.")]})
    reason = check_reason(command.reason, "reason", MAX_REASON)
    waiting = select(InvolvementProposal.id).where(
        InvolvementProposal.contract_id == contract_id,
        InvolvementProposal.space_id.is_not_distinct_from(command.space_id),
        InvolvementProposal.group == command.group,
        InvolvementProposal.state == RequestState.ASKED,
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise StaleError(
            say("Un niveau est déjà proposé pour ce groupe. Il attend la réponse de la direction."),
            seen=None,
            current=None,
        )
    row = InvolvementProposal(
        contract_id=contract_id,
        space_id=command.space_id,
        group=command.group,
        level=command.level,
        reason=reason,
        by_participant=person.participant_id,
        by_function=proposer(person),
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    journal.append(session, _fact(FactKind.LEVEL_PROPOSED, row, person, reason))
    return row


def decide(
    session: Session, person: Actor, contract_id: str, proposal_id: str, *, accepted: bool, reason: str
) -> InvolvementProposal:
    """Accept a proposal, which records the level, or refuse it with a reason.

    What another record gave meanwhile is accepted by that one.
    Errors: RefusedError, InvalidError (`reason`), StaleError when it was decided.
    """
    row = session.get(InvolvementProposal, proposal_id)
    if row is None or row.contract_id != contract_id or row.state is not RequestState.ASKED:
        permits.require(person, Permission.LEVEL_RECORD, ContractTarget(contract_id))
        raise StaleError(
            say("Cette proposition est déjà décidée. Voici l’état actuel."), seen=None, current=None
        )
    # What nobody can record any more may still be refused: it waits for nothing.
    place = _place(session, row) if accepted else ContractTarget(contract_id)
    permits.require(person, Permission.LEVEL_RECORD, place)
    told = check_reason(reason, "reason", MAX_REASON, optional=accepted)
    if accepted:
        given = _given(session, row)
        row.involvement_id = given or _recorded(session, person, row, told)
        return _settled(session, person, row, RequestState.ACCEPTED, told or (GIVEN if given else ""))
    return _settled(session, person, row, RequestState.REFUSED, told)


def _settled(
    session: Session, person: Actor, row: InvolvementProposal, state: RequestState, reason: str
) -> InvolvementProposal:
    row.decide(person, state, reason)
    session.flush()
    accepted = state is RequestState.ACCEPTED
    kind = FactKind.LEVEL_PROPOSAL_ACCEPTED if accepted else FactKind.LEVEL_PROPOSAL_REFUSED
    journal.append(session, _fact(kind, row, person, reason))
    return row


def record(
    session: Session, person: Actor, space_id: str, command: service.NewLevel, *, seen: int
) -> Involvement:
    """Record the level of a group in a space; what was proposed and is given so is accepted with it.

    Errors: as `spaces.service.record_level`.
    """
    given = space_service.record_level(session, person, space_id, command, seen=seen)
    rows = session.scalars(
        select(InvolvementProposal).where(
            InvolvementProposal.space_id == space_id,
            InvolvementProposal.group == command.group,
            InvolvementProposal.state == RequestState.ASKED,
        )
    ).all()
    for row in rows:
        if _given(session, row) == given.id:
            row.involvement_id = given.id
            _settled(session, person, row, RequestState.ACCEPTED, given.reason)
    return given


def _given(session: Session, row: InvolvementProposal) -> str | None:
    """The record by which the group has what was proposed, or by one made since will have it; None when there is none."""
    known = records.of_group(session, row.contract_id, row.space_id, row.group)
    planned, counting = rules.coming(known, clock.now()), rules.counting(known, clock.now())
    last = planned.get(row.group) or counting.get(row.group)
    before = rules.counting(known, row.at).get(row.group)
    # A plan made before the proposal is what the group does not want to wait for.
    if last is None or (last.recorded_at < row.at and last.effective_at > clock.now()):
        return None
    if not rules.gives(before.level if before else None, row.level, last.level):
        return None
    return last.id


def lapse(session: Session, person: Actor, space_id: str) -> None:
    """Say of every level that waits in a space that its closing leaves it without a decision."""
    rows = session.scalars(
        select(InvolvementProposal)
        .where(InvolvementProposal.space_id == space_id, InvolvementProposal.state == RequestState.ASKED)
        .order_by(InvolvementProposal.at, InvolvementProposal.id)
    ).all()
    for row in rows:
        row.decide(person, RequestState.LAPSED, ENDED)
    session.flush()
    for row in rows:
        journal.append(session, _fact(FactKind.LEVEL_PROPOSAL_LAPSED, row, person, ""))


def of_contract(
    session: Session,
    contract_id: str,
    *,
    before: str | None = None,
    size: int = PAGE,
) -> tuple[list[ProposalView], str | None]:
    """A page of the proposals of a contract, the latest first, and after which id the next one begins."""
    query = select(InvolvementProposal).where(InvolvementProposal.contract_id == contract_id)
    if before is not None:
        last = select(InvolvementProposal.at).where(InvolvementProposal.id == before).scalar_subquery()
        query = query.where(_earlier(last, before))
    order = (InvolvementProposal.at.desc(), InvolvementProposal.id.desc())
    rows = list(session.scalars(query.order_by(*order).limit(size + 1)))
    return [_view(one) for one in rows[:size]], rows[size - 1].id if len(rows) > size else None


def told(
    session: Session,
    contract_id: str,
    space_ids: Collection[str],
    *,
    before: tuple[datetime, str] | None = None,
    size: int = PAGE,
) -> list[ProposalView]:
    """The latest proposals about the contract or these spaces, before a moment and an id; one query."""
    query = select(InvolvementProposal).where(
        InvolvementProposal.contract_id == contract_id,
        or_(InvolvementProposal.space_id.is_(None), InvolvementProposal.space_id.in_(list(space_ids))),
    )
    if before is not None:
        query = query.where(_earlier(*before))
    order = (InvolvementProposal.at.desc(), InvolvementProposal.id.desc())
    return [_view(one) for one in session.scalars(query.order_by(*order).limit(size))]


def made_at(session: Session, contract_id: str, proposal_id: str) -> datetime | None:
    """When a level was proposed; None when there is no such proposal in the contract."""
    query = select(InvolvementProposal.at).where(
        InvolvementProposal.id == proposal_id, InvolvementProposal.contract_id == contract_id
    )
    return session.scalar(query)


def _earlier(at: Any, proposal_id: str) -> ColumnElement[bool]:
    return or_(
        InvolvementProposal.at < at, and_(InvolvementProposal.at == at, InvolvementProposal.id < proposal_id)
    )


def waiting(session: Session, contract_ids: list[str]) -> dict[str, list[ProposalView]]:
    """The proposals that wait for a decision, by contract, the oldest first; one query.

    What waited in a space that is closed waits no more.
    """
    rows = session.scalars(
        select(InvolvementProposal)
        .outerjoin(Space, Space.id == InvolvementProposal.space_id)
        .where(
            InvolvementProposal.contract_id.in_(contract_ids),
            InvolvementProposal.state == RequestState.ASKED,
            or_(Space.id.is_(None), Space.phase != Phase.CLOSED),
        )
        .order_by(InvolvementProposal.at, InvolvementProposal.id)
    )
    found: dict[str, list[ProposalView]] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(_view(row))
    return found


def proposer(person: Actor) -> str:
    """Under which function somebody proposes: never a name."""
    if Role.CVS_MEMBER in person.roles:
        return say("une personne élue au CVS")
    return function_of(person)


def dismissed(session: Session, participant_id: str) -> frozenset[str]:
    """The advices that a participant has sent away."""
    query = select(InvolvementAdvice.advice).where(InvolvementAdvice.participant_id == participant_id)
    return frozenset(session.scalars(query))


def dismiss(session: Session, person: Actor, space_id: str, advice: str) -> None:
    """Send an advice about a space away for good; twice changes nothing. Errors: NotFoundError, RefusedError."""
    space = spaces.view(session, space_id, clock.now())
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.LEVEL_RECORD, space.target)
    if session.get(InvolvementAdvice, (person.participant_id, advice)) is None:
        session.add(InvolvementAdvice(participant_id=person.participant_id, advice=advice))
        session.flush()


def _current(session: Session, contract_id: str, command: NewProposal) -> Level | None:
    """The level in force where it is proposed. Errors: InvalidError (`place`)."""
    now = clock.now()
    if command.space_id is None:
        known = records.records(session, contract_id, "")
        return rules.in_force(known, now).get(command.group)
    space = spaces.view(session, command.space_id, now)
    hidden = (Phase.DRAFT, Phase.CLOSED)
    if space is None or space.contract_id != contract_id or space.phase in hidden:
        raise InvalidError({"place": [say("Choisissez un espace d’échange de ce contrat.")]})
    return space.target.levels.get(command.group)


def _place(session: Session, row: InvolvementProposal) -> Target:
    space = spaces.view(session, row.space_id, clock.now()) if row.space_id else None
    return space.target if space is not None else ContractTarget(row.contract_id)


def _recorded(session: Session, person: Actor, row: InvolvementProposal, told: str) -> str:
    """The record that follows; the words of who proposed stay theirs. Errors: StaleError when the level is already so."""
    quoted = say("Proposé par %(by)s : « %(reason)s »", by=Sentence(row.by_function), reason=row.reason)
    ended = told if not told or FINAL.search(told) else f"{told}."
    command = service.NewLevel(row.group, row.level, f"{ended} {quoted}".strip())
    try:
        return service.record(session, person, row.contract_id, row.space_id, command).id
    except InvalidError as error:
        told = next(sentence for sentences in error.errors.values() for sentence in sentences)
        raise StaleError(told, seen=None, current=None) from error


def _view(row: InvolvementProposal) -> ProposalView:
    return ProposalView(
        row.id,
        row.space_id,
        row.group,
        row.level,
        row.reason,
        Sentence(row.by_function),
        row.at,
        row.state,
        Sentence(row.decided_function),
        row.decided_at,
        Sentence(row.decision_reason) if row.decision_reason in (ENDED, GIVEN) else row.decision_reason,
        row.involvement_id,
    )


def _fact(kind: FactKind, row: InvolvementProposal, person: Actor, content: str) -> Fact:
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=row.group,
        participant_id=person.participant_id,
        content=f"{row.group.value} {int(row.level)} {content}",
    )
