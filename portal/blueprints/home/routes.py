"""The door, the glossary, help, what is said of accessibility, and where everything is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.blueprints._guards import everyone
from portal.blueprints.home import accessibility, site_map
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


@bp.get("/aide")
@everyone
def help_page() -> str:
    """How to take part, in a few sentences."""
    return render_template("home/help.html")


@bp.get("/accessibilite")
@everyone
def accessibility_page() -> str:
    """The operator's statement, what is tried at each change, what is not, and whom to turn to."""
    statement = accessibility.statement()
    return render_template(
        "home/accessibility.html",
        statement=statement,
        mention=accessibility.MENTIONS[statement.state],
        facts=accessibility.FACTS,
        limits=accessibility.LIMITS,
        gaps=accessibility.gaps(statement),
    )


@bp.get("/plan-du-site")
@everyone
def site_map_page() -> str:
    """Every page this person may open, in words."""
    return render_template(
        "home/site_map.html", links=site_map.portal_links(), parts=site_map.contract_parts()
    )
