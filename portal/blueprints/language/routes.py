"""« English » or « Français »: one button on every page, which brings back to that page."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import languages
from portal.blueprints import _sessions
from portal.blueprints._guards import everyone
from portal.blueprints.comfort.forms import back_to
from portal.domain.accounts import service
from portal.extensions import unit
from portal.kernel.errors import NotFoundError

KEPT_SECONDS = 365 * 24 * 3600

bp = Blueprint("language", __name__)


@bp.post("/langue")
@everyone
def choose() -> Response:
    """Keep the language: on the account of whoever is signed in, else on this device."""
    wanted = request.form.get("langue", "")
    if wanted not in languages.NAMES:
        raise NotFoundError
    answer = redirect(back_to(request.form.get("suite")), 303)
    if current_user.is_authenticated:
        account_id = current_user.get_id()
        unit(lambda session: service.set_language(session, account_id, wanted))
    else:
        answer.set_cookie(
            languages.cookie_name(),
            wanted,
            max_age=KEPT_SECONDS,
            path="/",
            secure=_sessions.is_secure(current_app),
            httponly=True,
            samesite="Lax",
        )
    return answer
