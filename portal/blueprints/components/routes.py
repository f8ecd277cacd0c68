"""The page of all components, for whoever draws or reviews them: in the demonstration only."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from portal.blueprints import _sessions
from portal.blueprints._guards import everyone
from portal.blueprints.components import examples
from portal.blueprints.components.forms import SampleForm
from portal.kernel.errors import NotFoundError
from portal.vocabulary import College, FindingKind, Level, Phase

bp = Blueprint("components", __name__)

SECTIONS = (
    "brins",
    "couleurs",
    "textes",
    "actes",
    "etiquettes",
    "echelle",
    "marge",
    "contributions",
    "suites",
    "traces",
    "fil",
    "messages",
    "etats",
    "formulaires",
    "suite",
    "tableaux",
    "personnes",
)


@bp.get("/composants")
@everyone
def gallery() -> str:
    """Every component in every state, from fixed examples. Errors: NotFoundError outside the demonstration."""
    if not _sessions.is_demonstration(current_app):
        raise NotFoundError
    return render_template(
        "showcase/page.html",
        sections=SECTIONS,
        colleges=list(College),
        levels=list(Level),
        phases=list(Phase),
        findings=list(FindingKind),
        examples=examples,
        form=SampleForm.with_errors(),
        still=SampleForm.filled(),
    )
