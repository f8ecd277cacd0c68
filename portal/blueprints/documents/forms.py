"""The forms of a document: its file, how it is presented, why it is replaced or removed."""

from __future__ import annotations

import hashlib

from flask import current_app, request
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm, DocumentForm, SureForm
from portal.domain.documents import rules
from portal.domain.documents.queries import DocumentView
from portal.domain.documents.rules import Presented, Received
from portal.intake import receive
from portal.kernel.errors import InvalidError
from portal.kernel.files.kinds import RefusedFileError
from portal.languages import gettext
from portal.languages import lazy_gettext as _


def limit() -> int:
    """How heavy one document may be here, in bytes."""
    megabytes: int = current_app.config["SETTINGS"].document_megabytes
    return megabytes * rules.MEGABYTE


class FileForm(DocumentForm):
    """A form with the file of a document: it cannot go without one."""

    document = FileField(_("Le fichier"))
    without_document = None  # type: ignore[assignment]

    def received(self) -> Received:
        """What was sent, opened and cleaned. Errors: InvalidError (`document`)."""
        sent = self._bytes()
        if sent is None:
            raise InvalidError({rules.FILE: [self._missing()]})
        try:
            return receive.received(sent, limit())
        except RefusedFileError as error:
            raise rules.refused(error.refusal, limit()) from error

    @property
    def seal(self) -> str:
        """What tells the bytes that came from any others; nothing when none came."""
        sent = self._bytes()
        return "" if sent is None else hashlib.sha256(sent).hexdigest()

    def _bytes(self) -> bytes | None:
        """The bytes that came; their name and the type that the browser declares are not looked at."""
        found = request.files.get(rules.FILE)
        if found is None or not found.filename:
            return None
        found.stream.seek(0)
        return found.stream.read(limit() + 1)

    def _missing(self) -> str:
        if self.attached.data:
            return gettext(
                "Choisissez le fichier à nouveau : votre navigateur ne le garde pas d’une page à l’autre."
            )
        return gettext("Choisissez un fichier.")


class AttachForm(FileForm):
    """A new document."""

    title = StringField(_("Le nom du document"))
    summary = TextAreaField(_("En une phrase, pour tout le monde"))

    @property
    def presented(self) -> Presented:
        """Its name and its sentence, as typed."""
        return Presented(self.title.data or "", self.summary.data or "")


class ReplaceForm(FileForm):
    """Another file for a document."""

    reason = TextAreaField(_("Pourquoi remplacer ce fichier ?"))
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the page carried."""
        return number_of(self.version.data)


class DescribeForm(SureForm):
    """Its name and its sentence, written anew."""

    title = StringField(_("Le nom du document"))
    summary = TextAreaField(_("En une phrase, pour tout le monde"))
    version = HiddenField()

    def fill(self, document: DocumentView) -> None:
        """What is written now."""
        self.title.data, self.summary.data = document.title, document.summary
        self.version.data = str(document.version)

    @property
    def presented(self) -> Presented:
        """Its name and its sentence, as typed."""
        return Presented(self.title.data or "", self.summary.data or "")

    @property
    def seen(self) -> int:
        """The version that the page carried."""
        return number_of(self.version.data)


class RestoreForm(ActForm):
    """The button beside an earlier version."""

    version = HiddenField()
    number = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the page carried."""
        return number_of(self.version.data)


class RemoveForm(SureForm):
    """Why a document is removed."""

    reason = TextAreaField(_("Pourquoi retirer ce document ?"))
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the page carried."""
        return number_of(self.version.data)
