"""Whatever people do, and in whatever order, what is owed follows from the levels: nothing more, nothing less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.duties import clocks, queries, rules, service
from portal.domain.duties.service import NewExtension
from portal.domain.figures import queries as figures
from portal.domain.involvement import service as involvement
from portal.domain.involvement.service import NewLevel
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.kernel import calendar, clock
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import ContributionKind, DutyKind, DutyState, Fate, Group, Level, Phase, Role
from tests.conftest import World
from tests.factories.world import a_contribution, a_person, a_space

DAY = timedelta(days=1)
SPEAKERS = {"family": Group.FAMILIES, "resident": Group.RESIDENTS, "manager": Group.MANAGEMENT}
KINDS = (ContributionKind.QUESTION, ContributionKind.COMMENT, ContributionKind.PROPOSAL)
# By hand, from the design: what each level owes for each kind of words.
OWED = {
    (Level.INFORMATION, ContributionKind.QUESTION): DutyKind.ANSWER,
    (Level.CONSULTATION, ContributionKind.QUESTION): DutyKind.ANSWER,
    (Level.CONSULTATION, ContributionKind.COMMENT): DutyKind.FATE,
    (Level.CONCERTATION, ContributionKind.QUESTION): DutyKind.ANSWER,
    (Level.CONCERTATION, ContributionKind.COMMENT): DutyKind.FATE,
    (Level.CONCERTATION, ContributionKind.PROPOSAL): DutyKind.MOTIVATED_ANSWER,
}
REFUSED = (RefusedError, InvalidError, StaleError)


@dataclass
class Ground:
    """The world of all examples; its clock only goes forward."""

    world: World
    move: Callable[[float], None]
    passed: timedelta = timedelta()

    def wait(self, days: int) -> None:
        self.passed += days * DAY
        self.move(self.passed.total_seconds())


@dataclass
class Word:
    """A contribution, as the model remembers it: the level that its group had when it was sent."""

    kind: ContributionKind
    group: Group
    level: Level
    done: DutyState | None = None


@dataclass
class Model:
    """What must hold, kept apart from the code: levels as decided, words as sent."""

    space_id: str
    words: dict[str, Word] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    agreed: dict[Group, date] = field(default_factory=dict)


class People(RuleBasedStateMachine):
    """People act on one space; some acts are refused, and then nothing changed."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.world = self.ground.world
        self.house = self.world.ours
        space_id = self.do(lambda s: a_space(s, self.house, days=60))
        self.model = Model(space_id)

    def do(self, act: Callable[[Session], Any]) -> Any:
        return self.world.do(act)

    def tries(self, act: Callable[[Session], Any]) -> Any:
        """What the act gives, or None when it is refused."""
        try:
            return self.do(act)
        except REFUSED:
            return None

    @property
    def director(self) -> Any:
        return self.house["director"].actor

    def level(self, group: Group) -> Level | None:
        """What the page of the space says today."""
        space = self.world.read(lambda s: spaces.view(s, self.model.space_id, clock.now()))
        assert space is not None
        return space.target.levels.get(group)

    @rule(who=st.sampled_from(sorted(SPEAKERS)), kind=st.sampled_from(KINDS))
    def speak(self, who: str, kind: ContributionKind) -> None:
        level = self.level(SPEAKERS[who])
        sent = self.tries(
            lambda s: a_contribution(s, self.house, who, kind=kind, space_id=self.model.space_id)
        )
        if sent is not None:
            assert level is not None
            self.model.words[sent] = Word(kind, SPEAKERS[who], level)

    @rule(
        group=st.sampled_from([Group.FAMILIES, Group.RESIDENTS]),
        level=st.sampled_from([None, Level.INFORMATION, Level.CONSULTATION, Level.CONCERTATION]),
    )
    def decide_a_level(self, group: Group, level: Level | None) -> None:
        command = NewLevel(group, level, "Pour essayer.")
        contract, space = self.house.contract_id, self.model.space_id
        self.tries(lambda s: involvement.record(s, self.director, contract, space, command))

    @rule(days=st.sampled_from([1, 5, 8, 20]))
    def wait(self, days: int) -> None:
        self.ground.wait(days)
        now = clock.now()
        self.do(lambda s: involvement.apply_due(s, now))
        self.do(lambda s: space_service.advance_due(s, now))

    def some(self, data: Any) -> str | None:
        known = sorted(set(self.model.words) - self.model.gone)
        return data.draw(st.sampled_from(known)) if known else None

    @rule(data=st.data())
    def answer(self, data: Any) -> None:
        about = self.some(data)
        command = NewAnswer("Merci, nous le ferons.", Fate.KEPT)
        if about and self.tries(lambda s: answers.give(s, self.director, about, command)):
            self.model.words[about].done = DutyState.KEPT

    @rule(data=st.data())
    def explain(self, data: Any) -> None:
        about = self.some(data)
        if about and self.tries(lambda s: service.explain(s, self.director, about, "Il manque du temps.")):
            self.model.words[about].done = DutyState.EXPLAINED

    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        about = self.some(data)
        names = {group: name for name, group in SPEAKERS.items()}
        if about is None:
            return
        author = self.house[names[self.model.words[about].group]].actor
        if self.tries(lambda s: contributions.withdraw(s, author, about)):
            self.model.gone.add(about)

    @rule(resume=st.booleans())
    def pause(self, resume: bool) -> None:
        space_id = self.model.space_id
        if resume:
            self.tries(lambda s: space_service.resume(s, self.director, space_id))
        else:
            self.tries(lambda s: space_service.pause(s, self.director, space_id, "La grippe."))

    @rule(days=st.integers(1, 60), accepted=st.booleans())
    def ask_for_time(self, days: int, accepted: bool) -> None:
        until = clock.today() + (90 + days) * DAY
        command, space_id = NewExtension(Group.FAMILIES, until, "Le conseil se réunit."), self.model.space_id
        asked = self.tries(lambda s: service.ask_extension(s, self.director, space_id, command).id)
        if asked is None:
            return
        elected = self.house["elected"].actor
        decided = self.tries(
            lambda s: service.decide_extension(
                s, elected, space_id, asked, accepted=accepted, reason="Voilà pourquoi."
            )
        )
        if decided is not None and accepted:
            self.model.agreed[Group.FAMILIES] = max(until, self.model.agreed.get(Group.FAMILIES, until))

    @rule()
    def close_too_early(self) -> None:
        """Closing is refused while something is owed; where nothing is, it stays open here."""
        if not self.unmet():
            return
        with pytest.raises(RefusedError):
            self.do(lambda s: answers.close(s, self.director, self.model.space_id))

    def unmet(self) -> list[queries.Duty]:
        def read(session: Session) -> list[queries.Duty]:
            space = spaces.view(session, self.model.space_id, clock.now())
            assert space is not None
            return queries.unmet(session, space, clock.now())

        return list(self.world.read(read))

    @invariant()
    def what_is_owed_follows_from_the_levels(self) -> None:
        found = self.about_words()
        expected = {
            id_: OWED[word.level, word.kind]
            for id_, word in self.model.words.items()
            if id_ not in self.model.gone and word.group is not Group.MANAGEMENT
        }
        # A level raised before publication may owe more: here words are public at once.
        assert {one.owed.contribution_id: one.owed.kind for one in found} == expected

    @invariant()
    def a_synthesis_is_owed_to_each_group_that_spoke_at_its_level(self) -> None:
        found = self.world.read(self.read_all)
        expected = {
            word.group
            for id_, word in self.model.words.items()
            if id_ not in self.model.gone
            and word.group is not Group.MANAGEMENT
            and word.level >= Level.CONSULTATION
        }
        owed = [one.owed.group for one in found if one.owed.kind is DutyKind.SYNTHESIS]
        assert sorted(owed) == sorted(expected)

    def about_words(self) -> list[queries.Duty]:
        """What is owed for words, one by one."""
        return [one for one in self.world.read(self.read_all) if one.owed.contribution_id]

    @invariant()
    def states_follow_from_what_was_done(self) -> None:
        today = clock.today()
        for one in self.about_words():
            done = self.model.words[one.owed.contribution_id].done
            late = DutyState.LATE if today > one.due_on else DutyState.TO_DO
            assert one.state is (done or late)
            assert calendar.is_working(one.due_on)
            agreed = self.model.agreed.get(one.owed.group)
            assert agreed is None or one.due_on >= agreed

    @invariant()
    def whoever_counts_finds_the_same(self) -> None:
        found = self.world.read(self.read_all)
        unmet = [one for one in found if one.state in rules.UNMET]
        assert len(self.unmet()) == len(unmet)
        words = [one for one in unmet if one.owed.kind is not DutyKind.SYNTHESIS]
        assert self.world.read(lambda s: figures.unanswered(s, self.model.space_id)) == len(words)
        lines = self.world.read(self.read_lines)
        assert sum(line.number for line in lines) == len(found)
        assert {(line.kind, line.due_on, line.state) for line in lines} == {
            (one.owed.kind, one.due_on, one.state) for one in found
        }

    def read_all(self, session: Session) -> list[queries.Duty]:
        space = spaces.view(session, self.model.space_id, clock.now())
        assert space is not None
        assert space.phase is not Phase.CLOSED
        return queries.duties(session, [space], clock.now())

    def read_lines(self, session: Session) -> list[queries.Line]:
        space = spaces.view(session, self.model.space_id, clock.now())
        assert space is not None
        return queries.lines(session, [space], clocks.of(session, [space], clock.now()))


@pytest.fixture
def store_name() -> str:
    return "sqlite"


@pytest.fixture
def ground(world: World, move_clock: Callable[[float], None]) -> Ground:
    """The house, with somebody who may agree to more time."""

    def elect(session: Session) -> None:
        world.ours.people["elected"] = a_person(
            session, world.ours, "elue Tilleuls", Group.FAMILIES, (Role.CVS_MEMBER,)
        )

    world.do(elect)
    return Ground(world, move_clock)


SHORT = settings(
    max_examples=8,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_any_sequence_keeps_duties_consistent_with_levels(ground: Ground) -> None:
    machine = type("PeopleHere", (People,), {"ground": ground})
    run_state_machine_as_test(machine, settings=SHORT)


def test_control_a_duty_that_follows_the_level_of_today_is_found(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the level in force today counts, so that lowering takes duties away."""
    honest = rules.level_that_counts

    def forgetful(records: Any, words: rules.Words) -> Level | None:
        now = clock.now()
        return honest(records, rules.Words(words.kind, words.group, now, now))

    monkeypatch.setattr(rules, "level_that_counts", forgetful)
    machine = type("PeopleThere", (People,), {"ground": ground})
    people = machine()
    people.speak("family", ContributionKind.COMMENT)
    people.decide_a_level(Group.FAMILIES, Level.INFORMATION)
    people.wait(8)
    with pytest.raises(AssertionError):
        people.what_is_owed_follows_from_the_levels()
