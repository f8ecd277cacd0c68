"""A space and its items: reading, and the per-viewer block of an open page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from portal import paths
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contributions.forms import ContributionForm
from portal.blueprints.documents.pages import shelf
from portal.blueprints.duties.pages import owed_to_us
from portal.blueprints.spaces.pages import audience_of, frame, marks, viewer_state
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import ThreadView
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.documents.models import Subject
from portal.domain.figures import moderation
from portal.domain.figures import queries as figures
from portal.domain.moderation import settings
from portal.domain.moderation.rules import late_before
from portal.domain.plain import queries as plain
from portal.domain.spaces import asked as questions
from portal.domain.spaces import queries as spaces
from portal.domain.surveys import queries as surveys
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import is_id
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind, ModerationMode

bp = Blueprint("spaces", __name__)

ON_ITEMS = {ItemKind.FINDING: Subject.FINDING, ItemKind.OBJECTIVE: Subject.OBJECTIVE}


@bp.get("/espaces/<id:space_id>")
@allow(Permission.SPACE_READ)
def show(asked: Asked) -> str:
    """The question, the items with their leeway, the ladder."""
    space = asked.in_space
    counts = figures.contributions_by_item(db.session(), space.id)
    seen = frame(asked)
    review = settings.of(db.session(), space.contract_id)[0].review_days
    return render_template(
        "spaces/show.html",
        set_aside=moderation.set_aside(db.session(), space.id, late_before(asked.now, review)),
        review_days=review,
        frame=seen,
        asked_before=questions.replaced(db.session(), [space.id]),
        owed_to_us=owed_to_us(asked.actor, [space], seen.due),
        items=contracts.items(db.session(), spaces.chosen(space.id)),
        counts=counts,
        total=sum(counts.values()),
        surveys=surveys.of_space(
            db.session(),
            space,
            asked.actor.participant_id,
            asked.now,
            group=asked.actor.group,
            only_open=True,
        ),
        latest=contributions.latest(db.session(), space.id, audience_of(asked), size=3),
        shelf=shelf(asked, Subject.SPACE, space.id),
        waiting=figures.waiting_for_review(db.session(), space.id)
        if Permission.QUEUE_READ in asked.can
        else 0,
    )


@bp.get("/espaces/<id:space_id>/sujets/<id:item_id>")
@allow(Permission.SPACE_READ)
def item(asked: Asked, item_id: str) -> str:
    """One item with its thread and the form that my level opens."""
    return item_page(asked, item_id)


@bp.get("/espaces/<id:space_id>/sujets/<id:item_id>/moi")
@allow(Permission.SPACE_READ)
def me(asked: Asked, item_id: str) -> dict[str, Any]:
    """The per-viewer block of the page, for a page that is open."""
    known_item(asked, item_id)
    return viewer_state(asked, _thread(asked, item_id), item_id)


def item_page(asked: Asked, item_id: str, form: ContributionForm | None = None) -> str:
    """The page of an item, with the form as it was filled when one is given."""
    measured = contracts.measured(db.session(), spaces.chosen(asked.in_space.id, item_id))
    if measured is None:
        raise NotFoundError
    found, indicators = measured
    space = asked.in_space
    seen = frame(asked)
    thread = _thread(asked, item_id)
    if form is None:
        form = ContributionForm(formdata=None)
        form.fresh()
    form.offer(seen.kinds)
    return render_template(
        "spaces/item.html",
        frame=seen,
        item=found,
        reading=plain.reading(db.session(), found),
        total=figures.published_on(db.session(), space.id, item_id),
        indicators=indicators if found.kind is ItemKind.OBJECTIVE else [],
        standings=diagnostic.standings(db.session(), found) if found.kind is ItemKind.FINDING else (),
        thread=thread,
        marks=marks(asked, thread, item_id, waiting=space.moderation is ModerationMode.BEFORE),
        form=form,
        here=paths.item(space.id, item_id),
        part_of=f"{paths.contract(space.contract_id)}/trame/parties/{item_id}"
        if found.kind is ItemKind.TRAME_PART
        else "",
        # Documents are put beside the space itself, not beside a part of the trame.
        shelf=shelf(asked, ON_ITEMS[found.kind], item_id) if found.kind in ON_ITEMS else None,
    )


def known_item(asked: Asked, item_id: str) -> contracts.ItemView:
    """The item, if this space puts it to people. Errors: NotFoundError."""
    found = contracts.item(db.session(), spaces.chosen(asked.in_space.id, item_id))
    if found is None:
        raise NotFoundError
    return found


def _thread(asked: Asked, item_id: str) -> ThreadView:
    after, before = request.args.get("apres", ""), request.args.get("avant", "")
    return contributions.thread(
        db.session(),
        asked.in_space.id,
        item_id,
        audience_of(asked),
        after=after if is_id(after) else None,
        before=before if is_id(before) and not is_id(after) else None,
    )
