"""Verbs of the zone: a signatory opens it, each party writes for itself, it ends with what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.lifecycle import endings
from portal.domain.lifecycle.queries import parties_of
from portal.domain.lifecycle.writing import Fields, begin, require_seen, tell
from portal.domain.negotiation import queries, rules, subjects
from portal.domain.negotiation.models import (
    Negotiation,
    NegotiationMessage,
    NegotiationPoint,
    NegotiationPosition,
    PointState,
)
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

MAX_TITLE, MAX_WORDS, MAX_ENDING = 160, 1000, 600
# Points of one negotiation.
MOST = 200
ENDED = say("Cette négociation est close. Ce qui y a été écrit reste tel quel.")
OPENED = say("Une négociation est déjà ouverte. La voici.")
STILL_OPEN = say(
    "La négociation confidentielle est encore ouverte\u00a0: des mots convenus n’iraient plus dans le contrat. Fermez-la d’abord."
)
SETTLED = say("Ce point n’est plus en discussion. Rouvrez-le d’abord.")


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is in the zone: the contract, the party that the person speaks for, the negotiation that is open."""

    contract: Contract
    party: str
    zone: Negotiation


def signatory(session: Session, person: Actor, contract: Contract) -> str:
    """The party that somebody negotiates for. Errors: RefusedError when nobody told which authority."""
    party = endings.party_of(session, person, contract)
    if party is None:
        raise RefusedError(
            "role",
            say("Le portail ne sait pas encore pour quelle autorité vous agissez."),
            say("L’exploitation du portail peut le dire."),
        )
    return party


def enter(
    session: Session,
    person: Actor,
    contract_id: str,
    permission: Permission = Permission.NEGOTIATION_WRITE,
) -> Inside:
    """Go into the zone to write. Errors: RefusedError, NotFoundError without a zone, StaleError once it is closed."""
    contract = begin(session, person, contract_id, permission)
    party = signatory(session, person, contract)
    zone = latest(session, contract_id)
    if zone is None:
        raise NotFoundError
    if zone.closed_at is not None:
        raise StaleError(ENDED, seen=None, current=zone.version)
    return Inside(contract, party, zone)


def latest(session: Session, contract_id: str) -> Negotiation | None:
    """The last negotiation of a contract, open or closed."""
    query = select(Negotiation).where(Negotiation.contract_id == contract_id)
    return session.scalar(
        query.order_by(Negotiation.number.desc()).limit(1).execution_options(populate_existing=True)
    )


def require_closed(session: Session, contract_id: str) -> None:
    """Nobody writes that a contract is signed while its parties still negotiate. Errors: InvalidError (`signed_on`)."""
    zone = latest(session, contract_id)
    if zone is not None and zone.closed_at is None:
        raise InvalidError({"signed_on": [STILL_OPEN]})


def open_(session: Session, person: Actor, contract_id: str, seen: int, *, at: datetime | None = None) -> str:
    """Open the zone; its id. `seen` is the number of the last negotiation, 0 without any.

    Errors: RefusedError, StaleError, InvalidError (`stage`) when it is not the stage of the negotiation.
    """
    contract = begin(session, person, contract_id, Permission.NEGOTIATION_OPEN)
    party = signatory(session, person, contract)
    last = latest(session, contract_id)
    number = last.number if last is not None else 0
    require_seen(seen, number, OPENED)
    if last is not None and last.closed_at is None:
        raise StaleError(OPENED, seen=seen, current=number)
    alone = len(parties_of(session, contract_id)) < 2  # noqa: PLR2004
    told = rules.closed_door(contract.stage, contract.signed_on, alone=alone)
    if told is not None:
        raise InvalidError({"stage": [told]})
    row = Negotiation(
        contract_id=contract_id,
        number=number + 1,
        opened_at=at or clock.now(),
        opened_by=party,
        opened_function=str(function_of(person)),
    )
    session.add(row)
    session.flush()
    tell(session, person, contract_id, FactKind.NEGOTIATION_OPENED, row.id)
    return row.id


def close(
    session: Session, person: Actor, contract_id: str, outcome: str, seen: int, *, at: datetime | None = None
) -> None:
    """Close the zone, with what came of it in words that everybody reads; what is still discussed is left aside.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`outcome`), also while words agreed by every
    party are not yet in the contract.
    """
    inside = enter(session, person, contract_id, Permission.NEGOTIATION_OPEN)
    require_seen(seen, inside.zone.version)
    fields = Fields()
    told = fields.reason("outcome", outcome, MAX_WORDS)
    waiting = queries.agreed_points(session, contract_id, inside.zone.id)
    if waiting:
        fields.wrong(
            "outcome",
            say(
                "Des mots convenus ne sont pas encore dans le contrat : « %(title)s ». "
                "Mettez-les dans le contrat, ou laissez ce point de côté, avant de clore.",
                title=waiting[0],
            ),
        )
    fields.done()
    zone = inside.zone
    zone.closed_at, zone.closed_by, zone.closed_function = (
        at or clock.now(),
        inside.party,
        function_of(person),
    )
    zone.outcome, zone.version = told, zone.version + 1
    session.execute(
        update(NegotiationPoint)
        .where(NegotiationPoint.negotiation_id == zone.id, NegotiationPoint.state == PointState.OPEN)
        .values(state=PointState.LEFT, version=NegotiationPoint.version + 1)
    )
    tell(session, person, contract_id, FactKind.NEGOTIATION_CLOSED, zone.id, told)


def add_point(
    session: Session,
    person: Actor,
    contract_id: str,
    title: str,
    about: str,
    position: str = "",
    *,
    at: datetime | None = None,
) -> str:
    """Put something on the table, with the position of one's own party; its id. `about` as `subjects` names it.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`title`, `about`, `position`).
    """
    inside = enter(session, person, contract_id)
    fields = Fields()
    told = fields.line("title", title, MAX_TITLE)
    words = fields.reason("position", position, MAX_WORDS, optional=True)
    fields.done()
    subject = subjects.find(session, contract_id, about)
    last = session.scalar(
        select(func.max(NegotiationPoint.number)).where(NegotiationPoint.negotiation_id == inside.zone.id)
    )
    if (last or 0) >= MOST:
        raise InvalidError({"title": [say("Une négociation a deux cents points au plus.")]})
    now = at or clock.now()
    row = NegotiationPoint(
        contract_id=contract_id,
        negotiation_id=inside.zone.id,
        number=(last or 0) + 1,
        title=told,
        item_id=subject.item_id,
        block_id=subject.block_id,
        means_id=subject.means_id,
        state=PointState.OPEN,
        organisation_id=inside.party,
        by_function=str(function_of(person)),
        at=now,
    )
    session.add(row)
    session.flush()
    if words:
        _position(session, person, row, inside.party, words, now)
    return row.id


def take_position(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    words: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Write the position of one's own party, or write it anew; `seen` is its version.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`words`).
    """
    inside = enter(session, person, contract_id)
    row = discussed(session, inside, point_id)
    known = session.get(NegotiationPosition, (point_id, inside.party), populate_existing=True)
    require_seen(seen, known.version if known else 0)
    fields = Fields()
    told = fields.reason("words", words, MAX_WORDS)
    fields.done()
    _position(session, person, row, inside.party, told, at or clock.now())


def write_message(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    words: str,
    *,
    at: datetime | None = None,
) -> None:
    """Write a message about a point. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`message`)."""
    inside = enter(session, person, contract_id)
    row = discussed(session, inside, point_id)
    fields = Fields()
    told = fields.line("message", words, MAX_WORDS)
    fields.done()
    last = session.scalar(
        select(func.max(NegotiationMessage.number)).where(NegotiationMessage.point_id == row.id)
    )
    session.add(
        NegotiationMessage(
            point_id=row.id,
            number=(last or 0) + 1,
            organisation_id=inside.party,
            by_function=str(function_of(person)),
            words=told,
            at=at or clock.now(),
        )
    )
    session.flush()


def move(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    state: PointState | None,
    ending: str,
    seen: int,
) -> None:
    """Say where a point stands: settled or left aside with how it ended, or discussed again.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`state`, `ending`).
    """
    inside = enter(session, person, contract_id)
    row = known(session, inside, point_id)
    require_seen(seen, row.version)
    fields = Fields()
    if state is None or state is row.state:
        fields.wrong("state", say("Choisissez où en est maintenant ce point."))
    told = fields.reason("ending", ending, MAX_ENDING, optional=state is PointState.OPEN)
    fields.done()
    end(session, person, row, state or row.state, told)


def end(session: Session, person: Actor, row: NegotiationPoint, state: PointState, ending: str) -> None:
    """Write where a point stands; that one is settled is a line of the register, without what it was."""
    row.state, row.ending, row.version = state, ending, row.version + 1
    session.flush()
    if state is PointState.SETTLED:
        tell(session, person, row.contract_id, FactKind.NEGOTIATION_POINT_SETTLED, row.negotiation_id)


def known(session: Session, inside: Inside, point_id: str) -> NegotiationPoint:
    """A point of the negotiation that is open. Errors: NotFoundError, StaleError when it is of a closed one."""
    row = session.get(NegotiationPoint, point_id, populate_existing=True)
    if row is None or row.contract_id != inside.contract.id:
        raise NotFoundError
    if row.negotiation_id != inside.zone.id:
        raise StaleError(ENDED, seen=None, current=row.version)
    return row


def discussed(session: Session, inside: Inside, point_id: str) -> NegotiationPoint:
    """The same, while it is discussed. Errors: NotFoundError, StaleError."""
    row = known(session, inside, point_id)
    if row.state is not PointState.OPEN:
        raise StaleError(SETTLED, seen=None, current=row.version)
    return row


def _position(
    session: Session, person: Actor, row: NegotiationPoint, party: str, words: str, at: datetime
) -> None:
    said = session.get(NegotiationPosition, (row.id, party))
    if said is None:
        said = NegotiationPosition(point_id=row.id, organisation_id=party, version=0)
        session.add(said)
    said.words, said.by_function, said.at, said.version = words, function_of(person), at, said.version + 1
    session.flush()
