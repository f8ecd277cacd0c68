"""Forms of the settings and phases of a space."""

from __future__ import annotations

from datetime import date

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)

from portal.blueprints._directing import closing, number_of, required_day
from portal.blueprints._forms import ActForm, DayField
from portal.domain.spaces.queries import SpaceView
from portal.domain.spaces.service import SpaceCorrection
from portal.kernel.clock import paris
from portal.kernel.errors import InvalidError
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import ModerationMode, Phase

MODERATION = [
    (ModerationMode.BEFORE.value, _("Relire avant publication")),
    (ModerationMode.AFTER.value, _("Publier tout de suite, relire ensuite")),
]


SYNTHESIS, WORDS = "synthese", "mots"
AUTHORITIES = [
    (SYNTHESIS, _("La synthèse seulement")),
    (WORDS, _("Les mots publiés, et la synthèse")),
]


class SpaceWordsForm(ActForm):
    """What a space says of itself and promises: shared by the assistant and the settings."""

    question = StringField(_("La question posée aux groupes"))
    introduction = TextAreaField(_("Quelques mots d’introduction"))
    ends_on = DayField(_("Dernier jour pour participer"))
    answer_days = IntegerField(_("Délai de réponse annoncé, en jours"))
    moderation = RadioField(
        _("Quand relisez-vous les contributions ?"), choices=MODERATION, validate_choice=False
    )

    @property
    def delay(self) -> int:
        """The delay that was typed; none that can be promised when it is not a number."""
        return self.answer_days.data if self.answer_days.data is not None else 0

    @property
    def mode(self) -> ModerationMode:
        """Before or after publication. Errors: InvalidError (`moderation`)."""
        for mode in ModerationMode:
            if mode.value == self.moderation.data:
                return mode
        raise InvalidError({"moderation": [gettext("Choisissez quand vous relisez.")]})


class SettingsForm(SpaceWordsForm):
    """What may be corrected in a space that exists."""

    version = HiddenField()
    reason = TextAreaField(_("Pourquoi les dates changent"))

    def fill(self, space: SpaceView) -> None:
        """Show the space as it is."""
        self.question.data, self.introduction.data = space.question, space.introduction
        self.ends_on.data, self.answer_days.data = paris(space.ends_at).date(), space.answer_days
        self.moderation.data = space.moderation.value
        self.version.data = str(space.version)

    @property
    def seen(self) -> int:
        """The version of the space that was on the screen."""
        return number_of(self.version.data)

    def correction(self, space: SpaceView) -> SpaceCorrection:
        """What was typed; the same day keeps its hour. Errors: InvalidError."""
        day: date = required_day(self.ends_on.data, "ends_on")
        return SpaceCorrection(
            question=self.question.data or "",
            introduction=self.introduction.data or "",
            ends_at=space.ends_at if day == paris(space.ends_at).date() else closing(day),
            answer_days=self.delay,
            moderation=self.mode,
            reason=self.reason.data or "",
        )


class PhaseForm(ActForm):
    """To move a space to its next phase, from the state that was seen."""

    version = HiddenField()
    reason = TextAreaField(_("La raison de la pause"))
    broken_promise = TextAreaField(_("Pourquoi cet engagement n’est pas tenu"))

    @property
    def seen(self) -> int:
        """The version of the space that was on the screen."""
        return number_of(self.version.data)


def typed(field: Field) -> str:
    """The text of a field; empty when the form did not have it."""
    return field.data or ""


class TellForm(ActForm):
    """Whether the authorities read the words, from the state that was seen."""

    version = HiddenField()
    lecture = HiddenField()
    why = TextAreaField(_("Pourquoi fermer les mots aux autorités"))
    sure = BooleanField(_("Oui, les autorités ne liront plus les mots de cet espace"))

    @property
    def seen(self) -> int:
        """The version of the space that was on the screen."""
        return number_of(self.version.data)

    @property
    def reads(self) -> bool:
        """Whether the button was the one that opens the words."""
        return str(self.lecture.data) == WORDS

    def confirmed(self, space: SpaceView) -> None:
        """That closing words which the authorities read is wanted. Errors: InvalidError (`sure`)."""
        closes = space.target.words_told and not self.reads and space.phase is not Phase.DRAFT
        if closes and not self.sure.data:
            raise InvalidError({"sure": [gettext("Cochez cette case pour confirmer.")]})
