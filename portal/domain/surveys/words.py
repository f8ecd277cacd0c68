"""Words written in a survey, read one by one before its results are shown; nobody edits them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.surveys.models import Survey, SurveyQuestion, SurveyState, SurveyWords, WordsState
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ModerationRule


def read(
    session: Session, person: Actor, survey_id: str, words_id: str, rule: ModerationRule | None, *, show: bool
) -> SurveyWords:
    """Let words be shown, or set them aside by a rule.

    Errors: NotFoundError, RefusedError, InvalidError (`rule`), StaleError when somebody decided
    first, or when the results are published.
    """
    survey = session.get(Survey, survey_id)
    space = spaces.view(session, survey.space_id, clock.now()) if survey is not None else None
    if survey is None or space is None:
        raise NotFoundError
    permits.require(person, Permission.MODERATE, space.target)
    if survey.state is not SurveyState.CLOSED:
        raise _stale(survey.state)
    row = session.get(SurveyWords, words_id)
    question = session.get(SurveyQuestion, row.question_id) if row is not None else None
    if row is None or question is None or question.survey_id != survey.id:
        raise NotFoundError
    if row.state is not WordsState.WAITING:
        raise _stale(row.state)
    if not show and rule is None:
        raise InvalidError({"rule": [say("Choisissez la règle que ces mots ne respectent pas.")]})
    row.state, row.rule = (WordsState.SHOWN, None) if show else (WordsState.SET_ASIDE, rule)
    row.by_function, row.read_at = function_of(person), clock.now()
    session.flush()
    return row


def _stale(current: SurveyState | WordsState) -> StaleError:
    return StaleError(
        say("Une autre personne a déjà décidé de ces mots. Voici l’état actuel."),
        seen=WordsState.WAITING,
        current=current,
    )
