"""What the matrix finds beside the words: surveys in every state, a synthesis in writing and one published, an act."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.domain.acts.models import FormalAct
from portal.domain.surveys import queries, service, sheets
from portal.domain.surveys.models import QuestionKind, Survey, SurveyState
from portal.domain.surveys.rules import Given
from portal.domain.surveys.service import NewQuestion, NewSurvey
from portal.domain.syntheses import rules as marks
from portal.domain.syntheses import service as syntheses
from portal.domain.syntheses.rules import Part
from portal.domain.syntheses.service import NewDraft
from portal.kernel import clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.policy.actor import Actor
    from tests.browser.matrix.stage import Stage

QUESTIONS = (
    NewQuestion(QuestionKind.SCALE, "Le dîner arrive-t-il assez chaud ?"),
    NewQuestion(QuestionKind.ONE, "À quelle heure voulez-vous dîner ?", "18 h 30\n19 h\n19 h 30"),
    NewQuestion(QuestionKind.SEVERAL, "Que manque-t-il à table ?", "Du pain\nDes fruits\nDu temps"),
    NewQuestion(QuestionKind.WORDS, "Que changeriez-vous en premier ?"),
)
SURVEYS = ("preparing", "asked", "ended", "told")


def lay_out(session: Session, stage: Stage, actors: dict[str, Actor]) -> None:
    """Everything, while the spaces are open."""
    director = actors["director"]
    many = stage.spaces["many"]
    for state in SURVEYS[:3]:
        stage.surveys[state] = _survey(session, director, many, state)
    _answered(session, actors, stage.surveys["ended"]["survey_id"])
    row = session.get_one(Survey, stage.surveys["ended"]["survey_id"])
    service.close(session, director, row.id, "Tout le monde a répondu.", version=row.version)
    told = session.scalars(select(Survey).where(Survey.state == SurveyState.PUBLISHED)).first()
    assert told is not None
    stage.surveys["told"] = _named(session, told)
    stage.act = (
        session.scalars(select(FormalAct.id).where(FormalAct.contract_id == stage.contract)).first() or ""
    )
    said = stage.words["resident"]["published"]
    syntheses.save(
        session, director, many, NewDraft((Part("Les repas", f"Une soupe. {marks.mark(said)}"),), 0)
    )


def publish(session: Session, stage: Stage, director: Actor) -> None:
    """The synthesis of a space whose time is over."""
    space, said = stage.spaces["answering"], stage.words["resident"]["in_answering"]
    saved = syntheses.save(
        session, director, space, NewDraft((Part("Le marché", f"Y aller le matin. {marks.mark(said)}"),), 0)
    )
    syntheses.publish(session, director, space, seen=saved.version, reason="")


def _survey(session: Session, director: Actor, space_id: str, state: str) -> dict[str, str]:
    now = clock.now()
    command = NewSurvey(
        f"Les repas du soir ({state})",
        "Quelques minutes suffisent. Aucune question n\u2019est obligatoire.",
        now + timedelta(days=20),
        (now + timedelta(days=30)).date(),
    )
    row = service.prepare(session, director, space_id, command)
    for one in QUESTIONS:
        asked = NewQuestion(one.kind, one.body, one.options)
        service.put_question(session, director, row.id, asked, version=row.version)
    if state != "preparing":
        service.open_(session, director, row.id, version=row.version)
    return _named(session, row)


def _named(session: Session, row: Survey) -> dict[str, str]:
    asked = queries.questions(session, row.id)
    worded = next((one.id for one in asked if one.kind is QuestionKind.WORDS), asked[0].id)
    return {"survey_id": row.id, "space_id": row.space_id, "question_id": worded}


def _answered(session: Session, actors: dict[str, Actor], survey_id: str) -> None:
    scale, one, several, words = queries.questions(session, survey_id)
    for name in ("resident", "family"):
        given = {
            scale.id: Given((2,)),
            one.id: Given((1,)),
            several.id: Given((1, 3)),
            words.id: Given(words=f"Du pain chaud, dit {name}."),
        }
        sheets.answer(session, actors[name], survey_id, given)
