"""What an indicator of a contract says, as its versions keep it; and the way back."""

from __future__ import annotations

from typing import cast

from sqlalchemy.orm import Session

from portal.domain.indicators import numbers, queries
from portal.domain.indicators.models import Axis, ContractIndicator, Direction, Unit
from portal.domain.versions.keeping import Kept, Piece, begin
from portal.domain.versions.models import PieceKind
from portal.domain.versions.shapes import Field, Shape, State, value
from portal.kernel.speech import say

YES = say("oui")
INDICATOR = (
    Field("followed", say("Suivi par le contrat")),
    Field("label", say("Son nom")),
    Field("plain", say("En mots simples")),
    Field("formula", say("Comment il se calcule")),
    Field("unit", say("Unité"), Shape.CHOICE, words=Unit),
    Field("direction", say("Sens"), Shape.CHOICE, words=Direction),
    Field("axis", say("Axe"), Shape.CHOICE, words=Axis),
    Field("cost", say("C’est un coût, comparé par place")),
    Field("target", say("Ce que le contrat vise")),
    Field("target_year", say("En quelle année")),
)
OWN = ("label", "plain", "formula")


def piece(row: ContractIndicator) -> Piece:
    """An indicator among the pieces of its contract."""
    return Piece(row.contract_id, PieceKind.INDICATOR, row.id)


def indicator(row: ContractIndicator) -> Kept:
    """What an indicator says now; the words of the catalogue are not its own."""
    view = queries.view(row)
    fields = {
        "followed": str(YES) if row.dropped_on is None else "",
        **{name: getattr(row, name) or "" for name in OWN},
        "unit": row.unit.value if row.unit else "",
        "direction": row.direction.value if row.direction else "",
        "axis": str(int(row.axis)) if row.axis else "",
        "cost": str(YES) if row.cost else "",
        "target": numbers.shown(row.target, view.unit) if row.target is not None else "",
        "target_year": str(row.target_year or ""),
    }
    return Kept(row.version, str(view.label), fields)


def hold(session: Session, row: ContractIndicator) -> ContractIndicator:
    """The same row, once what it says now is known for later."""
    begin(session, piece(row), indicator(row))
    return row


def words_of(state: State) -> dict[str, str]:
    """The values of a state, by field."""
    return cast("dict[str, str]", {field.name: value(field, state) for field in INDICATOR})
