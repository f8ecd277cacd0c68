"""Values of an indicator and what they are compared to: exact, dated, never written over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.domain.facts import FactKind
from portal.domain.indicators import grid, queries, references
from portal.domain.indicators.grid import Cell, Key
from portal.domain.indicators.models import IndicatorValue
from portal.domain.indicators.references import Typed
from portal.domain.journal.models import JournalLine
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.indicators import follow_indicators, more_sites, this_year

YEAR = this_year()
NOTES = Typed("500", str(YEAR), "4", "8,5", "12", "Tableau de bord, EHPAD de la région")


@pytest.fixture
def vacant(world: World) -> str:
    """An indicator that our contract follows."""
    found: str = world.do(lambda s: follow_indicators(s, world.ours, "etp-vacants"))[0]
    return found


def cell(world: World, typed: str, base: str = "", seen: int = 0, year: int = YEAR, site: str = "") -> Cell:
    return Cell(Key(site or world.ours.establishment_id, year), typed, base, seen)


def write(world: World, indicator: str, *cells: Cell, who: str = "director") -> int:
    here = world.ours.contract_id
    changed: int = world.do(lambda s: grid.write(s, world.ours[who].actor, here, indicator, cells))
    return changed


def kept(world: World, indicator: str, year: int = YEAR) -> queries.ValueView | None:
    found = world.read(lambda s: queries.values(s, indicator, {year}))
    return found.get((world.ours.establishment_id, year))


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == kind.value)
    return len(world.read(lambda s: s.scalars(query).all()))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_a_grid_is_written_whole_and_told_once(world: World, vacant: str, who: str) -> None:
    cells = [cell(world, "12,5", year=YEAR - 1), cell(world, "23,25 e")]
    assert write(world, vacant, *cells, who=who) == 2
    before, now = kept(world, vacant, YEAR - 1), kept(world, vacant)
    assert before is not None
    assert now is not None
    assert (before.value, before.estimated) == (Decimal("12.5"), False)
    assert (now.value, now.estimated, now.version) == (Decimal("23.25"), True, 1)
    assert "direction" in now.by_function
    assert lines(world, FactKind.INDICATOR_VALUES_CHANGED) == 1
    assert write(world, vacant, cell(world, "23,25 e", "23,25 e", 1), who=who) == 0
    assert lines(world, FactKind.INDICATOR_VALUES_CHANGED) == 1


@pytest.mark.parametrize("who", ["resident", "family", "authority", "moderator", "manager"])
def test_nobody_else_writes_values(world: World, vacant: str, who: str) -> None:
    with pytest.raises(RefusedError):
        write(world, vacant, cell(world, "12"), who=who)
    assert kept(world, vacant) is None


def test_more_than_a_part_can_be_is_refused_in_its_cell_unless_it_stood_there(
    world: World, vacant: str
) -> None:
    with pytest.raises(InvalidError, match="ne dépasse pas 100") as refused:
        write(world, vacant, cell(world, "950"), cell(world, "12", year=YEAR - 1))
    assert set(refused.value.errors) == {cell(world, "950").key.name}
    assert write(world, vacant, cell(world, "950", "950"), cell(world, "12", year=YEAR - 1)) == 1


def test_every_bad_cell_is_named_and_nothing_is_written(world: World, vacant: str) -> None:
    bad = [cell(world, "douze", year=YEAR - 1), cell(world, "1,2,3")]
    with pytest.raises(InvalidError) as refused:
        write(world, vacant, cell(world, "12", year=YEAR - 2), *bad)
    assert set(refused.value.errors) == {one.key.name for one in bad}
    assert kept(world, vacant, YEAR - 2) is None


def test_a_share_of_posts_is_never_negative_and_a_reserve_may_be(world: World, vacant: str) -> None:
    reserve = world.do(lambda s: follow_indicators(s, world.ours, "frng-jours"))[0]
    assert write(world, reserve, cell(world, "-12,5")) == 1
    bad = cell(world, "-12,5")
    with pytest.raises(InvalidError, match="ne descend pas sous zéro") as refused:
        write(world, vacant, bad)
    assert set(refused.value.errors) == {bad.key.name}
    assert kept(world, vacant) is None


def test_a_negative_number_of_before_stands_until_somebody_changes_it(world: World, vacant: str) -> None:
    site = world.ours.establishment_id
    world.do(lambda s: s.add(_before(vacant, site)))
    assert write(world, vacant, cell(world, "-3", "-3", 1), cell(world, "4", year=YEAR - 1)) == 1
    with pytest.raises(InvalidError):
        write(world, vacant, cell(world, "-4", "-3", 1))


def _before(indicator: str, site: str) -> IndicatorValue:
    return IndicatorValue(
        indicator_id=indicator,
        establishment_id=site,
        year=YEAR,
        value=Decimal(-3),
        by_function="Direction",
        at=clock.now(),
    )


def test_a_cell_that_somebody_else_changed_is_told_and_not_written_over(world: World, vacant: str) -> None:
    write(world, vacant, cell(world, "12"))
    mine = [cell(world, "13"), cell(world, "20", year=YEAR - 1)]
    with pytest.raises(StaleError) as stale:
        write(world, vacant, *mine)
    (key, now), *others = stale.value.current.items()
    assert not others
    assert (key.year, now.text, now.version) == (YEAR, "12", 1)
    assert kept(world, vacant, YEAR - 1) is None, "all that was typed, or nothing"
    assert write(world, vacant, cell(world, "13", "12", 1), mine[1]) == 2


def test_the_same_number_typed_twice_or_a_cell_left_alone_is_no_conflict(world: World, vacant: str) -> None:
    write(world, vacant, cell(world, "12"))
    assert write(world, vacant, cell(world, "12,0")) == 0
    write(world, vacant, cell(world, "14", "12", 1))
    assert write(world, vacant, cell(world, "12", "12", 1)) == 0
    found = kept(world, vacant)
    assert found is not None
    assert found.value == 14


def test_a_wiped_cell_is_empty_and_remembers_its_version(world: World, vacant: str) -> None:
    write(world, vacant, cell(world, "12"))
    assert write(world, vacant, cell(world, "", "12", 1)) == 1
    found = kept(world, vacant)
    assert found is not None
    assert (found.value, found.version) == (None, 2)


def test_a_comment_and_a_number_do_not_stand_in_each_other_s_way(world: World, vacant: str) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    words = cell(world, "Un étage fermé pour travaux.")
    assert world.do(lambda s: grid.comment(s, director, here, vacant, [words])) == 1
    assert write(world, vacant, cell(world, "12")) == 1
    found = kept(world, vacant)
    assert found is not None
    assert (found.value, found.comment) == (12, "Un étage fermé pour travaux.")
    long = cell(world, "x" * 161, "Un étage fermé pour travaux.", 2)
    with pytest.raises(InvalidError):
        world.do(lambda s: grid.comment(s, director, here, vacant, [long]))


@pytest.mark.parametrize("what", ["their site", "next year", "their indicator"])
def test_what_is_elsewhere_is_not_there(world: World, vacant: str, what: str) -> None:
    site = world.other.establishment_id if what == "their site" else ""
    year = YEAR + 1 if what == "next year" else YEAR
    theirs = world.do(lambda s: follow_indicators(s, world.other, "etp-vacants"))[0]
    with pytest.raises(NotFoundError):
        write(world, theirs if what == "their indicator" else vacant, cell(world, "1", year=year, site=site))


@pytest.mark.parametrize("who", ["director", "deputy", "authority"])
def test_a_reference_is_written_changed_and_taken_away(world: World, vacant: str, who: str) -> None:
    person, here = world.ours[who].actor, world.ours.contract_id
    world.do(lambda s: references.write(s, person, here, vacant, NOTES, 0))
    (found,) = world.read(lambda s: queries.references(s, vacant))
    assert (found.quartiles.median, found.year, found.source) == (Decimal("8.5"), YEAR, NOTES.source)
    with pytest.raises(StaleError):
        world.do(lambda s: references.write(s, person, here, vacant, NOTES, 0))
    empty = Typed("500", str(YEAR), "", "", "", "")
    world.do(lambda s: references.write(s, person, here, vacant, empty, 1))
    assert world.read(lambda s: queries.references(s, vacant)) == []
    assert lines(world, FactKind.INDICATOR_REFERENCE_CHANGED) == 2


@pytest.mark.parametrize("who", ["resident", "family", "moderator", "manager"])
def test_nobody_else_writes_references(world: World, vacant: str, who: str) -> None:
    with pytest.raises(RefusedError):
        world.do(
            lambda s: references.write(s, world.ours[who].actor, world.ours.contract_id, vacant, NOTES, 0)
        )
    assert world.read(lambda s: queries.references(s, vacant)) == []


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (Typed("999", "24", "4", "8", "12", "x"), {"category_code", "year"}),
        (Typed("500", str(YEAR + 1), "4", "8", "12", "x"), {"year"}),
        (Typed("500", str(YEAR), "4", "", "douze", ""), {"median", "q3", "source"}),
        (Typed("500", str(YEAR), "9", "8", "12", "Tableau de bord"), {"median"}),
        (Typed("500", str(YEAR), "", "", "", ""), {"q1", "median", "q3", "source"}),
    ],
)
def test_what_is_wrong_with_a_reference_is_said_at_once(
    world: World, vacant: str, typed: Typed, fields: set[str]
) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: references.write(s, director, here, vacant, typed, 0))
    assert set(refused.value.errors) == fields


def test_what_is_said_by_yes_or_no_has_no_quartiles(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    council = world.do(lambda s: follow_indicators(s, world.ours, "cvs-actif"))[0]
    with pytest.raises(NotFoundError):
        world.do(lambda s: references.write(s, director, here, council, NOTES, 0))


def test_the_latest_values_are_those_of_the_perimeter(world: World, vacant: str) -> None:
    other = world.do(lambda s: more_sites(s, world.ours, 1))[0]
    write(world, vacant, cell(world, "50", year=YEAR - 1), cell(world, "12"), cell(world, "4", site=other))
    mine = world.ours.establishment_id
    found = world.read(lambda s: queries.latest(s, world.ours.contract_id, mine))[vacant]
    assert (found.year, found.least, found.most, found.own) == (YEAR, 4, 12, 12)
    without = world.read(lambda s: queries.latest(s, world.ours.contract_id, None))[vacant]
    assert without.own is None
