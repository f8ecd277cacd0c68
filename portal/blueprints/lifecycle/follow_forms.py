"""The forms of what follows a contract: its committee, reviews and reports, its end, its disagreements."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import DayField
from portal.blueprints.lifecycle.forms import Ask, LifeForm
from portal.domain.lifecycle.endings import DecisionTyped
from portal.domain.lifecycle.follow_up import PARTNER, LineTyped, ReviewTyped
from portal.domain.lifecycle.models import EndChoice
from portal.domain.lifecycle.views import LineView, PartyView, ReviewView
from portal.kernel.dates import month_label
from portal.kernel.speech import capital
from portal.languages import lazy_gettext as _
from portal.languages import spoken

MONTHS = range(1, 13)
YES, NO = "oui", "non"


class SeatForm(LifeForm):
    """A seat of the committee."""

    function = StringField(_("La fonction"))
    party = RadioField(_("Pour qui cette personne siège-t-elle ?"), validate_choice=False)
    partner = StringField(_("Si c’est un autre partenaire : lequel ?"))

    asks = (
        Ask("function", _("Jamais un nom : « directrice des Tilleuls », « présidente du CVS »."), limit=120),
        Ask("party"),
        Ask("partner", _("Par exemple : le conseil de la vie sociale."), optional=True, limit=160),
    )

    def offer(self, parties: Sequence[PartyView]) -> None:
        """The parties that may be chosen."""
        other = (PARTNER, spoken(_("Un autre partenaire")))
        self.party.choices = [*((one.id, one.name) for one in parties), other]


class SeatLeaveForm(LifeForm):
    """A seat that is taken out."""


class ReviewForm(LifeForm):
    """A review, and the meeting of the committee about it."""

    planned_on = DayField(_("Le bilan est prévu le"))
    held_on = DayField(_("Il a été fait le"))
    meets_on = DayField(_("Le comité de suivi doit se réunir le"))
    met_on = DayField(_("Il s’est réuni le"))
    says = TextAreaField(_("Ce que dit ce bilan, en mots simples"))

    asks = (
        Ask("planned_on", optional=True),
        Ask("held_on", optional=True),
        Ask("meets_on", optional=True),
        Ask("met_on", optional=True),
        Ask(
            "says",
            _("Ce qui a avancé, ce qui n’a pas avancé, et ce que cela change pour les personnes."),
            optional=True,
            limit=5000,
            rows=8,
        ),
    )

    def fill(self, now: ReviewView) -> None:
        """What is written."""
        self.put(now.version, **{one.name: getattr(now, one.name) for one in self.asks})

    @property
    def typed(self) -> ReviewTyped:
        """What was typed."""
        return ReviewTyped(
            self.planned_on.data,
            self.held_on.data,
            self.meets_on.data,
            self.met_on.data,
            self.says.data or "",
        )


class LineForm(LifeForm):
    """A line of what is reported each year."""

    label = StringField(_("Ce qui est transmis"))
    reporter = StringField(_("Qui le transmet"))
    recipient = StringField(_("À qui"))
    day = StringField(_("Le jour, chaque année"))
    month = SelectField(_("Le mois"), validate_choice=False)
    last_sent_on = DayField(_("Le dernier envoi a été fait le"))
    set_aside = RadioField(_("Cette échéance concerne-t-elle votre contrat ?"), validate_choice=False)

    asks = (
        Ask("label", limit=200),
        Ask("reporter", _("Une fonction, jamais un nom."), limit=160),
        Ask("recipient", optional=True, limit=200),
        Ask("day", _("Un nombre, de 1 à 31.")),
        Ask("month"),
        Ask("last_sent_on", _("Le portail calcule alors la prochaine échéance."), optional=True),
        Ask("set_aside"),
    )

    def offer(self) -> None:
        """What may be chosen."""
        self.month.choices = [(str(one), spoken(month_label(one))) for one in MONTHS]
        self.set_aside.choices = [
            (NO, spoken(_("Oui"))),
            (YES, spoken(_("Non, laissez-la de côté"))),
        ]
        self.set_aside.data = self.set_aside.data or NO

    def fill(self, now: LineView) -> None:
        """What is written."""
        self.put(
            now.version,
            label=spoken(now.label),
            reporter=spoken(now.reporter),
            recipient=spoken(now.recipient),
            day=str(now.day),
            month=str(now.month),
            last_sent_on=now.last_sent_on,
            set_aside=YES if now.set_aside else NO,
        )

    @property
    def typed(self) -> LineTyped:
        """What was typed."""
        return LineTyped(
            self.label.data or "",
            self.reporter.data or "",
            self.recipient.data or "",
            max(number_of((self.day.data or "").strip()), 0),
            max(number_of(self.month.data), 0),
            self.last_sent_on.data,
            self.set_aside.data == YES,
        )


class DecisionForm(LifeForm):
    """What is decided about the end of a contract."""

    choice = RadioField(_("Que décide-t-on ?"), validate_choice=False)
    decided_on = DayField(_("Le jour de la décision"))
    reason = TextAreaField(_("Pourquoi ?"))

    asks = (
        Ask("choice"),
        Ask("decided_on"),
        Ask("reason", _("Tous les membres du contrat pourront la lire."), limit=600, rows=3),
    )

    def offer(self) -> None:
        """What may be decided."""
        self.choice.choices = [(one.value, capital(one.label)) for one in EndChoice]

    @property
    def typed(self) -> DecisionTyped:
        """What was typed."""
        chosen = next((one for one in EndChoice if one.value == self.choice.data), None)
        return DecisionTyped(chosen, self.decided_on.data, self.reason.data or "")


class RaiseForm(LifeForm):
    """A disagreement of the parties, with the position of the organisation."""

    about = TextAreaField(_("Sur quoi les parties ne sont-elles pas d’accord ?"))
    raised_on = DayField(_("Depuis quel jour ?"))
    position = TextAreaField(_("La position de l’organisme gestionnaire"))

    asks = (
        Ask("about", _("Une phrase que tous les membres du contrat comprennent."), limit=300, rows=2),
        Ask("raised_on"),
        Ask("position", _("Chaque autorité écrira la sienne elle-même."), limit=1000, rows=4),
    )


class PositionForm(LifeForm):
    """The position of one's own party."""

    words = TextAreaField(_("La position de votre partie"))

    asks = (Ask("words", _("Tous les membres du contrat pourront la lire."), limit=1000, rows=4),)


class OutcomeForm(LifeForm):
    """How a disagreement ended."""

    outcome = TextAreaField(_("Comment le désaccord s’est-il terminé ?"))
    settled_on = DayField(_("Le jour de cette issue"))

    asks = (
        Ask(
            "outcome",
            _("Même si les parties restent en désaccord, dites ce qui a été fait."),
            limit=1000,
            rows=3,
        ),
        Ask("settled_on"),
    )
