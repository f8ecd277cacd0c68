"""Writes the values of an indicator as they come from a grid: all that was typed, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.domain.contracts import sites
from portal.domain.facts import Fact, FactKind
from portal.domain.indicators import numbers, queries, service
from portal.domain.indicators.models import IndicatorValue, Unit
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

FIRST_YEAR = 1990
MAX_COMMENT = 160
MOVED_ON = say(
    "Quelqu’un vient d’écrire dans les mêmes cases. Regardez chacune, puis enregistrez de nouveau : vos nombres seront gardés."
)


@dataclass(frozen=True, slots=True)
class Key:
    """A cell: an establishment in a year."""

    establishment_id: str
    year: int

    @property
    def name(self) -> str:
        """How the cell is named in a form."""
        return f"{self.establishment_id}-{self.year}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What came back of a cell: what is typed there now, what stood there when the grid was opened, and its version then."""

    key: Key
    typed: str
    base: str
    seen: int


@dataclass(frozen=True, slots=True)
class Now:
    """What a cell says now, and who wrote it: told to whoever wrote in it too."""

    text: str
    version: int
    by_function: str


def write(session: Session, person: Actor, contract_id: str, indicator_id: str, cells: Sequence[Cell]) -> int:
    """Write the numbers that were changed; how many.

    Errors: RefusedError, NotFoundError, InvalidError by the name of each bad cell, StaleError whose `current` is what the cells
    that somebody else changed say now.
    """
    indicator = _indicator(session, person, contract_id, indicator_id)
    rows = _rows(session, contract_id, indicator_id, cells)
    wanted = _read(cells, indicator)
    _refuse_moved(
        cells, rows, {key: _text(row, indicator.unit) for key, row in rows.items()}, wanted, indicator.unit
    )
    changed = []
    for cell in cells:
        row, typed = rows.get(cell.key), wanted[cell.key]
        now = numbers.Typed(row.value, row.estimated) if row is not None else numbers.Typed(None)
        if cell.typed.strip() != cell.base.strip() and typed != now:
            _write(session, person, indicator_id, cell.key, row, value=typed.value, estimated=typed.estimated)
            changed.append(f"{cell.key.name}={typed.value}")
    return _told(session, person, contract_id, indicator_id, changed)


def comment(
    session: Session, person: Actor, contract_id: str, indicator_id: str, cells: Sequence[Cell]
) -> int:
    """Write the comments that were changed; how many. Errors: as `write`."""
    _indicator(session, person, contract_id, indicator_id)
    rows = _rows(session, contract_id, indicator_id, cells)
    errors: dict[str, list[str]] = {}
    wanted: dict[Key, str] = {}
    for cell in cells:
        try:
            wanted[cell.key] = check_line(cell.typed, cell.key.name, MAX_COMMENT, optional=True)
        except InvalidError as error:
            errors.update(error.errors)
    if errors:
        raise InvalidError(errors)
    _refuse_moved(cells, rows, {key: row.comment for key, row in rows.items()}, wanted, None)
    changed = []
    for cell in cells:
        row, words = rows.get(cell.key), wanted[cell.key]
        if cell.typed.strip() != cell.base.strip() and words != (row.comment if row else ""):
            _write(session, person, indicator_id, cell.key, row, comment=words)
            changed.append(f"{cell.key.name}:{words}")
    return _told(session, person, contract_id, indicator_id, changed)


def _indicator(session: Session, person: Actor, contract_id: str, indicator_id: str) -> queries.IndicatorView:
    permits.require(person, Permission.INDICATOR_WRITE, ContractTarget(contract_id))
    return queries.view(service.held(session, contract_id, indicator_id))


def _rows(
    session: Session, contract_id: str, indicator_id: str, cells: Sequence[Cell]
) -> dict[Key, IndicatorValue]:
    """The rows of these cells. Errors: NotFoundError for one outside the perimeter or the calendar."""
    inside = {one.id for one in sites.perimeter(session, contract_id).sites}
    last = clock.paris(clock.now()).year
    if any(one.key.establishment_id not in inside or not FIRST_YEAR <= one.key.year <= last for one in cells):
        raise NotFoundError
    found = queries.rows(session, indicator_id, {one.key.year for one in cells})
    return {Key(row.establishment_id, row.year): row for row in found}


def _read(cells: Sequence[Cell], indicator: queries.IndicatorView) -> dict[Key, numbers.Typed]:
    """What each cell says. Errors: InvalidError, all the bad ones."""
    errors: dict[str, list[str]] = {}
    found = {}
    for cell in cells:
        try:
            # A number of before stands, however odd, until somebody changes it.
            same = cell.typed.strip() == cell.base.strip()
            found[cell.key] = numbers.read(
                cell.typed,
                indicator.unit,
                signed=indicator.signed or same,
                most=None if same else indicator.most,
            )
        except numbers.NumberError as error:
            errors[cell.key.name] = [error.args[0]]
    if errors:
        raise InvalidError(errors)
    return found


def _refuse_moved(
    cells: Sequence[Cell],
    rows: Mapping[Key, IndicatorValue],
    texts: Mapping[Key, str],
    wanted: Mapping[Key, object],
    unit: Unit | None,
) -> None:
    """Nothing is written over what somebody else wrote meanwhile, unless both wrote the same."""
    moved = {}
    for cell in cells:
        row = rows.get(cell.key)
        if row is None or row.version == cell.seen or cell.typed.strip() == cell.base.strip():
            continue
        now: object = texts[cell.key] if unit is None else numbers.Typed(row.value, row.estimated)
        # The other half of the cell (its comment, or its number) was changed, not this one.
        if now == wanted[cell.key] or texts[cell.key] == cell.base.strip():
            continue
        moved[cell.key] = Now(texts[cell.key], row.version, row.by_function)
    if moved:
        raise StaleError(MOVED_ON, seen=None, current=moved)


def _text(row: IndicatorValue, unit: Unit) -> str:
    return numbers.shown(row.value, unit, estimated=row.estimated)


def _write(
    session: Session,
    person: Actor,
    indicator_id: str,
    key: Key,
    row: IndicatorValue | None,
    **values: Decimal | str | bool | None,
) -> None:
    if row is None:
        row = IndicatorValue(
            indicator_id=indicator_id,
            establishment_id=key.establishment_id,
            year=key.year,
            value=None,
            estimated=False,
            comment="",
            version=0,
        )
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.by_function, row.at = str(function_of(person)), clock.now()
    row.version += 1


def _told(
    session: Session, person: Actor, contract_id: str, indicator_id: str, changed: Sequence[str]
) -> int:
    """One line of the register for everything that a grid changed; none when it changed nothing."""
    if changed:
        session.flush()
        journal.append(
            session,
            Fact(
                FactKind.INDICATOR_VALUES_CHANGED,
                contract_id,
                indicator_id,
                group=person.group,
                participant_id=person.participant_id,
                content="\n".join(changed),
            ),
        )
    return len(changed)
