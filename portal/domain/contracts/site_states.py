"""What a site of the perimeter says, as its versions keep it."""

from __future__ import annotations

from typing import cast

from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.organisations.models import Establishment
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.models import PieceKind
from portal.domain.versions.shapes import Field, Shape, State, value
from portal.kernel.speech import say

SITE = (
    Field("name", say("Son nom")),
    Field("finess_et", say("Son numéro FINESS")),
    Field("category_code", say("Sa catégorie"), Shape.CHOICE, named="category"),
    Field("places_before", say("Places avant le contrat")),
    Field("places_after", say("Places à la fin du contrat")),
    Field("change", say("Ce que le contrat y change")),
    Field("phone", say("Téléphone")),
    Field("hours", say("Heures d’ouverture")),
    Field("left_on", say("Sorti du périmètre le"), Shape.DAY),
    Field("left_reason", say("Pourquoi il est sorti")),
)


def piece(link: ContractEstablishment) -> Piece:
    """A site among the pieces of its contract."""
    return Piece(link.contract_id, PieceKind.SITE, link.establishment_id)


def site(session: Session, link: ContractEstablishment) -> Kept:
    """What a site says now."""
    session.flush()
    row = session.get_one(Establishment, link.establishment_id)
    fields = {
        "name": row.name,
        "finess_et": row.finess_et or "",
        "category_code": row.category_code or "",
        "places_before": _number(row.places),
        "places_after": _number(link.places_after),
        "change": link.change,
        "phone": row.phone or "",
        "hours": row.hours or "",
        "left_on": link.left_on.isoformat() if link.left_on else "",
        "left_reason": link.left_reason,
    }
    return Kept(link.version, row.name, fields)


def words_of(state: State) -> dict[str, str]:
    """The values of a state, by field."""
    return cast("dict[str, str]", {field.name: value(field, state) for field in SITE})


def places(words: str) -> int | None:
    """A number of places as it is kept; None when nobody told."""
    return int(words) if words else None


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
