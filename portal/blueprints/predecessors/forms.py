"""The forms of the contract before: what it was, a commitment added by hand, what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from wtforms import RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._forms import DayField
from portal.blueprints.lifecycle.forms import Ask, LifeForm
from portal.domain.predecessors.models import Outcome, PredecessorKind
from portal.domain.predecessors.queries import PredecessorView, Said
from portal.domain.predecessors.rules import ORDER
from portal.domain.predecessors.service import MAX_TITLE, MAX_WORDS, NEW, OutcomeTyped, PredecessorTyped
from portal.languages import gettext, spoken
from portal.languages import lazy_gettext as _
from portal.vocabulary import Labelled

W = TypeVar("W", bound=Labelled)


class PredecessorForm(LifeForm):
    """What the contract before was."""

    kind = RadioField(
        _("Quel contrat y avait-il avant ?"),
        choices=[(one.value, one.label) for one in PredecessorKind],
        validate_choice=False,
    )
    title = StringField(_("Son nom"))
    starts_on = DayField(_("Son premier jour"))
    ends_on = DayField(_("Son dernier jour"))
    parties = TextAreaField(_("Qui l’avait signé"))
    numbers = TextAreaField(_("Les numéros FINESS qui ont changé depuis"))

    asks = (
        Ask("kind"),
        Ask("title", _("Par exemple : convention tripartite 2015-2019 des Tilleuls."), limit=MAX_TITLE),
        Ask("starts_on", optional=True),
        Ask("ends_on", optional=True),
        Ask("parties", _("Des organismes, jamais des personnes."), optional=True, limit=MAX_WORDS, rows=3),
        Ask(
            "numbers",
            _("L’ancien numéro, le nouveau, et pourquoi : fusion, déménagement, changement de statut."),
            optional=True,
            limit=MAX_WORDS,
            rows=3,
        ),
    )

    def fill(self, now: PredecessorView | None) -> None:
        """What is written."""
        if now is None:
            self.put(0)
            return
        values = {
            name: getattr(now, name) for name in ("title", "starts_on", "ends_on", "parties", "numbers")
        }
        self.put(now.version, kind=now.kind.value, **values)

    @property
    def typed(self) -> PredecessorTyped:
        """What was typed."""
        return PredecessorTyped(
            _one(PredecessorKind, self.kind.data),
            self.title.data or "",
            self.starts_on.data,
            self.ends_on.data,
            self.parties.data or "",
            self.numbers.data or "",
        )


class CommitmentForm(LifeForm):
    """A commitment added by hand."""

    title = StringField(_("L’engagement, comme le contrat d’avant le disait"))

    asks = (Ask("title", limit=MAX_TITLE),)


class OutcomeForm(LifeForm):
    """What became of a commitment."""

    became = RadioField(_("Qu’est-il devenu ?"), validate_choice=False)
    objective = SelectField(_("Dans quel objectif de ce contrat ?"), validate_choice=False)
    words = TextAreaField(_("En une phrase simple"))
    title = StringField(_("L’engagement, comme le contrat d’avant le disait"))

    asks = (
        Ask("became"),
        Ask("objective", _("Seulement s’il est repris ou changé."), optional=True),
        Ask(
            "words",
            _("Ce qui change, ce qu’il est devenu, ou pourquoi il est abandonné. Une famille le lira."),
            optional=True,
            limit=MAX_WORDS,
            rows=3,
        ),
        Ask("title", limit=MAX_TITLE),
    )

    def offer(self, objectives: Sequence[tuple[str, int, str]]) -> None:
        """What may be chosen."""
        self.became.choices = [(one.value, one.label) for one in ORDER]
        self.objective.choices = [
            ("", spoken(_("Aucun"))),
            (NEW, spoken(_("En faire un nouvel objectif, avec ses actions"))),
            *(
                (one, gettext("Objectif %(number)s : %(title)s", number=number, title=title))
                for one, number, title in objectives
            ),
        ]

    def fill(self, now: Said, proposed: Outcome | None = None) -> None:
        """What is written; as long as nobody said anything, what the words of the file propose."""
        became = proposed if now.outcome is Outcome.UNSAID else now.outcome
        self.put(
            now.version,
            became=became.value if became else None,
            objective=now.objective_id or "",
            words=now.words,
            title=now.title,
        )

    @property
    def typed(self) -> OutcomeTyped:
        """What was typed."""
        return OutcomeTyped(
            self.title.data or "",
            _one(Outcome, self.became.data),
            self.words.data or "",
            self.objective.data or "",
        )


def _one(words: type[W], typed: str | None) -> W | None:
    return next((one for one in words if one.value == typed), None)
