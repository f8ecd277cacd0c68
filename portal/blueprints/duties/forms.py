"""The forms about duties: who keeps them, more time, an explanation."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from portal.blueprints._forms import ActForm, DayField, as_written
from portal.domain.duties.service import NewCover, NewExtension, NewOwner
from portal.domain.duties.sources import followed
from portal.kernel.errors import InvalidError
from portal.languages import gettext, spoken
from portal.languages import lazy_gettext as _
from portal.vocabulary import DutyKind, Group

ALL = ""


def day_of(field: DayField) -> date | None:
    """The day that was typed; None when none was. Errors: InvalidError when it is no day."""
    day: date | None = field.data
    if day is None and any(field.raw_data or ()):
        raise InvalidError({field.name: [gettext("Écrivez une date, par exemple 31/12/2027.")]})
    return day


class KeeperForm(ActForm):
    """Entrust duties, say who covers, or take back: `acte` says which."""

    acte = HiddenField()
    charge = HiddenField()
    participant = SelectField(_("À qui ?"), validate_choice=False)
    space = SelectField(_("Pour quel espace ?"), validate_choice=False)
    kind = SelectField(_("Pour quels devoirs ?"), validate_choice=False)
    from_on = DayField(_("À partir de quel jour ?"))
    until_on = DayField(_("Jusqu’à quel jour ?"))
    absent = SelectField(_("Qui s’absente ?"), validate_choice=False)
    covered_by = SelectField(_("Qui remplace ?"), validate_choice=False)
    cover_from = DayField(_("Premier jour de l’absence"))
    cover_until = DayField(_("Dernier jour de l’absence"))

    def offer(self, people: dict[str, Any], spaces: list[tuple[str, str]], me: str) -> None:
        """What may be chosen: one may be away, and cover for others, but entrusts nothing to oneself."""
        keepers = [("", _("Choisir…")), *((who, spoken(name)) for who, name in people.items())]
        self.absent.choices = self.covered_by.choices = keepers
        self.participant.choices = [choice for choice in keepers if choice[0] != me]
        self.space.choices = [(ALL, _("tout le contrat")), *as_written(spaces)]
        kinds = [(kind.value, spoken(kind.label)) for kind in DutyKind if kind in followed()]
        self.kind.choices = [(ALL, _("tous les devoirs")), *kinds]

    @property
    def owner(self) -> NewOwner:
        """What was typed. Errors: InvalidError."""
        kind = next((one for one in DutyKind if one.value == self.kind.data), None)
        return NewOwner(
            self.participant.data or "",
            self.space.data or None,
            kind,
            day_of(self.from_on),
            day_of(self.until_on),
        )

    @property
    def cover(self) -> NewCover:
        """What was typed. Errors: InvalidError."""
        return NewCover(
            self.absent.data or "",
            self.covered_by.data or "",
            day_of(self.cover_from),
            day_of(self.cover_until),
        )

    @property
    def body(self) -> tuple[object, ...]:
        """All that was typed, to know a form sent twice."""
        return tuple(field.data for field in self if field.name not in ("csrf_token", "op_id"))


class ExtensionForm(ActForm):
    """More time asked of a group."""

    contribution = HiddenField()
    # The day about which the page has said a word already.
    sure = HiddenField()
    group = RadioField(_("À quel groupe ?"), validate_choice=False)
    until_on = DayField(_("Jusqu’à quel jour ?"))
    reason = TextAreaField(_("La raison"))

    def offer(self, groups: list[Group]) -> None:
        """The groups that are owed something there."""
        self.group.choices = [(group.value, group.label) for group in groups]

    @property
    def chosen(self) -> Group | None:
        """The group that was chosen, when it is one."""
        return next((one for one in Group if one.value == self.group.data), None)

    def command(self, contribution_id: str | None) -> NewExtension:
        """What was typed. Errors: InvalidError (`group`)."""
        group = self.chosen
        if group is None:
            raise InvalidError({"group": [gettext("Choisissez un groupe.")]})
        return NewExtension(group, day_of(self.until_on), self.reason.data or "", contribution_id)


class DecisionForm(ActForm):
    """Accept, or refuse with a reason."""

    demande = HiddenField()
    decision = HiddenField()
    decision_reason = TextAreaField(_("La raison, si vous refusez"))

    @property
    def accepted(self) -> bool:
        """Whether the button was the one that accepts."""
        return str(self.decision.data) == "accepter"


class ExplanationForm(ActForm):
    """Why an engagement is not kept."""

    body = TextAreaField(_("Pourquoi cet engagement n’est pas tenu"))
