"""Two contracts where the same things happen, by one person here, by up to four there: every figure is the same.

What a number tells of fewer than five persons would be different: it could be recovered by comparing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.figures import (
    balance,
    construction,
    moderation,
    participation,
    portfolio,
    queries,
    surveys,
)
from portal.domain.figures import fold as folding
from portal.domain.figures.participation import Scope
from portal.domain.moderation import appeals, readers, reports
from portal.domain.moderation import service as deciding
from portal.domain.moderation.models import AppealState, Report
from portal.domain.moderation.service import Reason, Seen
from portal.domain.register import queries as register
from portal.domain.register import service as erasing
from portal.domain.surveys import service as survey_service
from portal.domain.surveys.models import SurveyState
from portal.domain.surveys.rules import Given
from portal.kernel import clock
from portal.kernel.engines import read_engine
from portal.kernel.errors import PortalError
from portal.kernel.unit_of_work import SqliteUnit
from portal.tables import METADATA
from portal.vocabulary import Fate, Group, Level, ModerationRule, ReactionValue, Role
from tests.factories.surveys import a_sheet, an_open_survey, version
from tests.factories.world import LEVELS, a_contribution, a_house, a_person, a_space

FEW = ("resident", "resident_0", "resident_1", "resident_2")
OTHERS = ("family", "family_0", "family_1", "family_2")
NAMES = re.compile(r"\b[a-z2-7]{26}\b")
people = st.integers(0, len(FEW) - 1)
places = st.integers(0, 9)


class Contract:
    """One contract in a database of its own, and what was said in it, in order."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "portail.db"
        self.reader = read_engine(file)
        METADATA.create_all(self.reader)
        self.unit = SqliteUnit(file)
        self.said: list[str] = []
        # Who wrote each of them, by name.
        self.by: list[str] = []
        self.unit(self._build)

    def _build(self, session: Session) -> None:
        self.house = a_house(session, "Tilleuls")
        a_space(session, self.house, levels={**LEVELS, Group.BOARD: Level.CONCERTATION})
        # What is reacted to is nobody's to protect.
        self.says(session, "board")
        self.survey = an_open_survey(session, self.house)
        reader = a_person(session, self.house, "lectrice", Group.PROFESSIONALS, (Role.APPEAL_READER,))
        self.house.people["reader"] = reader
        readers.name(session, self.house["director"].actor, self.house.space_id, reader.id)
        readers.promise(session, reader.actor)

    def says(self, session: Session, name: str, item: int = 0) -> None:
        self.said.append(a_contribution(session, self.house, name, item=item))
        self.by.append(name)

    def close(self) -> None:
        self.unit.close()
        self.reader.dispose()
        self.folder.cleanup()

    def does(self, act: Callable[[Session], object]) -> bool:
        try:
            self.unit(act)
        except PortalError:
            return False
        return True

    def told(self) -> dict[str, str]:
        """Every figure about persons, written out; what it is about keeps its place, not its name."""
        return {name: NAMES.sub("…", repr(figure)) for name, figure in self._figures().items()}

    def _figures(self) -> dict[str, Any]:
        house = self.house
        here = Scope(house.contract_id, house.space_id)
        of_place = Scope(house.contract_id, None, house.establishment_id)
        with Session(self.reader) as session:
            ended = survey_service.by_id(session, self.survey).state is not SurveyState.OPEN
            reacted = queries.reactions(session, self.said)
            by_item = queries.contributions_by_item(session, house.space_id)
            return {
                "participation": self._told(session, here),
                "of the contract": self._told(session, Scope(house.contract_id)),
                "of a place": self._told(session, of_place),
                "balance": balance.balance(session, here),
                "silence": [
                    (one.group, [house.items.index(item) for item in one.item_ids])
                    for one in self._silences(session)
                ],
                "reactions": [reacted.get(one) for one in self.said],
                "by item": [by_item.get(item) for item in house.items],
                "set aside": moderation.set_aside(session, house.space_id, clock.now()),
                "reported": [moderation.reported(session, one) for one in self.said],
                "most": [
                    self.said.index(one)
                    for value in ReactionValue
                    for one in construction.most(session, house.contract_id, value, 9)
                ],
                "the authority": list(portfolio.said(session, [house.contract_id]).values()),
                "survey": surveys.results(session, self.survey) if ended else None,
                "lines": register.head(session, house.contract_id).seq,
            }

    def _told(self, session: Session, scope: Scope) -> dict[str, Any]:
        kept = participation.told(session, scope).kept()
        for figures in kept.values():
            if "by_item" in figures:
                figures["by_item"] = [figures["by_item"].get(item, "nothing") for item in self.house.items]
        return kept

    def _silences(self, session: Session) -> tuple[balance.Silence, ...]:
        house = self.house
        invited = balance.Invited(house.contract_id, tuple(house.items), LEVELS)
        return balance.silences(session, {house.space_id: invited})[house.space_id]


class Twins(RuleBasedStateMachine):
    """In `one` always the same person acts; in `few` any of four do the same."""

    @initialize()
    def begin(self) -> None:
        self.one, self.few = Contract(), Contract()

    def teardown(self) -> None:
        if hasattr(self, "few"):
            self.one.close()
            self.few.close()

    def both(self, act: Callable[[Session, Contract, str], object], who: int) -> None:
        done = self.few.does(lambda s: act(s, self.few, FEW[who]))
        assert self.one.does(lambda s: act(s, self.one, FEW[0])) is done

    @rule(who=people, item=st.integers(0, 2))
    def speak(self, who: int, item: int) -> None:
        self.both(lambda s, at, name: at.says(s, name, item), who)

    @rule(who=people, value=st.sampled_from(ReactionValue))
    def react(self, who: int, value: ReactionValue) -> None:
        self.both(lambda s, at, name: contributions.react(s, at.house[name].actor, at.said[0], value), who)

    @rule(who=people, answer=st.integers(1, 3))
    def answer_the_survey(self, who: int, answer: int) -> None:
        given = (Given(values=(answer,)), Given(values=(answer,)))
        self.both(lambda s, at, name: a_sheet(s, at.house, at.survey, name, *given), who)

    @rule()
    def end_the_survey(self) -> None:
        def end(session: Session, at: Contract, _name: str) -> None:
            director = at.house["director"].actor
            seen = version(session, at.survey)
            survey_service.close(session, director, at.survey, "Assez de réponses.", version=seen)

        self.both(end, 0)

    @rule(place=places, fate=st.sampled_from((Fate.KEPT, Fate.NOT_KEPT)))
    def direction_answers(self, place: int, fate: Fate) -> None:
        def give(session: Session, at: Contract, _name: str) -> None:
            director = at.house["director"].actor
            answers.give(
                session, director, at.said[place % len(at.said)], NewAnswer("Merci, nous le ferons.", fate)
            )

        self.both(give, 0)

    @rule(who=people, place=places)
    def report(self, who: int, place: int) -> None:
        """One person says it once of the same words, others may join; words that were examined are left alone."""

        def say(session: Session, at: Contract, name: str) -> None:
            words = at.said[place % len(at.said)]
            examined = exists().where(Report.contribution_id == words, Report.settled_at.is_not(None))
            if not session.scalar(select(examined)):
                reports.report(session, at.house[name].actor, words, ModerationRule.OFF_TOPIC, "")

        self.few.does(lambda s: say(s, self.few, OTHERS[who]))
        self.one.does(lambda s: say(s, self.one, OTHERS[0]))

    @rule(place=places, what=st.sampled_from((ModerationRule.OFF_TOPIC, ModerationRule.INSULT)))
    def direction_hides(self, place: int, what: ModerationRule) -> None:
        def hide(session: Session, at: Contract, _name: str) -> None:
            row = contributions.by_id(session, at.said[place % len(at.said)])
            assert row is not None
            why = Reason(what, "Dites-le autrement.")
            deciding.hide(session, at.house["director"].actor, row.id, Seen(row.version, row.status), why)

        self.both(hide, 0)

    @rule(place=places)
    def author_asks_for_a_second_look(self, place: int) -> None:
        def ask(session: Session, at: Contract, _name: str) -> None:
            number = place % len(at.said)
            appeals.ask(session, at.house[at.by[number]].actor, at.said[number], "Relisez-le.")

        self.both(ask, 0)

    @rule(place=places, state=st.sampled_from((AppealState.UPHELD, AppealState.REVERSED)))
    def reader_decides(self, place: int, state: AppealState) -> None:
        def decide(session: Session, at: Contract, _name: str) -> None:
            decision = appeals.decision_on(session, at.said[place % len(at.said)])
            appeal = appeals.of_decision(session, decision.id) if decision else None
            appeals.decide(
                session, at.house["reader"].actor, appeal.id if appeal else "", state, "Relu avec soin."
            )

        self.both(decide, 0)

    @rule(place=places)
    def words_are_erased(self, place: int) -> None:
        def erase(session: Session, at: Contract, _name: str) -> None:
            number = place % len(at.said)
            erasing.ask_erasure(session, at.house[at.by[number]].actor, at.said[number])
            erasing.confirm_erasure(session, at.house["director"].actor, at.said[number])

        self.both(erase, 0)

    @invariant()
    def nobody_can_tell_them_apart(self) -> None:
        if hasattr(self, "few"):
            here, there = self.one.told(), self.few.told()
            assert {name: (here[name], there[name]) for name in there if there[name] != here[name]} == {}


SHORT = settings(
    max_examples=4,
    stateful_step_count=12,
    deadline=timedelta(seconds=60),
    suppress_health_check=list(HealthCheck),
)


def test_no_figure_tells_whether_one_or_four_acted() -> None:
    run_state_machine_as_test(Twins, settings=SHORT)


@contextmanager
def all_four_act() -> Iterator[Twins]:
    twins = Twins()
    twins.begin()
    try:
        for who in range(len(FEW)):
            twins.speak(who, 0)
            twins.react(who, ReactionValue.AGREE)
            twins.answer_the_survey(who, 1)
        for place, hidden in ((1, ModerationRule.OFF_TOPIC), (2, ModerationRule.INSULT)):
            for who in range(len(FEW)):
                twins.report(who, place)
            twins.direction_hides(place, hidden)
            twins.author_asks_for_a_second_look(place)
        twins.direction_hides(4, ModerationRule.OFF_TOPIC)
        twins.reader_decides(1, AppealState.UPHELD)
        twins.reader_decides(2, AppealState.REVERSED)
        twins.words_are_erased(3)
        twins.end_the_survey()
        yield twins
    finally:
        twins.teardown()


def test_the_acts_are_not_all_refused() -> None:
    with all_four_act() as twins:
        assert len(twins.few.said) == 1 + len(FEW)
        for at in (twins.one, twins.few):
            with Session(at.reader) as session:
                aside = moderation.set_aside(session, at.house.space_id, clock.now())
                erased = [contributions.by_id(session, one).erased for one in at.said]
            assert aside.by_rule == {ModerationRule.OFF_TOPIC: 2}
            assert aside.decided == {AppealState.UPHELD: 1, AppealState.REVERSED: 1}
            assert erased == [False, False, False, True, False]
        twins.nobody_can_tell_them_apart()


def test_a_person_who_answers_again_is_no_second_person():
    """An option that one person marked, another left: neither is told from an option nobody marked."""
    twins = Twins()
    twins.begin()
    try:
        twins.answer_the_survey(0, 3)
        twins.answer_the_survey(3, 1)
        twins.end_the_survey()
        twins.nobody_can_tell_them_apart()
    finally:
        twins.teardown()


def test_control_a_figure_that_does_not_fold_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with all_four_act() as twins:
        monkeypatch.setattr(folding, "SMALL", 2)
        for module in (queries, balance, participation, moderation, construction, surveys, portfolio):
            if hasattr(module, "SMALL"):
                monkeypatch.setattr(module, "SMALL", 2)
        with pytest.raises(AssertionError):
            twins.nobody_can_tell_them_apart()
