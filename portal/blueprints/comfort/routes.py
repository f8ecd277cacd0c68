"""« Affichage »: how the pages look, for whoever reads them here."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_login import current_user

from portal.blueprints import _comfort
from portal.blueprints._guards import everyone
from portal.blueprints.comfort.forms import EVERYWHERE, HERE, ComfortForm, back_to, came_from
from portal.domain.accounts.comfort import CHOICES, Comfort
from portal.languages import gettext as _

bp = Blueprint("comfort", __name__)


@bp.get("/affichage")
@everyone
def settings() -> Response:
    """The choices, with those in force marked."""
    form = ComfortForm(formdata=None, suite=came_from(request), scope=_scope())
    form.show(_comfort.chosen())
    return _page(form, _comfort.chosen())


@bp.post("/affichage")
@everyone
def choose() -> Response:
    """Keep them, look at an example first, or forget all; then back to where one was."""
    form = ComfortForm()
    act = request.form.get("act")
    if act == "voir":
        form.show(form.comfort)
        return _page(form, form.comfort)
    response = make_response(redirect(back_to(form.suite.data), 303))
    if act == "effacer":
        _comfort.forget(response)
        flash(_("L’affichage est comme au début."), "comfort")
    else:
        _comfort.keep(response, form.comfort, here_only=form.here_only)
        flash(_("Votre affichage est réglé. Vous pouvez le changer quand vous voulez."), "comfort")
    return response


def _scope() -> str:
    return HERE if _comfort.only_here() else EVERYWHERE


def _page(form: ComfortForm, preview: Comfort) -> Response:
    return make_response(
        render_template(
            "comfort/settings.html",
            form=form,
            preview={name: getattr(preview, name) for name in CHOICES},
            signed_in=current_user.is_authenticated,
        )
    )
