"""The forms of an act: what it says, its document, why it is corrected or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.blueprints._aside import aside
from portal.blueprints._directing import number_of
from portal.blueprints._forms import DayField, DocumentForm, SureForm
from portal.domain.acts import documents
from portal.domain.acts.documents import Document
from portal.domain.acts.models import ActOutcome
from portal.domain.acts.queries import ActView
from portal.domain.acts.rules import OUTCOMES, rank
from portal.domain.acts.service import Correction, NewAct
from portal.domain.organisations.queries import Place
from portal.kernel.errors import InvalidError
from portal.languages import gettext, spoken
from portal.languages import lazy_gettext as _
from portal.vocabulary import ActKind, Stage

WHOLE = ""


class RecordForm(DocumentForm):
    """An act, as it is recorded or corrected."""

    stage = SelectField(_("À quelle étape du contrat ?"), validate_choice=False)
    held_on = DayField(_("La date de l’acte"))
    body_name = StringField(_("Le nom de l’instance"))
    establishment = SelectField(_("Pour quel établissement ?"), validate_choice=False)
    outcome = RadioField(_("Ce qu’elle a dit ou décidé"), validate_choice=False)
    source = TextAreaField(_("Le texte de l’acte, ou son résumé"))
    drop_document = BooleanField(_("Retirer le document qui est joint"))
    reason = TextAreaField(_("Pourquoi corriger ?"))
    version = HiddenField()
    _looked_at: Document | None = None
    _wrong: InvalidError | None = None

    def offer(
        self,
        kind: ActKind,
        places: Sequence[Place],
        stage: Stage,
        act: ActView | None = None,
        *,
        whole: bool = True,
    ) -> None:
        """What may be chosen for this kind of act: no stage to come, but the one that the act has."""
        self.fresh()
        known = [
            one for one in Stage if rank(one) <= rank(stage) or (act is not None and one is act.now.stage)
        ]
        self.stage.choices = [(one.value, spoken(one.label)) for one in known]
        self.stage.data = self.stage.data or stage.value
        self.establishment.choices = [
            *([(WHOLE, gettext("tout le contrat"))] if whole else []),
            *((one.id, one.name) for one in places),
        ]
        self.outcome.choices = [(one.value, one.label) for one in OUTCOMES[kind]]
        if kind is ActKind.COMMITTEE:
            self.held_on.label.text = gettext("Le jour de la réunion")
            self.body_name.label.text = gettext("Les parties qui étaient là")
            self.source.label.text = gettext("Ce qui a été décidé")

    def fill(self, act: ActView) -> None:
        """Put in what the act says now."""
        self.stage.data, self.held_on.data = act.now.stage.value, act.now.held_on
        self.body_name.data, self.establishment.data = act.now.body, act.establishment_id or WHOLE
        self.outcome.data, self.source.data, self.version.data = (
            act.now.outcome.value,
            act.source,
            str(act.version),
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written in full words."""
        return tuple(one.data or "" for one in (self.body_name, self.source, self.reason))

    @property
    def said(self) -> tuple[object, ...]:
        """What was sent, as the same form sent twice is known by."""
        document = self._sent
        return (
            *(
                field.data
                for field in (self.stage, self.held_on, self.body_name, self.establishment, self.outcome)
            ),
            self.source.data,
            self.reason.data,
            self.version.data,
            bool(self.drop_document.data),
            "" if document is None else document[1],
        )

    def command(self, kind: ActKind) -> NewAct:
        """What was typed. Errors: InvalidError (`held_on`, `document`)."""
        return NewAct(
            kind,
            next((one for one in Stage if one.value == self.stage.data), None),
            self._day(),
            self.body_name.data or "",
            self.establishment.data or None,
            next((one for one in ActOutcome if one.value == self.outcome.data), None),
            self.source.data or "",
            self._document(),
        )

    def correction(self, kind: ActKind) -> Correction:
        """The same with its reason, on the version that was seen."""
        return Correction(
            self.command(kind),
            self.reason.data or "",
            number_of(self.version.data),
            bool(self.drop_document.data),
        )

    def _day(self) -> date | None:
        day: date | None = self.held_on.data
        if day is None and any(self.held_on.raw_data or ()):
            raise InvalidError({"held_on": [gettext("Écrivez une date, par exemple 31/12/2027.")]})
        return day

    def look(self) -> None:
        """Look at the document that came, before the act is written: what is wrong with it is said with the rest."""
        sent = self._sent
        try:
            self._looked_at = None if sent is None else aside(lambda: documents.checked(*sent))
        except InvalidError as error:
            self._wrong = error

    def _document(self) -> Document | None:
        if self.misses:
            told = gettext(
                "Vous aviez joint un document. Choisissez-le à nouveau, ou dites que vous continuez sans lui."
            )
            raise InvalidError({documents.FIELD: [told]})
        if self._wrong is not None:
            raise self._wrong
        return self._looked_at

    @property
    def _sent(self) -> tuple[str, bytes] | None:
        """The name and the bytes that came; the type that the browser declares is not looked at."""
        found = request.files.get(documents.FIELD)
        if found is None or not found.filename:
            return None
        found.stream.seek(0)
        return found.filename, found.stream.read(documents.MAX_BYTES + 1)


class TakeBackForm(SureForm):
    """Why an act is taken back."""

    reason = TextAreaField(_("Pourquoi retirer cet acte ?"))
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)


class SequelForm(SureForm):
    """What an opinion became."""

    words = TextAreaField(_("Ce que cet avis est devenu"))
