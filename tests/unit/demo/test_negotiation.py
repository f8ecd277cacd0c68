"""The negotiation of the demonstration: everything that one has is there, and the contract goes on where it was."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.contracts.models import Contract
from portal.domain.negotiation.models import NegotiatedChange, Negotiation, NegotiationPoint, PointState
from portal.vocabulary import Stage


def read(unit, query):
    return unit(lambda session: [tuple(row) for row in session.execute(query)])


def test_words_were_changed_with_their_reason_and_the_rest_was_left_aside(seeded):
    rows = read(
        seeded, select(NegotiatedChange.contract_id, NegotiatedChange.reason, NegotiatedChange.agreed_by)
    )
    assert len(rows) == 2
    ((contract_id,),) = read(seeded, select(NegotiatedChange.contract_id).distinct())
    for _contract, reason, agreed_by in rows:
        assert "une étape est ajoutée" in reason
        assert agreed_by.count(",") == 2
    states = read(seeded, select(NegotiationPoint.state).order_by(NegotiationPoint.number))
    assert [one[0] for one in states] == [PointState.SETTLED, PointState.LEFT]
    ((closed_at, outcome),) = read(seeded, select(Negotiation.closed_at, Negotiation.outcome))
    assert closed_at is not None
    assert "postes de nuit" in outcome
    ((stage,),) = read(seeded, select(Contract.stage).where(Contract.id == contract_id))
    assert stage is Stage.OBJECTIVES
