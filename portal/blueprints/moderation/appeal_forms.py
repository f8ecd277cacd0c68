"""Forms of a second look, and of how a contract moderates."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.moderation.models import AppealState
from portal.domain.moderation.settings import Settings
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _

SHOW, KEEP = "montrer", "maintenir"


class AskForm(ActForm):
    """A few words for the person who will look again."""

    words = TextAreaField(_("Vos mots pour la personne qui relira"))


class VerdictForm(ActForm):
    """Uphold or reverse, and why."""

    verdict = RadioField(
        _("Que décidez-vous ?"),
        choices=[
            (SHOW, _("Annuler la décision : ces mots sont montrés")),
            (KEEP, _("Maintenir la décision : ces mots restent scellés")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_("Votre raison"))
    # The appeal is left to somebody else instead.
    aside = HiddenField()
    why = TextAreaField(_("Pourquoi vous ne pouvez pas le lire"))

    @property
    def state(self) -> AppealState:
        """What was chosen. Errors: InvalidError (`verdict`)."""
        known = {SHOW: AppealState.REVERSED, KEEP: AppealState.UPHELD}
        if self.verdict.data not in known:
            raise InvalidError({"verdict": [gettext("Choisissez ce que vous décidez.")]})
        return known[self.verdict.data]


class ReaderForm(ActForm):
    """Who is named, or named no longer."""

    reader = RadioField(_("Qui lira les recours de cet espace ?"), choices=[], validate_choice=False)
    ended = HiddenField()


class SettingsForm(ActForm):
    """How the contract moderates."""

    version = HiddenField()
    review_days = IntegerField(_("Délai de relecture, en jours ouvrés"), validators=[Optional()])
    personal_contact = StringField(_("À qui s’adresser pour une situation personnelle"))
    alert_text = TextAreaField(_("Circuit d’alerte de l’autorité"))
    alert_address = StringField(_("Adresse ou numéro de ce circuit"))
    authority_readers = BooleanField(_("Une autorité peut lire les recours"))
    authority_reason = TextAreaField(_("Pourquoi une autorité pourrait lire les recours"))

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)

    @property
    def settings(self) -> Settings:
        """What was typed."""
        return Settings(
            self.review_days.data or 0,
            bool(self.authority_readers.data),
            self.authority_reason.data or "",
            self.alert_text.data or "",
            self.alert_address.data or "",
            self.personal_contact.data or "",
        )

    def fill(self, known: Settings, version: int) -> None:
        """Show what is decided now."""
        for name in Settings.__slots__:
            self[name].data = getattr(known, name)
        self.version.data = str(version)
