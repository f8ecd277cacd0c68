"""The short surveys of the demonstration: one that is open, one whose results are published."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.demo.people import shuffled
from portal.demo.reading import word
from portal.domain.surveys import queries, service, sheets
from portal.domain.surveys import words as reading
from portal.domain.surveys.ending import Ending
from portal.domain.surveys.models import QuestionKind, Survey, WordsState
from portal.domain.surveys.rules import DECLINED, Given
from portal.domain.surveys.service import NewQuestion, NewSurvey
from portal.kernel.calendar import next_working
from portal.kernel.clock import paris
from portal.vocabulary import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.demo.words import Play, Room
    from portal.domain.surveys.rules import Question


def ask(play: Play, rooms: Mapping[str, Room], entries: Iterable[Mapping[str, Any]]) -> None:
    """Prepare and open these surveys, let people answer; end, read and publish those that say so."""
    for entry in entries:
        survey_id = _open(play, rooms[entry["espace"]].space_id, entry)
        _answer(play, survey_id, entry)
        if "publie_jour" in entry:
            _publish(play, survey_id, entry)


def _open(play: Play, space_id: str, entry: Mapping[str, Any]) -> str:
    director = play.people[entry["par"]].actor
    ends_at = play.at + timedelta(days=max(entry["fin_jour"], 1))
    promised = paris(play.at + timedelta(days=max(entry["promis_jour"], 2))).date()
    command = NewSurvey(entry["titre"], entry["phrase"], ends_at, promised)
    row = service.prepare(play.session, director, space_id, command)
    for one in entry["questions"]:
        options = "\n".join(one.get("reponses", ()))
        asked = NewQuestion(word(QuestionKind, one["sorte"]), one["question"], options)
        service.put_question(play.session, director, row.id, asked, version=row.version)
    service.open_(play.session, director, row.id, version=row.version)
    row.opened_at = play.moment(entry["ouvre_jour"], "09:30")
    return row.id


def _answer(play: Play, survey_id: str, entry: Mapping[str, Any]) -> None:
    asked = queries.questions(play.session, survey_id)
    for group, number in entry["repondent"].items():
        members = [one for one in play.people.values() if one.actor.group is word(Group, group)]
        able = [
            one for one in shuffled(members, entry["titre"]) if one.key not in entry.get("pas_encore", ())
        ]
        for place, person in enumerate(able[:number]):
            given = {
                question.id: _given(question, one, group, place)
                for question, one in zip(asked, entry["questions"], strict=True)
            }
            sheets.answer(play.session, person.actor, survey_id, given)


def _given(question: Question, entry: Mapping[str, Any], group: str, place: int) -> Given:
    """What the person in this place of a group answers: places follow what the file says of the group."""
    if question.kind is QuestionKind.WORDS:
        said = entry.get("mots", {}).get(group, ())
        return Given(words=said[place]) if place < len(said) else Given()
    row = entry["poids"][group]
    chosen = row[place % len(row)]
    if chosen == DECLINED:
        return Given(declined=True)
    # Several answers are written as the digits of one number.
    return Given(tuple(int(digit) for digit in str(chosen)))


def _publish(play: Play, survey_id: str, entry: Mapping[str, Any]) -> None:
    session, director = play.session, play.people[entry["par"]].actor
    row = session.get_one(Survey, survey_id)
    row.ends_at = play.moment(entry["fin_jour"], "20:00")
    row.promised_on = next_working(paris(play.moment(entry["promis_jour"], "12:00")).date())
    session.flush()
    Ending().advance_due(session, play.at)
    session.refresh(row)
    asked = [one.id for one in queries.questions(session, survey_id)]
    while waiting := queries.words(session, asked, WordsState.WAITING):
        for one in waiting:
            reading.read(session, director, survey_id, one.id, None, show=True)
    service.publish(session, director, survey_id, version=row.version)
    row.published_at = play.moment(entry["publie_jour"], "11:00")
    session.flush()
