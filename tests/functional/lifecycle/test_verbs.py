"""What may be written of the life of a contract, by whom, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.lifecycle import amendments, endings, follow_up, outlook, queries, service
from portal.domain.lifecycle.amendments import AmendmentTyped
from portal.domain.lifecycle.endings import DecisionTyped
from portal.domain.lifecycle.follow_up import LineTyped, ReviewTyped
from portal.domain.lifecycle.models import EndChoice, ReviewKind
from portal.domain.lifecycle.rules import EndState, Length
from portal.domain.lifecycle.service import Dates, StageTyped
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.acts import an_act

TODAY = clock.today()
START, END = date(2027, 1, 1), date(2031, 12, 31)
DATES = Dates(None, START, END)
SIXTH = replace(DATES, ends_on=date(2032, 12, 31))
WHY = "Les chiffres de nuit manquaient."


def dates(world: World, typed: Dates, seen: int = 0, who: str = "director") -> None:
    person = world.ours[who].actor
    world.do(lambda s: service.write_dates(s, person, world.ours.contract_id, typed, seen))


def stage(world: World, one: Stage, typed: StageTyped, seen: int = 0, who: str = "director") -> None:
    person = world.ours[who].actor
    world.do(lambda s: service.write_stage(s, person, world.ours.contract_id, one, typed, seen))


def contract(world: World) -> Contract:
    return world.read(lambda s: s.get_one(Contract, world.ours.contract_id))


def life(world: World) -> queries.Life:
    return world.read(lambda s: queries.life(s, world.ours.contract_id, TODAY))


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == kind.value)
    return len(world.read(lambda s: s.scalars(query).all()))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_direction_writes_dates_that_differ(world: World, who: str) -> None:
    dates(world, Dates(TODAY, TODAY - timedelta(days=60), date(2031, 6, 30)), who=who)
    row = contract(world)
    assert (row.signed_on, row.starts_on) == (TODAY, TODAY - timedelta(days=60))
    assert lines(world, FactKind.LIFE_DATES_CHANGED) == 1


@pytest.mark.parametrize("who", ["resident", "family", "moderator", "authority", "manager"])
def test_nobody_else_writes_anything(world: World, who: str) -> None:
    person, here = world.ours[who].actor, world.ours.contract_id
    tried = [
        lambda s: service.write_dates(s, person, here, DATES, 0),
        lambda s: service.write_stage(s, person, here, Stage.LAUNCH, StageTyped(), 0),
        lambda s: service.reopen_stage(s, person, here, Stage.LAUNCH, TODAY, WHY, 0),
        lambda s: amendments.record(s, person, here, AmendmentTyped(1, TODAY, TODAY, WHY)),
        lambda s: follow_up.add_seat(s, person, here, "Directrice", "autre", "CVS"),
        lambda s: follow_up.write_review(s, person, here, ReviewKind.MIDTERM, ReviewTyped(), 0),
        lambda s: follow_up.add_line(s, person, here, LineTyped("Bilan", "nous", "", 1, 2)),
        lambda s: endings.decide(s, person, here, DecisionTyped(EndChoice.RENEW, TODAY, WHY), 0),
        lambda s: endings.raise_(s, person, here, WHY, TODAY, WHY),
    ]
    for act in tried:
        with pytest.raises(RefusedError):
            world.do(act)


def test_a_sixth_year_wants_its_act_and_what_exists_is_never_refused(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        dates(world, SIXTH)
    assert refused.value.errors.keys() == {"sixth_reference"}
    dates(world, replace(SIXTH, sixth_reference="Avenant n° 2, arrêté conjoint du 3 mai"))
    assert life(world).dates.length is Length.SIXTH
    assert not life(world).dates.lacks_act
    # Its reference may be taken away: the dates are there already, the page says what is missing.
    dates(world, SIXTH, seen=1)
    assert life(world).dates.lacks_act
    dates(world, replace(SIXTH, ends_on=date(2034, 12, 31), sixth_reference="Accord des parties"), seen=2)
    assert life(world).dates.length is Length.BEYOND


def test_the_act_of_the_sixth_year_is_one_of_this_contract(world: World) -> None:
    mine, theirs = world.do(lambda s: (an_act(s, world.ours), an_act(s, world.other)))
    with pytest.raises(InvalidError) as refused:
        dates(world, replace(SIXTH, sixth_act_id=theirs))
    assert refused.value.errors.keys() == {"sixth_act_id"}
    dates(world, replace(SIXTH, sixth_act_id=mine))
    found = life(world).dates.sixth_act
    assert found is not None
    assert found.id == mine


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (replace(DATES, starts_on=None, ends_on=None), {"starts_on", "ends_on"}),
        (replace(DATES, ends_on=START), {"ends_on"}),
        (replace(DATES, signed_on=TODAY + timedelta(days=1)), {"signed_on"}),
        (replace(DATES, ends_on=date(2207, 1, 1), sixth_reference="x" * 201), {"ends_on", "sixth_reference"}),
    ],
)
def test_dates_that_cannot_be(world: World, typed: Dates, fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        dates(world, typed)
    assert refused.value.errors.keys() == fields
    assert contract(world).ends_on == END


def test_two_who_write_see_what_is_there(world: World) -> None:
    dates(world, DATES)
    with pytest.raises(StaleError):
        dates(world, DATES)
    stage(world, Stage.LAUNCH, StageTyped(begun_on=TODAY))
    with pytest.raises(StaleError):
        stage(world, Stage.LAUNCH, StageTyped(begun_on=TODAY))


def test_the_stage_of_the_contract_follows_and_a_stage_is_opened_again_with_a_reason(world: World) -> None:
    early, late = TODAY - timedelta(days=90), TODAY - timedelta(days=10)
    stage(world, Stage.DIAGNOSTIC, StageTyped(begun_on=early, ended_on=late))
    assert contract(world).stage is Stage.DIAGNOSTIC
    stage(world, Stage.OBJECTIVES, StageTyped(begun_on=late))
    assert contract(world).stage is Stage.OBJECTIVES
    director, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError) as refused:
        stage(world, Stage.DIAGNOSTIC, StageTyped(begun_on=early), seen=1)
    assert refused.value.errors.keys() == {"ended_on"}
    for day, reason, fields in (
        (None, "Non", {"on", "reason"}),
        (early, WHY, {"on"}),
        (TODAY + timedelta(days=1), WHY, {"on"}),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(
                lambda s, day=day, reason=reason: service.reopen_stage(
                    s, director, here, Stage.DIAGNOSTIC, day, reason, 1
                )
            )
        assert refused.value.errors.keys() == fields
    world.do(lambda s: service.reopen_stage(s, director, here, Stage.DIAGNOSTIC, TODAY, WHY, 1))
    assert contract(world).stage is Stage.DIAGNOSTIC
    assert [(one.stage, one.reason) for one in life(world).reopenings] == [(Stage.DIAGNOSTIC, WHY)]
    stage(world, Stage.DIAGNOSTIC, StageTyped(begun_on=early, ended_on=TODAY), seen=2)
    assert contract(world).stage is Stage.OBJECTIVES
    with pytest.raises(InvalidError, match="terminée"):
        world.do(lambda s: service.reopen_stage(s, director, here, Stage.LAUNCH, TODAY, WHY, 0))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (StageTyped(ended_on=TODAY), {"begun_on"}),
        (StageTyped(begun_on=TODAY + timedelta(days=1)), {"begun_on"}),
        (StageTyped(planned_from=END, planned_to=START), {"planned_to"}),
        (StageTyped(begun_on=TODAY, ended_on=TODAY - timedelta(days=1)), {"ended_on"}),
    ],
)
def test_dates_of_a_stage_that_cannot_be(world: World, typed: StageTyped, fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        stage(world, Stage.LAUNCH, typed)
    assert refused.value.errors.keys() == fields
    assert contract(world).stage is Stage.DIAGNOSTIC


def test_an_avenant_is_recorded_once_signed_then_corrected_by_a_version(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    typed = AmendmentTyped(1, TODAY, date(2028, 1, 1), "Dix places de plus aux Tilleuls.", "articles 1 et 4")
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: amendments.record(s, director, here, typed))
    assert refused.value.errors.keys() == {"signed_on"}
    dates(world, replace(DATES, signed_on=TODAY))
    one = world.do(lambda s: amendments.record(s, director, here, typed))
    for wrong, fields in (
        (typed, {"number"}),
        (AmendmentTyped(0, None, None, "Non"), {"number", "signed_on", "effective_on", "changes"}),
        (replace(typed, number=2, signed_on=TODAY - timedelta(days=1)), {"signed_on"}),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(lambda s, wrong=wrong: amendments.record(s, director, here, wrong))
        assert refused.value.errors.keys() == fields
    mended = replace(typed, changes="Douze places de plus aux Tilleuls.")
    with pytest.raises(InvalidError, match="rien changé"):
        world.do(lambda s: amendments.correct(s, director, here, one, typed, WHY, 1))
    world.do(lambda s: amendments.correct(s, director, here, one, mended, WHY, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: amendments.correct(s, director, here, one, typed, WHY, 1))
    (shown,) = life(world).amendments
    assert (shown.now.changes, shown.now.reason, shown.now.version) == (mended.changes, WHY, 2)
    former = world.read(lambda s: queries.former(s, [one]))[one]
    assert [version.changes for version in former] == [typed.changes]
    theirs = world.other["director"].actor
    with pytest.raises(NotFoundError):
        world.do(lambda s: amendments.correct(s, theirs, world.other.contract_id, one, mended, WHY, 2))


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


def test_the_end_is_decided_with_a_reason_and_anew_when_it_moves(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    soon = TODAY + timedelta(days=150)
    dates(world, replace(DATES, starts_on=TODAY - timedelta(days=700), ends_on=soon))
    assert life(world).end_state is EndState.LATE
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: endings.decide(s, director, here, DecisionTyped(None, None, "Non"), 0))
    assert refused.value.errors.keys() == {"choice", "decided_on", "reason"}
    typed = DecisionTyped(EndChoice.PROLONG, TODAY, "Le temps de finir les travaux.")
    world.do(lambda s: endings.decide(s, director, here, typed, 0))
    with pytest.raises(StaleError):
        world.do(lambda s: endings.decide(s, director, here, typed, 0))
    assert life(world).end_state is EndState.DECIDED
    assert world.read(lambda s: outlook.decided(s, [here])) == {here}
    dates(
        world, replace(DATES, starts_on=TODAY - timedelta(days=700), ends_on=TODAY + timedelta(days=200)), 1
    )
    assert life(world).end_state is EndState.NEAR
    assert world.read(lambda s: outlook.decided(s, [here])) == frozenset()


def test_each_party_writes_its_own_position_and_a_disagreement_stays(
    world: World, sign: Callable[[str], str]
) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    agent = world.ours["authority"].actor
    ours = "Nous demandons deux postes de nuit."
    one = world.do(lambda s: endings.raise_(s, director, here, "Le financement des nuits", TODAY, ours))
    theirs = "Un poste est possible, pas deux."
    with pytest.raises(RefusedError):
        world.do(lambda s: endings.take_position(s, agent, here, one, theirs, 0))
    sign("ARS du Val")
    for who in ("resident", "family", "moderator", "manager"):
        person = world.ours[who].actor
        with pytest.raises(RefusedError):
            world.do(lambda s, p=person: endings.take_position(s, p, here, one, theirs, 0))
    world.do(lambda s: endings.take_position(s, agent, here, one, theirs, 0))
    with pytest.raises(StaleError):
        world.do(lambda s: endings.take_position(s, agent, here, one, theirs, 0))
    world.do(lambda s: endings.take_position(s, director, here, one, f"{ours} Rien de moins.", 1))
    (shown,) = life(world).disagreements
    assert [position.words for position in shown.positions] == [f"{ours} Rien de moins.", theirs]
    assert shown.silent == ()
    early = TODAY - timedelta(days=1)
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: endings.settle(s, director, here, one, "Non", early, 1))
    assert refused.value.errors.keys() == {"outcome", "settled_on"}
    world.do(lambda s: endings.settle(s, director, here, one, "Un poste en 2027, un en 2028.", TODAY, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: endings.take_position(s, agent, here, one, "Trop tard maintenant.", 1))
    (kept,) = life(world).disagreements
    assert (kept.settled_on, kept.outcome) == (TODAY, "Un poste en 2027, un en 2028.")


def test_of_two_authorities_nobody_speaks_for_one_unknown(world: World, sign: Callable[[str], str]) -> None:
    sign("ARS du Val")
    sign("Conseil départemental du Val")
    director, agent = world.ours["director"].actor, world.ours["authority"].actor
    here = world.ours.contract_id
    one = world.do(lambda s: endings.raise_(s, director, here, "Le prix de la journée", TODAY, WHY))
    with pytest.raises(RefusedError, match="pour quelle autorité"):
        world.do(lambda s: endings.take_position(s, agent, here, one, WHY, 0))


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


def test_a_decision_years_before_the_contract_is_a_slip(world: World) -> None:
    person, here = world.ours["director"].actor, world.ours.contract_id
    typed = DecisionTyped(EndChoice.RENEW, date(2020, 1, 1), WHY)
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: endings.decide(s, person, here, typed, 0))
    assert set(refused.value.errors) == {"decided_on"}


def test_an_avenant_takes_effect_before_the_end_and_its_contract_stays_signed(world: World) -> None:
    person, here = world.ours["director"].actor, world.ours.contract_id
    dates(world, replace(DATES, signed_on=TODAY))
    with pytest.raises(InvalidError) as refused:
        world.do(
            lambda s: amendments.record(s, person, here, AmendmentTyped(1, TODAY, date(2035, 1, 2), WHY))
        )
    assert set(refused.value.errors) == {"effective_on"}
    world.do(lambda s: amendments.record(s, person, here, AmendmentTyped(1, TODAY, date(2030, 1, 2), WHY)))
    with pytest.raises(InvalidError) as refused:
        dates(world, DATES, seen=1)
    assert set(refused.value.errors) == {"signed_on"}
