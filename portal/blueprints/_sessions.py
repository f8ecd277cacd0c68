"""Sessions as rows: the cookie is a bare token, the row says what it opens.

A visitor who is not signed in has no row, only a signed cookie with the CSRF token.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

from flask import Flask, Request, Response, g, request
from flask import session as flask_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.blueprints._security import SAFE_METHODS
from portal.domain.accounts import queries, rules, service
from portal.domain.accounts.queries import AccountView, OpenSession
from portal.extensions import db, unit
from portal.kernel import clock
from portal.kernel.errors import SignInRequiredError, UnavailableError
from portal.logs import get_logger

COOKIE = "polyphonie"
VISITOR_COOKIE = "polyphonie-visite"
VISITOR_SECONDS = 30 * 24 * 3600
VISITOR_KEYS = frozenset({"csrf_token", "_flashes"})
# Asked by an open page and by nobody: a tablet left on a table must not stay signed in for that.
ASKED_BY_SCRIPTS = frozenset({"notifications.count"})
LOGIN_KEYS = frozenset({"_user_id", "_fresh", "_id", "_remember"})

log = get_logger("portal.sessions")
_json = TaggedJSONSerializer()


class SignedIn(UserMixin):
    """Who Flask-Login's `current_user` is: an account, nothing of a contract."""

    def __init__(self, account: AccountView) -> None:
        self.account = account
        self.id = account.id
        self.name = account.name


class PortalSession(SecureCookieSession):
    """What a request keeps; `account` is None for a visitor."""

    def __init__(self, data: dict[str, Any] | None = None, *, row: OpenSession | None = None) -> None:
        super().__init__(data)
        self.row = row
        self.account = row.account if row is not None else None
        self.token_hash: str | None = None
        self.new_token: str | None = None
        self.left = False

    def stored(self) -> str:
        """The data as a row keeps them."""
        return _json.dumps({key: value for key, value in self.items() if key not in LOGIN_KEYS})


class RowSessions(SessionInterface):
    """Reads the row once per request, writes it only when there is something to write."""

    session_class = PortalSession

    def open_session(self, app: Flask, request: Request) -> PortalSession:
        """The session of the cookie; one that is unknown, ended or altered is a visitor's."""
        if _has_no_session(app, request):
            return PortalSession()
        token = request.cookies.get(cookie_name(app))
        # The page that tells of a database without answer must not ask for the session again.
        g.session_unread = True
        found = _from_row(token) if token else None
        g.session_unread = False
        if token and request.method not in SAFE_METHODS:
            # The form is still on its way, perhaps for half a minute: no connection waits for it.
            db.session.rollback()
        return found or self._visitor(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the row or the visitor's cookie, and set or remove cookies."""
        if not isinstance(session, PortalSession):
            return
        if session.accessed:
            response.vary.add("Cookie")
        if session.new_token is not None:
            _set(app, response, cookie_name(app), session.new_token)
            _remove(app, response, visitor_cookie_name(app))
        elif session.left:
            _remove(app, response, cookie_name(app))
        if session.account is not None:
            _keep(app, session)
        elif session.modified:
            self._save_visitor(app, session, response)

    def _visitor(self, app: Flask, request: Request) -> PortalSession:
        signed = request.cookies.get(visitor_cookie_name(app))
        if not signed:
            return PortalSession()
        try:
            return PortalSession(_signer(app).loads(signed, max_age=VISITOR_SECONDS))
        except BadData:
            return PortalSession()

    def _save_visitor(self, app: Flask, session: PortalSession, response: Response) -> None:
        kept = {key: value for key, value in session.items() if key in VISITOR_KEYS}
        if kept:
            _set(app, response, visitor_cookie_name(app), str(_signer(app).dumps(kept)))
        else:
            _remove(app, response, visitor_cookie_name(app))


def init_sessions(app: Flask, login_manager: LoginManager) -> None:
    """Give the app its sessions, and Flask-Login its reader."""
    app.session_interface = RowSessions()
    app.config["SESSION_PROTECTION"] = None
    app.config["SESSION_COOKIE_NAME"] = cookie_name(app)
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_sign_in_first)


def cookie_name(app: Flask) -> str:
    """The cookie that holds the token; bound to its host where there is TLS."""
    return f"__Host-{COOKIE}" if is_secure(app) else COOKIE


def visitor_cookie_name(app: Flask) -> str:
    """The cookie of a visitor who is not signed in."""
    return f"__Host-{VISITOR_COOKIE}" if is_secure(app) else VISITOR_COOKIE


def is_secure(app: Flask) -> bool:
    """Whether the portal is reached over TLS."""
    return str(app.config.get("PORTAL_URL") or "").startswith("https://")


def sign_in(app: Flask, account_id: str) -> None:
    """Open a session under a new token and a new CSRF token; the one before ends.

    Errors: NotFoundError when the account was disabled meanwhile.
    """
    session = current()
    before = session.token_hash
    data = _json.dumps({"csrf_token": _new_csrf()})
    demonstration = is_demonstration(app)

    def _open(writes: Any) -> str:
        if before is not None:
            service.end_session(writes, before)
        return service.open_session(writes, account_id, data, demonstration=demonstration)

    token = unit(_open)
    row = queries.open_session(db.session(), rules.token_hash(token), clock.now())
    if row is None:
        raise SignInRequiredError
    _fill(session, rules.token_hash(token), row)
    session.new_token, session.left = token, False
    login_user(SignedIn(row.account))
    session.modified = False


def sign_out() -> None:
    """End the session: every copy of its cookie is dead from now on."""
    session = current()
    token_hash = session.token_hash
    if token_hash is not None:
        unit(lambda writes: service.end_session(writes, token_hash))
    logout_user()
    session.clear()
    session.row = session.account = session.token_hash = session.new_token = None
    session.left = True
    g.pop("csrf_token", None)


def current() -> PortalSession:
    """The session of this request."""
    return cast("PortalSession", flask_session)


def is_demonstration(app: Flask) -> bool:
    """Whether the portal shows its demonstration."""
    return bool(app.config.get("DEMONSTRATION"))


def _load(account_id: str) -> SignedIn | None:
    account = current().account
    return SignedIn(account) if account is not None and account.id == account_id else None


def _sign_in_first() -> Any:
    raise SignInRequiredError


def _has_no_session(app: Flask, request: Request) -> bool:
    # Events of sockets read the session row themselves; what fails while their context opens would never be closed,
    # and would keep its connection to the database for as long as the socket lives.
    return request.path == "/sante" or request.path.startswith((f"{app.static_url_path}/", "/socket.io/"))


def _from_row(token: str) -> PortalSession | None:
    token_hash = rules.token_hash(token)
    row = queries.open_session(db.session(), token_hash, clock.now())
    if row is None:
        return None
    session = PortalSession(row=row)
    _fill(session, token_hash, row)
    return session


def _fill(session: PortalSession, token_hash: str, row: OpenSession) -> None:
    session.clear()
    session.update(_json.loads(row.data))
    session["_user_id"] = row.account.id
    session["_fresh"] = True
    session.row, session.account, session.token_hash = row, row.account, token_hash
    session.modified = False
    g.pop("csrf_token", None)


def _keep(app: Flask, session: PortalSession) -> None:
    row, token_hash = session.row, session.token_hash
    if row is None or token_hash is None:
        return
    demonstration = is_demonstration(app)
    if session.modified:
        data = session.stored()
        unit(lambda w: service.keep_session(w, token_hash, data=data, demonstration=demonstration))
    elif request.endpoint not in ASKED_BY_SCRIPTS and clock.now() - row.seen_at >= rules.SEEN_EVERY:
        try:
            unit(lambda w: service.keep_session(w, token_hash, demonstration=demonstration))
        except UnavailableError as error:
            # The page is ready; that it was seen can be noted next time.
            log.warning("session_not_noted", error=type(error).__name__)


def _new_csrf() -> str:
    return secrets.token_hex(20)


def _signer(app: Flask) -> URLSafeTimedSerializer:
    keys = [*(app.config.get("SECRET_KEY_FALLBACKS") or []), app.secret_key]
    return URLSafeTimedSerializer(
        keys, salt="visiteur", serializer=_json, signer_kwargs={"key_derivation": "hmac"}
    )


def _set(app: Flask, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, path="/", secure=is_secure(app), httponly=True, samesite="Lax")


def _remove(app: Flask, response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=is_secure(app), httponly=True, samesite="Lax")
