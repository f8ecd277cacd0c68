"""Whether the portal answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from portal.blueprints._guards import everyone
from portal.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/sante")
@everyone
def health() -> dict[str, Any]:
    """A small JSON once pages can be read."""
    db.session.execute(text("SELECT 1"))
    return {"etat": "pret"}
