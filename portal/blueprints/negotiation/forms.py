"""The forms of the negotiation; each says how it is asked, one page draws them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._forms import as_written
from portal.blueprints.lifecycle.forms import Ask, LifeForm
from portal.domain.negotiation.models import Piece, PointState
from portal.domain.negotiation.subjects import Subject
from portal.domain.negotiation.wording import MAX_REASON, Typed
from portal.kernel.speech import capital
from portal.kernel.text import excerpt
from portal.languages import lazy_gettext as _
from portal.languages import spoken

YES, NO = "oui", "non"
SHOWN = 80


class OpenForm(LifeForm):
    """A zone that is opened."""


class CloseForm(LifeForm):
    """A zone that is closed, with what came of it."""

    outcome = TextAreaField(_("Ce qui est sorti de la négociation, en mots simples"))

    asks = (
        Ask(
            "outcome",
            _("Tous les membres du contrat le liront. Ne dites rien de ce qui doit rester entre vous."),
            limit=1000,
            rows=5,
        ),
    )


class PointForm(LifeForm):
    """Something that is put on the table."""

    title = StringField(_("De quoi voulez-vous parler ?"))
    about = SelectField(_("Ce point porte sur"), validate_choice=False)
    position = TextAreaField(_("La position de votre partie"))

    asks = (
        Ask("title", _("En une ligne."), limit=160),
        Ask("about", _("Pour une ligne d’argent, partez de sa page, dans les moyens.")),
        Ask("position", _("Vous pourrez l’écrire plus tard."), optional=True, limit=1000, rows=4),
    )

    def offer(self, subjects: Sequence[Subject]) -> None:
        """What the point may be about."""
        nothing = ("", spoken(_("Autre chose, qui n’est pas encore écrit dans le contrat")))
        self.about.choices = [nothing, *as_written((one.code, _told(one)) for one in subjects)]


def _told(one: Subject) -> str:
    # In the language of the contract, all of it: an option speaks one.
    return f"{capital(one.kind)} · {excerpt(one.title, SHOWN)}"


class StandForm(LifeForm):
    """The position of one's own party."""

    words = TextAreaField(_("La position de votre partie"))

    asks = (Ask("words", _("Les autres parties la liront, et personne d’autre."), limit=1000, rows=4),)


class MessageForm(LifeForm):
    """A message about a point."""

    message = TextAreaField(_("Votre message"))

    asks = (
        Ask(
            "message",
            _("Il est signé de votre fonction, et reste tel que vous l’écrivez."),
            limit=1000,
            rows=3,
        ),
    )


class MoveForm(LifeForm):
    """Where a point stands."""

    state = RadioField(_("Où en est ce point ?"), validate_choice=False)
    ending = TextAreaField(_("Comment cela s’est-il terminé ?"))

    asks = (
        Ask("state"),
        Ask("ending", _("Facultatif si vous rouvrez le point."), limit=600, rows=3),
    )

    def offer(self, now: PointState) -> None:
        """Where it may go from where it is."""
        self.state.choices = [(one.value, spoken(capital(one.label))) for one in PointState if one is not now]

    @property
    def chosen(self) -> PointState | None:
        """What was chosen; None for anything else."""
        return next((one for one in PointState if one.value == self.state.data), None)


class AgreeForm(LifeForm):
    """That one's own party agrees to the words proposed, or no longer does."""

    agrees = HiddenField()

    @property
    def sent(self) -> tuple[object, ...]:
        """What was pressed."""
        return (self.agrees.data == YES,)


class ApplyForm(LifeForm):
    """The words agreed, put into the contract."""


class WordingForm(LifeForm):
    """The words proposed: those of the passages that were chosen, and why."""

    clair = TextAreaField(_("Ce que dirait le texte simple"))
    technique = TextAreaField(_("Ce que dirait le texte technique"))
    bloc = TextAreaField(_("Ce que dirait le bloc de la trame"))
    clair_place = HiddenField()
    technique_place = HiddenField()
    bloc_place = HiddenField()
    clair_read = HiddenField()
    technique_read = HiddenField()
    bloc_read = HiddenField()
    reason = TextAreaField(_("Pourquoi ces mots changent, en mots simples"))

    def places(self) -> Mapping[Piece, str]:
        """Where each passage is, for those that were chosen."""
        found = {one: self._fields[f"{one.value}_place"].data or "" for one in Piece}
        return {one: place[:26] for one, place in found.items() if place}

    def words_of(self, piece: Piece) -> str:
        """What is typed for a passage."""
        return str(self._fields[piece.value].data or "")

    @property
    def typed(self) -> Typed:
        """What was typed."""
        words = {one: (place, self.words_of(one)) for one, place in self.places().items()}
        read = {one: str(mark) for one in words if (mark := self._fields[f"{one.value}_read"].data)}
        return Typed(words, self.reason.data or "", read)

    @property
    def sent(self) -> tuple[object, ...]:
        """What was typed, as the browser sent it."""
        return (tuple(sorted(self.typed.words.items())), self.reason.data)

    @property
    def texts(self) -> Sequence[str]:
        """The words that everybody will read once they are in the contract."""
        return [
            one for one in (*(words for _place, words in self.typed.words.values()), self.reason.data) if one
        ]

    @property
    def limit(self) -> int:
        """How long the reason may be."""
        return MAX_REASON
