"""The versions of the demonstration: something changed there, with its reason."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.contracts.models import Contract
from portal.domain.versions import reading
from portal.domain.versions.models import PieceKind


def test_an_objective_and_an_action_were_written_anew_with_their_reason(seeded):
    contract = seeded(lambda s: s.scalars(select(Contract.id).where(Contract.title.contains("Rives"))).one())
    for kind in (PieceKind.OBJECTIVE, PieceKind.ACTION):
        found, _more = seeded(lambda s, kind=kind: reading.latest(s, contract, kind=kind, size=100))
        assert [one for one in found if one.rank > 1 and one.reason and one.changed], kind
