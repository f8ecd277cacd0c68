"""The forms of indicators: which ones, one's own, its settings, a grid of values, what it is compared to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._forms import ActForm
from portal.blueprints._remembering import RememberingForm
from portal.blueprints.contracts.perimeter_forms import category_choices
from portal.domain.contracts.categories import Kind
from portal.domain.indicators import numbers
from portal.domain.indicators.grid import Cell, Key, Now
from portal.domain.indicators.models import Axis, Direction, Unit
from portal.domain.indicators.queries import IndicatorView, ReferenceView
from portal.domain.indicators.references import Typed
from portal.domain.indicators.service import Own, Settings
from portal.kernel.errors import InvalidError
from portal.languages import lazy_gettext as _
from portal.languages import spoken

# What stood in a cell when the grid was opened: its version, then its text.
BETWEEN = "|"


class ChoiceForm(ActForm):
    """Which indicators of the catalogue are followed."""

    version = HiddenField()

    @property
    def codes(self) -> tuple[str, ...]:
        """Those that were ticked."""
        return tuple(request.form.getlist("codes"))


class OwnForm(RememberingForm):
    """An indicator that the catalogue does not have."""

    version = HiddenField()
    label = StringField(_("Son nom"))
    plain = TextAreaField(_("Ce qu’il dit, en une phrase simple"))
    unit = SelectField(_("En quoi on le compte"), validate_choice=False)
    direction = RadioField(_("Dans quel sens est-ce mieux ?"), validate_choice=False)
    axis = SelectField(_("Sa place dans le tableau de bord"), validate_choice=False)
    formula = TextAreaField(_("Comment on le calcule"))
    cost = BooleanField(_("C’est le coût d’une année : le comparer par place"))

    def offer(self) -> None:
        """What may be chosen."""
        first = ("", spoken(_("Choisissez…")))
        self.unit.choices = [first, *((one.value, spoken(one.label)) for one in Unit)]
        self.axis.choices = [first, *((str(int(one)), spoken(one.label)) for one in Axis)]
        self.direction.choices = [(one.value, spoken(one.label)) for one in Direction]

    def fill_own(self, indicator: IndicatorView) -> None:
        """Put in the words of an own indicator."""
        for name in ("label", "plain", "formula", "cost"):
            self._fields[name].data = getattr(indicator, name)
        self.unit.data, self.direction.data = indicator.unit.value, indicator.direction.value
        self.axis.data = str(int(indicator.axis))

    @property
    def own(self) -> Own:
        """What was typed."""
        return Own(
            self.label.data or "",
            self.plain.data or "",
            self.formula.data or "",
            next((one for one in Unit if one.value == self.unit.data), None),
            next((one for one in Direction if one.value == self.direction.data), None),
            next((one for one in Axis if str(int(one)) == self.axis.data), None),
            bool(self.cost.data),
        )


class SettingsForm(OwnForm):
    """The place of an indicator, its target; its words when it is own."""

    position = SelectField(_("Sa place dans la liste"), validate_choice=False)
    target = StringField(_("Ce que le contrat vise"))
    target_year = StringField(_("En quelle année"))

    def places(self, number: int) -> None:
        """The places that there are."""
        self.position.choices = [(str(place), str(place)) for place in range(1, number + 1)]

    def fill(self, indicator: IndicatorView, place: int) -> None:
        """Put in what is written."""
        self.fill_own(indicator)
        self.version.data = str(indicator.version)
        self.position.data = str(place)
        self.target.data = numbers.shown(indicator.target, indicator.unit)
        self.target_year.data = str(indicator.target_year or "")
        if indicator.entry is not None:
            self.undrawn = ("label", "plain", "unit", "direction", "axis", "formula", "cost")
        self.keep()

    def settings(self, indicator: IndicatorView) -> Settings:
        """What was typed."""
        place = self.position.data or ""
        return Settings(
            int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 1,  # noqa: PLR2004 — few enough
            self.target.data or "",
            self.target_year.data or "",
            self.own if indicator.entry is None else None,
        )


class FollowForm(ActForm):
    """Stop following an indicator, or take it up again."""

    version = HiddenField()


class GridForm(ActForm):
    """The cells of a grid: what is typed, what stood there when it was opened, what is wrong or newer there."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.wrong: dict[str, list[str]] = {}
        self.newer: Mapping[Key, Now] = {}

    def take(self, error: InvalidError) -> None:
        """Keep what is wrong by the name of its cell."""
        self.wrong = {name: list(sentences) for name, sentences in error.errors.items()}

    @staticmethod
    def typed(key: Key) -> str | None:
        """What was typed in a cell; None when the grid did not have it."""
        return request.form.get(f"v-{key.name}")

    def cells(self, keys: Sequence[Key]) -> tuple[Cell, ...]:
        """What came back of these cells."""
        return tuple(
            _cell(key, typed, request.form.get(f"n-{key.name}", ""))
            for key in keys
            if (typed := self.typed(key)) is not None
        )


class ReferenceForm(ActForm):
    """Quartiles of comparable establishments."""

    version = HiddenField()
    category_code = SelectField(_("Pour quelle catégorie"), validate_choice=False)
    year = StringField(_("Pour quelle année"))
    q1 = StringField(_("Un quart des établissements est en dessous de"))
    median = StringField(_("La moitié est en dessous de"))
    q3 = StringField(_("Trois quarts sont en dessous de"))
    source = StringField(_("D’où viennent ces nombres"))

    def offer(self, kinds: Sequence[Kind]) -> None:
        """The categories that may be chosen."""
        self.category_code.choices = [
            ("", spoken(_("Choisissez…"))),
            *category_choices(kinds),
        ]

    def fill(self, mark: ReferenceView, indicator: IndicatorView) -> None:
        """Put in what is written."""
        self.version.data, self.source.data = str(mark.version), mark.source
        self.category_code.data, self.year.data = mark.category_code, str(mark.year)
        for name in ("q1", "median", "q3"):
            self._fields[name].data = numbers.shown(getattr(mark.quartiles, name), indicator.measure)

    @property
    def reference(self) -> Typed:
        """What was typed."""
        return Typed(
            self.category_code.data or "",
            self.year.data or "",
            self.q1.data or "",
            self.median.data or "",
            self.q3.data or "",
            self.source.data or "",
        )


def _cell(key: Key, typed: str, stood: str) -> Cell:
    version, _between, base = stood.partition(BETWEEN)
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0  # noqa: PLR2004
    return Cell(key, typed, base, seen)
