"""A survey as the domain keeps it: opened once, answered once a person, cut from its authors at the close."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import gevent
import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.figures import surveys as figures
from portal.domain.journal.models import AudienceFrame, JournalLine, QuietLine
from portal.domain.notifications.models import Notice
from portal.domain.participants import service as members
from portal.domain.participants.models import Operation
from portal.domain.spaces import service as spaces
from portal.domain.surveys import queries, service, sheets, words
from portal.domain.surveys.ending import Ending
from portal.domain.surveys.models import (
    QuestionKind,
    Survey,
    SurveyMark,
    SurveyParticipation,
    SurveySheet,
    SurveyState,
    SurveyWords,
    WordsState,
)
from portal.domain.surveys.rules import Given
from portal.domain.surveys.service import NewQuestion, NewSurvey
from portal.kernel import clock
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import Group, Level, ModerationRule, NoticeKind
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.factories.surveys import (
    DAY,
    a_sheet,
    a_survey,
    an_ended_survey,
    an_open_survey,
    version,
)
from tests.factories.world import LEVELS, a_level, a_person, a_space

ONE, TWO, NOTHING = Given((1,)), Given((2,)), Given()
RESIDENTS = ("resident", *(f"resident_{number}" for number in range(5)))
FAMILIES = ("family", *(f"family_{number}" for number in range(5)))


def state(world: World, survey_id: str) -> SurveyState:
    return world.read(lambda s: s.get_one(Survey, survey_id).state)


def rows(world: World, *columns: Any) -> list[Any]:
    return world.read(lambda s: list(s.execute(select(*columns)).all()))


def test_once_open_its_questions_never_change(world: World) -> None:
    director = world.ours["director"].actor
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    seen = world.read(lambda s: version(s, survey_id))
    asked = world.read(lambda s: queries.questions(s, survey_id))
    acts: list[Callable[[Session], object]] = [
        lambda s: service.put_question(
            s, director, survey_id, NewQuestion(QuestionKind.SCALE, "Encore ?"), version=seen
        ),
        lambda s: service.put_question(
            s,
            director,
            survey_id,
            NewQuestion(QuestionKind.SCALE, "Autre ?"),
            version=seen,
            question_id=asked[0].id,
        ),
        lambda s: service.drop_question(s, director, survey_id, asked[0].id, version=seen),
        lambda s: service.raise_question(s, director, survey_id, asked[1].id, version=seen),
        lambda s: service.discard(s, director, survey_id, version=seen),
        lambda s: service.open_(s, director, survey_id, version=seen),
        lambda s: service.publish(s, director, survey_id, version=seen),
    ]
    for act in acts:
        with pytest.raises(StaleError):
            world.do(act)
    assert world.read(lambda s: queries.questions(s, survey_id)) == asked


def test_two_who_prepare_it_meet(world: World) -> None:
    survey_id = world.do(lambda s: a_survey(s, world.ours))
    seen = world.read(lambda s: version(s, survey_id))
    more = NewQuestion(QuestionKind.SCALE, "Le bruit vous gêne-t-il ?")
    world.do(lambda s: service.put_question(s, world.ours["director"].actor, survey_id, more, version=seen))
    with pytest.raises(StaleError):
        world.do(lambda s: service.open_(s, world.ours["deputy"].actor, survey_id, version=seen))


def test_it_has_ten_questions_at_most_and_their_order_is_chosen(world: World) -> None:
    director = world.ours["director"].actor
    survey_id = world.do(lambda s: a_survey(s, world.ours))

    def add(session: Session) -> None:
        more = NewQuestion(QuestionKind.SCALE, "Le bruit vous gêne-t-il ?")
        service.put_question(session, director, survey_id, more, version=version(session, survey_id))

    for _ in range(6):
        world.do(add)
    with pytest.raises(InvalidError):
        world.do(add)
    before = world.read(lambda s: queries.questions(s, survey_id))
    seen = world.read(lambda s: version(s, survey_id))
    world.do(lambda s: service.raise_question(s, director, survey_id, before[2].id, version=seen))
    world.do(lambda s: service.drop_question(s, director, survey_id, before[0].id, version=seen + 1))
    after = world.read(lambda s: queries.questions(s, survey_id))
    assert [one.id for one in after[:2]] == [before[2].id, before[1].id]
    assert [one.position for one in after] == list(range(1, 10))


@pytest.mark.parametrize("who", ["resident", "moderator", "authority"])
def test_only_who_may_prepares(world: World, who: str) -> None:
    ends = clock.now() + DAY
    command = NewSurvey("Titre", "Une phrase.", ends, clock.paris(ends).date())
    with pytest.raises(RefusedError):
        world.do(lambda s: service.prepare(s, world.ours[who].actor, world.ours.space_id, command))


def test_groups_are_those_that_had_the_level_that_day(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    world.do(lambda s: a_level(s, world.ours, Group.BOARD, Level.CONSULTATION))
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: a_sheet(s, world.ours, survey_id, "board", ONE))
    assert refused.value.code == "groupe"
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: a_sheet(s, world.ours, survey_id, "authority", ONE))
    assert refused.value.code == "niveau"


def test_a_person_changes_their_answers_until_the_close(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    mine = world.ours["resident"].id
    world.do(
        lambda s: a_sheet(s, world.ours, survey_id, "resident", ONE, NOTHING, TWO, Given(words="Du pain."))
    )
    world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", Given(declined=True), TWO))
    asked = world.read(lambda s: queries.questions(s, survey_id))
    kept = world.read(lambda s: queries.own_sheet(s, survey_id, mine))
    assert kept == {asked[0].id: Given(declined=True), asked[1].id: TWO}
    assert rows(world, SurveyWords.id) == []
    assert len(rows(world, SurveySheet.id)) == 1
    assert len(rows(world, SurveyParticipation.participant_id)) == 1
    world.do(
        lambda s: service.close(
            s, world.ours["director"].actor, survey_id, "Tout est fini.", version=version(s, survey_id)
        )
    )
    with pytest.raises(StaleError):
        world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", ONE))
    assert world.read(lambda s: queries.answered(s, survey_id, mine))
    assert world.read(lambda s: queries.own_sheet(s, survey_id, mine)) is None


def send_at_once(world: World, survey_id: str, store_name: str) -> None:
    """Twenty sendings of one person: greenlets on SQLite's one loop, threads elsewhere."""

    def send(number: int) -> None:
        world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", Given((1 + number % 3,))))

    if store_name == "postgresql":
        with ThreadPoolExecutor(20) as crowd:
            list(crowd.map(send, range(20)))
    else:
        gevent.joinall([gevent.spawn(send, number) for number in range(20)], raise_error=True)


def test_twenty_sendings_at_once_are_one_sheet(world: World, store_name: str) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    send_at_once(world, survey_id, store_name)
    assert len(rows(world, SurveySheet.id)) == 1
    assert len(rows(world, SurveyMark.value)) == 1
    assert len(rows(world, SurveyParticipation.participant_id)) == 1


def test_the_database_itself_refuses_a_second_sheet(world: World) -> None:
    """The control of the race: the same row twice, past the service."""
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", ONE))
    row = SurveySheet(survey_id=survey_id, participant_id=world.ours["resident"].id)
    with pytest.raises(Exception, match=r"(?i)unique"):
        world.do(lambda s: (s.add(row), s.flush()))


def test_at_the_close_nothing_links_a_sheet_to_a_person(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    people = (*RESIDENTS, *FAMILIES[:2], "manager")
    for who in people:
        given = (ONE, TWO, Given((1, 3)), Given(words=f"Les mots de {who}."))
        world.do(lambda s, who=who, given=given: a_sheet(s, world.ours, survey_id, who, *given))
    before = {row.id for row in rows(world, SurveySheet.id)}
    before_words = {row.id for row in rows(world, SurveyWords.id)}
    assert len(before) == len(before_words) == len(people)
    world.do(
        lambda s: service.close(
            s, world.ours["director"].actor, survey_id, "Tout est fini.", version=version(s, survey_id)
        )
    )
    sheets_after = rows(world, SurveySheet.id, SurveySheet.participant_id, SurveySheet.group)
    assert len(sheets_after) == len(people)
    assert not before & {row.id for row in sheets_after}
    assert {row.participant_id for row in sheets_after} == {None}
    # Two families alone would be told apart: they and the residents lose their group together.
    assert {row.group for row in sheets_after} == {None, Group.MANAGEMENT}
    words_after = rows(world, SurveyWords.id, SurveyWords.sheet_id)
    assert not before_words & {row.id for row in words_after}
    assert {row.sheet_id for row in words_after} == {None}
    ids = {world.ours[who].id for who in people}
    places = _places_of(world, ids)
    assert "survey_participation.participant_id" in places
    assert not {
        place for place in places if place.startswith(("survey_sheet", "survey_mark", "survey_words"))
    }


def _places_of(world: World, ids: set[str]) -> set[str]:
    """The canary: every column of every table where one of these ids stands."""

    def look(session: Session) -> set[str]:
        connection, found = session.connection(), set()
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found |= {f"{table}.{name}" for name, value in row.items() if value in ids}
        return found

    return world.read(look)


def test_the_order_of_sheets_is_drawn_by_lot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(sheets._LOT, "shuffle", lambda some: (drawn.append(len(some)), some.reverse()))
    world.do(lambda s: an_ended_survey(s, world.ours, dict.fromkeys(RESIDENTS, (ONE,))))
    assert sorted(drawn) == [0, 6]


def test_forms_that_were_sent_are_forgotten_at_the_close(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    outcome = sheets.sent(world.ours.space_id, survey_id)
    kept = Operation(
        participant_id=world.ours["resident"].id, op_id="x", digest="0" * 64, outcome=outcome, at=clock.now()
    )
    world.do(lambda s: s.add(kept))
    world.do(
        lambda s: service.close(
            s, world.ours["director"].actor, survey_id, "Tout est fini.", version=version(s, survey_id)
        )
    )
    assert [row for row in rows(world, Operation.outcome) if row.outcome == outcome] == []


def test_it_ends_by_itself_at_its_date(world: World, move_clock: Callable[[float], None]) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours, days=2))
    assert not world.do(lambda s: Ending().advance_due(s, clock.now()))
    move_clock(timedelta(days=3).total_seconds())
    # Before the job has run, the date counts already.
    with pytest.raises(StaleError):
        world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", ONE))
    assert world.do(lambda s: Ending().advance_due(s, clock.now()))
    assert state(world, survey_id) is SurveyState.CLOSED
    assert not world.do(lambda s: Ending().advance_due(s, clock.now()))


def test_it_ends_with_its_space(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    world.do(
        lambda s: spaces.end(s, world.ours["director"].actor, world.ours.space_id, "Tout le monde a parlé.")
    )
    assert world.do(lambda s: Ending().advance_due(s, clock.now()))
    assert state(world, survey_id) is SurveyState.CLOSED


def test_results_wait_until_every_word_is_read(world: World) -> None:
    director, moderator = world.ours["director"].actor, world.ours["moderator"].actor
    given = {who: (ONE, NOTHING, NOTHING, Given(words=f"Mots {who}")) for who in RESIDENTS}
    survey_id = world.do(lambda s: an_ended_survey(s, world.ours, given))

    def publish(session: Session) -> Survey:
        return service.publish(session, director, survey_id, version=version(session, survey_id))

    with pytest.raises(InvalidError):
        world.do(publish)
    asked = [one.id for one in world.read(lambda s: queries.questions(s, survey_id))]
    waiting = world.read(lambda s: queries.words(s, asked, WordsState.WAITING))
    assert [one.id for one in waiting] == sorted(one.id for one in waiting)
    first, *others = (one.id for one in waiting)
    with pytest.raises(RefusedError):
        world.do(lambda s: words.read(s, world.ours["family"].actor, survey_id, first, None, show=True))
    with pytest.raises(InvalidError):
        world.do(lambda s: words.read(s, moderator, survey_id, first, None, show=False))
    world.do(lambda s: words.read(s, moderator, survey_id, first, ModerationRule.NAMES_SOMEONE, show=False))
    with pytest.raises(StaleError):
        world.do(lambda s: words.read(s, director, survey_id, first, None, show=True))
    for one in others:
        world.do(lambda s, one=one: words.read(s, moderator, survey_id, one, None, show=True))
    world.do(publish)
    assert state(world, survey_id) is SurveyState.PUBLISHED
    told = world.read(lambda s: figures.results(s, survey_id))
    (found,) = told.words.values()
    assert found.enough
    assert found.set_aside == {ModerationRule.NAMES_SOMEONE: 1}


def test_words_have_no_reader_before_the_close(world: World) -> None:
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    given = (NOTHING, NOTHING, NOTHING, Given(words="Du pain."))
    world.do(lambda s: a_sheet(s, world.ours, survey_id, "resident", *given))
    ((words_id,),) = rows(world, SurveyWords.id)
    with pytest.raises(StaleError):
        world.do(lambda s: words.read(s, world.ours["moderator"].actor, survey_id, words_id, None, show=True))


def test_results_do_not_move_when_people_come_and_go(world: World) -> None:
    given = dict.fromkeys((*RESIDENTS, *FAMILIES), (ONE, TWO))
    survey_id = world.do(lambda s: an_ended_survey(s, world.ours, given))
    before = world.read(lambda s: figures.results(s, survey_id))
    # No professional answered: with families told too, « nobody among the professionals » would be found.
    assert before.groups == (Group.RESIDENTS,)
    assert not before.few

    def come_and_go(session: Session) -> None:
        members.remove_member(session, world.ours["resident_1"].id)
        a_person(session, world.ours, "nouvelle", Group.RESIDENTS)

    world.do(come_and_go)
    assert world.read(lambda s: figures.results(s, survey_id)) == before


def test_what_the_journal_and_open_pages_hear(world: World) -> None:
    given = dict.fromkeys(RESIDENTS, (ONE,))
    survey_id = world.do(lambda s: an_ended_survey(s, world.ours, given))
    world.do(
        lambda s: service.publish(s, world.ours["director"].actor, survey_id, version=version(s, survey_id))
    )
    lines = rows(world, JournalLine.kind, JournalLine.group, JournalLine.seq, JournalLine.at)
    lines.sort(key=lambda line: line.seq)
    mine = [line for line in lines if line.kind.startswith("survey")]
    kinds = [line.kind for line in mine]
    assert kinds == ["survey_opened", "survey_closed", "survey_published"]
    apart = rows(world, QuietLine.kind, QuietLine.group, QuietLine.at)
    sent = [line for line in apart if line.kind == "survey_answered"]
    assert len(sent) == 6
    assert all(line.group == "" and "T" not in line.at for line in sent)
    framed = {row.kind for row in rows(world, AudienceFrame.kind) if row.kind.startswith("survey")}
    assert framed == {FactKind.SURVEY_OPENED, FactKind.SURVEY_CLOSED, FactKind.SURVEY_PUBLISHED}


def test_those_who_are_invited_are_told(world: World) -> None:
    skip(world)
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    follow(world)
    told = {
        row.participant_id
        for row in rows(world, Notice.participant_id, Notice.kind)
        if row.kind is NoticeKind.SURVEY
    }
    assert world.ours["resident"].id in told
    assert world.ours["manager"].id in told
    assert not told & {world.ours[who].id for who in ("director", "board", "authority")}
    director = world.ours["director"].actor
    world.do(lambda s: service.close(s, director, survey_id, "Tout est fini.", version=version(s, survey_id)))
    world.do(lambda s: service.publish(s, director, survey_id, version=version(s, survey_id)))
    follow(world)
    found = rows(world, Notice.participant_id, Notice.kind)
    again = {row.participant_id for row in found if row.kind is NoticeKind.SURVEY_RESULTS}
    assert again == told


def test_a_survey_of_a_house_of_institutions_is_told_as_it_is(world: World) -> None:
    levels = {**LEVELS, **dict.fromkeys(Group, Level.INFORMATION), Group.BOARD: Level.CONSULTATION}
    space_id = world.do(lambda s: a_space(s, world.ours, levels=levels))
    survey_id = world.do(lambda s: an_ended_survey(s, world.ours, {"board": (ONE,)}, space_id=space_id))
    told = world.read(lambda s: figures.results(s, survey_id))
    (question, *_rest) = world.read(lambda s: queries.questions(s, survey_id))
    assert not told.few
    assert told.questions[question.id].told(1) == 1
    assert told.questions[question.id].told(2) == 0
