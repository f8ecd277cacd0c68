"""The surveys of the demonstration: one to answer, one whose results can be read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.figures import surveys as figures
from portal.domain.surveys import queries, wording
from portal.domain.surveys.models import Survey, SurveySheet, SurveyState
from portal.vocabulary import Group


def test_one_is_open_and_the_results_of_another_are_told_in_words(seeded):
    def read(session: Session) -> tuple[list[str], figures.Results, list[str]]:
        rows = session.scalars(select(Survey).order_by(Survey.title)).all()
        done = next(row for row in rows if row.state is SurveyState.PUBLISHED)
        told = figures.results(session, done.id)
        asked = queries.questions(session, done.id)
        said = [
            str(wording.in_words(one, told.questions[one.id])) for one in asked if one.id in told.questions
        ]
        named = session.scalars(
            select(SurveySheet.participant_id).where(
                SurveySheet.survey_id == done.id, SurveySheet.participant_id.is_not(None)
            )
        ).all()
        assert named == []
        return [row.state.value for row in rows], told, said

    states, told, said = seeded(read)
    assert sorted(states) == ["ouvert", "publie"]
    assert not told.few
    assert Group.RESIDENTS in told.groups
    assert said[0] == "La plupart des personnes qui ont répondu ont choisi «\u00a0Vers 19 h\u00a0»."
    assert told.words
    assert all(one.enough and not one.waiting for one in told.words.values())
