"""Verbs of the perimeter: its sites and their places, how far the contract reaches, who answers for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.contracts import categories, site_states
from portal.domain.contracts.models import (
    Competence,
    Contract,
    ContractAuthority,
    ContractCompetence,
    ContractEstablishment,
    Scope,
)
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.organisations.extract import NUMBER
from portal.domain.organisations.models import Category, Establishment
from portal.domain.versions import keeping
from portal.kernel import calendar
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_NAME, MAX_CHANGE, MAX_REASON, MAX_PLACES = 200, 300, 300, 9_999
MAX_CODE, MAX_LABEL = 8, 120

MOVED_ON = say("Quelqu’un vient de changer le périmètre. Voici ce qui est enregistré.")


@dataclass(frozen=True, slots=True)
class Site:
    """What was typed of a site; places are numbers of places, None when nobody knows."""

    name: str
    finess_et: str
    category_code: str
    places_before: int | None
    places_after: int | None
    change: str = ""
    phone: str = ""
    hours: str = ""


def add(session: Session, person: Actor, contract_id: str, typed: Site) -> str:
    """Bring a site into the perimeter, or back into it; its id.

    Errors: RefusedError, InvalidError beside each field.
    """
    contract = _held(session, person, contract_id)
    values, change = _checked(session, contract_id, typed)
    row = _same(session, contract, values["finess_et"])
    if row is None:
        row = Establishment(id=new_id(), organisation_id=contract.organisation_id, **values)
        session.add(row)
        session.flush()
    link = session.get(ContractEstablishment, (contract_id, row.id))
    if link is not None and link.left_on is None:
        raise InvalidError({"finess_et": [say("Cet établissement est déjà dans le périmètre.")]})
    if link is not None:
        keeping.begin(session, site_states.piece(link), site_states.site(session, link))
        link.version += 1
    _write(row, values)
    session.flush()
    if link is None:
        link = ContractEstablishment(contract_id=contract_id, establishment_id=row.id)
        session.add(link)
    link.left_on, link.left_reason = None, ""
    link.places_after, link.change = typed.places_after, change
    keeping.keep(session, person, site_states.piece(link), site_states.site(session, link))
    _moved(session, contract, person, row.id, values["name"])
    return row.id


def change(
    session: Session,
    person: Actor,
    contract_id: str,
    establishment_id: str,
    typed: Site,
    seen: int,
    why: str = "",
) -> None:
    """Write a site anew; `why` is kept with its versions. Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field."""
    contract = _held(session, person, contract_id)
    link = _link(session, contract_id, establishment_id, seen)
    row = session.get_one(Establishment, establishment_id)
    values, told = _checked(session, contract_id, typed)
    other = _same(session, contract, values["finess_et"])
    if other is not None and other.id != row.id:
        raise InvalidError({"finess_et": [say("Un autre établissement a déjà ce numéro FINESS.")]})
    _write(row, values)
    link.places_after, link.change, link.version = typed.places_after, told, link.version + 1
    keeping.keep(session, person, site_states.piece(link), site_states.site(session, link), why)
    _moved(session, contract, person, row.id, values["name"])


def leave(
    session: Session,
    person: Actor,
    contract_id: str,
    establishment_id: str,
    on: date | None,
    reason: str,
    seen: int,
) -> None:
    """Take a site out of the perimeter from a day on; what was said there stays.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`left_on`, `reason`).
    """
    contract = _held(session, person, contract_id)
    link = _link(session, contract_id, establishment_id, seen)
    told = check_reason(reason, "reason", MAX_REASON)
    if on is None:
        raise InvalidError({"left_on": [say("Écrivez une date, par exemple 31/12/2027.")]})
    if _others(session, contract_id, establishment_id) == 0:
        raise InvalidError({"left_on": [say("Un contrat garde au moins un établissement ou service.")]})
    link.left_on, link.left_reason, link.version = on, told, link.version + 1
    keeping.keep(session, person, site_states.piece(link), site_states.site(session, link))
    _moved(session, contract, person, establishment_id, told)


def reach(
    session: Session,
    person: Actor,
    contract_id: str,
    scope: Scope | None,
    competences: Mapping[str, frozenset[Competence]],
    seen: int,
) -> None:
    """Write how far the contract reaches, and for what each authority answers.

    Errors: RefusedError, StaleError, InvalidError (`scope`).
    """
    contract = _held(session, person, contract_id)
    if contract.perimeter_version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=contract.perimeter_version)
    if scope is None:
        raise InvalidError({"scope": [say("Choisissez jusqu’où va le contrat.")]})
    contract.scope = scope
    parties = session.scalars(
        select(ContractAuthority.organisation_id).where(ContractAuthority.contract_id == contract_id)
    ).all()
    session.execute(delete(ContractCompetence).where(ContractCompetence.contract_id == contract_id))
    session.add_all(
        ContractCompetence(contract_id=contract_id, organisation_id=party, competence=one)
        for party in parties
        for one in sorted(competences.get(party, frozenset()))
    )
    _moved(session, contract, person, contract_id, scope.value)


def add_category(
    session: Session, person: Actor, contract_id: str, code: str, label: str, plain: str
) -> None:
    """Add a category that the official list does not have. Errors: RefusedError, InvalidError (`code`, `label`)."""
    contract = _held(session, person, contract_id)
    name = check_line(label, "label", MAX_LABEL)
    told = check_line(plain, "plain", MAX_LABEL, optional=True)
    short = "".join(code.split()).upper()
    if not (short.isascii() and short.isalnum() and len(short) <= MAX_CODE):
        raise InvalidError({"code": [say("Écrivez un code de 1 à 8 lettres ou chiffres.")]})
    if categories.of_code(categories.known(session, contract_id), short) is not None:
        raise InvalidError({"code": [say("Ce code est déjà celui d’une autre catégorie.")]})
    session.add(Category(id=new_id(), code=short, label=name, plain=told, contract_id=contract_id))
    _moved(session, contract, person, contract_id, name)


def _held(session: Session, person: Actor, contract_id: str) -> Contract:
    permits.require(person, Permission.PERIMETER_WRITE, ContractTarget(contract_id))
    return session.get_one(Contract, contract_id, populate_existing=True)


def _link(session: Session, contract_id: str, establishment_id: str, seen: int) -> ContractEstablishment:
    link = session.get(ContractEstablishment, (contract_id, establishment_id), populate_existing=True)
    if link is None:
        raise NotFoundError
    if link.version != seen or link.left_on is not None:
        raise StaleError(MOVED_ON, seen=seen, current=link.version)
    keeping.begin(session, site_states.piece(link), site_states.site(session, link))
    return link


def _others(session: Session, contract_id: str, establishment_id: str) -> int:
    query = select(ContractEstablishment.establishment_id).where(
        ContractEstablishment.contract_id == contract_id,
        ContractEstablishment.left_on.is_(None),
        ContractEstablishment.establishment_id != establishment_id,
    )
    return len(session.scalars(query.limit(1)).all())


def _same(session: Session, contract: Contract, finess_et: str | None) -> Establishment | None:
    """The site of the organisation that has this number."""
    if not finess_et:
        return None
    return session.scalar(
        select(Establishment).where(
            Establishment.organisation_id == contract.organisation_id, Establishment.finess_et == finess_et
        )
    )


def _checked(session: Session, contract_id: str, typed: Site) -> tuple[dict[str, Any], str]:
    """The values of a site and what changes there. Errors: InvalidError, all fields at once."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}

    def line(field: str, words: str, maximum: int, *, optional: bool) -> str:
        try:
            return check_line(words, field, maximum, optional=optional)
        except InvalidError as error:
            errors.update(error.errors)
            return ""

    values["name"] = line("name", typed.name, MAX_NAME, optional=False)
    change = line("change", typed.change, MAX_CHANGE, optional=True)
    values["phone"] = line("phone", typed.phone, 20, optional=True) or None
    values["hours"] = line("hours", typed.hours, 120, optional=True) or None
    number = "".join(typed.finess_et.split()).upper()
    if number and not NUMBER.fullmatch(number):
        errors["finess_et"] = [say("Un numéro FINESS a neuf chiffres ; en Corse, il commence par 2A ou 2B.")]
    values["finess_et"] = number or None
    values["department"] = department_of(number)
    kind = categories.of_code(categories.known(session, contract_id), typed.category_code)
    if kind is None:
        errors["category_code"] = [say("Choisissez une catégorie dans la liste, ou ajoutez la vôtre.")]
    else:
        values |= {"category_code": kind.code, "category": str(kind.label)}
    for field in ("places_before", "places_after"):
        places = getattr(typed, field)
        if places is not None and not 0 <= places <= MAX_PLACES:
            errors[field] = [say("Écrivez un nombre de places, de 0 à 9 999.")]
    values["places"] = typed.places_before
    if errors:
        raise InvalidError(errors)
    return values, change


def department_of(number: str) -> str | None:
    """The département that a FINESS number begins with: « 54 », « 2A », « 974 »; None without a number."""
    return calendar.OVERSEAS.get(number[:4], number[:2]) or None


def _write(row: Establishment, values: Mapping[str, Any]) -> None:
    # A département that was told stays as long as the number from which it would be guessed does.
    told = row.finess_et == values["finess_et"] and row.department
    for name, value in values.items():
        if not (told and name == "department"):
            setattr(row, name, value)


def _moved(session: Session, contract: Contract, person: Actor, place: str, content: str) -> None:
    contract.perimeter_version += 1
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.PERIMETER_CHANGED,
            contract.id,
            place,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
