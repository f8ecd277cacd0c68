"""What became of an opinion of the CVS: it must be told (CASF, D311-29); the direction writes it, dated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.acts.models import FormalAct, FormalActSequel
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons, text
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ActKind

MAX_WORDS = 2000


@dataclass(frozen=True, slots=True)
class SequelView:
    """What was said of an opinion, by which function and when."""

    source: str
    html: str
    by_function: str
    at: datetime


def tell(session: Session, person: Actor, contract_id: str, act_id: str, typed: str) -> FormalActSequel:
    """Say what an opinion of the CVS became.

    Errors: RefusedError, NotFoundError when it is no such opinion, StaleError when it was taken back,
    InvalidError (`words`).
    """
    permits.require(person, Permission.ACT_RECORD_EVERY, ContractTarget(contract_id))
    act = session.get(FormalAct, act_id, populate_existing=True)
    if act is None or act.contract_id != contract_id or act.kind is not ActKind.CVS:
        raise NotFoundError
    if act.taken_back_at is not None:
        raise StaleError(
            say("Cet acte a été retiré. Sa place reste, et plus rien n’y change."),
            seen=None,
            current=act.version,
        )
    words = _checked(typed)
    row = FormalActSequel(
        act_id=act_id,
        source=words,
        html=text.render(words),
        renderer=text.RENDERER_VERSION,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.ACT_FOLLOWED,
            contract_id,
            act_id,
            group=person.group,
            participant_id=person.participant_id,
            content=words,
        ),
    )
    return row


def of_act(session: Session, act_id: str) -> list[SequelView]:
    """What was said of an act, the oldest first; one query."""
    return of_acts(session, [act_id]).get(act_id, [])


def of_acts(session: Session, act_ids: Collection[str]) -> dict[str, list[SequelView]]:
    """The same for several acts, by act; one query."""
    query = select(FormalActSequel).where(FormalActSequel.act_id.in_(act_ids))
    found: dict[str, list[SequelView]] = {}
    for row in session.scalars(query.order_by(FormalActSequel.at, FormalActSequel.id)):
        told = SequelView(row.source, row.html, Sentence(row.by_function), row.at)
        found.setdefault(row.act_id, []).append(told)
    return found


def _checked(typed: str) -> str:
    limit = text.number(MAX_WORDS)
    words = reasons.read(
        typed,
        "words",
        MAX_WORDS,
        empty=say("Écrivez ce que cet avis est devenu."),
        too_long=say("Ce texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=limit),
    )
    return text.typography(words)
