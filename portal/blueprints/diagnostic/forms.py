"""The forms of the diagnostic: a finding, what a party says of it, its axis, why it leaves; an axis and its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.queries import AxisView, FindingView, Wanted
from portal.domain.diagnostic.rules import ORDER
from portal.domain.diagnostic.typed import BOXES, Typed
from portal.kernel.ids import is_id
from portal.languages import lazy_gettext as _
from portal.languages import spoken
from portal.vocabulary import FindingKind

LEEWAY = tuple(name for box in BOXES for name in (box, f"{box}_by"))
WAITING, WAITS = "attend", "oui"
BEFORE, AFTER = "avant", "apres"


class PlacesField(SelectMultipleField):
    """Establishments as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class VersionedForm(ActForm):
    """A form about something that others may change meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)


class FindingForm(VersionedForm):
    """A finding as it is added or written anew; the plain words are asked first."""

    plain = TextAreaField(_("Le constat, en mots simples"))
    technical = TextAreaField(_("Le même constat, avec les mots du métier"))
    title = StringField(_("Son titre, en une phrase courte"))
    kind = RadioField(_("De quelle sorte de constat s’agit-il ?"), validate_choice=False)
    axis_id = SelectField(_("Sur quel axe ?"), validate_choice=False)
    places = PlacesField(_("Quels établissements concerne-t-il ?"), validate_choice=False)
    evidence = StringField(_("Sur quoi il repose"))
    decided = TextAreaField(_("Ce qui est décidé"))
    decided_by = StringField(_("Décidé par qui ?"))
    open = TextAreaField(_("Ce qui est ouvert aux idées"))
    open_by = StringField(_("Ouvert par qui ?"))
    out_of_reach = TextAreaField(_("Ce qui est hors de portée"))
    out_of_reach_by = StringField(_("De qui cela dépend-il ?"))
    reason = StringField(_("Pourquoi ce changement ?"))

    def offer(self, axes: Sequence[AxisView], places: Sequence[tuple[str, str]]) -> None:
        """What may be chosen."""
        self.kind.choices = [(one.value, one.label) for one in ORDER]
        self.axis_id.choices = [
            ("", spoken(_("Choisissez…"))),
            *((one.id, f"{one.number}. {one.name}") for one in axes),
        ]
        self.places.choices = list(places)

    def fill(self, finding: FindingView) -> None:
        """Put in what the finding says now."""
        item = finding.item
        self.version.data, self.title.data, self.evidence.data = str(item.version), item.title, item.evidence
        self.plain.data = item.plain.source if item.plain else ""
        self.technical.data = item.technical.source if item.technical else ""
        self.kind.data = item.finding_kind.value if item.finding_kind else None
        self.axis_id.data = item.axis_id or ""
        self.places.data = [place for place, _name in finding.places]
        for name in LEEWAY:
            self._fields[name].data = getattr(item.leeway, name)

    @property
    def has_leeway(self) -> bool:
        """Whether something stands in the folded part, or is wrong there."""
        return any(self._fields[name].data or self._fields[name].errors for name in LEEWAY)

    @property
    def typed(self) -> Typed:
        """What was typed."""
        return Typed(
            axis_id=self.axis_id.data or "",
            kind=next((one for one in FindingKind if one.value == self.kind.data), None),
            title=self.title.data or "",
            plain=self.plain.data or "",
            technical=self.technical.data or "",
            evidence=self.evidence.data or "",
            places=frozenset(self.places.data or ()),
            leeway={name: self._fields[name].data or "" for name in LEEWAY},
        )

    @property
    def said(self) -> tuple[object, ...]:
        """The same, as the same form sent twice is known by."""
        names = ("plain", "technical", "title", "kind", "axis_id", "evidence", "reason", "version", *LEEWAY)
        return (*(self._fields[name].data for name in names), *sorted(self.places.data or ()))


class ValidationForm(VersionedForm):
    """What a party says of a finding."""

    state = RadioField(
        _("Que dites-vous de ce constat ?"),
        choices=[
            (ValidationState.VALIDATED.value, _("Nous le validons.")),
            (ValidationState.RESERVED.value, _("Nous le validons, avec une réserve.")),
            (ValidationState.NOT_YET.value, _("Nous ne nous prononçons pas encore.")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_("Votre réserve"))
    back = HiddenField()

    @property
    def chosen(self) -> ValidationState | None:
        """What was chosen."""
        return next((one for one in ValidationState if one.value == self.state.data), None)


class MoveForm(VersionedForm):
    """To which axis a finding goes."""

    axis_id = SelectField(_("Vers quel axe ?"), validate_choice=False)

    def offer(self, axes: Sequence[AxisView], now: str) -> None:
        """Every axis but the one that it is on."""
        self.axis_id.choices = [(one.id, f"{one.number}. {one.name}") for one in axes if one.id != now]


class WithdrawForm(VersionedForm):
    """Why a finding leaves the diagnostic."""

    reason = TextAreaField(_("Pourquoi retirer ce constat ?"))


class AxisForm(VersionedForm):
    """An axis: its question comes first."""

    question = StringField(_("Sa question, en mots simples"))
    name = StringField(_("Son nom"))

    def fill(self, axis: AxisView) -> None:
        """Put in what the axis says now."""
        self.name.data, self.question.data, self.version.data = axis.name, axis.question, str(axis.version)


class AxisPlaceForm(VersionedForm):
    """One place up or down."""

    way = HiddenField()


class NothingForm(ActForm):
    """A button alone."""


def wanted(mine: str | None) -> Wanted:
    """The filters of the address; what it cannot mean is left out. `mine` is the party of the reader."""
    axis, place, party = (_asked(name) for name in ("axe", "lieu", "partie"))
    return Wanted(
        axis_id=axis if is_id(axis) else "",
        kind=next((one for one in FindingKind if one.value == _asked("nature")), None),
        place_id=place if is_id(place) else "",
        party_id=party[:26],
        waits_for=mine if mine and _asked(WAITING) == WAITS else "",
    )


def filters(asked: Wanted) -> dict[str, str]:
    """The same, for the links of the page."""
    found: dict[str, Any] = {
        "axe": asked.axis_id,
        "nature": asked.kind.value if asked.kind else "",
        "lieu": asked.place_id,
        "partie": asked.party_id,
        WAITING: WAITS if asked.waits_for else "",
    }
    return {name: value for name, value in found.items() if value}


def after() -> str | None:
    """The finding after which the page begins."""
    typed = _asked("apres")
    return typed if is_id(typed) else None


def _asked(name: str) -> str:
    return request.args.get(name, "")[:40].strip()
