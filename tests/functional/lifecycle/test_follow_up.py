"""What may be written of the committee, the reviews and the reports of a contract, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.lifecycle import follow_up, queries, service
from portal.domain.lifecycle.follow_up import LineTyped, ReviewTyped
from portal.domain.lifecycle.models import ReviewKind
from portal.domain.lifecycle.service import Dates
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from tests.conftest import World

TODAY = clock.today()
START, END = date(2027, 1, 1), date(2031, 12, 31)
DATES = Dates(None, START, END)


def dates(world: World, typed: Dates, seen: int = 0, who: str = "director") -> None:
    person = world.ours[who].actor
    world.do(lambda s: service.write_dates(s, person, world.ours.contract_id, typed, seen))


def life(world: World) -> queries.Life:
    return world.read(lambda s: queries.life(s, world.ours.contract_id, TODAY))


def test_the_committee_holds_functions_of_parties_and_partners(
    world: World, sign: Callable[[str], str]
) -> None:
    authority = sign("ARS du Val")
    director, here = world.ours["director"].actor, world.ours.contract_id
    first = world.do(lambda s: follow_up.add_seat(s, director, here, "Référente CPOM", authority, ""))
    partner = "Conseil de la vie sociale"
    world.do(lambda s: follow_up.add_seat(s, director, here, "Présidente", "autre", partner))
    for function, party, partner_, fields in (
        ("", authority, "", {"function"}),
        ("Directrice", "inconnue", "", {"party"}),
        ("Présidente", "autre", "", {"partner"}),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(
                lambda s, f=function, p=party, o=partner_: follow_up.add_seat(s, director, here, f, p, o)
            )
        assert refused.value.errors.keys() == fields
    assert [(one.function, one.party) for one in life(world).seats] == [
        ("Référente CPOM", "ARS du Val"),
        ("Présidente", partner),
    ]
    world.do(lambda s: follow_up.leave_seat(s, director, here, first, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: follow_up.leave_seat(s, director, here, first, 1))
    assert [one.function for one in life(world).seats] == ["Présidente"]


def test_a_review_is_planned_then_made_and_says_something(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    kind = ReviewKind.MIDTERM
    planned = ReviewTyped(planned_on=date(2029, 5, 1), meets_on=date(2029, 9, 1))
    world.do(lambda s: follow_up.write_review(s, director, here, kind, planned, 0))
    made = replace(planned, says="Le repas du soir est servi plus tard.")
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: follow_up.write_review(s, director, here, kind, made, 1))
    assert refused.value.errors.keys() == {"held_on"}
    world.do(lambda s: follow_up.write_review(s, director, here, kind, replace(made, held_on=TODAY), 1))
    found = life(world).reviews[kind]
    assert (found.held_on, found.version) == (TODAY, 2)
    assert "<p>Le repas du soir" in found.html


def test_what_a_review_said_before_is_kept_and_its_days_alone_change_no_words(world: World) -> None:
    director, here, kind = world.ours["director"].actor, world.ours.contract_id, ReviewKind.FINAL
    first = ReviewTyped(held_on=TODAY, says="Le repas du soir est servi plus tard.")
    earlier = TODAY - timedelta(days=1)
    again = ReviewTyped(held_on=earlier, says="Le repas du soir est servi à l’heure que chacun choisit.")

    def write(typed: ReviewTyped, seen: int) -> None:
        world.do(lambda s: follow_up.write_review(s, director, here, kind, typed, seen))

    def before() -> list[str]:
        return [one.html for one in world.read(lambda s: queries.wordings(s, here, kind))[0]]

    write(ReviewTyped(planned_on=TODAY), 0)
    write(first, 1)
    write(replace(first, met_on=TODAY), 2)
    assert before() == []
    assert not life(world).reviews[kind].rewritten
    write(again, 3)
    assert before() == ["<p>Le repas du soir est servi plus tard.</p>"]
    write(replace(again, says=""), 4)
    kept = world.read(lambda s: queries.wordings(s, here, kind))[0]
    assert [(one.held_on, one.by_function) for one in kept] == [
        (earlier, "la direction"),
        (TODAY, "la direction"),
    ]
    found = life(world).reviews[kind]
    assert (found.rewritten, found.html) == (True, "")
    assert not life(world).reviews[ReviewKind.MIDTERM].rewritten
    with pytest.raises(StaleError):
        write(first, 3)
    assert len(before()) == 2


def test_what_is_reported_can_be_changed_added_and_set_aside(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    assert [one.code for one in life(world).lines] == ["eprd", "activite", "objectifs", "errd"]
    typed = LineTyped("L’EPRD", "la directrice financière", "l’ARS", 30, 5)
    world.do(lambda s: follow_up.write_ready(s, director, here, "eprd", typed, 0))
    with pytest.raises(StaleError):
        world.do(lambda s: follow_up.write_ready(s, director, here, "eprd", typed, 0))
    with pytest.raises(NotFoundError):
        world.do(lambda s: follow_up.write_ready(s, director, here, "inconnu", typed, 0))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: follow_up.add_line(s, director, here, LineTyped("", "", "", 31, 2)))
    assert refused.value.errors.keys() == {"label", "reporter", "day"}
    own = LineTyped("Le rapport sur les soins de nuit", "l’infirmière coordinatrice", "", 15, 1)
    world.do(lambda s: follow_up.add_line(s, director, here, own))
    shown = {one.label: one for one in life(world).lines}
    assert shown["L’EPRD"].due_on == date(2027, 5, 30)
    added = shown[own.label]
    assert added.due_on == date(2027, 1, 15)
    world.do(lambda s: follow_up.write_line(s, director, here, added.id, replace(own, set_aside=True), 1))
    last = life(world).lines[-1]
    assert (last.label, last.due_on, last.set_aside) == (own.label, None, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (ReviewTyped(planned_on=date(2060, 1, 1)), "planned_on"),
        (ReviewTyped(meets_on=date(2060, 1, 1)), "meets_on"),
        (ReviewTyped(held_on=date(2020, 1, 1), says="Nous avons regardé les chutes ensemble."), "held_on"),
    ],
)
def test_a_review_far_from_its_contract_is_a_slip(world: World, typed: ReviewTyped, field: str) -> None:
    person, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: follow_up.write_review(s, person, here, ReviewKind.MIDTERM, typed, 0))
    assert set(refused.value.errors) == {field}
