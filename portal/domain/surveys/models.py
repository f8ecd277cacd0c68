"""Short surveys: questions, sheets that lose their author at the close, words read before they are shown."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Group, Labelled, ModerationRule


class SurveyState(Labelled):
    """Where a survey stands; from its opening on, its questions never change."""

    DRAFT = "brouillon", say("en préparation")
    OPEN = "ouvert", say("ouvert")
    CLOSED = "termine", say("terminé")
    PUBLISHED = "publie", say("résultats publiés")


class QuestionKind(Labelled):
    """How a question is answered."""

    ONE = "un-choix", say("une réponse parmi plusieurs")
    SEVERAL = "plusieurs-choix", say("plusieurs réponses possibles")
    SCALE = "echelle", say("une échelle de cinq mots, avec des visages")
    WORDS = "mots", say("quelques mots libres")


class ScaleStep(Labelled):
    """The five words of a scale, from no to yes; each goes with a face, never the face alone."""

    NO = "1", say("Pas du tout")
    RATHER_NO = "2", say("Plutôt non")
    BETWEEN = "3", say("Entre les deux")
    RATHER_YES = "4", say("Plutôt oui")
    YES = "5", say("Tout à fait")


class WordsState(Labelled):
    """Whether words written in a survey are shown."""

    WAITING = "a-relire", say("à relire")
    SHOWN = "montre", say("à montrer")
    SET_ASIDE = "ecarte", say("écarté")


class Survey(Base):
    """Questionnaire court of a space. `promised_on` is the day by which its results are promised."""

    __tablename__ = "survey"
    __table_args__ = (Index("ix_survey_due", "state", "ends_at"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    introduction: Mapped[str] = mapped_column(String(300))
    state: Mapped[SurveyState] = mapped_column(Word(SurveyState), default=SurveyState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    ends_at: Mapped[moment]
    promised_on: Mapped[date] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[moment]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_function: Mapped[str] = mapped_column(String(120), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_function: Mapped[str] = mapped_column(String(120), default="")
    close_reason: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_function: Mapped[str] = mapped_column(String(120), default="")


class SurveyGroup(Base):
    """A group that was invited: it had the level on the day of the opening."""

    __tablename__ = "survey_group"

    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    group: Mapped[Group] = mapped_column("group_", Word(Group), primary_key=True)


class SurveyQuestion(Base):
    """One question; its options are one a line."""

    __tablename__ = "survey_question"
    __table_args__ = (Index("ix_survey_question_survey_id", "survey_id", "position"),)

    id: Mapped[public_id]
    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(Word(QuestionKind))
    body: Mapped[str] = mapped_column(String(200))
    options: Mapped[str] = mapped_column(Text, default="")


class SurveyParticipation(Base):
    """That a participant answered, and nothing of what; it stays after the close."""

    __tablename__ = "survey_participation"

    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)


class SurveySheet(Base):
    """The answers of one participant, who may change them until the close.

    At the close every sheet is written anew, under another id and in another order, without
    its participant; its group stays only where folding allows that it be told.
    """

    __tablename__ = "survey_sheet"
    __table_args__ = (
        UniqueConstraint("survey_id", "participant_id", name="uq_survey_sheet_survey_id_participant_id"),
    )

    id: Mapped[public_id]
    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"))
    participant_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    group: Mapped[Group | None] = mapped_column("group_", Word(Group))


class SurveyMark(Base):
    """One option that a sheet marks; one without an option says that the person prefers not to answer."""

    __tablename__ = "survey_mark"

    sheet_id: Mapped[str] = mapped_column(ForeignKey("survey_sheet.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("survey_question.id"), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SurveyWords(Base):
    """Words written in answer to a question; from the close on, nothing links them to a sheet."""

    __tablename__ = "survey_words"
    __table_args__ = (
        Index("ix_survey_words_question_id", "question_id", "state"),
        UniqueConstraint("sheet_id", "question_id", name="uq_survey_words_sheet_id_question_id"),
    )

    id: Mapped[public_id]
    question_id: Mapped[str] = mapped_column(ForeignKey("survey_question.id"))
    sheet_id: Mapped[str | None] = mapped_column(ForeignKey("survey_sheet.id"))
    institutional: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    state: Mapped[WordsState] = mapped_column(Word(WordsState), default=WordsState.WAITING)
    rule: Mapped[ModerationRule | None] = mapped_column(Word(ModerationRule))
    by_function: Mapped[str] = mapped_column(String(120), default="")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
