"""The door and the glossary."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.blueprints._guards import everyone
from portal.blueprints.home.words import WORDS

bp = Blueprint("home", __name__)


@bp.get("/")
@everyone
def door() -> Response:
    """To my contracts, or to the sign-in page."""
    return redirect("/contrats" if current_user.is_authenticated else "/connexion")


@bp.get("/glossaire")
@everyone
def glossary() -> str:
    """Hard words, explained."""
    return render_template("home/glossary.html", words=WORDS)
