"""Parties are told that the shared diagnostic moved: once a day, never of their own act, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.diagnostic import validation
from portal.domain.diagnostic.models import ValidationState
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities
from tests.factories.notices import follow, number, skip, told
from tests.factories.plain import reading

KIND = "FINDINGS"


@pytest.fixture
def quiet(world: World) -> World:
    """Two authorities sign, and everybody knows what happened so far."""
    world.do(lambda s: two_authorities(s, world.ours))
    skip(world)
    return world


def who_knows(world: World) -> set[str]:
    return {who for who, kind in told(world) if kind == KIND}


def validate(session: Session, world: World, who: str) -> None:
    item = world.ours.items[0]
    seen = reading(session, item).item.version
    state = ValidationState.VALIDATED
    validation.declare(session, world.ours[who].actor, world.ours.contract_id, item, state, "", seen)


def test_a_finding_of_the_direction_is_told_to_the_other_parties(quiet: World) -> None:
    quiet.do(lambda s: a_finding(s, quiet.ours, "director"))
    follow(quiet)
    known = who_knows(quiet)
    assert "authority" in known
    assert "director" not in known, "nobody is told of their own act"
    assert not known & {"family", "resident", "professional", "staff_rep", "board", "moderator"}
    assert not [who for who in known if who.startswith("other:")]


def test_a_finding_or_an_answer_of_an_authority_is_told_to_the_direction(quiet: World) -> None:
    quiet.do(lambda s: a_finding(s, quiet.ours, "authority"))
    follow(quiet)
    assert "director" in who_knows(quiet)
    assert "authority" not in who_knows(quiet)
    page = quiet.client("director").see("/notifications")
    assert "Dans le diagnostic partagé, un constat a été ajouté" in page.words


def test_an_answer_alone_is_told_too_and_leads_to_the_diagnostic(quiet: World) -> None:
    quiet.do(lambda s: validate(s, quiet, "authority"))
    follow(quiet)
    assert "director" in who_knows(quiet)
    page = quiet.client("director").see("/notifications")
    (action,) = page.tree.xpath("//main//form[.//*[contains(., 'Dans le diagnostic partagé')]]/@action")
    answer = quiet.client("director").send(action)
    assert answer.headers["Location"].endswith(f"/contrats/{quiet.ours.contract_id}/diagnostic")


def test_sixty_findings_of_a_day_are_one_notice_and_another_day_another(
    quiet: World, move_clock: Callable[[float], None]
) -> None:
    for _one in range(12):
        quiet.do(lambda s: a_finding(s, quiet.ours, "director"))
    follow(quiet)
    whom, first = len(who_knows(quiet)), number(quiet)
    assert first == whom
    follow(quiet)
    assert number(quiet) == first
    move_clock(timedelta(days=1).total_seconds())
    quiet.do(lambda s: a_finding(s, quiet.ours, "director"))
    follow(quiet)
    assert number(quiet) == 2 * first
