"""« Équilibre des voix »: who spoke, who was answered, whose words changed the text; and an invitation to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, current_app, g, render_template, request

from portal import paths
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contracts.pages import what_i_can
from portal.blueprints.figures import silences
from portal.blueprints.figures.silences import Nudge
from portal.domain.answers.rules import OWED
from portal.domain.construction import words
from portal.domain.figures import balance, voices
from portal.domain.figures.balance import Balance
from portal.domain.figures.participation import PROTECTED, Scope
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import is_id
from portal.kernel.speech import Sentence, listed
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.vocabulary import Group

bp = Blueprint("balance", __name__)

WIDTH = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the picture and of the table; widths are those of its bars."""

    group: Group
    members: str
    spoke: str
    said: str
    answered: str
    changed: str
    people: int
    words: int


@bp.get("/contrats/<id:contract_id>/equilibre")
@allow(Permission.BALANCE_READ)
def show(asked: Asked) -> str:
    """The balance of a contract, or of one of its spaces that this person reads."""
    session = db.session()
    views = spaces.of_contracts(session, [asked.contract_id], asked.now)
    readable = [one for one in views if permits.allows(asked.actor, Permission.SPACE_READ, one.target)]
    space = _chosen(asked, views)
    found = balance.balance(session, Scope(asked.contract_id, space.id if space else None))
    about = [space] if space else views
    silent, others = silences.first(
        silences.nudges(session, {asked.contract_id: asked.actor}, about, asked.now)
    )
    return render_template(
        "figures/balance.html",
        asked=asked,
        here=f"{paths.contract(asked.contract_id)}/equilibre",
        space=space,
        spaces=readable,
        sentences=voices.sentences(found),
        rows=_rows(found),
        silent=silent,
        also_silent=others,
        also_groups=_besides(silent, others),
        shown=silences.OTHERS,
    )


@bp.get("/espaces/<id:space_id>/inviter")
@allow(Permission.GROUP_INVITE)
def invite(asked: Asked) -> str:
    """A short text to print and to give to a group."""
    space = asked.in_space
    invited = [group for group in PROTECTED if group in space.target.levels]
    chosen = request.args.get("groupe")
    group = next((one for one in invited if one.value == chosen), invited[0] if invited else None)
    level = space.target.levels[group] if group else None
    return render_template(
        "figures/invitation.html",
        asked=asked,
        space=space,
        group=group,
        groups=invited,
        can=what_i_can(level, group) if level and group else "",
        owed=OWED[level] if level else "",
        address=f"{current_app.config['PORTAL_URL']}{paths.space(space.id)}",
    )


def _chosen(asked: Asked, views: Sequence[SpaceView]) -> SpaceView | None:
    """The space that the address names. Errors: NotFoundError for one of elsewhere, RefusedError for one not to be read."""
    typed = request.args.get("espace", "")
    if not typed:
        return None
    found = next((one for one in views if one.id == typed), None) if is_id(typed) else None
    if found is None:
        raise NotFoundError
    # The page of the refusal leads to what is open beside this space.
    g.asked = replace(asked, target=found.target, space=found)
    permits.require(asked.actor, Permission.SPACE_READ, found.target)
    return found


def _besides(told: list[Nudge], others: list[Nudge]) -> Sentence | None:
    """The groups that are not told yet, as one reads them; None when there are no more."""
    known = {one.group for one in told}
    labels = list(dict.fromkeys(one.group.label for one in others if one.group not in known))
    return listed(labels, voices.AND) if labels else None


def _rows(found: Balance) -> list[Row]:
    # The whole of the persons is told nowhere: their bars are measured by the longest, never by a partial sum.
    longest = max((one.members or 0 for one in found.voices), default=0)
    return [
        Row(
            one.group,
            words.of_group(one.members, one.group),
            words.of_group(one.spoke, one.group),
            words.of_group(one.said, one.group),
            words.of_group(one.answered, one.group),
            words.of_group(one.changed, one.group),
            _width(one.members, longest),
            _width(one.said, found.said),
        )
        for one in found.voices
    ]


def _width(part: int | None, whole: int) -> int:
    return round(WIDTH * part / whole) if part and whole else 0
