"""Who took part, from real rows, on both databases: exact as a whole, folded by group."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions.models import Contribution
from portal.domain.figures import participation
from portal.domain.figures.participation import Scope
from portal.vocabulary import ContributionKind, Fate, Group
from tests.conftest import World
from tests.factories.world import a_contribution, a_person


@pytest.fixture
def spoken(world: World) -> World:
    """Six residents and three families spoke, and an authority asked."""

    def speak(session: Session) -> None:
        for name in ("resident", *(f"resident_{number}" for number in range(5))):
            a_contribution(session, world.ours, name, "Le dîner est servi trop tôt.")
        for name in ("family", "family_0", "family_1"):
            a_contribution(session, world.ours, name, "Plus de visites.", item=1)
        a_contribution(session, world.ours, "family", "Et le dimanche.", item=1)
        a_contribution(
            session,
            world.ours,
            "authority",
            "Quel budget ?",
            kind=ContributionKind.QUESTION,
        )

    world.do(speak)
    return world


def scope(world: World) -> Scope:
    return Scope(world.ours.contract_id, world.ours.space_id)


def test_who_spoke_is_told_by_steps_and_small_groups_are_not(spoken: World) -> None:
    found = spoken.read(lambda session: participation.told(session, scope(spoken)).contributors)
    assert found.by_group[Group.FAMILIES] is None
    assert found.by_group[Group.RESIDENTS] is None, (
        "the only one shown would give the families by subtraction"
    )
    assert found.by_group[Group.AUTHORITIES] == 1
    assert found.by_group[Group.BOARD] == 0
    assert found.total == 5, "nine persons: at least five"
    assert list(found.by_item.values()).count(None) == 1


def test_what_was_said_is_exact_as_a_whole(spoken: World) -> None:
    found = spoken.read(lambda session: participation.told(session, scope(spoken)).contributions)
    assert found.total == 11
    assert found.by_kind == {ContributionKind.QUESTION: 1, ContributionKind.COMMENT: 10}
    assert sorted(number or 0 for number in found.by_item.values()) == [4, 7]
    assert found.by_group[Group.FAMILIES] is None


def test_the_contract_and_the_space_agree_and_others_are_apart(spoken: World) -> None:
    whole = spoken.read(
        lambda session: participation.told(session, Scope(spoken.ours.contract_id)).contributions
    )
    other = spoken.read(
        lambda session: participation.told(session, Scope(spoken.other.contract_id)).contributions
    )
    assert (whole.total, other.total) == (11, 0)


def test_of_one_establishment_even_the_whole_is_folded(spoken: World) -> None:
    here = Scope(spoken.ours.contract_id, establishment_id=spoken.ours.establishment_id)
    found = spoken.read(lambda session: participation.told(session, here).contributions)
    assert found.total == 10, "ten of nine persons"
    assert sorted(found.by_item.values(), key=str) == [5, None]


def test_answers_and_fates_are_exact_as_a_whole(spoken: World) -> None:
    def answer(session: Session) -> None:
        said = a_contribution(session, spoken.ours, "resident", "Une autre.", item=2)
        answers.give(
            session,
            spoken.ours["director"].actor,
            said,
            NewAnswer("Oui, dès lundi.", Fate.OUT_OF_CONTRACT),
        )

    spoken.do(answer)
    given = spoken.read(lambda session: participation.told(session, scope(spoken)).answers)
    fates = spoken.read(lambda session: participation.told(session, scope(spoken)).fates)
    assert (given.owed, given.given) == (12, 1)
    assert given.by_group[Group.RESIDENTS] is None
    assert (fates.total, dict(fates.by_fate)) == (1, {Fate.OUT_OF_CONTRACT: 1})


def test_what_hides_the_words_of_a_group_hides_the_answers_to_them(world: World) -> None:
    """Who is told to have at least five answers is told to have said at least five things."""

    def speak(session: Session) -> None:
        people = [f"professional_{number}" for number in range(8)]
        for name in people:
            world.ours.people[name] = a_person(session, world.ours, name, Group.PROFESSIONALS)
        for name in ("family", *(f"family_{number}" for number in range(5))):
            a_contribution(session, world.ours, name)
        asked = [a_contribution(session, world.ours, name, "Et le soir ?") for name in people]
        a_contribution(session, world.ours, "resident", "Le bruit.")
        for one in (*session.scalars(_said(Group.FAMILIES)), *asked[:5]):
            answers.give(session, world.ours["director"].actor, one, NewAnswer("Oui, dès lundi.", Fate.KEPT))

    world.do(speak)
    said = world.read(lambda session: participation.told(session, scope(world)).contributions)
    given = world.read(lambda session: participation.told(session, scope(world)).answers)
    assert said.by_group[Group.FAMILIES] is None, "it would give the resident by subtraction"
    for group in Group:
        assert said.by_group[group] is not None or given.by_group[group] is None, group


def test_of_one_establishment_nought_is_told_as_four(spoken: World) -> None:
    """A line that comes with the first refusal would tell of one person."""
    here = Scope(spoken.ours.contract_id, establishment_id=spoken.ours.establishment_id)

    def told() -> tuple[object, ...]:
        found = spoken.read(lambda session: participation.told(session, here))
        return found.fates.by_fate, found.contributions.by_kind, found.answers.given

    before = told()

    def answer(session: Session) -> None:
        said = a_contribution(session, spoken.ours, "family", "Fermer.", kind=ContributionKind.PROPOSAL)
        answers.give(
            session, spoken.ours["director"].actor, said, NewAnswer("Non, pas encore.", Fate.NOT_KEPT)
        )

    spoken.do(answer)
    assert told() == before


def _said(group: Group) -> Any:
    return select(Contribution.id).where(Contribution.group == group)
