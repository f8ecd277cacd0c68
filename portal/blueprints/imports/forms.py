"""The forms of a file that is taken up: the file or the words, the pieces of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.imports.pieces import Piece, PieceKind
from portal.domain.imports.service import Change
from portal.kernel.errors import InvalidError
from portal.languages import gettext as _
from portal.languages import lazy_gettext as _l

# What is typed of a piece besides its kind, its words and its place.
SAID = ("expected", "plain", "site", "outcome", "became", "reading")
MAX_PASTED = 200_000


class FileForm(ActForm):
    """A file, or words that are pasted."""

    file = FileField(_l("Votre fichier"))
    words = TextAreaField(_l("Ou collez ici un tableau ou un texte"))
    former = BooleanField(_l("C’est le fichier du contrat d’avant"))

    @property
    def sent(self) -> FileStorage | None:
        """The file that came, if any."""
        file = request.files.get(self.file.short_name)
        return file if file is not None and file.filename else None

    @property
    def pasted(self) -> str:
        """The words that were pasted. Errors: InvalidError when there are none, or too many."""
        words = self.words.data or ""
        if not words.strip():
            raise InvalidError({"file": [_("Choisissez un fichier, ou collez un tableau ou un texte.")]})
        if len(words) > MAX_PASTED:
            raise InvalidError(
                {"words": [_("C’est trop long pour être collé. Enregistrez-le dans un fichier.")]}
            )
        return words


class PiecesForm(ActForm):
    """The pieces of a page as they were typed."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)

    def changes(self, pieces: Iterable[Piece]) -> Mapping[int, Change]:
        """What came back of these pieces, those that are otherwise than before."""
        found = {one.id: _change(one) for one in pieces if f"kind-{one.id}" in request.form}
        return {number: one for number, one in found.items() if one is not None}


class LeaveForm(ActForm):
    """Give a file up."""


def _change(piece: Piece) -> Change | None:
    typed = request.form.get(f"kind-{piece.id}", "")
    kind = next((one for one in PieceKind if one.value == typed), piece.kind)
    said = {name: words for name in SAID if (words := request.form.get(f"{name}-{piece.id}")) is not None}
    change = Change(
        kind,
        request.form.get(f"text-{piece.id}", piece.text),
        request.form.get(f"parent-{piece.id}", piece.parent)[:64],
        {name: words.replace("\r\n", "\n")[:20_000] for name, words in said.items()},
    )
    same = {name: piece.said.get(name, "") for name in said} == change.said
    return (
        None
        if same
        and (change.kind, change.text, change.parent) == (kind, piece.text, piece.parent)
        and kind is piece.kind
        else change
    )
