"""A published synthesis: in its space for who reads it there, in its contract for every member."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal import paths
from portal.blueprints._guards import Asked, allow
from portal.domain.contracts import queries as contracts
from portal.domain.contributions.views import CardView
from portal.domain.spaces import queries as spaces
from portal.domain.syntheses import queries
from portal.domain.syntheses.queries import SynthesisView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import is_id
from portal.policy import permits
from portal.policy.permissions import Permission

bp = Blueprint("syntheses", __name__)

MOST_DIGITS = 3


@bp.get("/espaces/<id:space_id>/synthese")
@allow(Permission.SYNTHESES_READ)
def show(asked: Asked) -> str:
    """The synthesis of a space, with links to what it cites; or that it is still to come.

    Who does not read the words of the space, an authority for instance, reads what is published of it.
    """
    space = asked.in_space
    if Permission.SPACE_READ not in asked.can:
        found = queries.listed(db.session(), space.contract_id)
        if any(one.space_id == space.id for one in found):
            return _one(asked, space.id, found)
        permits.require(asked.actor, Permission.SPACE_READ, space.target)
    view = queries.published(db.session(), space.id, _number())
    return _page(asked, view, space.id, space.question, readable=True)


@bp.get("/contrats/<id:contract_id>/syntheses")
@allow(Permission.SYNTHESES_READ)
def listed(asked: Asked) -> str:
    """The published syntheses of a contract, or the one that is asked for."""
    session, space_id = db.session(), request.args.get("espace", "")
    found = queries.listed(session, asked.contract_id)
    if space_id:
        return _one(asked, space_id, found)
    return render_template("syntheses/list.html", asked=asked, found=found)


def _one(asked: Asked, space_id: str, found: list[queries.ListedView]) -> str:
    session = db.session()
    one = next((one for one in found if one.space_id == space_id), None)
    space = spaces.view(session, space_id, asked.now) if one else None
    if one is None or space is None:
        raise NotFoundError
    readable = permits.allows(asked.actor, Permission.SPACE_READ, space.target)
    view = queries.published(session, space_id, _number(), readable=readable)
    return _page(asked, view, space_id, one.question, readable=readable)


def _number() -> int | None:
    typed = request.args.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else None


def _page(asked: Asked, view: SynthesisView | None, space_id: str, question: str, *, readable: bool) -> str:
    if view is None and _number() is not None:
        raise NotFoundError
    session, after = db.session(), request.args.get("apres", "")
    left: tuple[tuple[CardView, str], ...] = ()
    following = None
    if view is not None and readable:
        left, following = queries.uncited_page(session, view, after=after if is_id(after) else None)
    here = (
        paths.synthesis(space_id) if readable else f"{paths.syntheses(asked.contract_id)}?espace={space_id}"
    )
    writes = asked.space is not None and Permission.SYNTHESIS_WRITE in asked.can
    return render_template(
        "syntheses/show.html",
        asked=asked,
        view=view,
        space_id=space_id,
        question=question,
        readable=readable,
        items=contracts.items(session, spaces.chosen(space_id)),
        left=left,
        following=following,
        here=here,
        writes=writes,
    )
