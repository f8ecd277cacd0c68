"""The forms of the dates, stages and avenants of a contract; each says how it is asked, one page draws them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import DayField, SureForm
from portal.blueprints._remembering import RememberingForm
from portal.domain.acts.queries import ActView
from portal.domain.lifecycle.amendments import AmendmentTyped
from portal.domain.lifecycle.service import Dates, StageTyped
from portal.domain.lifecycle.views import (
    AmendmentView,
    ContractDates,
    StageView,
)
from portal.domain.lifecycle.writing import NO_DAY
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError
from portal.languages import gettext, spoken
from portal.languages import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked."""

    name: str
    hint: Any = None
    optional: bool = False
    limit: int | None = None
    rows: int | None = None


class LifeForm(SureForm, RememberingForm):
    """A form of this noun: the version that was seen, and how its fields are asked."""

    asks: ClassVar[tuple[Ask, ...]] = ()

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the page carried."""
        return number_of(self.version.data)

    def check_days(self) -> None:
        """Errors: InvalidError beside every day that is none."""
        wrong: dict[str, list[str]] = {
            name: [NO_DAY]
            for name, one in self._fields.items()
            if isinstance(one, DayField) and one.process_errors and any(one.raw_data or ())
        }
        if wrong:
            raise InvalidError(wrong)

    def put(self, version: int, **values: Any) -> None:
        """Fill the form with what is written."""
        self.version.data = str(version)
        for name, value in values.items():
            self._fields[name].data = value
        self.keep()

    @property
    def sent(self) -> tuple[object, ...]:
        """What was typed, as the browser sent it."""
        return tuple(tuple(self._fields[one.name].raw_data or ()) for one in self.asks)

    @property
    def texts(self) -> Sequence[str]:
        """The words that everybody will read."""
        return [
            self._fields[one.name].data or ""
            for one in self.asks
            if one.limit and self._fields[one.name].data
        ]

    def told(self) -> Sequence[tuple[Any, Any]]:
        """What the form holds, field by field, in words."""
        return [
            (self._fields[one.name].label.text, _told(self._fields[one.name]))
            for one in self.asks
            if self._fields[one.name].data
        ]


def _told(field: Any) -> Any:
    if isinstance(field.data, date):
        return day_label(field.data)
    choices = dict(getattr(field, "choices", None) or ())
    return choices.get(field.data, field.data)


class DatesForm(LifeForm):
    """When a contract is signed, counts and ends."""

    signed_on = DayField(_("Le jour de la signature"))
    starts_on = DayField(_("Le jour où le contrat commence à compter"))
    ends_on = DayField(_("Le dernier jour du contrat"))
    sixth_act_id = SelectField(_("L’acte qui permet plus de cinq ans"), validate_choice=False)
    sixth_reference = StringField(_("Ou les références de cet acte"))

    asks = (
        Ask("signed_on", _("Laissez vide tant que le contrat n’est pas signé."), optional=True),
        Ask("starts_on", _("Il peut être avant le jour de la signature, ou après.")),
        Ask("ends_on"),
        Ask("sixth_act_id", _("S’il est enregistré dans les actes officiels du contrat."), optional=True),
        Ask("sixth_reference", _("Par exemple : avenant n°\u00a02 du 3 mai 2031."), optional=True, limit=200),
    )

    def offer(self, acts: Iterable[ActView]) -> None:
        """The acts that may be chosen."""
        self.sixth_act_id.choices = [
            ("", spoken(_("Aucun acte choisi"))),
            *(
                (
                    one.id,
                    gettext(
                        "%(kind)s, %(day)s, %(body)s",
                        kind=one.kind.label,
                        day=day_label(one.now.held_on),
                        body=one.now.body,
                    ),
                )
                for one in acts
            ),
        ]

    def fill(self, now: ContractDates) -> None:
        """What is written."""
        self.put(
            now.version,
            signed_on=now.signed_on,
            starts_on=now.starts_on,
            ends_on=now.ends_on,
            sixth_act_id=now.sixth_act.id if now.sixth_act else "",
            sixth_reference=now.sixth_reference,
        )

    @property
    def typed(self) -> Dates:
        """What was typed."""
        return Dates(
            self.signed_on.data,
            self.starts_on.data,
            self.ends_on.data,
            self.sixth_act_id.data or "",
            self.sixth_reference.data or "",
        )


class StageForm(LifeForm):
    """When a stage is planned and when it takes place."""

    planned_from = DayField(_("Elle est prévue à partir du"))
    planned_to = DayField(_("Elle est prévue jusqu’au"))
    begun_on = DayField(_("Elle a commencé le"))
    ended_on = DayField(_("Elle s’est terminée le"))

    asks = (
        Ask("planned_from", optional=True),
        Ask("planned_to", optional=True),
        Ask("begun_on", _("L’étape du contrat change toute seule."), optional=True),
        Ask("ended_on", _("Laissez vide tant qu’elle n’est pas finie."), optional=True),
    )

    def fill(self, now: StageView) -> None:
        """What is written."""
        self.put(now.version, **{one.name: getattr(now, one.name) for one in self.asks})

    @property
    def typed(self) -> StageTyped:
        """What was typed."""
        return StageTyped(
            self.planned_from.data, self.planned_to.data, self.begun_on.data, self.ended_on.data
        )


class ReopenForm(LifeForm):
    """Why a stage is opened again."""

    on = DayField(_("Elle est rouverte le"))
    reason = TextAreaField(_("Pourquoi ?"))

    asks = (
        Ask("on"),
        Ask("reason", _("Tous les membres du contrat pourront la lire."), limit=600, rows=2),
    )


class AmendmentForm(LifeForm):
    """An avenant, to record it."""

    number = StringField(_("Son numéro"))
    signed_on = DayField(_("Le jour de sa signature"))
    effective_on = DayField(_("Le jour où il commence à compter"))
    changes = TextAreaField(_("Ce qu’il change, en mots simples"))
    articles = StringField(_("Les articles du contrat qu’il modifie"))

    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("number"),
        Ask("signed_on"),
        Ask("effective_on"),
        Ask("changes", _("Une ou deux phrases que les familles comprennent."), limit=1000, rows=3),
        Ask("articles", _("Par exemple : articles 1 et 4, annexe 1."), optional=True, limit=300),
    )

    def fill(self, now: AmendmentView) -> None:
        """What is written."""
        names = ("signed_on", "effective_on", "changes", "articles")
        self.put(now.now.version, **{name: getattr(now.now, name) for name in names})
        self.number.data = str(now.now.number)
        self.keep()

    @property
    def typed(self) -> AmendmentTyped:
        """What was typed."""
        return AmendmentTyped(
            max(number_of((self.number.data or "").strip()), 0),
            self.signed_on.data,
            self.effective_on.data,
            self.changes.data or "",
            self.articles.data or "",
        )


class CorrectionForm(AmendmentForm):
    """An avenant, to correct it."""

    reason = TextAreaField(_("Pourquoi cette correction ?"))

    asks = (
        *AmendmentForm.asks,
        Ask("reason", _("L’ancienne version se lira encore, avec votre raison."), limit=600, rows=2),
    )
