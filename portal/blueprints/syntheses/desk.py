"""Writing a synthesis beside the contributions, then publishing it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.syntheses.forms import DraftForm, PublishForm, form_of, sent_form
from portal.domain.answers import themes
from portal.domain.contracts import queries as contracts
from portal.domain.spaces import queries as spaces
from portal.domain.syntheses import material, queries, rules, service
from portal.domain.syntheses.material import Sieve
from portal.domain.syntheses.queries import DraftView
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.kernel.ids import is_id
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionKind, Phase

bp = Blueprint("synthesis_desk", __name__)

FILTERS = ("sujet", "type", "theme", "citees")
CITED = {"oui": True, "non": False}


@bp.get("/espaces/<id:space_id>/synthese/ecrire")
@allow(Permission.SYNTHESIS_WRITE)
def write(asked: Asked) -> str:
    """What people said on one side, what is being written on the other."""
    known = queries.draft(db.session(), asked.in_space.id)
    form = form_of(_room(known), formdata=None)
    form.fresh()
    form.fill(known.parts, known.version)
    return _desk(asked, form, known)


@bp.post("/espaces/<id:space_id>/synthese/ecrire")
@allow(Permission.SYNTHESIS_WRITE)
def save(asked: Asked) -> Answered:
    """Keep what was typed; what was chosen to be cited is added to its part."""
    form, space_id = sent_form(), asked.in_space.id
    command = form.draft

    def do(session: Session, person: Actor) -> None:
        service.save(session, person, space_id, command)

    def again(stale: StaleError | None) -> str:
        known = queries.draft(db.session(), space_id)
        form.fill(form.typed, known.version if stale else command.seen)
        return _desk(asked, form, known, stale)

    body = (space_id, command.parts, command.seen, tuple(sorted(command.under.items())))
    outcome = f"{paths.synthesis(space_id)}/ecrire?{urlencode({**_kept(), 'fait': 'garde'})}"
    return direct(asked, form, body, outcome, do, again)


@bp.get("/espaces/<id:space_id>/synthese/publier")
@allow(Permission.SYNTHESIS_PUBLISH)
def confirm(asked: Asked) -> str:
    """The synthesis as it will be read, before everybody reads it."""
    form = PublishForm(formdata=None)
    form.fresh()
    return _confirming(asked, form)


@bp.post("/espaces/<id:space_id>/synthese/publier")
@allow(Permission.SYNTHESIS_PUBLISH)
def publish(asked: Asked) -> Answered:
    """Publish it, or its new version."""
    form, space_id = PublishForm(), asked.in_space.id
    seen, reason = number_of(form.version.data), form.reason.data or ""

    def do(session: Session, person: Actor) -> None:
        service.publish(session, person, space_id, seen=seen, reason=reason)

    return direct(
        asked,
        form,
        (space_id, seen, reason),
        paths.synthesis(space_id),
        do,
        lambda stale: _confirming(asked, form, stale),
    )


def _room(known: DraftView) -> int:
    """A field for each part, and one more while there may be."""
    return min(len(known.parts) + 1, rules.MAX_SECTIONS)


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _sieve() -> Sieve:
    args = request.args
    item_id, theme_id = args.get("sujet", ""), args.get("theme", "")
    return Sieve(
        item_id=item_id if is_id(item_id) else None,
        kind=next((one for one in ContributionKind if one.value == args.get("type")), None),
        theme_id=theme_id if is_id(theme_id) else None,
        cited=CITED.get(args.get("citees", "")),
    )


def _desk(asked: Asked, form: DraftForm, known: DraftView, stale: StaleError | None = None) -> str:
    space = asked.in_space if request.method == "GET" else current_space(asked)
    session, after = db.session(), request.args.get("apres", "")
    sieve = _sieve()
    cards, following = material.page(session, space.id, sieve, after=after if is_id(after) else None)
    items = contracts.items(session, spaces.chosen(space.id))
    titles = {one.id: one.title for one in items}
    return render_template(
        "syntheses/desk.html",
        space=space,
        form=form,
        stale=stale,
        known=known,
        cards=[one.about(titles.get(one.item_id, ""), paths.item(space.id, one.item_id)) for one in cards],
        following=following,
        items=items,
        themes=themes.of_space(session, space.id),
        kinds=list(ContributionKind),
        sieve=sieve,
        query=urlencode(_kept()),
        left=queries.left_out(session, known, space.id, asked.now),
        mark_of=rules.mark,
        # What is in the fields is what was kept, unless it was just refused.
        preview=queries.preview(session, space.id) if request.method == "GET" and known.version else (),
        as_read=rules.as_read,
        can_publish=permits.allows(asked.actor, Permission.SYNTHESIS_PUBLISH, space.target),
        can_end=permits.allows(asked.actor, Permission.SPACE_END, space.target),
        directs=permits.allows(asked.actor, Permission.SPACE_CONFIGURE, space.target),
        waits=space.phase in (Phase.OPEN, Phase.PAUSED),
        done=request.args.get("fait") == "garde",
    )


def _confirming(asked: Asked, form: PublishForm, stale: StaleError | None = None) -> str:
    session, space = db.session(), current_space(asked)
    known = queries.draft(session, space.id)
    form.version.data = str(known.version)
    return render_template(
        "syntheses/publish.html",
        space=space,
        form=form,
        stale=stale,
        known=known,
        preview=queries.preview(session, space.id),
        left=queries.left_out(session, known, space.id, asked.now),
    )
