"""A negotiation that is open, with a point on which every party has spoken and a line of everything."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract, Item
from portal.domain.negotiation import service, wording
from portal.domain.negotiation.models import NegotiatedChange, Piece
from portal.domain.negotiation.wording import Typed
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.vocabulary import ItemKind, Stage


def a_negotiation(session: Session, director: Actor) -> dict[str, str]:
    """A point with its position, a message, words that one party proposes; what a negotiation changed before."""
    contract_id = director.contract_id
    contract = session.get_one(Contract, contract_id)
    before, contract.stage = contract.stage, Stage.NEGOTIATION
    last = service.latest(session, contract_id)
    service.open_(session, director, contract_id, last.number if last is not None else 0)
    contract.stage = before
    ids = contracts.item_ids(session, contract_id, ItemKind.FINDING)
    item = contracts.item(session, ids[-1])
    assert item is not None
    assert item.plain is not None
    code, position = f"sujet:{item.id}", "Deux postes de plus sont demandés."
    point = service.add_point(session, director, contract_id, "Le financement des nuits", code, position)
    service.write_message(session, director, contract_id, point, "Parlons des nuits mardi.")
    words = Typed(
        {Piece.PLAIN: (item.plain.paragraphs[0].stable_id, "La nuit, deux personnes veillent.")},
        "Les familles demandent deux personnes la nuit.",
    )
    wording.propose(session, director, contract_id, point, words, 0)
    session.add(_change(session, contract_id))
    session.flush()
    return {"point_id": point}


def _change(session: Session, contract_id: str) -> NegotiatedChange:
    item = session.scalars(select(Item).where(Item.contract_id == contract_id).limit(1)).one()
    return NegotiatedChange(
        contract_id=contract_id,
        item_id=item.id,
        piece=Piece.PLAIN,
        version=2,
        title=item.title,
        before="Le dîner est servi tôt.",
        after="Le dîner est servi plus tard.",
        reason="Les résidents le demandent.",
        agreed_by="Une autorité",
        at=clock.now(),
    )
