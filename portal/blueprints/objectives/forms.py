"""The forms of objectives: a sheet, how far it is, an action, a branch of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints._directing import number_of
from portal.blueprints._filters import written
from portal.blueprints._forms import ActForm, DayField
from portal.blueprints._merging import put
from portal.blueprints._remembering import RememberingForm
from portal.domain.contracts.queries import IndicatorView
from portal.domain.objectives.models import Financing, Priority, State
from portal.domain.objectives.queries import BranchView, SheetView, Wanted
from portal.domain.objectives.ready import Ready
from portal.domain.objectives.told import ActionView
from portal.domain.objectives.typed import BOXES, LINE_PARTS, LINES, LINKS, NOTES, Typed, TypedAction
from portal.domain.versions.shapes import Value
from portal.kernel.ids import is_id
from portal.languages import lazy_gettext as _
from portal.languages import spoken

LEEWAY = tuple(name for box in BOXES for name in (box, f"{box}_by"))
LINE_NAMES = tuple(f"line{n}_{part}" for n in range(1, LINES + 1) for part, _most in LINE_PARTS)
BEFORE, AFTER = "avant", "apres"
WHOLE = "oui"
FUNDED = ("oui", "non")


class SeveralField(SelectMultipleField):
    """Several things as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class VersionedForm(ActForm):
    """A form about something that others may change meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)


class SheetForm(VersionedForm):
    """An objective as it is added or written anew; what people will see change is asked first."""

    expected = StringField(_("Ce qui va changer pour les personnes, en une phrase simple"))
    title = StringField(_("Le titre de l’objectif"))
    plain = TextAreaField(_("L’objectif, en mots simples"))
    technical = TextAreaField(_("Le même objectif, avec les mots du métier"))
    branch_id = SelectField(_("Sous quel objectif stratégique ?"), validate_choice=False)
    priority = RadioField(_("Quand est-il à faire ?"), validate_choice=False)
    places = SeveralField(_("Quels établissements concerne-t-il ?"), validate_choice=False)
    findings = SeveralField(_("À quels constats répond-il ?"), validate_choice=False)
    indicators = SeveralField(_("Quels indicateurs du contrat le suivent ?"), validate_choice=False)
    health_plan = StringField(_("Lien avec le projet régional de santé"))
    scheme = StringField(_("Lien avec le schéma départemental"))
    house_plan = StringField(_("Lien avec le projet d’établissement"))
    evaluation = StringField(_("Lien avec l’évaluation de la qualité"))
    watch = TextAreaField(_("Points de vigilance"))
    obstacles = TextAreaField(_("Freins"))
    levers = TextAreaField(_("Leviers"))
    follow_up = TextAreaField(_("Comment il est suivi"))
    decided = TextAreaField(_("Ce qui est décidé"))
    decided_by = StringField(_("Décidé par qui ?"))
    open = TextAreaField(_("Ce qui est ouvert aux idées"))
    open_by = StringField(_("Ouvert par qui ?"))
    out_of_reach = TextAreaField(_("Ce qui est hors de portée"))
    out_of_reach_by = StringField(_("De qui cela dépend-il ?"))
    reason = StringField(_("Adapté parce que…"))

    def offer(
        self,
        branches: Sequence[BranchView],
        places: Iterable[tuple[str, str]],
        findings: Iterable[tuple[str, int, str]],
        indicators: Iterable[tuple[str, str]],
    ) -> None:
        """What may be chosen."""
        low = [one for one in branches if one.parent_id]
        self.branch_id.choices = [
            ("", spoken(_("Pas encore rangé"))),
            *((one.id, f"{one.sign} {one.title}") for one in low),
        ]
        self.priority.choices = [(one.value, one.label) for one in Priority]
        self.places.choices = [(one, written(name)) for one, name in places]
        self.findings.choices = [(one, written(f"{number}. {title}")) for one, number, title in findings]
        self.indicators.choices = [(one, written(label)) for one, label in indicators]

    def fill(
        self, sheet: SheetView, lines: Sequence[IndicatorView], findings: list[str], indicators: list[str]
    ) -> None:
        """Put in what the objective says now."""
        item = sheet.item
        self.version.data, self.title.data, self.expected.data = (
            str(item.version),
            item.title,
            sheet.expected,
        )
        self.plain.data = item.plain.source if item.plain else ""
        self.technical.data = item.technical.source if item.technical else ""
        self.branch_id.data, self.priority.data = sheet.branch_id or "", sheet.priority.value
        self.places.data = [place for place, _name in sheet.places]
        self.findings.data, self.indicators.data = findings, indicators
        for name in (*LINKS, *NOTES):
            self._fields[name].data = sheet.said.get(name, "")
        for name in LEEWAY:
            self._fields[name].data = getattr(item.leeway, name)
        for number, line in enumerate(lines[:LINES], 1):
            for part, _most in LINE_PARTS:
                self._fields[f"line{number}_{part}"].data = getattr(line, part)

    def put(self, state: Mapping[str, Value]) -> None:
        """Put in a state, as it came of two writings."""
        put(self, state)
        rows = [*state.get("lines", []), *[[""] * len(LINE_PARTS)] * LINES][:LINES]
        for number, row in enumerate(rows, 1):
            for (part, _most), words in zip(LINE_PARTS, row, strict=False):
                self._fields[f"line{number}_{part}"].data = words

    def begin_from(self, ready: Ready) -> None:
        """Put in what a ready model says; nothing of it is saved before it is sent."""
        self.expected.data, self.title.data = ready.expected, ready.title
        self.plain.data, self.technical.data = ready.plain, ready.technical
        for number, line in enumerate(ready.lines[:LINES], 1):
            for part, _most in LINE_PARTS:
                self._fields[f"line{number}_{part}"].data = getattr(line, part)

    def has(self, names: Iterable[str]) -> bool:
        """Whether something stands in a folded part, or is wrong there."""
        return any(self._fields[name].data or self._fields[name].errors for name in names)

    def line(self, number: int) -> list[Any]:
        """The four fields of one line of indicators."""
        return [self._fields[f"line{number}_{part}"] for part, _most in LINE_PARTS]

    @property
    def typed(self) -> Typed:
        """What was typed."""
        return Typed(
            expected=self.expected.data or "",
            title=self.title.data or "",
            plain=self.plain.data or "",
            technical=self.technical.data or "",
            branch_id=self.branch_id.data or "",
            priority=next((one for one in Priority if one.value == self.priority.data), None),
            places=frozenset(self.places.data or ()),
            findings=frozenset(self.findings.data or ()),
            indicators=frozenset(self.indicators.data or ()),
            said=self._words((*LINKS, *NOTES)),
            leeway=self._words(LEEWAY),
            lines=[
                {part: self._fields[f"line{number}_{part}"].data or "" for part, _most in LINE_PARTS}
                for number in range(1, LINES + 1)
            ],
        )

    @property
    def said(self) -> tuple[object, ...]:
        """The same, as the same form sent twice is known by."""
        several = ("places", "findings", "indicators")
        left = ("csrf_token", "op_id", *several)
        single = (field.data for name, field in self._fields.items() if name not in left)
        return (*single, *(one for name in several for one in sorted(self._fields[name].data or ())))

    def _words(self, names: Iterable[str]) -> dict[str, str]:
        return {name: self._fields[name].data or "" for name in names}


_LABELS = {
    "label": _("Ce que l’on compte"),
    "initial": _("Aujourd’hui"),
    "target": _("À la fin du contrat"),
    "yearly": _("Année par année"),
}
for _name in LINE_NAMES:
    setattr(SheetForm, _name, StringField(_LABELS[_name.split("_")[1]]))


class ProgressForm(VersionedForm):
    """How far an objective is."""

    state = RadioField(
        _("Où en est cet objectif ?"),
        choices=[(one.value, one.label) for one in State],
        validate_choice=False,
    )
    words = TextAreaField(_("Qu’est-ce qui le montre, ou pourquoi ?"))

    @property
    def chosen(self) -> State | None:
        """What was chosen."""
        return _state(self.state.data)


class ActionForm(VersionedForm):
    """An action: what, who, when, how far, with what money."""

    label = StringField(_("Ce qui sera fait"))
    lead = StringField(_("Qui la conduit ?"))
    team = StringField(_("Avec quelle équipe ?"))
    partners = StringField(_("Avec quels partenaires ?"))
    starts_on = DayField(_("Début"))
    ends_on = DayField(_("Fin"))
    state = RadioField(
        _("Où en est-elle ?"), choices=[(one.value, one.label) for one in State], validate_choice=False
    )
    justification = StringField(_("Qu’est-ce qui le montre, ou pourquoi ?"))
    financing = RadioField(
        _("L’argent est-il trouvé ?"),
        choices=[(one.value, one.label) for one in Financing],
        validate_choice=False,
    )
    funded_until = DayField(_("Financé jusqu’au"))
    reason = StringField(_("Adapté parce que…"))

    def fill(self, action: ActionView) -> None:
        """Put in what the action says now."""
        self.version.data = str(action.version)
        self.state.data, self.financing.data = action.state.value, action.financing.value
        for name in (
            "label",
            "lead",
            "team",
            "partners",
            "starts_on",
            "ends_on",
            "justification",
            "funded_until",
        ):
            self._fields[name].data = getattr(action, name)

    @property
    def typed(self) -> TypedAction:
        """What was typed."""
        financing = next((one for one in Financing if one.value == self.financing.data), None)
        return TypedAction(
            label=self.label.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            state=_state(self.state.data),
            justification=self.justification.data or "",
            lead=self.lead.data or "",
            team=self.team.data or "",
            partners=self.partners.data or "",
            financing=financing,
            funded_until=self.funded_until.data,
            reason=self.reason.data or "",
        )

    @property
    def said(self) -> tuple[object, ...]:
        """The same, as the same form sent twice is known by."""
        left = ("csrf_token", "op_id")
        return tuple(str(field.data) for name, field in self._fields.items() if name not in left)

    @property
    def wrong_days(self) -> dict[str, list[str]]:
        """The days that are no days, with what is said of each."""
        found: dict[str, list[str]] = {}
        for name in ("starts_on", "ends_on", "funded_until"):
            field = self._fields[name]
            raw = (field.raw_data or [""])[0]
            if field.data is None and str(raw).strip():
                found[name] = [str(_("Écrivez une date, par exemple 31/12/2027."))]
        return found


class BranchForm(VersionedForm, RememberingForm):
    """An orientation, or an objectif stratégique under one."""

    parent_id = SelectField(_("Où la mettre ?"), validate_choice=False)
    title = StringField(_("Son titre"))
    plain = StringField(_("La même chose, en une phrase simple"))

    def offer(self, branches: Sequence[BranchView]) -> None:
        """Where it may go."""
        self.parent_id.choices = [
            ("", spoken(_("C’est une orientation"))),
            *((one.id, f"{one.sign} {one.title}") for one in branches if one.parent_id is None),
        ]

    def fill(self, branch: BranchView) -> None:
        """Put in what it says now."""
        self.title.data, self.plain.data, self.version.data = branch.title, branch.plain, str(branch.version)
        self.keep()


class PlaceForm(VersionedForm):
    """One place up or down."""

    way = HiddenField()


def wanted() -> Wanted:
    """The filters of the address; what it cannot mean is left out."""
    orientation, place, funded = (_asked(name) for name in ("orientation", "lieu", "finance"))
    return Wanted(
        orientation_id=orientation if is_id(orientation) else "",
        place_id=place if is_id(place) else "",
        state=_state(_asked("etat")),
        funded=funded if funded in FUNDED else "",
    )


def filters(asked: Wanted) -> Mapping[str, str]:
    """The same, for the links of the page."""
    found = {
        "orientation": asked.orientation_id,
        "lieu": asked.place_id,
        "etat": asked.state.value if asked.state else "",
        "finance": asked.funded,
    }
    return {name: value for name, value in found.items() if value}


def cursor(name: str) -> str | None:
    """The line after which a page begins."""
    typed = _asked(name)
    return typed if is_id(typed) else None


def number(name: str) -> int:
    """A number of the address; 0 when it is none."""
    return max(0, number_of(_asked(name)))


def _state(typed: str | None) -> State | None:
    return next((one for one in State if one.value == typed), None)


def _asked(name: str) -> str:
    return request.args.get(name, "")[:40].strip()
