"""The forms of the means: a line with its years, what was given and spent, a former state, a reallocation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm, DayField, as_written
from portal.blueprints._remembering import RememberingForm
from portal.domain.means.models import Lasting, Need, Payer
from portal.domain.means.moves import MoveView
from portal.domain.means.queries import LineView, Purse
from portal.domain.means.rules import Amounts
from portal.domain.means.typed import GIVEN, PLANNED, SPENT, Typed, TypedFollowUp, TypedMove
from portal.domain.versions.shapes import Field, Shape
from portal.kernel.errors import InvalidError
from portal.kernel.ids import is_id
from portal.languages import lazy_gettext as _
from portal.languages import spoken

AMOUNTS = (PLANNED, GIVEN, SPENT)
COLUMNS = {PLANNED: _("Prévu"), GIVEN: _("Donné"), SPENT: _("Dépensé")}


class VersionedForm(RememberingForm):
    """A form about something that others may change meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)


class AmountsForm(VersionedForm):
    """A form with an amount a year, in cells named `v-planned-2027`: what is typed there, and what is wrong with it."""

    ORDER: tuple[str, ...] = ()

    reason = StringField(_("Pourquoi ?"))

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.wrong: dict[str, list[str]] = {}
        # What its cells hold when it is filled, and what came into some of them from somebody else.
        self.filled: dict[str, str] = {}
        self.came: dict[str, str] = {}

    def fill_cells(self, columns: Iterable[str], years: Iterable[int], now: Mapping[int, Amounts]) -> None:
        """Put in the amounts that are written now."""
        columns = tuple(columns)
        self.filled = {cell(name, year): written(now, name, year) for year in years for name in columns}
        self.keep()

    def asked(self) -> dict[str, Field]:
        """Its fields, then its cells, which are compared without the spaces of their numbers."""
        cells = {name: Field(name, _label(name), Shape.NUMBER) for name in self.filled}
        return super().asked() | cells

    def held(self) -> dict[str, str]:
        """What each of them holds."""
        if self.filled:
            return super().held() | self.filled
        return super().held() | {name: one for name, one in request.form.items() if name.startswith("v-")}

    def write(self, name: str, raw: str) -> None:
        """Put something else into a field, or a cell."""
        if name in self._fields:
            super().write(name, raw)
        else:
            self.came[name] = raw

    def take(self, error: InvalidError) -> None:
        """Keep what is wrong in a year by its cell; the rest stands beside its field."""
        apart = {name for name in error.errors if name.rpartition("_")[0] in AMOUNTS}
        self.wrong = {name.replace("_", "-"): [*error.errors[name]] for name in error.errors if name in apart}
        super().take(InvalidError({name: error.errors[name] for name in error.errors if name not in apart}))

    @property
    def in_order(self) -> list[Any]:
        """Its fields as they stand on the page."""
        return [self._fields[name] for name in (*self.ORDER, "reason")]

    @staticmethod
    def amounts(name: str, years: Iterable[int]) -> dict[int, str]:
        """What was typed in the cells of one column."""
        return {year: request.form.get(f"v-{name}-{year}", "") for year in years}

    def told(self, name: str, year: int, now: Mapping[int, Amounts]) -> str:
        """What stands in a cell: what was typed, else what is written now."""
        key = cell(name, year)
        typed = request.form.get(key) if request.method == "POST" else None
        return self.came.get(key, written(now, name, year) if typed is None else typed)


class FollowForm(AmountsForm):
    """What was given and spent; more spent than given is asked about."""

    ORDER = ("beyond",)

    beyond = BooleanField(_("C’est bien la somme dépensée"))

    def typed(self, years: Sequence[int]) -> TypedFollowUp:
        """What was typed."""
        given, spent = self.amounts(GIVEN, years), self.amounts(SPENT, years)
        return TypedFollowUp(given, spent, self.reason.data or "", ask=not self.beyond.data)


class PurseForm(ActForm):
    """Whose money it is."""

    payer = SelectField(_("De qui vient cet argent ?"), validate_choice=False)
    other = StringField(_("Si c’est un autre financeur, son nom"))

    def offer_payers(self, authorities: Iterable[tuple[str, str]], only: str | None) -> None:
        """Who may be chosen: `only` one authority for its agents, everybody for the direction."""
        known = as_written((one, name) for one, name in authorities if only in (None, one))
        if only is not None:
            self.payer.choices = known
            return
        self.payer.choices = [
            ("", spoken(_("Choisissez…"))),
            *known,
            *((one.value, spoken(one.label)) for one in (Payer.OWN, Payer.OTHER)),
        ]

    def fill_purse(self, purse: Purse) -> None:
        """Put in whose money it is now."""
        self.payer.data = purse.authority_id or purse.payer.value
        self.other.data = purse.name if purse.payer is Payer.OTHER else ""


class LineForm(PurseForm, AmountsForm):
    """A line of money: what it pays for, whose it is, where it goes, whether it lasts, how much each year."""

    ORDER = ("label", "payer", "other", "establishment_id", "lasting", "need")

    label = StringField(_("Ce que cet argent paie"))
    establishment_id = SelectField(_("Pour quel établissement ?"), validate_choice=False)
    lasting = RadioField(
        _("Cet argent revient-il chaque année ?"),
        choices=[(one.value, one.label) for one in Lasting],
        validate_choice=False,
    )
    need = RadioField(
        _("Et ce qu’il paie ?"),
        choices=[(one.value, one.label) for one in Need],
        validate_choice=False,
    )

    def offer_sites(self, sites: Iterable[tuple[str, str]]) -> None:
        """Where it may go."""
        self.establishment_id.choices = [("", spoken(_("Pour tous les établissements"))), *as_written(sites)]

    def fill(self, line: LineView) -> None:
        """Put in what the line says now."""
        self.version.data, self.label.data = str(line.version), line.label
        self.establishment_id.data = line.site_id or ""
        self.lasting.data, self.need.data = line.lasting.value, line.need.value
        self.fill_purse(line.purse)

    def typed(self, years: Sequence[int]) -> Typed:
        """What was typed."""
        return Typed(
            label=self.label.data or "",
            payer=self.payer.data or "",
            lasting=next((one for one in Lasting if one.value == self.lasting.data), None),
            need=next((one for one in Need if one.value == self.need.data), None),
            other=self.other.data or "",
            establishment_id=self.establishment_id.data or "",
            planned=self.amounts(PLANNED, years),
            reason=self.reason.data or "",
        )


class MoveForm(PurseForm):
    """A reallocation: from where, to where, how much of which year, whose money, under which clause, decided by whom and when."""

    from_id = SelectField(_("De quel établissement part l’argent ?"), validate_choice=False)
    to_id = SelectField(_("Vers quel établissement va-t-il ?"), validate_choice=False)
    year = SelectField(_("De quelle année ?"), validate_choice=False)
    amount = StringField(_("Combien d’euros ?"))
    clause = StringField(_("Quelle partie du contrat le permet ?"))
    decided_by = StringField(_("Qui l’a décidé ?"))
    decided_on = DayField(_("Quel jour ?"))
    reason = TextAreaField(_("Pourquoi ?"))
    beyond = BooleanField(_("C’est bien cette somme, même si elle dépasse ce qui est écrit"))
    sure = BooleanField(_("J’ai relu cette décision"))

    def offer(self, sites: Iterable[tuple[str, str]], years: Iterable[int]) -> None:
        """What may be chosen."""
        first, known = ("", spoken(_("Choisissez…"))), as_written(sites)
        self.from_id.choices = self.to_id.choices = [first, *known]
        self.year.choices = [first, *((str(year), str(year)) for year in years)]

    def fill(self, move: MoveView) -> None:
        """Put in what a decision says, to correct it by another one; its reason and its day are asked anew."""
        self.from_id.data, self.to_id.data, self.year.data = move.from_id, move.to_id, str(move.year)
        self.amount.data = f"{move.amount:,}".replace(",", " ")
        self.clause.data, self.decided_by.data = move.clause, move.decided_by
        self.fill_purse(move.purse)

    @property
    def typed(self) -> TypedMove:
        """What was typed."""
        year = number_of(self.year.data)
        return TypedMove(
            from_id=self.from_id.data or "",
            to_id=self.to_id.data or "",
            year=year if year > 0 else None,
            amount=self.amount.data or "",
            payer=self.payer.data or "",
            other=self.other.data or "",
            clause=self.clause.data or "",
            reason=self.reason.data or "",
            decided_by=self.decided_by.data or "",
            decided_on=self.decided_on.data,
            ask=not self.beyond.data,
        )


class BackForm(VersionedForm):
    """One button, or one with its reason; `number` is the former state to bring back."""

    number = HiddenField()
    reason = StringField(_("Pourquoi ?"))

    @property
    def chosen(self) -> int:
        """The former state that was chosen."""
        return number_of(self.number.data)


def cell(name: str, year: int) -> str:
    """The name of the cell of a year in a column."""
    return f"v-{name}-{year}"


def written(now: Mapping[int, Amounts], name: str, year: int) -> str:
    """An amount as a cell shows it."""
    amount = getattr(now.get(year, Amounts()), name)
    return "" if amount is None else f"{amount:,}".replace(",", " ")


def _label(key: str) -> str:
    """What a cell is called."""
    _sign, name, year = key.split("-")
    return f"{spoken(str(COLUMNS[name]))} {year}"


def said(form: ActForm) -> tuple[object, ...]:
    """All that a form says, as the same form sent twice is known by: its fields, then its cells."""
    left = ("csrf_token", "op_id", "shown")
    fields: Any = form._fields
    told = [str(field.data) for name, field in fields.items() if name not in left]
    return (
        *told,
        *(f"{name}={typed}" for name, typed in sorted(request.form.items()) if name.startswith("v-")),
    )


def cursor(name: str) -> str | None:
    """The line after which a page begins."""
    typed = request.args.get(name, "")
    return typed if is_id(typed) else None


def number(name: str) -> int:
    """A number of the address; 0 when it is none."""
    return max(0, number_of(request.args.get(name)))
