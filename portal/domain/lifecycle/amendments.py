"""Verbs of avenants: record one, correct it by a new version; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.lifecycle.models import Amendment, AmendmentVersion
from portal.domain.lifecycle.writing import Fields, begin, require_seen, tell
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.speech import say
from portal.policy.actor import Actor

MAX_CHANGES, MAX_ARTICLES, MAX_NUMBER = 1000, 300, 999


@dataclass(frozen=True, slots=True)
class AmendmentTyped:
    """An avenant as typed; a number that was not one is 0."""

    number: int
    signed_on: date | None
    effective_on: date | None
    changes: str
    articles: str = ""


def record(
    session: Session, person: Actor, contract_id: str, typed: AmendmentTyped, *, at: datetime | None = None
) -> str:
    """Record an avenant; its id. Errors: RefusedError, InvalidError beside each field."""
    contract = begin(session, person, contract_id)
    fields = Fields()
    changes, articles = _checked(session, contract, typed, fields, None)
    row = Amendment(
        contract_id=contract_id,
        number=typed.number,
        signed_on=typed.signed_on,
        effective_on=typed.effective_on,
        changes=changes,
        articles=articles,
        by_function=function_of(person),
        at=at or clock.now(),
    )
    session.add(row)
    session.flush()
    tell(session, person, contract_id, FactKind.AMENDMENT_RECORDED, row.id, *_sealed(row))
    return row.id


def correct(
    session: Session,
    person: Actor,
    contract_id: str,
    amendment_id: str,
    typed: AmendmentTyped,
    reason: str,
    seen: int,
) -> None:
    """Write a new version of an avenant, with a reason; the former one stays readable.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    contract = begin(session, person, contract_id)
    row = session.get(Amendment, amendment_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    require_seen(seen, row.version)
    fields = Fields()
    told = fields.reason("reason", reason)
    changes, articles = _checked(session, contract, typed, fields, row)
    values = {
        "number": typed.number,
        "signed_on": typed.signed_on,
        "effective_on": typed.effective_on,
        "changes": changes,
        "articles": articles,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        raise InvalidError({"changes": [say("Vous n’avez rien changé.")]})
    session.add(_former(row))
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.reason = row.version + 1, told
    row.by_function, row.at = function_of(person), clock.now()
    tell(session, person, contract_id, FactKind.AMENDMENT_CORRECTED, row.id, *_sealed(row), told)


def _checked(
    session: Session, contract: Contract, typed: AmendmentTyped, fields: Fields, row: Amendment | None
) -> tuple[str, str]:
    """What changes, and the articles. Errors: InvalidError, with what `fields` know already."""
    changes = fields.reason("changes", typed.changes, MAX_CHANGES)
    articles = fields.line("articles", typed.articles, MAX_ARTICLES, optional=True)
    fields.day("signed_on", typed.signed_on, today=clock.today(), owed=True)
    fields.day("effective_on", typed.effective_on, owed=True)
    if contract.signed_on is None:
        fields.wrong(
            "signed_on",
            say(
                "Le contrat n’est pas encore signé ici. Écrivez d’abord sa date de signature, dans « Les dates »."
            ),
        )
    early = say("Un avenant se signe après le contrat lui-même.")
    fields.order(contract.signed_on, typed.signed_on, "signed_on", early)
    first = say("Un avenant ne prend pas effet avant le début du contrat.")
    fields.order(contract.starts_on, typed.effective_on, "effective_on", first)
    late = say(
        "Un avenant prend effet avant la fin du contrat. S’il la change, écrivez d’abord la nouvelle fin, dans « Les dates »."
    )
    fields.order(typed.effective_on, contract.ends_on, "effective_on", late)
    if not 1 <= typed.number <= MAX_NUMBER:
        fields.wrong("number", say("Écrivez un numéro, de 1 à 999."))
    elif _taken(session, contract.id, typed.number, row):
        fields.wrong("number", say("Un autre avenant a déjà ce numéro."))
    fields.done()
    return changes, articles


def _taken(session: Session, contract_id: str, number: int, row: Amendment | None) -> bool:
    query = select(Amendment.id).where(Amendment.contract_id == contract_id, Amendment.number == number)
    found = session.scalar(query)
    return found is not None and (row is None or found != row.id)


def _former(row: Amendment) -> AmendmentVersion:
    return AmendmentVersion(
        amendment_id=row.id,
        version=row.version,
        number=row.number,
        signed_on=row.signed_on,
        effective_on=row.effective_on,
        changes=row.changes,
        articles=row.articles,
        reason=row.reason,
        by_function=row.by_function,
        at=row.at,
    )


def _sealed(row: Amendment) -> tuple[object, ...]:
    return row.number, row.signed_on, row.effective_on, row.changes, row.articles
