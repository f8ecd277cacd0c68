"""What a person chooses to be told of, and when."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf, ValidationError

from portal.blueprints._forms import ActForm
from portal.domain.notifications.rules import Quiet
from portal.kernel.speech import capital
from portal.languages import gettext as _
from portal.languages import lazy
from portal.languages import lazy_gettext as _l
from portal.vocabulary import Cadence, NoticeChoiceKind

HOURS = range(24)
DEFAULT = "defaut"
NO_MORNING = _l(
    "Avec ces heures, aucun courriel ne pourrait partir. "
    "Laissez libre au moins une heure entre 8 h et minuit, par exemple de 20 h à 7 h."
)
CHOOSE = _l("Choisissez une réponse dans la liste.")


def _hour(typed: object) -> int:
    return int(str(typed)) if str(typed).isascii() and str(typed).isdigit() else -1


class SettingsForm(FlaskForm):
    """E-mails of an account: how often, and the hours without any."""

    cadence = RadioField(
        _l("Vos courriels"),
        choices=[],
        validate_choice=False,
        validators=[AnyOf([one.value for one in Cadence], message=CHOOSE)],
    )
    quiet_from = SelectField(
        _l("Pas de courriel à partir de"),
        choices=[],
        coerce=_hour,
        validate_choice=False,
        validators=[AnyOf(HOURS, message=CHOOSE)],
    )
    quiet_until = SelectField(
        _l("Et jusqu’à"),
        choices=[],
        coerce=_hour,
        validate_choice=False,
        validators=[AnyOf(HOURS, message=CHOOSE)],
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.cadence.choices = [(one.value, lazy(capital(one.label))) for one in Cadence]
        hours = [(hour, _("%(hour)s h", hour=hour)) for hour in HOURS]
        self.quiet_from.choices = hours
        self.quiet_until.choices = hours

    def validate_quiet_until(self, _field: SelectField) -> None:
        """Errors: ValidationError when e-mails are wanted and these hours leave none."""
        if self.cadence.data == Cadence.DIGEST.value and not self.quiet.leaves_a_morning:
            raise ValidationError(NO_MORNING)

    @property
    def quiet(self) -> Quiet:
        """The hours that were chosen."""
        return Quiet(self.quiet_from.data, self.quiet_until.data)


class FollowForm(ActForm):
    """What one wants to hear of one discussion."""

    choice = RadioField(
        _l("Cette discussion"),
        choices=[
            (NoticeChoiceKind.FOLLOWED.value, _l("Me prévenir de chaque réponse")),
            (DEFAULT, _l("Me prévenir seulement quand on répond à mes mots")),
            (NoticeChoiceKind.MUTED.value, _l("Ne plus me prévenir")),
        ],
        validate_choice=False,
        validators=[AnyOf([*(one.value for one in NoticeChoiceKind), DEFAULT], message=CHOOSE)],
    )

    @property
    def chosen(self) -> NoticeChoiceKind | None:
        """The choice, None for what is so by itself."""
        return None if self.choice.data == DEFAULT else NoticeChoiceKind(self.choice.data)
