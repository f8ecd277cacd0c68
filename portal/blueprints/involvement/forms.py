"""The form of a level."""

from __future__ import annotations

from datetime import datetime

from wtforms import HiddenField, RadioField, TextAreaField

from portal.blueprints._directing import number_of, opening
from portal.blueprints._forms import ActForm, DayField
from portal.domain.involvement.service import NewLevel
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import Group, Level

NONE = "0"
OFFERED = (Level.INFORMATION, Level.CONSULTATION, Level.CONCERTATION)


def offered(word: object) -> Level | None:
    """The level that a form or an address names, among those that may be given."""
    return next((level for level in OFFERED if str(int(level)) == word), None)


class LevelForm(ActForm):
    """A new level for one group of a space."""

    groupe = HiddenField()
    seen = HiddenField()
    level = RadioField(
        _("Le nouveau niveau"),
        choices=[(str(int(level)), level.plain) for level in OFFERED] + [(NONE, _("Ne participe pas"))],
        validate_choice=False,
    )
    effective_on = DayField(_("À partir de quel jour ?"))
    reason = TextAreaField(_("La raison"))

    @property
    def known(self) -> int:
        """How many records the group had on the screen."""
        return number_of(self.seen.data)

    def command(self, group: Group, now: datetime) -> NewLevel:
        """What was typed. Errors: InvalidError (`level`, `effective_on`)."""
        level = offered(self.level.data)
        if level is None and self.level.data != NONE:
            raise InvalidError({"level": [gettext("Choisissez un niveau.")]})
        day = self.effective_on.data
        if day is None and any(self.effective_on.raw_data or ()):
            raise InvalidError({"effective_on": [gettext("Écrivez une date, par exemple 31/12/2027.")]})
        return NewLevel(group, level, self.reason.data or "", opening(day, now) if day else None)


class AdviceForm(ActForm):
    """Send an advice away."""

    conseil = HiddenField()
    groupe = HiddenField()
