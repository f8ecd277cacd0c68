"""What a finding says, as its versions keep it; and the way back."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.diagnostic.models import FindingPlace
from portal.domain.diagnostic.typed import Typed
from portal.domain.versions.items import LEEWAY, LEEWAY_FIELDS, leeway, texts
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.models import PieceKind
from portal.domain.versions.shapes import Field, Shape, State, value
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import say
from portal.vocabulary import FindingKind

FINDING = (
    Field("plain", say("Le constat, en mots simples"), Shape.TEXT),
    Field("technical", say("Le même constat, avec les mots du métier"), Shape.TEXT),
    Field("title", say("Son titre, en une phrase courte")),
    Field("kind", say("Quelle sorte de constat"), Shape.CHOICE, words=FindingKind),
    Field("axis_id", say("Son axe"), Shape.CHOICE, named="axis"),
    Field("places", say("Établissements concernés"), Shape.SEVERAL, named="place"),
    Field("evidence", say("Sur quoi il repose")),
    *LEEWAY_FIELDS,
)


def piece(contract_id: str, finding_id: str) -> Piece:
    """A finding among the pieces of its contract."""
    return Piece(contract_id, PieceKind.FINDING, finding_id)


def finding(session: Session, finding_id: str) -> Kept:
    """What a finding says now. Errors: NotFoundError."""
    session.flush()
    item = contracts.item(session, finding_id)
    if item is None:
        raise NotFoundError
    places = select(FindingPlace.establishment_id).where(FindingPlace.item_id == finding_id)
    fields: dict[str, Any] = {
        "title": item.title,
        "kind": item.finding_kind.value if item.finding_kind else "",
        "axis_id": item.axis_id or "",
        "places": sorted(session.scalars(places)),
        "evidence": item.evidence,
        **leeway(item),
        **texts(item),
    }
    return Kept(item.version, item.title, fields)


def of_typed(typed: Typed) -> State:
    """What somebody typed of a finding, as a state."""
    return {
        "plain": typed.plain,
        "technical": typed.technical,
        "title": typed.title,
        "kind": typed.kind.value if typed.kind else "",
        "axis_id": typed.axis_id,
        "places": sorted(typed.places),
        "evidence": typed.evidence,
        **dict(typed.leeway),
    }


def to_typed(state: State) -> Typed:
    """A state as somebody would type it."""
    words = cast("dict[str, str]", {field.name: value(field, state) for field in FINDING})
    return Typed(
        axis_id=words["axis_id"],
        kind=next((one for one in FindingKind if one.value == words["kind"]), None),
        title=words["title"],
        plain=words["plain"],
        technical=words["technical"],
        evidence=words["evidence"],
        places=frozenset(cast("list[str]", words["places"])),
        leeway={name: words[name] for name in LEEWAY},
    )
