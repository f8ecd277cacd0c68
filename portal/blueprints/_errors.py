"""From what went wrong to a page: the only translator of errors."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Flask, current_app, g, redirect, render_template, request, session
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints import _comfort
from portal.blueprints._given_back import given_back
from portal.blueprints._guards import Asked
from portal.blueprints._security import OTHER_SITE_CODE, csp_nonce, from_other_site
from portal.blueprints._uploads import READ, UPLOADS, too_heavy
from portal.domain.moderation import settings
from portal.domain.moderation.danger import TOLD_FIRST
from portal.extensions import db
from portal.kernel.errors import (
    NotFoundError,
    RefusedError,
    SignInRequiredError,
    UnavailableError,
)
from portal.kernel.units import means_unavailable
from portal.languages import gettext as _
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.policy.predicates import space_of, words_told
from portal.policy.targets import ContributionTarget

# Who came there to protect somebody is told whom to call, whatever goes wrong.
ALARMING = frozenset({"alerts.procedure", "alerts.open_procedure", "alerts.told"})
REPORTING = frozenset({"alerts.consider", "alerts.report"})

log = structlog.get_logger(__name__)


def init_errors(app: Flask) -> None:
    """Register every translation."""
    app.register_error_handler(SignInRequiredError, _sign_in)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(NotFoundError, _absent)
    app.register_error_handler(UnavailableError, _unavailable)
    app.register_error_handler(SQLAlchemyError, _unexpected)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RateLimitExceeded, _too_fast)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, title: str, message: str, **more: Any) -> tuple[str, int]:
    # Rendered apart from the context of pages, which reads the database.
    template = current_app.jinja_env.get_template("layouts/error.html")
    frame = {"comfort": _comfort.chosen(), "demonstration": current_app.config["DEMONSTRATION"], **_who()}
    page = template.render(status=status, title=title, message=message, alarming=_alarming(), **frame, **more)
    return page, status


def _alarming() -> bool:
    return request.endpoint in ALARMING


def _who() -> dict[str, Any]:
    """What the frame knows of the person from the session alone; nothing when the session was not read."""
    if g.get("session_unread", True):
        return {}
    return {"person": _name(), "open_language": True, "csp_nonce": csp_nonce()}


def _name() -> str:
    """The name of the person who is signed in, as the session has it; else nothing."""
    account = None if g.get("session_unread", True) else getattr(session, "account", None)
    return account.name if account is not None else ""


def _sign_in(_error: SignInRequiredError) -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect("/connexion" + (f"?{urlencode({'suite': wanted})}" if wanted else ""))


def _refused(error: RefusedError) -> tuple[str, int]:
    asked = g.get("asked")
    page = render_template(
        "errors/refused.html",
        error=error,
        kept=_kept(error),
        back=_ways_back(asked, error) if asked else [],
        alarming=_alarming(),
        settings=settings.of(db.session(), asked.contract_id)[0] if asked and _alarming() else None,
    )
    return page, 403


def _kept(error: RefusedError) -> str:
    """The words that came with what is refused; nothing of what another site sends."""
    return request.form.get("body", "") if request.method == "POST" and error.code != OTHER_SITE_CODE else ""


def _ways_back(asked: Asked, error: RefusedError) -> list[tuple[str, str]]:
    """Pages near the one that is refused, which this person may read; the nearest first."""
    ways, target = [], asked.target
    if asked.contribution is not None and _leads_to_procedure(asked, error):
        ways.append((_("Ouvrir la procédure"), paths.contribution(asked.about.id, "danger")))
    if isinstance(target, ContributionTarget) and permits.allows(
        asked.actor, Permission.CONTRIBUTION_READ, target
    ):
        ways.append((_("Revenir à la contribution"), paths.contribution(target.contribution_id)))
    space = space_of(target)
    if space is not None and permits.allows(asked.actor, Permission.SPACE_READ, space):
        ways.append((_("Revenir à l’espace d’échange"), paths.space(space.space_id)))
    if space is not None and not words_told(asked.actor, space):
        ways.append((_("Lire les synthèses du contrat"), f"{paths.contract(asked.contract_id)}/syntheses"))
    if request.endpoint == "balance.show":
        ways.append(
            (_("Équilibre des voix de tout le contrat"), f"{paths.contract(asked.contract_id)}/equilibre")
        )
    return ways or [(_("Revenir au contrat"), paths.contract(asked.contract_id))]


def _leads_to_procedure(asked: Asked, error: RefusedError) -> bool:
    """Whoever came to report words may still say that somebody is in danger; who decides notes who was told."""
    if error.code == TOLD_FIRST:
        return Permission.QUEUE_READ in asked.can
    return request.endpoint in REPORTING and Permission.DANGER_RAISE in asked.can


def _absent(_error: Exception) -> tuple[str, int]:
    return _page(
        404,
        _("Cette page n’existe pas"),
        _(
            "Vérifiez l’adresse, ou revenez à vos contrats. Si on vous a donné un lien, demandez-le à nouveau."
        ),
        links=[
            (_("Mes contrats"), "/contrats"),
            *([] if _name() else [(_("Entrer dans le portail"), "/connexion")]),
        ],
    )


def _unavailable(error: Exception) -> tuple[str, int, dict[str, str]]:
    log.warning("page.unavailable", endpoint=request.endpoint, error=type(error.__cause__ or error).__name__)
    typed = [] if request.method == "GET" or from_other_site() else given_back()
    title = _("Le portail ne peut pas répondre pour l’instant")
    if request.method != "GET":
        title = _("Le portail ne peut pas enregistrer pour l’instant")
    message = _("Ce n’est pas de votre faute. Réessayez dans une minute.")
    if typed:
        message = _(
            "Rien n’a été envoyé. Votre texte est ci-dessous : gardez cette page ouverte, ou copiez-le. "
            "Réessayez dans une minute."
        )
    page, status = _page(503, title, message, typed=typed)
    return page, status, {"Retry-After": "30"}


def _expired(_error: CSRFError) -> tuple[str, int]:
    typed = given_back()
    return _page(
        400,
        _("Cette page est restée ouverte trop longtemps"),
        _(
            "Rien n’a été envoyé. La page est restée ouverte longtemps, ou vous avez quitté le portail entre-temps. "
            "Copiez votre texte ci-dessous, puis ouvrez à nouveau la page pour l’envoyer."
        )
        if typed
        else _(
            "Rien n’a été envoyé. La page est restée ouverte longtemps, ou vous avez quitté le portail entre-temps. "
            "Ouvrez à nouveau la page, puis recommencez."
        ),
        typed=typed,
        **_way_again(),
    )


def _way_again() -> dict[str, str]:
    """The main button of a form that came too late: back to its page, through the door when the session has ended."""
    page = "" if from_other_site() else _came_from()
    if _name():
        return {
            "back_url": page or "/contrats",
            "back_label": _("Ouvrir à nouveau la page") if page else _("Mes contrats"),
        }
    door = "/connexion" + (f"?{urlencode({'suite': page})}" if page and page != "/connexion" else "")
    return {"back_url": door, "back_label": _("Se connecter de nouveau")}


def _came_from() -> str:
    """The page of this portal that sent the form; nothing when the browser does not say."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path.startswith("//"):
        return ""
    try:
        current_app.create_url_adapter(request).match(came.path, "GET")  # type: ignore[union-attr]  # of a request
    except (HTTPException, RoutingException):
        return ""
    return came.path + (f"?{came.query}" if came.query else "")


def _too_fast(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    # Asked before anything else, even before knowing which page sends.
    typed = [] if request.method == "GET" or from_other_site() else given_back()
    message = _("Beaucoup de demandes sont arrivées en peu de temps. Attendez une minute, puis réessayez.")
    if typed:
        message = _(
            "Rien n’a été envoyé. Copiez votre texte ci-dessous. Attendez une minute, puis revenez en arrière "
            "et envoyez à nouveau."
        )
    seconds = error.limit.limit.get_expiry() if error.limit is not None else 60
    page, status = _page(429, _("Vous allez un peu trop vite"), message, typed=typed)
    return page, status, {"Retry-After": str(seconds)}


def _http(error: HTTPException) -> Any:
    failed = getattr(error, "original_exception", None)
    if failed is not None:
        return _unexpected(failed)
    if error.code in (None, HTTPStatus.NOT_FOUND):
        return _absent(error)
    if error.code < HTTPStatus.BAD_REQUEST:
        return error
    titles = {
        405: _("Cette action n’est pas possible à cette adresse"),
        413: _("Votre envoi est trop grand"),
        429: _("Vous allez un peu trop vite"),
    }
    page, status = _page(
        error.code,
        titles.get(error.code, _("Cette demande n’est pas possible")),
        too_heavy()
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and request.endpoint in UPLOADS
        else _(
            "Revenez en arrière et réessayez. Si cela continue, demandez de l’aide à votre établissement."
        ),
        **_way_to_form(),
    )
    kept = {key: value for key, value in error.get_headers() if key in ("Allow", "Retry-After")}
    return page, status, kept


def _way_to_form() -> dict[str, str]:
    """The main button of a file that is too heavy to be read: the page where another one is chosen."""
    if request.endpoint not in READ:
        return {}
    page = "" if from_other_site() else _came_from()
    return {"back_url": page or request.path, "back_label": _("Revenir au formulaire")}


def _unexpected(error: Exception) -> Any:
    if isinstance(error, UnavailableError) or means_unavailable(error):
        return _unavailable(error)
    reference = secrets.token_hex(4).upper()
    log.error("page.failed", reference=reference, endpoint=request.endpoint, exc_info=error)
    return _page(
        500,
        _("Une erreur est arrivée de notre côté"),
        _("Ce n’est pas de votre faute. Rien n’a été enregistré à moitié. Réessayez dans un instant."),
        reference=reference,
    )
