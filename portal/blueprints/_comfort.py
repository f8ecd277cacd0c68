"""How this page is to be read: by the person, else on this device, else as the portal looks at first.

A device keeps its own in a cookie without any id, for whoever sits before it. A person who is signed in
has the account's, everywhere, or those of the session, here only: both leave with them at the end of the
session, so that a shared tablet is as it was before.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request
from flask import session as flask_session
from flask_login import current_user

from portal.blueprints import _sessions
from portal.domain.accounts import service
from portal.domain.accounts.comfort import Comfort, in_force, read, written
from portal.extensions import unit

COOKIE = "polyphonie-affichage"
SECONDS = 400 * 24 * 3600
KEY = "comfort"


def init_comfort(app: Flask) -> None:
    """Give every page what it needs to look as chosen."""
    app.context_processor(lambda: {"comfort": chosen()})
    app.after_request(_varies)


def cookie_name(app: Flask) -> str:
    """The cookie of the device; bound to its host where there is TLS."""
    return f"__Host-{COOKIE}" if _sessions.is_secure(app) else COOKIE


def chosen() -> Comfort:
    """What is in force for this request; asks the database nothing."""
    device = request.cookies.get(cookie_name(current_app))
    account = None if g.get("session_unread") else getattr(flask_session, "account", None)
    if account is None:
        return in_force(device)
    return in_force(flask_session.get(KEY), account.comfort, device)


def only_here() -> bool:
    """Whether the person who is signed in chose for this device only."""
    return current_user.is_authenticated and KEY in flask_session


def keep(response: Response, comfort: Comfort, *, here_only: bool) -> None:
    """Keep a choice: of the device when nobody is signed in, else of the person, here or everywhere."""
    if not current_user.is_authenticated:
        _set(response, written(comfort))
    elif here_only:
        flask_session[KEY] = written(comfort)
    else:
        _of_account(comfort)
        flask_session.pop(KEY, None)


def forget(response: Response) -> None:
    """As at first, at once: nothing is chosen any more, neither by the person nor by an empty-handed device."""
    if not current_user.is_authenticated:
        _remove(response)
        return
    _of_account(None)
    flask_session.pop(KEY, None)
    if read(request.cookies.get(cookie_name(current_app))) is not None:
        # The device keeps what it shows to others; this person sees the portal as it is at first.
        flask_session[KEY] = written(Comfort())


def _of_account(comfort: Comfort | None) -> None:
    account_id = str(current_user.get_id())
    unit(lambda session: service.set_comfort(session, account_id, comfort))


def _varies(response: Response) -> Response:
    if request.endpoint != "static":
        response.vary.add("Cookie")
    return response


def _set(response: Response, value: str) -> None:
    response.set_cookie(cookie_name(current_app), value, max_age=SECONDS, **_limits())


def _remove(response: Response) -> None:
    response.delete_cookie(cookie_name(current_app), **_limits())


def _limits() -> dict[str, Any]:
    return {"path": "/", "secure": _sessions.is_secure(current_app), "httponly": True, "samesite": "Lax"}
