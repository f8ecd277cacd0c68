"""The account says who wrote the shared diagnostic, and where each party stands towards it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Finding
from portal.domain.diagnostic import service, validation
from portal.domain.diagnostic.models import ValidationState
from portal.kernel import clock
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities, typed, version_of
from tests.factories.pages import Page
from tests.functional.pages.test_queries import questions

# A house of the tests begins with three findings of the organisation.
WHY = "Le nombre de places reste à vérifier ensemble."


def page(world: World, query: str = "", who: str = "family") -> Page:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/construction{query}")


def rows(seen: Page) -> list[list[str]]:
    found = seen.tree.xpath("//section[.//h2[normalize-space()='Le diagnostic partagé']]//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found]


def declare(
    session: Session, world: World, who: str, finding: str, state: ValidationState, why: str = ""
) -> None:
    seen = version_of(session, finding)
    validation.declare(session, world.ours[who].actor, world.ours.contract_id, finding, state, why, seen)


@pytest.fixture
def findings(world: World) -> list[str]:
    def write(session: Session) -> list[str]:
        two_authorities(session, world.ours)
        mine = [a_finding(session, world.ours, title=f"Constat {number}") for number in range(3)]
        return [*mine, a_finding(session, world.ours, "county", title="Vu par le département")]

    return world.do(write)


def test_each_party_is_told_with_what_it_wrote_and_where_it_stands(world: World, findings: list[str]) -> None:
    def speak(session: Session) -> None:
        for one in findings[:2]:
            declare(session, world, "director", one, ValidationState.VALIDATED)
        declare(session, world, "county", findings[0], ValidationState.RESERVED, WHY)

    world.do(speak)
    assert rows(page(world)) == [
        ["Association Tilleuls", "6", "2", "0", "0", "5"],
        ["ARS du Val", "0", "0", "0", "0", "7"],
        ["Département du Val", "1", "0", "1", "0", "6"],
    ]


def test_words_that_changed_are_to_be_read_again_and_withdrawn_ones_are_told_no_more(
    world: World, findings: list[str]
) -> None:
    def speak(session: Session) -> None:
        ours = world.ours
        declare(session, world, "authority", findings[0], ValidationState.VALIDATED)
        declare(session, world, "authority", findings[1], ValidationState.VALIDATED)
        service.rewrite(
            session, ours["director"].actor, ours.contract_id, findings[0],
            typed(ours, title="Le dîner vient trop tôt"), version_of(session, findings[0]), "Plus juste.",
        )  # fmt: skip
        service.withdraw(
            session, ours["director"].actor, ours.contract_id, findings[1], "Écrit deux fois.",
            version_of(session, findings[1]),
        )  # fmt: skip

    world.do(speak)
    assert ["ARS du Val", "0", "0", "0", "1", "5"] in rows(page(world))


def test_without_any_finding_nothing_is_said(world: World) -> None:
    def withdraw(session: Session) -> None:
        for one in session.scalars(select(Finding).where(Finding.contract_id == world.ours.contract_id)):
            one.withdrawn_at = clock.now()

    assert rows(page(world))
    world.do(withdraw)
    assert rows(page(world)) == []


def test_the_number_of_questions_does_not_grow_with_the_findings(world: World, findings: list[str]) -> None:
    page(world)
    with questions() as few:
        page(world)
    world.do(lambda s: [a_finding(s, world.ours, title=f"Un autre {number}") for number in range(40)])
    with questions() as many:
        page(world)
    assert rows(page(world))[0][1] == "46"
    assert len(many) == len(few)
