"""Forms of what people say."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf, Optional

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm, SureForm
from portal.domain.contributions.rules import Words
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionKind, Display, ReactionValue

NO_REACTION = "aucune"
KIND_LABELS = {
    ContributionKind.COMMENT: _("Donner mon avis"),
    ContributionKind.QUESTION: _("Poser une question"),
    ContributionKind.PROPOSAL: _("Proposer d’autres mots"),
}


class WordsForm(SureForm):
    """Words and how their author is shown: a reply, a correction, or more."""

    personal = True

    body = TextAreaField(_("Votre texte"))
    reason = TextAreaField(_("Pourquoi proposez-vous ces mots ?"))
    display = RadioField(
        _("Comment voulez-vous apparaître ?"),
        choices=[
            (Display.GROUP.value, _("Par mon groupe seulement")),
            (Display.NAME.value, _("Avec mon nom")),
        ],
        default=Display.GROUP.value,
        validators=[Optional()],
    )

    @property
    def words(self) -> Words:
        """What was typed."""
        return Words(self.body.data or "", self.reason.data or "")

    @property
    def shown(self) -> Display:
        """How the author wants to be shown; by group unless asked."""
        return Display.NAME if self.display.data == Display.NAME.value else Display.GROUP


class CorrectionForm(WordsForm):
    """New words for what one sent, and the version that was on the screen."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """That version; None when the form carried none."""
        return None if self.version.data is None else number_of(self.version.data)


class ContributionForm(WordsForm):
    """A question, a comment or a proposal on an item or one of its paragraphs."""

    kind = RadioField(_("Que souhaitez-vous faire ?"), choices=[], validate_choice=False)
    paragraph = HiddenField()
    register = HiddenField()
    version = HiddenField()

    @property
    def chosen(self) -> ContributionKind:
        """What the person wants to do. Errors: InvalidError (`kind`)."""
        for kind in KIND_LABELS:
            if kind.value == self.kind.data:
                return kind
        raise InvalidError({"kind": [gettext("Choisissez ce que vous souhaitez faire.")]})

    def offer(self, kinds: Iterable[ContributionKind]) -> None:
        """Offer the kinds that the level opens; the first one is chosen."""
        self.kind.choices = [(kind.value, KIND_LABELS[kind]) for kind in kinds]
        offered = [kind.value for kind in kinds]
        if self.kind.data not in offered:
            self.kind.data = offered[0] if offered else None


class ReactionForm(ActForm):
    """One of three reactions, or none."""

    valeur = RadioField(
        _("Qu’en pensez-vous ?"),
        choices=[(value.value, value.label) for value in ReactionValue]
        + [(NO_REACTION, _("Retirer ma réaction"))],
        validate_choice=False,
        validators=[
            AnyOf(
                [*(value.value for value in ReactionValue), NO_REACTION],
                _("Choisissez l’une des trois réponses."),
            )
        ],
    )

    @property
    def value(self) -> ReactionValue | None:
        """The reaction chosen; None takes it back."""
        return None if self.valeur.data == NO_REACTION else ReactionValue(self.valeur.data)
