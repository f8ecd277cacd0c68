"""Forms of what one finds wrong, or worrying, in published words."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField

from portal.blueprints._forms import ActForm
from portal.domain.moderation.models import DangerChannel
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ModerationRule

# The author alone is pointed to a person: nobody reports a situation as personal.
REPORTABLE = tuple(rule for rule in ModerationRule if rule is not ModerationRule.PERSONAL)


class ReportForm(ActForm):
    """Which rule published words break, and a few words."""

    rule = RadioField(
        _("Quelle règle ces mots ne respectent-ils pas ?"),
        choices=[(rule.value, rule.label) for rule in REPORTABLE],
        validate_choice=False,
    )
    words = TextAreaField(_("Vos mots pour la modération"))

    @property
    def chosen(self) -> ModerationRule:
        """The rule. Errors: InvalidError (`rule`)."""
        for rule in REPORTABLE:
            if rule.value == self.rule.data:
                return rule
        raise InvalidError({"rule": [gettext("Choisissez la règle qui n’est pas respectée.")]})


class FollowForm(ActForm):
    """An act on the procedure that was on the screen: one that opened since is another."""

    seen = HiddenField()


class ToldForm(FollowForm):
    """Who was just told."""

    channel = RadioField(
        _("Qui avez-vous prévenu ?"),
        choices=[(one.value, one.label) for one in DangerChannel],
        validate_choice=False,
    )

    @property
    def chosen(self) -> DangerChannel:
        """The channel. Errors: InvalidError (`channel`)."""
        for one in DangerChannel:
            if one.value == self.channel.data:
                return one
        raise InvalidError({"channel": [gettext("Choisissez qui vous avez prévenu.")]})
