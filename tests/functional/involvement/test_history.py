"""What was decided about levels, read later: a change given up never seems to come, a moved date says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.construction import sources, story
from portal.domain.construction.blocks import Section, Table
from portal.domain.involvement import changes, queries
from portal.domain.involvement import service as involvement
from portal.domain.involvement.models import Involvement
from portal.domain.involvement.service import NewLevel
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError
from portal.vocabulary import Group, Level
from tests.conftest import World

DAY = timedelta(days=1)


def record(
    world: World,
    level: Level | None,
    reason: str = "",
    on: datetime | None = None,
    group: Group = Group.FAMILIES,
) -> None:
    command = NewLevel(group, level, reason, on)
    ours = world.ours
    world.do(
        lambda s: involvement.record(s, ours["director"].actor, ours.contract_id, ours.space_id, command).id
    )


def entries(world: World) -> list[str]:
    """The history of the page of engagements, the latest first: what it says of families."""
    tree = world.client("family").see(f"/contrats/{world.ours.contract_id}/engagements").tree
    found = [" ".join(one.text_content().split()) for one in tree.xpath("//ol[@class='versions']/li")]
    return [one for one in found if one.startswith("Familles et proches")]


def account(world: World) -> list[tuple[str, ...]]:
    """The history of levels in « comment ce contrat a été construit », the oldest first."""

    def read(session: Session) -> Section | None:
        src = sources.read(session, world.ours["family"].actor, None, clock.now())
        assert src is not None
        return story.levels(src)

    section = world.read(read)
    assert section is not None
    table = section.blocks[-1]
    assert isinstance(table, Table)
    return [tuple(row) for row in table.rows if row[1] == "Familles et proches"]


def test_a_lowering_that_is_given_up_is_not_to_come(world: World) -> None:
    record(world, Level.INFORMATION, "Le temps manque.")
    assert "à venir" in entries(world)[0]
    assert "à venir" in account(world)[-1][0]
    record(world, Level.CONCERTATION)
    latest, lowering, first = entries(world)
    assert "à venir" not in lowering + latest + first
    assert "n’a pas eu lieu" in lowering
    assert "n’a pas eu lieu" not in latest + first
    rows = account(world)
    assert "n’a pas eu lieu" in rows[1][0]
    assert not any("à venir" in row[0] for row in rows)
    assert not any("n’a pas eu lieu" in row[0] for row in (rows[0], rows[2]))


def test_only_the_last_of_several_plans_is_to_come(world: World) -> None:
    record(world, Level.INFORMATION, "Le temps manque.")
    record(world, Level.CONSULTATION, "Un peu moins.")
    latest, given_up, _first = entries(world)
    assert "à venir" in latest
    assert "à venir" not in given_up


def test_a_date_that_moves_says_from_when_by_whom_and_why(world: World) -> None:
    now = clock.now()
    before, after = now + 20 * DAY, now + 40 * DAY
    record(world, Level.INFORMATION, "Le temps manque.", before)
    record(world, Level.INFORMATION, "Le conseil se réunit plus tard.", after)
    latest, given_up, _first = entries(world)
    assert f"Ce changement était prévu le {day_label(before)}" in latest
    assert "Le conseil se réunit plus tard." in latest
    assert f"décidé le {day_label(now)} par" in latest
    assert "n’a pas eu lieu" in given_up
    moved = account(world)[-1]
    assert day_label(before) in moved[0]
    assert day_label(after) in moved[0]
    assert "Le conseil se réunit plus tard." in moved[-1]
    assert day_label(now) in moved[-1]


def test_a_date_moves_for_a_reason_and_never_to_itself(world: World) -> None:
    now = clock.now()
    record(world, Level.CONCERTATION, on=now + 20 * DAY, group=Group.RESIDENTS)
    for days, field in ((30, "reason"), (20, "level")):
        with pytest.raises(InvalidError) as refused:
            record(world, Level.CONCERTATION, on=now + days * DAY, group=Group.RESIDENTS)
        assert list(refused.value.errors) == [field]


def test_the_group_is_told_that_a_date_moved(world: World) -> None:
    now, ours = clock.now(), world.ours
    for days in (20, 40):
        record(world, Level.INFORMATION, "Le temps manque.", now + days * DAY)

    def read(session: Session) -> str:
        latest = queries.of_group(session, ours.contract_id, ours.space_id, Group.FAMILIES)[0]
        row = session.query(Involvement).filter_by(recorded_at=latest.recorded_at).one()
        return changes.sentence(changes.of_records(session, [row.id])[row.id], at_once=False)

    told = world.read(read)
    assert f"à partir du {day_label(now + 40 * DAY)}, et non plus du {day_label(now + 20 * DAY)}." in told
