"""Sign in, sign out, and in the demonstration enter as somebody."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints import _sessions
from portal.blueprints._guards import everyone
from portal.blueprints.accounts.forms import SignInForm, safe_path
from portal.blueprints.accounts.limits import SignInLimits, TooManyError
from portal.domain.accounts import passwords, queries, service
from portal.domain.participants import personas
from portal.extensions import db, unit
from portal.kernel.errors import NotFoundError
from portal.languages import gettext as _

bp = Blueprint("accounts", __name__)


@bp.get("/connexion")
@everyone
def sign_in_page() -> AnyResponse:
    """The two ways in; who is in already goes on."""
    wanted = safe_path(request.args.get("suite"))
    if current_user.is_authenticated:
        return redirect(wanted)
    return _page(SignInForm(suite=wanted))


@bp.post("/connexion")
@everyone
def sign_in() -> AnyResponse:
    """Come in with an address and a password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    email = form.email.data or ""
    try:
        with SignInLimits(current_app).attempt(request.remote_addr or "", email) as attempt:
            account_id = _authenticate(email, form.password.data or "")
            attempt.succeeded = account_id is not None
    except TooManyError as error:
        return _later(form, error.minutes)
    if account_id is None:
        form.password.errors = [
            _("Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez l’un et l’autre.")
        ]
        return _page(form, 422)
    return _enter(account_id, form.suite.data)


@bp.post("/entrer/<slug>")
@everyone
def enter_as(slug: str) -> AnyResponse:
    """Come in as a persona of the demonstration; elsewhere this does not exist."""
    if not _sessions.is_demonstration(current_app):
        raise NotFoundError
    account = queries.persona(db.session(), slug)
    if account is None:
        raise NotFoundError
    return _enter(account.id, request.form.get("suite"))


@bp.post("/deconnexion")
@everyone
def sign_out() -> AnyResponse:
    """Go out; copies of the cookie are dead, and the browser forgets the pages."""
    _sessions.sign_out()
    flash(_("Votre session est terminée. Vous pouvez fermer cette page."), "success")
    response = redirect("/connexion", 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _enter(account_id: str, wanted: str | None) -> AnyResponse:
    _sessions.sign_in(current_app, account_id)
    return redirect(safe_path(wanted), 303)


def _authenticate(email: str, password: str) -> str | None:
    known = queries.credentials(db.session(), email)
    # Hashing takes a while: no read is left open meanwhile.
    db.session.rollback()
    stored = known.password_hash if known is not None else None
    if not passwords.verify(stored, password) or known is None or stored is None:
        return None
    if passwords.needs_new_hash(stored):
        better = passwords.make_hash(password)
        unit(lambda writes: service.renew_hash(writes, known.account_id, stored, better))
    return known.account_id


def _later(form: SignInForm, minutes: int) -> Response:
    response = _page(form, 429, minutes=minutes)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _page(form: SignInForm, status: int = 200, *, minutes: int = 0) -> Response:
    people = {}
    if _sessions.is_demonstration(current_app):
        people = personas.by_contract(personas.personas(db.session()))
    page = render_template("accounts/sign_in.html", form=form, people=people, minutes=minutes)
    return make_response(page, status)
