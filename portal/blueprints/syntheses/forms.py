"""The forms of a synthesis: its parts, what is cited in which, why the rest is not, and its publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.syntheses import rules
from portal.domain.syntheses.rules import Part
from portal.domain.syntheses.service import NewDraft
from portal.kernel.ids import is_id
from portal.languages import lazy_gettext as _

CITE, UNDER = "citer-", "sous-"


class DraftForm(ActForm):
    """What is being written; `parts` fields are made for as many parts as there are."""

    version = HiddenField()

    @property
    def places(self) -> range:
        """The parts that have fields."""
        return range(1, sum(name.endswith("-heading") for name in self._fields) + 1)

    @property
    def parts(self) -> Iterator[tuple[int, Any, Any]]:
        """Each part: its place, the field of its heading, the field of its text."""
        for place in self.places:
            yield place, self[f"part-{place}-heading"], self[f"part-{place}-source"]

    @property
    def typed(self) -> list[Part]:
        """The parts as they are typed, with what was chosen to be cited in each."""
        found = []
        for place, heading, source in self.parts:
            marks = [rules.mark(one) for one in chosen(place)]
            words = " ".join(part for part in ((source.data or "").strip(), *marks) if part)
            found.append(Part(heading.data or "", words))
        return found

    def fill(self, parts: tuple[Part, ...] | list[Part], version: int) -> None:
        """Show these parts."""
        for (_place, heading, source), part in zip(self.parts, parts, strict=False):
            heading.data, source.data = part.heading, part.source
        self.version.data = str(version)

    @property
    def draft(self) -> NewDraft:
        """What was typed, on the version that was on the screen."""
        moved = _moved(self.typed, request.form.get("acte", ""))
        return NewDraft(tuple(moved), max(number_of(self.version.data), 0), under())


def form_of(count: int, **options: Any) -> DraftForm:
    """A form for so many parts."""
    fields: dict[str, Any] = {}
    for place in range(1, count + 1):
        fields[f"part-{place}-heading"] = StringField(_("Titre de la partie %(number)s", number=place))
        fields[f"part-{place}-source"] = TextAreaField(_("Texte de la partie %(number)s", number=place))
    made: DraftForm = type("Draft", (DraftForm,), fields)(**options)
    return made


def sent_form() -> DraftForm:
    """The form that was sent, with as many parts as it has."""
    count = sum(name.startswith("part-") and name.endswith("-heading") for name in request.form)
    return form_of(min(count, rules.MAX_SECTIONS + 1))


def chosen(place: int) -> list[str]:
    """The contributions that were chosen to be cited in a part, without a script."""
    return [
        name.removeprefix(CITE)
        for name, value in request.form.items()
        if name.startswith(CITE) and value == str(place) and is_id(name.removeprefix(CITE))
    ]


def under() -> Mapping[str, str]:
    """Why contributions that were on the screen are not cited."""
    return {
        name.removeprefix(UNDER): value
        for name, value in request.form.items()
        if name.startswith(UNDER) and is_id(name.removeprefix(UNDER))
    }


def _moved(parts: list[Part], act: str) -> list[Part]:
    """The same parts, one of them a place higher when that was asked."""
    _verb, _dash, typed = act.partition("monter-")
    place = number_of(typed)
    if not 1 < place <= len(parts):
        return parts
    parts[place - 2], parts[place - 1] = parts[place - 1], parts[place - 2]
    return parts


class PublishForm(ActForm):
    """What was read again, and why it changes when it was published already."""

    version = HiddenField()
    reason = TextAreaField(_("Pourquoi cette nouvelle version ?"))
