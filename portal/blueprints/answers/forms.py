"""The form of an answer."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.answers.rules import fate_needed
from portal.domain.answers.service import NewAnswer
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionKind, Fate

NO_FATE = "aucune"


class AnswerForm(ActForm):
    """The organiser's answer, and what became of the words."""

    fate = RadioField(
        _("La suite donnée"), choices=[(fate.value, fate.label) for fate in Fate], validate_choice=False
    )
    passed_to = StringField(_("À qui la transmettez-vous ?"))
    body = TextAreaField(_("Votre réponse"))
    with_replies = BooleanField(_("Cette réponse vaut aussi pour les réponses du fil"))
    version = HiddenField()

    def about(self, kind: ContributionKind) -> None:
        """Offer to give no fate where none is owed."""
        if not fate_needed(kind):
            self.fate.choices = [
                (NO_FATE, _("C’est une question : ma réponse suffit")),
                *((fate.value, fate.label) for fate in Fate),
            ]
            self.fate.data = self.fate.data or NO_FATE

    @property
    def answer(self) -> NewAnswer:
        """What was typed."""
        return NewAnswer(
            source=self.body.data or "",
            fate=next((fate for fate in Fate if fate.value == self.fate.data), None),
            passed_to=self.passed_to.data or "",
            version=number_of(self.version.data),
            with_replies=bool(self.with_replies.data),
        )
