"""The forms of short surveys: prepare, ask, answer, end, publish, read words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from portal.blueprints._directing import closing, number_of, required_day
from portal.blueprints._forms import ActForm, DayField, SureForm
from portal.domain.surveys.models import QuestionKind
from portal.domain.surveys.queries import SurveyView
from portal.domain.surveys.rules import DECLINED, Given, Question
from portal.domain.surveys.service import NewQuestion, NewSurvey
from portal.kernel.clock import paris
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ModerationRule


class VersionForm(ActForm):
    """An act on a survey, in the state that was seen."""

    version = HiddenField()
    acte = HiddenField()

    @property
    def seen(self) -> int:
        """The version of the survey that was on the screen."""
        return number_of(self.version.data)


class SurveyForm(VersionForm):
    """What is told of a survey before its questions."""

    title = StringField(_("Le titre"))
    introduction = TextAreaField(_("Une phrase pour dire à quoi il sert"))
    ends_on = DayField(_("Dernier jour pour répondre"))
    promised_on = DayField(_("Les résultats sont promis pour quel jour ?"))

    def fill(self, survey: SurveyView) -> None:
        """Show the survey as it is."""
        self.title.data, self.introduction.data = survey.title, survey.introduction
        self.ends_on.data, self.promised_on.data = paris(survey.ends_at).date(), survey.promised_on

    def command(self, survey_id: str | None = None) -> NewSurvey:
        """What was typed. Errors: InvalidError (`ends_on`, `promised_on`)."""
        ends_at = closing(required_day(self.ends_on.data, "ends_on"))
        known = {"id": survey_id} if survey_id else {}
        return NewSurvey(
            self.title.data or "",
            self.introduction.data or "",
            ends_at,
            required_day(self.promised_on.data, "promised_on"),
            **known,
        )

    @property
    def body(self) -> tuple[object, ...]:
        """All that was typed, to know a form sent twice."""
        return (self.title.data, self.introduction.data, self.ends_on.data, self.promised_on.data)


class QuestionForm(VersionForm):
    """One question, and its options one a line."""

    kind = RadioField(_("Comment y répond-on ?"), validate_choice=False)
    body = StringField(_("La question"))
    options = TextAreaField(_("Les réponses proposées"))

    def offer(self) -> None:
        """The ways to answer."""
        self.kind.choices = [(kind.value, kind.label) for kind in QuestionKind]

    def fill(self, question: Question) -> None:
        """Show a question as it is."""
        self.kind.data, self.body.data = question.kind.value, question.body
        self.options.data = "\n".join(question.options)

    @property
    def command(self) -> NewQuestion:
        """What was typed. Errors: InvalidError (`kind`)."""
        kind = next((one for one in QuestionKind if one.value == self.kind.data), None)
        if kind is None:
            raise InvalidError({"kind": [gettext("Choisissez comment on y répond.")]})
        return NewQuestion(kind, self.body.data or "", self.options.data or "")


class CloseForm(VersionForm):
    """Why a survey ends before its date."""

    reason = TextAreaField(_("Pourquoi le terminer maintenant ?"))


class ReadForm(ActForm):
    """Let words be shown, or set them aside by a rule."""

    words = HiddenField()
    decision = HiddenField()
    rule = SelectField(_("La règle qui n’est pas respectée"), validate_choice=False)

    def offer(self) -> None:
        """The closed list of rules."""
        self.rule.choices = [("", _("Choisir…")), *((rule.value, rule.label) for rule in ModerationRule)]

    @property
    def shows(self) -> bool:
        """Whether the button was the one that shows."""
        return str(self.decision.data) == "montrer"

    @property
    def chosen(self) -> ModerationRule | None:
        """The rule that was chosen."""
        return next((one for one in ModerationRule if one.value == self.rule.data), None)


class SheetForm(SureForm):
    """A sheet: one field for each question of its survey, made by `sheet_form`."""

    personal = True

    asked: Sequence[Question] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written in full words."""
        return tuple(one.words for one in self.given.values() if one.words and not one.declined)

    def fill(self, given: Mapping[str, Given]) -> None:
        """Show what was answered before."""
        for question in self.asked:
            one = given.get(question.id)
            if one is None:
                continue
            field = self[question.name]
            if question.kind is QuestionKind.WORDS:
                field.data, self[f"{field.name}_non"].data = one.words, one.declined
            else:
                values = [str(DECLINED)] if one.declined else [str(value) for value in one.values]
                field.data = values if question.kind is QuestionKind.SEVERAL else values[0]

    @property
    def given(self) -> dict[str, Given]:
        """What was answered, by question."""
        return {question.id: self._given(question) for question in self.asked}

    def _given(self, question: Question) -> Given:
        field = self[question.name]
        if question.kind is QuestionKind.WORDS:
            return Given(words=field.data or "", declined=bool(self[f"{field.name}_non"].data))
        sent = field.data if isinstance(field.data, list) else [field.data] if field.data else []
        values = [number_of(value) for value in sent]
        return Given(tuple(one for one in values if one != DECLINED), declined=DECLINED in values)

    @property
    def body(self) -> tuple[object, ...]:
        """All that was answered, to know a form sent twice."""
        return tuple((key, one.values, one.words, one.declined) for key, one in sorted(self.given.items()))


def sheet_form(questions: Sequence[Question]) -> type[SheetForm]:
    """The form of a survey: every question may be passed over."""
    fields: dict[str, Any] = {"asked": tuple(questions)}
    for question in questions:
        fields[question.name] = _field(question)
        if question.kind is QuestionKind.WORDS:
            fields[f"{question.name}_non"] = BooleanField(_("Je ne souhaite pas répondre"))
    return type("SurveySheetForm", (SheetForm,), fields)


def _field(question: Question) -> Field:
    if question.kind is QuestionKind.WORDS:
        return TextAreaField(question.body)
    kind = SelectMultipleField if question.kind is QuestionKind.SEVERAL else RadioField
    choices = [(str(value), question.label(value)) for value in (*question.values, DECLINED)]
    return kind(question.body, choices=choices, validate_choice=False)
