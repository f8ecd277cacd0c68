"""The numbers of one establishment never give those of another, beside the numbers of the whole contract."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.figures import participation
from portal.domain.figures.participation import Scope, Told
from portal.domain.organisations.models import Establishment
from portal.vocabulary import ContributionKind, Group
from tests.conftest import World
from tests.factories.world import a_contribution, a_person

TILLEULS, CLAIRIERE, GLYCINES = "Les Tilleuls", "La Clairière", "Les Glycines"


@pytest.fixture
def places(world: World) -> dict[str, str]:
    """Three establishments: nine residents spoke in the first, three families in the second."""
    found = {TILLEULS: world.ours.establishment_id}

    def build(session: Session) -> None:
        known = session.get_one(Establishment, world.ours.establishment_id)
        for name in (CLAIRIERE, GLYCINES):
            place = Establishment(organisation_id=known.organisation_id, name=name, category="EHPAD")
            session.add(place)
            session.flush()
            session.add(ContractEstablishment(contract_id=world.ours.contract_id, establishment_id=place.id))
            found[name] = place.id
        speak(session, world, found[TILLEULS], Group.RESIDENTS, 9)
        speak(session, world, found[CLAIRIERE], Group.FAMILIES, 3)

    world.do(build)
    return found


def speak(session: Session, world: World, place: str, group: Group, people: int, *, item: int = 0) -> None:
    own, world.ours.establishment_id = world.ours.establishment_id, place
    for number in range(people):
        name = f"{group.value} {place} {number} {item}"
        world.ours.people[name] = a_person(session, world.ours, name, group)
        a_contribution(session, world.ours, name, item=item)
    world.ours.establishment_id = own


def told(world: World, place: str | None = None) -> Told:
    scope = Scope(world.ours.contract_id, establishment_id=place)
    return world.read(lambda s: participation.told(s, scope))


def test_the_only_one_told_would_give_the_others_by_subtraction(world: World, places: dict[str, str]) -> None:
    assert told(world).contributions.total == 12
    for place in places.values():
        found = told(world, place)
        assert found.contributions.total is None
        assert found.contributors.total is None
        assert set(found.contributions.by_group.values()) <= {None, 0}
        assert set(found.contributors.by_group.values()) <= {None, 0}
        assert found.contributions.by_kind == {}
        assert set(found.contributions.by_item.values()) <= {None}


def test_those_told_leave_five_persons_in_two_others(world: World, places: dict[str, str]) -> None:
    world.do(lambda s: speak(s, world, places[GLYCINES], Group.FAMILIES, 6))
    assert told(world, places[TILLEULS]).contributions.total == 5, "the other two hold nine persons together"
    assert told(world, places[TILLEULS]).contributions.by_kind == {ContributionKind.COMMENT: 5}
    for name in (CLAIRIERE, GLYCINES):
        found = told(world, places[name])
        assert (found.contributions.total, found.contributors.total) == (None, None)
        assert found.contributions.by_group[Group.FAMILIES] is None


def test_where_enough_persons_speak_everywhere_all_are_told(world: World, places: dict[str, str]) -> None:
    world.do(lambda s: speak(s, world, places[CLAIRIERE], Group.FAMILIES, 3, item=1))
    world.do(lambda s: speak(s, world, places[GLYCINES], Group.FAMILIES, 7))
    for name, number in ((TILLEULS, 5), (CLAIRIERE, 5), (GLYCINES, 5)):
        found = told(world, places[name])
        assert (found.contributions.total, found.contributors.total) == (number, number)


def test_an_establishment_alone_is_told_as_its_contract_is(world: World) -> None:
    world.do(lambda s: speak(s, world, world.ours.establishment_id, Group.RESIDENTS, 9))
    assert told(world, world.ours.establishment_id).contributions.total == 5
