"""What a date brings about happens once, at its date, and open pages are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.domain.contracts.models import Contract
from portal.domain.involvement.models import Involvement
from portal.domain.journal.models import JournalLine
from portal.domain.organisations.models import Organisation
from portal.domain.spaces.models import Space
from portal.jobs import due_dates
from portal.jobs.runner import Runner
from portal.kernel.ids import new_id
from portal.vocabulary import Group, Level, ModerationMode, Phase, SpaceObject, Stage

CONTRACT = new_id()


@pytest.fixture
def contract(unit, time):
    def work(session):
        owner = Organisation(id=new_id(), name="Association Les Tilleuls", fictional=True)
        session.add(owner)
        session.flush()
        session.add(
            Contract(
                id=CONTRACT, title="CPOM", organisation_id=owner.id, starts_on=time().date(),
                ends_on=time().date(), stage=Stage.DIAGNOSTIC, created_at=time(),
            )
        )  # fmt: skip

    unit(work)


def add_space(unit, time, phase, opens, ends):
    def work(session):
        space = Space(
            contract_id=CONTRACT, object=SpaceObject.DIAGNOSTIC, question="Que changer ?", phase=phase,
            opens_at=time() + timedelta(seconds=opens), ends_at=time() + timedelta(seconds=ends),
            moderation=ModerationMode.BEFORE, created_at=time(),
        )  # fmt: skip
        session.add(space)
        session.flush()
        return space.id

    return unit(work)


def add_level(unit, time, space_id, effective):
    def work(session):
        session.add(
            Involvement(
                contract_id=CONTRACT, space_id=space_id, group=Group.FAMILIES, level=Level.CONCERTATION,
                effective_at=time() + timedelta(seconds=effective), recorded_at=time(), by_function="Direction",
            )
        )  # fmt: skip

    unit(work)


def state(unit, space_id):
    return unit(
        lambda session: tuple(
            session.execute(select(Space.phase, Space.epoch).where(Space.id == space_id)).one()
        )
    )


def kinds(unit):
    return unit(lambda session: list(session.scalars(select(JournalLine.kind).order_by(JournalLine.seq))))


@pytest.fixture
def runner(unit, time):
    return Runner(unit, due_dates.jobs(), now=time)


def test_an_announced_space_opens_at_its_date_then_ends_at_its_date(contract, unit, time, runner):
    space = add_space(unit, time, Phase.ANNOUNCED, opens=10, ends=20)
    seen = []
    for _ in range(25):
        runner.tick()
        phase, epoch = state(unit, space)
        if (phase, epoch) not in seen:
            seen.append((phase, epoch))
        time.move(1)
    assert [phase for phase, _ in seen] == [Phase.ANNOUNCED, Phase.OPEN, Phase.ANSWERING]
    epochs = [epoch for _, epoch in seen]
    assert epochs == sorted(set(epochs))
    assert kinds(unit) == ["space_opened", "space_answering"]


def test_a_space_without_a_due_date_stays(contract, unit, time, runner):
    kept = [
        add_space(unit, time, phase, opens=-10, ends=1000)
        for phase in (Phase.DRAFT, Phase.OPEN, Phase.CLOSED)
    ]
    before = [state(unit, space) for space in kept]
    time.move(5)
    runner.tick()
    assert [state(unit, space) for space in kept] == before
    assert kinds(unit) == []


def test_a_level_takes_effect_once_and_closes_the_rooms_of_its_space(contract, unit, time, runner):
    concerned = add_space(unit, time, Phase.OPEN, opens=-10, ends=1000)
    other = add_space(unit, time, Phase.OPEN, opens=-10, ends=1000)
    add_level(unit, time, concerned, effective=5)
    before = state(unit, concerned)[1], state(unit, other)[1]
    for _ in range(10):
        runner.tick()
        time.move(1)
    assert state(unit, concerned)[1] > before[0]
    assert state(unit, other)[1] == before[1]
    assert kinds(unit) == ["level_effective"]
    assert unit(lambda session: session.scalar(text("SELECT applied FROM involvement"))) == 1


def test_a_level_of_the_contract_closes_the_rooms_of_all_its_spaces(contract, unit, time, runner):
    spaces = [add_space(unit, time, Phase.OPEN, opens=-10, ends=1000) for _ in range(2)]
    before = [state(unit, space)[1] for space in spaces]
    add_level(unit, time, None, effective=5)
    time.move(6)
    runner.tick()
    assert all(state(unit, space)[1] > old for space, old in zip(spaces, before, strict=True))
    assert set(kinds(unit)) == {"level_effective"}


def test_two_processes_bring_it_about_once(contract, open_unit, unit, time):
    space = add_space(unit, time, Phase.ANNOUNCED, opens=2, ends=1000)
    runners = [Runner(open_unit(), due_dates.jobs(), now=time) for _ in range(2)]
    for _ in range(5):
        for one in runners:
            one.tick()
        time.move(1)
    assert state(unit, space)[0] is Phase.OPEN
    assert kinds(unit) == ["space_opened"]
