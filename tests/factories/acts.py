"""A formal act recorded by the services, and documents that are what they say."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.acts import service
from portal.domain.acts.documents import Document
from portal.domain.acts.models import ActOutcome
from portal.domain.acts.service import NewAct
from portal.vocabulary import ActKind, Stage
from tests.factories.world import House

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def new_act(
    kind: ActKind = ActKind.CVS,
    *,
    held_on: date = date(2026, 3, 2),
    stage: Stage = Stage.DIAGNOSTIC,
    outcome: ActOutcome = ActOutcome.RESERVED,
    document: Document | None = None,
    establishment_id: str | None = None,
    **more: str,
) -> NewAct:
    """What a person types of an act."""
    body = more.get("body", "CVS de la maison Tilleuls")
    source = more.get("source", "Le CVS demande un dîner plus tardif.")
    return NewAct(kind, stage, held_on, body, establishment_id, outcome, source, document)


def an_act(session: Session, house: House, who: str = "director", command: NewAct | None = None) -> str:
    """An act recorded by somebody of the house, with a document; returns its id."""
    wanted = command or new_act(document=Document("pdf", PDF))
    return service.record(session, house[who].actor, house.contract_id, wanted).id
