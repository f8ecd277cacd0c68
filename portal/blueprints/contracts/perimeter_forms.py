"""The forms of the perimeter: a site, why it leaves, how far the contract reaches, a category of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._forms import ActForm, DayField
from portal.blueprints._remembering import RememberingForm
from portal.domain.contracts.categories import Kind
from portal.domain.contracts.models import Competence, Scope
from portal.domain.contracts.perimeter import Site
from portal.domain.contracts.sites import Party, Perimeter, SiteView
from portal.domain.organisations.models import DirectorySite
from portal.kernel.speech import Sentence
from portal.languages import SOURCE, current, spoken
from portal.languages import lazy_gettext as _

# A number that cannot be one of places: the domain says so beside its field.
NO_NUMBER = -1


def category_choices(kinds: Sequence[Kind]) -> list[Any]:
    """Categories with their codes; the names that are no sentence of the portal stay French, and it is said."""
    own = {} if current() == SOURCE else {"lang": SOURCE}
    return [
        (one.code, f"{spoken(one.label)} ({one.code})", {} if isinstance(one.label, Sentence) else own)
        for one in kinds
    ]


class SiteForm(RememberingForm):
    """A site, as it enters the perimeter or is written anew."""

    version = HiddenField()
    name = StringField(_("Le nom de l’établissement ou du service"))
    finess_et = StringField(_("Son numéro FINESS (établissement)"))
    category_code = SelectField(_("Sa catégorie"), validate_choice=False)
    places_before = StringField(_("Les places aujourd’hui"))
    places_after = StringField(_("Les places à la fin du contrat"))
    change = TextAreaField(_("Ce que le contrat y change"))
    phone = StringField(_("Le téléphone de l’accueil"))
    hours = StringField(_("Quand on peut appeler"))

    def offer(self, kinds: Sequence[Kind]) -> None:
        """The categories that may be chosen."""
        self.category_code.choices = [
            ("", spoken(_("Choisissez…"))),
            *category_choices(kinds),
        ]

    def fill(self, site: SiteView) -> None:
        """Put in what is written of a site."""
        for name in ("name", "finess_et", "category_code", "change", "phone", "hours"):
            self._fields[name].data = getattr(site, name)
        self.version.data = str(site.version)
        self.places_before.data, self.places_after.data = (
            _typed(site.places_before),
            _typed(site.places_after),
        )
        self.keep()

    def fill_from(self, found: DirectorySite, kinds: Sequence[Kind]) -> None:
        """Put in what the national directory says."""
        self.name.data, self.finess_et.data = found.name, found.finess_et
        self.phone.data = found.phone
        if any(one.code == found.category for one in kinds):
            self.category_code.data = found.category

    @property
    def site(self) -> Site:
        """What was typed."""
        return Site(
            self.name.data or "",
            self.finess_et.data or "",
            self.category_code.data or "",
            _number(self.places_before.data),
            _number(self.places_after.data),
            self.change.data or "",
            self.phone.data or "",
            self.hours.data or "",
        )


class LeaveForm(ActForm):
    """Why and when a site leaves the perimeter."""

    version = HiddenField()
    left_on = DayField(_("À partir de quel jour ?"))
    reason = TextAreaField(_("Pourquoi ?"))


class ReachForm(ActForm):
    """How far the contract reaches, for what each authority answers."""

    version = HiddenField()
    scope = RadioField(_("Jusqu’où va ce contrat ?"), validate_choice=False)

    def offer(self, perimeter: Perimeter) -> None:
        """What may be chosen, and what is."""
        self.scope.choices = [(one.value, one.label) for one in Scope]
        if not self.is_submitted():
            self.scope.data = perimeter.scope.value if perimeter.scope else None
        self.version.data = str(perimeter.version)

    @property
    def chosen(self) -> Scope | None:
        """The scope that was chosen."""
        return next((one for one in Scope if one.value == self.scope.data), None)

    @staticmethod
    def competences(parties: Sequence[Party]) -> Mapping[str, frozenset[Competence]]:
        """What was ticked, by authority."""
        return {
            one.id: frozenset(
                known for known in Competence if known.value in request.form.getlist(f"competence-{one.id}")
            )
            for one in parties
        }


class CategoryForm(ActForm):
    """A category that the official list does not have."""

    # The site that was chosen in the directory before its category was added.
    finess = HiddenField()
    code = StringField(_("Son code"))
    label = StringField(_("Son nom"))
    plain = StringField(_("Ce que c’est, en mots simples"))

    def fill_from(self, found: DirectorySite) -> None:
        """Put in the category that the national directory gives, which the list does not have."""
        self.finess.data, self.code.data = found.finess_et, found.category
        self.label.data = found.category_label


def _typed(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(typed: str | None) -> int | None:
    """The number that was typed, spaces apart; None when nothing was."""
    words = "".join((typed or "").split())
    if not words:
        return None
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else NO_NUMBER  # noqa: PLR2004
