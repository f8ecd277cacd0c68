"""The form of a decision of moderation."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.moderation.service import Reason, Seen
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionStatus, ModerationRule


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
    sentence = TextAreaField(_("Votre phrase pour la personne qui a écrit"))

    @property
    def seen(self) -> Seen:
        """What the decider had on the screen; a status that cannot be, when the page carried none."""
        known = {status.value: status for status in ContributionStatus}
        return Seen(
            number_of(self.version.data), known.get(self.status.data or "", ContributionStatus.WITHDRAWN)
        )

    def show(self, seen: Seen) -> None:
        """Carry what is on the screen now."""
        self.version.data, self.status.data = str(seen.version), seen.status.value

    def reason(self) -> Reason:
        """The rule and the sentence. Errors: InvalidError (`rule`, `sentence`)."""
        rule = next((rule for rule in ModerationRule if rule.value == self.rule.data), None)
        sentence = self.sentence.data or ""
        if rule is not None:
            return Reason(rule, sentence)
        errors = {"rule": [gettext("Choisissez la règle. La personne qui a écrit la lira.")]}
        if not sentence.strip():
            errors["sentence"] = [
                gettext("Écrivez une phrase : quels mots posent problème, et comment les changer.")
            ]
        raise InvalidError(errors)
