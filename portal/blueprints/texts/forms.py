"""The form of a text of the contract."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.languages import lazy_gettext as _


class TextForm(ActForm):
    """The whole text of an item in one register."""

    version = HiddenField()
    source = TextAreaField(_("Le texte"))
    reason = StringField(_("Pourquoi ce changement ?"))

    @property
    def seen(self) -> int:
        """The version of the text that was on the screen."""
        return number_of(self.version.data)
