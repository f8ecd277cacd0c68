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

# Some weigh more than what is kept: a document a little too heavy is refused beside its field, with the words of its form.
WIDEST = (HEAVIEST + 10) * MEGABYTE
UPLOADS = {
    "acts.record": MAX_BYTES,
    "acts.correct": MAX_BYTES,
    "directory.load": directory.MAX_BYTES,
    "document_writing.attach": WIDEST,
    "document_writing.replace": WIDEST,
    "imports.begin": opening.MAX_BYTES,
}
DOCUMENTS = frozenset({"document_writing.attach", "document_writing.replace"})
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
