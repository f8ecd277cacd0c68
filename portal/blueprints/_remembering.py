"""What a form first showed comes back with it: when somebody wrote meanwhile, both writings are put together, field by field.

What comes back is only a hint for that: no right and no version is decided on it. When it is missing or broken, each field that
differs from what is saved is said to be changed by both.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, FileField, HiddenField, RadioField, SelectField, TextAreaField

from portal.blueprints._forms import ActForm
from portal.blueprints._merging import Met, Sides
from portal.domain.versions.merging import Clash, merge
from portal.domain.versions.shapes import GONE, Field, Shape, Value, paragraphs, tidy
from portal.kernel.dates import day_label
from portal.languages import gettext as _

# The longest texts of a form, several times over; more cannot be what a form of ours showed.
MAX_SHOWN = 100_000
# Stands for what a form showed when it did not say: no field holds it, as what is typed has no such sign.
UNKNOWN = "\0"
TICKED = "1"

Raw = dict[str, str]


class RememberingForm(ActForm):
    """A form that carries what it first showed."""

    shown = HiddenField()
    # Fields that this page does not draw.
    undrawn: Collection[str] = ()

    def keep(self) -> None:
        """Remember what it shows, to be called once it is filled."""
        self.shown.data = json.dumps(self.held(), ensure_ascii=False)

    def asked(self) -> dict[str, Field]:
        """Its fields, as they are compared and merged."""
        return {
            name: Field(name, str(one.label.text), _shape(one))
            for name, one in self._fields.items()
            if not isinstance(one, (HiddenField, FileField)) and name not in self.undrawn
        }

    def held(self) -> Raw:
        """What each holds, as a browser would send it; what a browser did not send is left out."""
        fields = self._fields
        return {
            name: _raw(fields[name]) for name in self.asked() if name in fields and not _missing(fields[name])
        }

    def write(self, name: str, raw: str) -> None:
        """Put something else into a field."""
        field: Any = self._fields[name]
        if isinstance(field, BooleanField):
            field.data = bool(raw)
        elif isinstance(field, DateField):
            field.data, field.raw_data = _day(raw), None
        else:
            field.data = raw

    def meet(self, now: RememberingForm) -> Met | None:
        """Put together what was typed here and what is saved, which `now` is filled with; then remember `now`.

        None when what this form showed is still what is saved: nobody else wrote in it.
        """
        fields, base, mine, saved = now.asked(), _shown(self.shown.data), self.held(), now.held()
        self.shown.data = json.dumps(saved, ensure_ascii=False)
        three = [_Three(field, base.get(name), mine.get(name), saved[name]) for name, field in fields.items()]
        if not any(one.moved for one in three):
            return None
        # As it was typed when it cannot be told what was shown: no words are mixed without their base.
        known = [one.field if one.known else Field(one.field.name, one.field.label) for one in three]
        done = merge(
            known,
            {one.field.name: one.base for one in three},
            {one.field.name: one.mine for one in three},
            {one.field.name: one.now for one in three},
        )
        for one in three:
            came = done.state[one.field.name]
            if came != one.mine:
                self.write(one.field.name, saved[one.field.name] if came == one.now else str(came))
        sides = tuple(_sides(self, fields[one.field.name], mine, saved, one) for one in done.clashes)
        apart = {one.field.name for one in done.clashes}
        taken = tuple(field.label for field in done.taken if field.name not in apart)
        same = all(done.state[one.field.name] == one.now for one in three)
        return Met(done.state, 0, sides, taken, same)


def _sides(form: RememberingForm, field: Field, mine: Raw, saved: Raw, clash: Clash) -> Sides:
    """Both values in words; of a text, the paragraphs that both changed."""
    if field.shape is Shape.TEXT:
        return Sides(field.label, paragraphs(str(clash.mine)), paragraphs(str(clash.now)))
    own, there = mine.get(field.name, ""), saved[field.name]
    return Sides(field.label, _words(form, field, own), _words(form, field, there))


def _words(form: RememberingForm, field: Field, held: str) -> list[Any]:
    """What somebody reads of what a field holds."""
    one: Any = form._fields.get(field.name)
    if isinstance(one, BooleanField):
        return [_("Oui") if held else _("Non")]
    if isinstance(one, (SelectField, RadioField)):
        known = {choice[0]: choice[1] for choice in one.choices or ()}
        return [known.get(held, GONE)] if held or held in known else []
    day = _day(held) if field.shape is Shape.DAY else None
    return [day_label(day) if day else held] if held else []


class _Three:
    """The three values of one field, as they are compared."""

    def __init__(self, field: Field, base: str | None, mine: str | None, now: str) -> None:
        self.field, self.known = field, base is not None
        self.now = _tidy(field, now)
        self.base: Value = UNKNOWN if base is None else _tidy(field, base)
        # What a browser does not send, as a field that this person does not see, is not theirs to change.
        self.mine = _tidy(field, mine if mine is not None else now if base is None else base)

    @property
    def moved(self) -> bool:
        """Whether somebody else changed it; or may have, as what was shown is not known."""
        return self.now != self.base if self.known else self.now != self.mine


def _shown(sent: str | None) -> Mapping[str, str]:
    """What the page says that it showed; nothing when it cannot be read."""
    if not sent or len(sent) > MAX_SHOWN:
        return {}
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: one for name, one in found.items() if isinstance(one, str)}


def _shape(field: Any) -> Shape:
    if isinstance(field, TextAreaField):
        return Shape.TEXT
    if isinstance(field, DateField):
        return Shape.DAY
    return Shape.CHOICE if isinstance(field, (SelectField, RadioField, BooleanField)) else Shape.LINE


def _missing(field: Any) -> bool:
    """Whether a browser sent nothing for it; a box that is not ticked is never sent."""
    return field.raw_data == [] and not isinstance(field, BooleanField)


def _raw(field: Any) -> str:
    if isinstance(field, BooleanField):
        return TICKED if field.data else ""
    if isinstance(field, DateField):
        return field.data.isoformat() if field.data else " ".join(map(str, field.raw_data or ()))
    return "" if field.data is None else str(field.data)


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _tidy(field: Field, raw: str) -> str:
    return str(tidy(field, raw.replace(UNKNOWN, "")))
