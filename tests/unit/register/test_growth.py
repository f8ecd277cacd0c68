"""Whatever people and organisers do: public places only grow in number, the chain and the exports are valid."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from portal.domain.answers import merging
from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import cards, service
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Words
from portal.domain.journal import quiet
from portal.domain.journal.verify import verify_database
from portal.domain.moderation import appeals, readers, reports
from portal.domain.moderation import service as moderation
from portal.domain.moderation.models import AppealState
from portal.domain.moderation.service import Reason, Seen
from portal.domain.register import canonical, queries, receipts, sealing
from portal.domain.register import service as register
from portal.kernel import clock
from portal.kernel.engines import read_engine
from portal.kernel.errors import PortalError
from portal.kernel.unit_of_work import SqliteUnit
from portal.tables import METADATA
from portal.vocabulary import (
    Audience,
    ContributionKind,
    ContributionStatus,
    Fate,
    Group,
    ModerationMode,
    ModerationRule,
    ReactionValue,
    Role,
)
from tests.factories.register import fault, verifier
from tests.factories.world import a_contribution, a_house, a_person, a_space

REASON = Reason(ModerationRule.NAMES_SOMEONE, "Retirez le nom de la personne.")
AUTHORS = ("family", "family_0", "resident", "staff_rep", "professional")
places = st.integers(0, 30)


class Growth(RuleBasedStateMachine):
    """One house, one space open at once and one where words are read first."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "portail.db"
        engine = read_engine(self.file)
        METADATA.create_all(engine)
        engine.dispose()
        self.reader = read_engine(self.file)
        self.unit = SqliteUnit(self.file)
        self.seal = sealing.seal_of(Path(self.folder.name))
        self.words: list[str] = []
        self.public: set[str] = set()
        self.receipts: dict[str, str] = {}
        self.nights = 0

        def build(session: Session) -> None:
            self.house = a_house(session, "Tilleuls")
            self.open = a_space(session, self.house)
            self.held = a_space(session, self.house, moderation=ModerationMode.BEFORE)
            reader = a_person(session, self.house, "lectrice", Group.FAMILIES, (Role.APPEAL_READER,))
            self.house.people["reader"] = reader
            for space in (self.open, self.held):
                readers.name(session, self.house["director"].actor, space, reader.id)
            readers.promise(session, reader.actor)

        self.unit(build)

    def teardown(self) -> None:
        if hasattr(self, "unit"):
            self.unit.close()
            self.reader.dispose()
            self.folder.cleanup()

    def attempt(self, act) -> None:
        try:
            self.unit(act)
        except PortalError:
            return

    def one(self, place: int) -> str | None:
        return self.words[place % len(self.words)] if self.words else None

    @rule(who=st.sampled_from(AUTHORS), held=st.booleans(), place=places, reply=st.booleans())
    def write(self, who: str, held: bool, place: int, reply: bool) -> None:
        space = self.held if held else self.open
        parent = self.one(place) if reply else None

        def act(session: Session) -> None:
            kind = ContributionKind.REPLY if parent else ContributionKind.COMMENT
            self.words.append(
                a_contribution(session, self.house, who, space_id=space, parent_id=parent, kind=kind)
            )

        self.attempt(act)

    @rule(place=places, what=st.sampled_from(("correct", "withdraw", "react")), who=st.sampled_from(AUTHORS))
    def change(self, place: int, what: str, who: str) -> None:
        words = self.one(place)
        if words is None:
            return

        def act(session: Session) -> None:
            row = service.by_id(session, words)
            author = next(p for p in self.house.people.values() if p.id == row.participant_id)
            if what == "correct":
                service.correct(session, author.actor, words, Words(f"Autrement dit, {row.version}."))
            elif what == "withdraw":
                service.withdraw(session, author.actor, words)
            else:
                service.react(session, self.house[who].actor, words, ReactionValue.AGREE)

        self.attempt(act)

    @rule()
    def a_night_passes(self) -> None:
        self.nights += 1
        at = clock.now() + timedelta(days=self.nights)
        assert self.unit(lambda session: quiet.seal_due(session, at))

    @rule(place=places, what=st.sampled_from(("approve", "refuse", "hide")))
    def moderate(self, place: int, what: str) -> None:
        words = self.one(place)
        if words is None:
            return

        def act(session: Session) -> None:
            row = service.by_id(session, words)
            seen, who = Seen(row.version, row.status), self.house["moderator"].actor
            if what == "approve":
                moderation.approve(session, who, words, seen)
            else:
                getattr(moderation, what)(session, who, words, seen, REASON)

        self.attempt(act)

    @rule(place=places, state=st.sampled_from((AppealState.UPHELD, AppealState.REVERSED)))
    def look_again(self, place: int, state: AppealState) -> None:
        words = self.one(place)
        if words is None:
            return

        def act(session: Session) -> None:
            row = service.by_id(session, words)
            author = next(p for p in self.house.people.values() if p.id == row.participant_id)
            asked = appeals.ask(session, author.actor, words, "Relisez-moi.")
            appeals.decide(session, self.house["reader"].actor, asked.id, state, "J’ai relu ces mots.")

        self.attempt(act)

    @rule(place=places, who=st.sampled_from(AUTHORS))
    def report(self, place: int, who: str) -> None:
        words = self.one(place)
        if words is None:
            return
        rule_ = ModerationRule.INSULT
        self.attempt(lambda s: reports.report(s, self.house[who].actor, words, rule_, ""))

    @rule(place=places, together=st.booleans())
    def answer(self, place: int, together: bool) -> None:
        words = self.one(place)
        if words is None:
            return
        director = self.house["director"].actor
        if together:
            pair = {words, self.words[0]}
            self.attempt(lambda s: merging.merge(s, director, self.open, pair, "Les mêmes mots."))
        else:
            self.attempt(lambda s: answers.give(s, director, words, NewAnswer("Oui, merci.", Fate.KEPT)))

    @rule(place=places, first=st.sampled_from(("author", "director")))
    def erase(self, place: int, first: str) -> None:
        words = self.one(place)
        if words is None:
            return

        def act(session: Session) -> None:
            row = service.by_id(session, words)
            author = next(p for p in self.house.people.values() if p.id == row.participant_id)
            pair = [author.actor, self.house["director"].actor]
            if first == "director":
                pair.reverse()
            register.ask_erasure(session, pair[0], words)
            register.confirm_erasure(session, pair[1], words)

        self.attempt(act)

    @invariant()
    def places_that_were_public_stay(self) -> None:
        if not hasattr(self, "unit"):
            return
        with Session(self.reader) as session:
            rows = session.query(Contribution).all()
            now = {row.id for row in rows if cards.seen_by(Audience.READERS, row)}
            assert self.public <= now
            self.public = now
            codes = queries.codes(session, self.words)
            assert all(codes[one] == code for one, code in self.receipts.items())
            self.receipts = codes

    @invariant()
    def the_chain_and_its_export_are_valid(self) -> None:
        if not hasattr(self, "unit"):
            return
        verdict = verify_database(self.file)
        assert verdict.ok, verdict.first_bad
        with Session(self.reader) as session:
            contract = self.house.contract_id
            head = queries.head(session, contract)
            lines = list(queries.exported(lambda: session, contract, head.seq, ()))
            export = b"".join(canonical.document(contract, "2026-11-22T14:00:00Z", head, lines, self.seal))
            assert fault(export) is None
            for words, code in self.receipts.items():
                seq, start = verifier().receipt(code)
                assert lines[seq - 1].line.object == words
                assert lines[seq - 1].hash.startswith(start)
                assert receipts.read(code) is not None


SHORT = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=timedelta(seconds=60),
    suppress_health_check=list(HealthCheck),
)


def test_places_only_grow_and_the_chain_stays_valid() -> None:
    run_state_machine_as_test(Growth, settings=SHORT)


def a_machine(*, held: bool) -> Growth:
    """One contribution that was refused or hidden, and its second look that reversed the decision."""
    machine = Growth()
    machine.begin()
    machine.write("family", held=held, place=0, reply=False)
    machine.moderate(0, "refuse" if held else "hide")
    machine.places_that_were_public_stay()
    machine.look_again(0, AppealState.REVERSED)
    return machine


@pytest.mark.parametrize("held", [True, False])
def test_the_acts_are_not_all_refused(held: bool) -> None:
    machine = a_machine(held=held)
    try:
        with Session(machine.reader) as session:
            assert session.query(Contribution).one().status is ContributionStatus.PUBLISHED
    finally:
        machine.teardown()


def test_control_a_place_that_vanishes_is_found() -> None:
    """Planted: the words are no longer in any list."""
    machine = a_machine(held=False)
    try:
        machine.unit(
            lambda session: session.query(Contribution).update({"status": ContributionStatus.PENDING})
        )
        with pytest.raises(AssertionError):
            machine.places_that_were_public_stay()
    finally:
        machine.teardown()
