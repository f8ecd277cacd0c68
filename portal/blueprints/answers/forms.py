"""The form of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.answers import changes
from portal.domain.answers.changes import ChangeOption, ChangeRef
from portal.domain.answers.rules import fate_needed
from portal.domain.answers.service import NewAnswer
from portal.kernel.dates import day_label
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionKind, Fate

NO_FATE = "aucune"


def fates() -> Any:
    """The field of what became of the words."""
    return RadioField(
        _("La suite donnée"), choices=[(fate.value, fate.label) for fate in Fate], validate_choice=False
    )


class ChangesField(SelectMultipleField):
    """Passages that changed, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def offer(self, options: Sequence[ChangeOption]) -> None:
        """The passages that may be named."""
        self.choices = [(one.ref.code, change_label(one)) for one in options]


def chosen_changes(field: ChangesField) -> tuple[ChangeRef, ...]:
    """The passages that were ticked."""
    refs = (changes.parse(one) for one in field.data or ())
    return tuple(one for one in refs if one is not None)


def change_label(one: ChangeOption) -> str:
    """« Titre (texte clair), 12 mai : les premiers mots… »"""
    words = gettext("passage retiré : %(words)s", words=one.excerpt) if one.removed else one.excerpt
    return gettext(
        "%(title)s (%(register)s), %(day)s : « %(words)s »",
        title=one.item_title,
        register=one.register.label,
        day=day_label(one.at),
        words=words,
    )


class AnswerForm(ActForm):
    """The organiser's answer, and what became of the words."""

    fate = fates()
    passed_to = StringField(_("À qui la transmettez-vous ?"), render_kw={"list": "destinataires"})
    body = TextAreaField(_("Votre réponse"))
    changes = ChangesField(_("Les mots du texte qui ont changé"), choices=[], validate_choice=False)
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
            changes=chosen_changes(self.changes),
        )
