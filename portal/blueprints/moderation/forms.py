"""The form of a decision of moderation."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints._directing import number_of
from portal.blueprints._filters import written
from portal.blueprints._forms import ActForm
from portal.domain.moderation.danger import Facing
from portal.domain.moderation.models import WHOLE_TEXT, DangerChannel
from portal.domain.moderation.service import Reason, Seen
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionStatus, ModerationRule

WHOLE = "tout"


class TickedField(SelectMultipleField):
    """The sentences of a text as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DecisionForm(ActForm):
    """Publish, refuse or hide the words that were on the screen."""

    decision = HiddenField()
    version = HiddenField()
    status = HiddenField()
    rule = RadioField(
        _("Quelle règle ces mots ne respectent-ils pas ?"),
        choices=[(rule.value, rule.label) for rule in ModerationRule],
        validate_choice=False,
    )
    passages = TickedField(_("Quels mots posent problème ?"), choices=[], validate_choice=False)
    quote = StringField(_("Ou recopiez ces mots"))
    sentence = TextAreaField(_("Comment corriger : votre phrase pour la personne qui a écrit"))
    # Asked only where a procedure of danger is open on the words.
    channel = RadioField(
        _("Qui a été prévenu ?"),
        choices=[(one.value, one.label) for one in DangerChannel],
        validate_choice=False,
    )
    procedure = BooleanField(_("Je décide en sachant qu’une procédure de danger est ouverte"))

    @property
    def facing(self) -> Facing:
        """What is said of the procedure of danger."""
        told = next((one for one in DangerChannel if one.value == self.channel.data), None)
        return Facing(told, bool(self.procedure.data))

    @property
    def seen(self) -> Seen:
        """What the decider had on the screen; a status that cannot be, when the page carried none."""
        known = {status.value: status for status in ContributionStatus}
        last, told, shown = (self.version.data or "").partition(".")
        return Seen(
            number_of(last),
            known.get(self.status.data or "", ContributionStatus.WITHDRAWN),
            number_of(shown) if told else None,
        )

    def show(self, seen: Seen) -> None:
        """Carry what is on the screen now."""
        self.version.data, self.status.data = f"{seen.version}.{seen.shown or 0}", seen.status.value

    def offer(self, labels: tuple[str, ...]) -> None:
        """Offer the sentences of the text that is on the screen, and the text as a whole."""
        whole = [(WHOLE, gettext("Le texte en entier"))]
        self.passages.choices = [(str(number), written(one)) for number, one in enumerate(labels)] + whole
        self.passages.data = self.passages.data or []

    def meant(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        """The words that were marked; none stands for the words as a whole."""
        ticked = self.passages.data or []
        if WHOLE in ticked:
            return ()
        marked = [sentences[number_of(one)] for one in ticked if 0 <= number_of(one) < len(sentences)]
        typed = (self.quote.data or "").strip()
        return (*marked, typed) if typed else tuple(marked)

    def reason(self, sentences: tuple[str, ...]) -> Reason:
        """The rule, the words meant and how to mend. Errors: InvalidError (`rule`, `passages`, `sentence`)."""
        rule = next((rule for rule in ModerationRule if rule.value == self.rule.data), None)
        sentence, meant = self.sentence.data or "", self.meant(sentences)
        marked = bool(meant) or WHOLE in (self.passages.data or []) or rule in WHOLE_TEXT
        if rule is not None and marked:
            return Reason(rule, sentence, meant)
        errors: dict[str, list[str]] = {}
        if rule is None:
            errors["rule"] = [gettext("Choisissez la règle. La personne qui a écrit la lira.")]
        if not marked:
            errors["passages"] = [
                gettext("Cochez les mots qui posent problème. La personne qui a écrit saura quoi changer.")
            ]
        if not sentence.strip():
            errors["sentence"] = [
                gettext("Écrivez une phrase : quels mots posent problème, et comment les changer.")
            ]
        raise InvalidError(errors)
