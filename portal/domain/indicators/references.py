"""Writes what an indicator is compared to: quartiles of a category in a year, with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import categories
from portal.domain.facts import Fact, FactKind
from portal.domain.indicators import numbers, queries, rules, service
from portal.domain.indicators.models import IndicatorReference
from portal.domain.indicators.rules import Quartiles
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

FIRST_YEAR, MAX_SOURCE = 1990, 200
FIELDS = ("q1", "median", "q3")
MOVED_ON = say("Quelqu’un vient d’écrire ces repères. Voici ce qui est enregistré.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed; the three numbers as they were typed, all empty to take the reference away."""

    category_code: str
    year: str
    q1: str
    median: str
    q3: str
    source: str


def write(
    session: Session, person: Actor, contract_id: str, indicator_id: str, typed: Typed, seen: int
) -> None:
    """Write, change or take away a reference; `seen` is the version that the page showed, 0 without one.

    Errors: RefusedError, NotFoundError when quartiles have no meaning for it, StaleError, InvalidError beside each field.
    """
    permits.require(person, Permission.INDICATOR_REFERENCE, ContractTarget(contract_id))
    indicator = queries.view(service.held(session, contract_id, indicator_id))
    if not indicator.compares:
        raise NotFoundError
    year = _place(session, contract_id, typed)
    row = session.scalar(
        select(IndicatorReference)
        .where(
            IndicatorReference.indicator_id == indicator_id,
            IndicatorReference.category_code == typed.category_code,
            IndicatorReference.year == year,
        )
        .execution_options(populate_existing=True)
    )
    if (row.version if row else 0) != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version if row else 0)
    if not any(getattr(typed, name).strip() for name in FIELDS) and row is not None:
        session.delete(row)
        _told(session, person, contract_id, indicator_id, f"{typed.category_code} {year}")
        return
    quartiles, source = _checked(typed, indicator)
    if row is None:
        row = IndicatorReference(
            id=new_id(), indicator_id=indicator_id, category_code=typed.category_code, year=year, version=0
        )
        session.add(row)
    row.q1, row.median, row.q3 = quartiles.q1, quartiles.median, quartiles.q3
    row.source, row.by_function, row.at = source, str(function_of(person)), clock.now()
    row.version += 1
    _told(session, person, contract_id, indicator_id, f"{typed.category_code} {year} {quartiles}")


def _place(session: Session, contract_id: str, typed: Typed) -> int:
    """The year, when it and the category are known. Errors: InvalidError."""
    errors: dict[str, list[str]] = {}
    if categories.of_code(categories.known(session, contract_id), typed.category_code) is None:
        errors["category_code"] = [say("Choisissez une catégorie dans la liste.")]
    words = typed.year.strip()
    year = int(words) if words.isascii() and words.isdigit() and len(words) == len("2024") else 0
    if not FIRST_YEAR <= year <= clock.paris(clock.now()).year:
        errors["year"] = [say("Écrivez une année déjà commencée, par exemple 2024.")]
    if errors:
        raise InvalidError(errors)
    return year


def _checked(typed: Typed, indicator: queries.IndicatorView) -> tuple[Quartiles, str]:
    errors: dict[str, list[str]] = {}
    found: dict[str, Decimal] = {}
    for name in FIELDS:
        try:
            value = numbers.read(
                getattr(typed, name), indicator.measure, signed=indicator.signed, most=indicator.most
            ).value
        except numbers.NumberError as error:
            errors[name] = [error.args[0]]
            continue
        if value is None:
            errors[name] = [say("Écrivez les trois nombres, ou aucun pour retirer ce repère.")]
        else:
            found[name] = value
    try:
        source = check_line(typed.source, "source", MAX_SOURCE)
    except InvalidError as error:
        errors.update(_mended(error))
        source = ""
    if len(found) == len(FIELDS) and not rules.in_order(Quartiles(**found)):
        errors["median"] = [
            say("Un quart, puis la moitié, puis trois quarts : les trois nombres vont en montant.")
        ]
    if errors:
        raise InvalidError(errors)
    return Quartiles(**found), source


def _mended(error: InvalidError) -> Mapping[str, list[str]]:
    """Without a source, a reference is worth nothing: the sentence says what is wanted."""
    too_long = any("trop long" in one for one in error.errors["source"])
    wanted = say("Écrivez d’où viennent ces nombres, par exemple : tableau de bord 2024, EHPAD de la région.")
    return error.errors if too_long else {"source": [wanted]}


def _told(session: Session, person: Actor, contract_id: str, indicator_id: str, content: str) -> None:
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.INDICATOR_REFERENCE_CHANGED,
            contract_id,
            indicator_id,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
