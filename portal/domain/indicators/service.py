"""Verbs of indicators: choose few, add one's own, set a target and a place, stop and take up again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.indicators import catalogue, numbers, queries, states
from portal.domain.indicators.models import (
    Axis,
    ContractIndicator,
    Direction,
    IndicatorSet,
    IndicatorValue,
    Unit,
)
from portal.domain.journal import service as journal
from portal.domain.versions import keeping
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MOST = 80
MAX_LABEL, MAX_PLAIN, MAX_FORMULA = 160, 300, 300
LAST_YEAR = 2100
MOVED_ON = say("Quelqu’un vient de changer les indicateurs. Voici ce qui est enregistré.")


@dataclass(frozen=True, slots=True)
class Own:
    """What was typed of an indicator that is not in the catalogue."""

    label: str
    plain: str
    formula: str
    unit: Unit | None
    direction: Direction | None
    axis: Axis | None
    cost: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What was typed to follow an indicator: its place from 1, a target and its year, as typed; its words when it is own."""

    position: int
    target: str
    target_year: str
    own: Own | None = None


def choose(session: Session, person: Actor, contract_id: str, codes: Collection[str], seen: int) -> None:
    """Follow these indicators of the catalogue and no other; own ones stay, values are kept.

    Errors: RefusedError, StaleError, InvalidError (`codes`).
    """
    row = _set(session, person, contract_id, seen)
    wanted, known = list(dict.fromkeys(codes)), _rows(session, contract_id)
    if any(code not in catalogue.by_code() for code in wanted):
        raise InvalidError({"codes": [say("Un de ces indicateurs n’est plus dans le catalogue.")]})
    own = [one for one in known if one.code is None and one.dropped_on is None]
    if not wanted and not own:
        raise InvalidError({"codes": [say("Choisissez au moins un indicateur.")]})
    if len(wanted) + len(own) > MOST:
        raise InvalidError({"codes": [say("C’est trop : %(most)s indicateurs au plus.", most=MOST)]})
    by_code = {one.code: one for one in known if one.code}
    moved = [
        _stop(session, one) for code, one in by_code.items() if code not in wanted and one.dropped_on is None
    ]
    last = max((one.position for one in known), default=0)
    for code in wanted:
        found = by_code.get(code)
        if found is None:
            last += 1
            found = ContractIndicator(id=new_id(), contract_id=contract_id, code=code, position=last)
            session.add(found)
        elif found.dropped_on is None:
            continue
        else:
            states.hold(session, found).version += 1
        found.dropped_on = None
        moved.append(found)
    if moved:
        session.flush()
        for one in moved:
            keeping.keep(session, person, states.piece(one), states.indicator(one))
        _chosen(session, person, row, contract_id, ",".join(wanted))


def add(session: Session, person: Actor, contract_id: str, typed: Own, seen: int) -> str:
    """Add an indicator that the catalogue does not have; its id. Errors: RefusedError, StaleError, InvalidError by field."""
    row = _set(session, person, contract_id, seen)
    values, known = _checked(typed), _rows(session, contract_id)
    if len([one for one in known if one.dropped_on is None]) >= MOST:
        raise InvalidError({"label": [say("C’est trop : %(most)s indicateurs au plus.", most=MOST)]})
    made = ContractIndicator(
        id=new_id(),
        contract_id=contract_id,
        position=max((one.position for one in known), default=0) + 1,
        **values,
    )
    session.add(made)
    session.flush()
    keeping.keep(session, person, states.piece(made), states.indicator(made))
    _chosen(session, person, row, made.id, made.label)
    return made.id


def settle(
    session: Session,
    person: Actor,
    contract_id: str,
    indicator_id: str,
    typed: Settings,
    seen: int,
    why: str = "",
) -> None:
    """Write the place, the target and, of an own one, the words. Errors: RefusedError, NotFoundError, StaleError, InvalidError."""
    found = states.hold(session, _one(session, person, contract_id, indicator_id, seen))
    values = _checked(typed.own) if found.code is None and typed.own else {}
    if values and values["unit"] is not found.unit and _has_values(session, indicator_id):
        problem = say("Des valeurs sont déjà écrites dans cette unité. Ajoutez plutôt un autre indicateur.")
        raise InvalidError({"unit": [problem]})
    for name, value in values.items():
        setattr(found, name, value)
    found.target, found.target_year = _target(typed, queries.view(found))
    _place(session, contract_id, found, typed.position)
    found.version += 1
    keeping.keep(session, person, states.piece(found), states.indicator(found), why)
    _chosen(session, person, _hold(session, contract_id), indicator_id, f"{typed.target} {typed.position}")


def stop(session: Session, person: Actor, contract_id: str, indicator_id: str, seen: int) -> None:
    """Follow an indicator no more; its values stay. Errors: RefusedError, NotFoundError, StaleError."""
    found = _one(session, person, contract_id, indicator_id, seen)
    if found.dropped_on is None:
        _stop(session, found)
        keeping.keep(session, person, states.piece(found), states.indicator(found))
        _chosen(session, person, _hold(session, contract_id), indicator_id, "arret")


def resume(session: Session, person: Actor, contract_id: str, indicator_id: str, seen: int) -> None:
    """Follow it again. Errors: RefusedError, NotFoundError, StaleError."""
    found = _one(session, person, contract_id, indicator_id, seen)
    if found.dropped_on is not None:
        states.hold(session, found).dropped_on = None
        found.version += 1
        keeping.keep(session, person, states.piece(found), states.indicator(found))
        _chosen(session, person, _hold(session, contract_id), indicator_id, "reprise")


def held(session: Session, contract_id: str, indicator_id: str) -> ContractIndicator:
    """The row of an indicator of this contract, as it is now. Errors: NotFoundError."""
    row = session.get(ContractIndicator, indicator_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    return row


def _set(session: Session, person: Actor, contract_id: str, seen: int) -> IndicatorSet:
    permits.require(person, Permission.INDICATOR_WRITE, ContractTarget(contract_id))
    row = _hold(session, contract_id)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row


def _hold(session: Session, contract_id: str) -> IndicatorSet:
    row = session.get(IndicatorSet, contract_id, populate_existing=True)
    if row is None:
        row = IndicatorSet(contract_id=contract_id, version=0)
        session.add(row)
    return row


def _rows(session: Session, contract_id: str) -> list[ContractIndicator]:
    query = (
        select(ContractIndicator)
        .where(ContractIndicator.contract_id == contract_id)
        .order_by(ContractIndicator.position, ContractIndicator.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _one(
    session: Session, person: Actor, contract_id: str, indicator_id: str, seen: int
) -> ContractIndicator:
    permits.require(person, Permission.INDICATOR_WRITE, ContractTarget(contract_id))
    row = held(session, contract_id, indicator_id)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row


def _stop(session: Session, row: ContractIndicator) -> ContractIndicator:
    states.hold(session, row).dropped_on = clock.paris(clock.now()).date()
    row.version += 1
    return row


def _has_values(session: Session, indicator_id: str) -> bool:
    query = select(IndicatorValue.year).where(
        IndicatorValue.indicator_id == indicator_id, IndicatorValue.value.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def _place(session: Session, contract_id: str, moved: ContractIndicator, position: int) -> None:
    """Put one at a place, from 1; the others follow in their order."""
    others = [one for one in _rows(session, contract_id) if one.id != moved.id]
    running = [one for one in others if one.dropped_on is None]
    running.insert(min(max(position, 1), len(running) + 1) - 1, moved)
    for number, one in enumerate(running + [one for one in others if one.dropped_on is not None], 1):
        one.position = number


def _target(typed: Settings, indicator: queries.IndicatorView) -> tuple[Decimal | None, int | None]:
    errors: dict[str, list[str]] = {}
    value, year = None, None
    try:
        value = numbers.read(typed.target, indicator.unit, signed=indicator.signed, most=indicator.most).value
    except numbers.NumberError as error:
        errors["target"] = [error.args[0]]
    words = typed.target_year.strip()
    if words:
        year = int(words) if words.isascii() and words.isdigit() and len(words) == len("2031") else None
        if year is None or year > LAST_YEAR:
            errors["target_year"] = [say("Écrivez une année, par exemple 2031.")]
    if errors:
        raise InvalidError(errors)
    return value, year if value is not None else None


def _checked(typed: Own) -> dict[str, str | Unit | Direction | Axis | bool]:
    """The values of an own indicator. Errors: InvalidError, all fields at once."""
    errors: dict[str, list[str]] = {}
    values: dict[str, str | Unit | Direction | Axis | bool] = {}
    for name, words, most, optional in (
        ("label", typed.label, MAX_LABEL, False),
        ("plain", typed.plain, MAX_PLAIN, False),
        ("formula", typed.formula, MAX_FORMULA, True),
    ):
        try:
            values[name] = check_line(words, name, most, optional=optional)
        except InvalidError as error:
            errors.update(error.errors)
    for name, chosen in (("unit", typed.unit), ("direction", typed.direction), ("axis", typed.axis)):
        if chosen is None:
            errors[name] = [say("Choisissez dans la liste.")]
        else:
            values[name] = chosen
    values["cost"] = typed.cost
    if typed.cost and typed.unit is not None and typed.unit is not Unit.EUROS:
        errors["cost"] = [say("Seul un montant en euros se compare par place.")]
    if errors:
        raise InvalidError(errors)
    return values


def _chosen(session: Session, person: Actor, row: IndicatorSet, place: str, content: str) -> None:
    row.version += 1
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.INDICATORS_CHOSEN,
            row.contract_id,
            place,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
