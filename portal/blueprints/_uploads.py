"""A document may be heavier than any other form: only where one is attached, and only from who is signed in.

Whether they may is asked before it is read. Everywhere else a form stays as light as the settings of the application say.
"""

from __future__ import annotations

import io

from flask import Flask, current_app, request
from flask import session as flask_session

from portal.blueprints import _guards
from portal.config import HEAVIEST
from portal.documents.reading import opening
from portal.domain.acts.documents import MAX_BYTES
from portal.domain.documents.rules import MEGABYTE
from portal.domain.organisations import directory
from portal.kernel.errors import NotFoundError, RefusedError
from portal.languages import gettext as _

# Some weigh more than what is kept: a file a little too heavy is refused beside its field, with the words of its form.
WIDEST = (HEAVIEST + 10) * MEGABYTE
UPLOADS = {
    "acts.record": MAX_BYTES,
    "acts.correct": MAX_BYTES,
    "directory.load": directory.MAX_BYTES,
    "document_writing.attach": WIDEST,
    "document_writing.replace": WIDEST,
    "imports.begin": opening.MAX_BYTES + 20 * MEGABYTE,
}
DOCUMENTS = frozenset({"document_writing.attach", "document_writing.replace"})
# The most megabytes of a file that is read and not attached.
READ = {"directory.load": directory.MAX_BYTES // MEGABYTE, "imports.begin": opening.MAX_BYTES // MEGABYTE}
# What comes with the document: the words of the form.
BESIDE = 256 * 1024


def init_uploads(app: Flask) -> None:
    """Widen the form before anything reads it: call it before the extension that looks for the token."""

    @app.before_request
    def widen() -> None:
        if request.endpoint not in UPLOADS or getattr(flask_session, "account", None) is None:
            return
        if (request.content_length or 0) > BESIDE:
            _refuse_unread()
        request.max_content_length = UPLOADS[request.endpoint] + BESIDE


def _refuse_unread() -> None:
    """Ask for the right to send something heavy before it is read. Errors: NotFoundError, RefusedError."""
    try:
        _guards.require(current_app.view_functions[str(request.endpoint)], request.view_args or {})
    except (NotFoundError, RefusedError):
        # The page that says so gives words back: it finds none, and reads nothing.
        request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = io.BytesIO(), "0"
        raise


def too_heavy() -> str:
    """What to tell of what was too heavy to be read, with the limit of its form."""
    if request.endpoint in READ:
        return _(
            "Ce fichier est trop lourd : il peut peser %(most)s Mo au plus. Rien n’a été envoyé, et rien n’a changé. "
            "Revenez au formulaire et choisissez un fichier plus léger, ou seulement une partie de celui-ci.",
            most=READ[request.endpoint],
        )
    if request.endpoint in DOCUMENTS:
        return _(
            "Ce fichier est beaucoup trop lourd. Rien n’a été envoyé. Revenez en arrière : ce que vous avez écrit "
            "est encore dans votre page. Choisissez un fichier de %(most)s Mo au plus.",
            most=current_app.config["SETTINGS"].document_megabytes,
        )
    return _(
        "Un document joint peut peser 10 Mo au plus. Rien n’a été envoyé. Revenez en arrière : ce que vous "
        "avez écrit est encore dans votre page. Choisissez un document plus léger."
    )
