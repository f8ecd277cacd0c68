"""What tests of files that are taken up share: one that waits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.imports import service
from portal.domain.imports.models import FileImport
from portal.domain.imports.source import Format, Row, Source, Table
from portal.domain.imports.standing import standing
from portal.domain.imports.understanding import understand
from portal.policy.actor import Actor

ROWS = (
    ("Objectif opérationnel", "Action", "Pilote"),
    ("Dormir tranquille", "Former les équipes", "La directrice"),
)


def an_import(session: Session, person: Actor, *, of: str = "") -> str:
    """A file that somebody takes up, as it was understood; its id. `of`: the participant it then belongs to."""
    table = Table("Plan", tuple(Row(number, cells) for number, cells in enumerate(ROWS, 1)))
    understood = understand(Source(Format.XLSX, [table]), standing(session, person.contract_id).context)
    made = service.made_id()
    service.receive(session, person, person.contract_id, made, "plan.xlsx", Format.XLSX, understood)
    if of:
        session.get_one(FileImport, made).participant_id = of
    return made
