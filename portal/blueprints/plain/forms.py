"""The forms of the two texts: which passages go together, words that are still right, an approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, StringField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import DayField, SureForm
from portal.domain.plain.service import Read
from portal.languages import gettext
from portal.languages import lazy_gettext as _


class PlainForm(SureForm):
    """A form about two texts that others may change meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)

    def put(self, version: int) -> None:
        """A fresh form on this state."""
        self.fresh()
        self.version.data = str(version)


class KeepForm(PlainForm):
    """The plain words of a passage are still right; `passage` names it."""

    passage = HiddenField()


class TakeBackForm(PlainForm):
    """An approval was recorded by mistake; `number` names it."""

    number = HiddenField()


class PairForm(PlainForm):
    """For each technical paragraph, the numbers of the plain ones that say it."""

    @property
    def lines(self) -> list[Any]:
        """The fields, one for each technical paragraph."""
        return [field for field in self if field.short_name.startswith("passage_")]

    @property
    def typed(self) -> dict[int, str]:
        """What was typed, by the number of the technical paragraph."""
        return {number: field.data or "" for number, field in enumerate(self.lines, 1)}

    def fill(self, told: dict[int, list[int]]) -> None:
        """Put in the numbers of now."""
        for number, field in enumerate(self.lines, 1):
            field.data = ", ".join(str(one) for one in told.get(number, ()))


def pair_form(count: int, *, sent: bool = True) -> PairForm:
    """The form for a technical text of so many paragraphs; empty unless it was `sent`."""
    fields = {
        f"passage_{number}": StringField(
            _("Les passages simples qui disent le paragraphe technique %(number)s", number=number)
        )
        for number in range(1, count + 1)
    }
    made: type[PairForm] = type("SizedPairForm", (PairForm,), fields)
    return made() if sent else made(formdata=None)


class ApprovalForm(PlainForm):
    """When and where people concerned read the plain text again, and that they approved it."""

    about = _("Le lieu de la relecture")

    held_on = DayField(_("Quel jour l’ont-elles relu\u00a0?"))
    place = StringField(_("Où\u00a0?"))
    several = BooleanField(
        _("Au moins deux personnes concernées ont relu ce texte, mot pour mot, et l’ont approuvé.")
    )

    @property
    def misread(self) -> str:
        """What to say of a day that is none; nothing when it is one, or when none was typed."""
        day: date | None = self.held_on.data
        none = day is None and any(self.held_on.raw_data or ())
        return gettext("Écrivez une date, par exemple 31/12/2027.") if none else ""

    @property
    def told(self) -> Read:
        """What was typed."""
        return Read(self.held_on.data, self.place.data or "", bool(self.several.data))
