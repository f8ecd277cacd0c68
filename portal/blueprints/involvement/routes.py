"""The levels of a space: see them, change one."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.involvement.forms import OFFERED, AdviceForm, LevelForm, offered
from portal.blueprints.involvement.preview import Preview, advice, key_of, preview
from portal.domain.involvement import queries, rules
from portal.domain.involvement.adequacy import Advice
from portal.domain.involvement.outlook import outlook
from portal.domain.involvement.queries import RecordView
from portal.domain.proposals import service as proposals
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.languages import spoken
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group

bp = Blueprint("involvement", __name__)


@bp.get("/espaces/<id:space_id>/niveaux")
@allow(Permission.LEVEL_RECORD)
def show(asked: Asked) -> str:
    """The levels in force and those to come; the form for one group when it is named."""
    group = _group(request.args.get("groupe", ""))
    if group is None:
        return _list(asked)
    form = LevelForm(formdata=None)
    form.fresh()
    form.groupe.data = group.value
    proposed = offered(request.args.get("niveau"))
    if proposed is None:
        return _change(asked, form, group)
    form.level.data = str(int(proposed))
    return _change(asked, form, group, shown=preview(asked, asked.in_space, group, proposed))


@bp.post("/espaces/<id:space_id>/niveaux")
@allow(Permission.LEVEL_RECORD)
def record(asked: Asked) -> Answered:
    """Record a level for one group."""
    form, space_id, now = LevelForm(), asked.in_space.id, asked.now
    group = _group(form.groupe.data or "")
    if group is None:
        raise NotFoundError
    if "apercu" in request.form:
        return _previewed(asked, form, group)
    named, seen = group, form.known

    def do(session: Session, person: Actor) -> None:
        proposals.record(session, person, space_id, form.command(named, now), seen=seen)

    body = (space_id, named, seen, form.level.data, form.effective_on.data, form.reason.data)
    outcome = f"{paths.space(space_id)}/niveaux?fait={named.value}"
    return direct(asked, form, body, outcome, do, lambda stale: _change(asked, form, named, stale))


@bp.post("/espaces/<id:space_id>/niveaux/conseil")
@allow(Permission.LEVEL_RECORD)
def dismiss(asked: Asked) -> Answered:
    """Send an advice away for good."""
    form, space_id = AdviceForm(), asked.in_space.id
    code, group = str(form.conseil.data or ""), _group(str(form.groupe.data or ""))
    key = key_of(space_id, code)

    def do(session: Session, person: Actor) -> None:
        if key is not None:
            proposals.dismiss(session, person, space_id, key)

    outcome = f"{paths.space(space_id)}/niveaux" + (f"?groupe={group.value}" if group else "")
    return direct(asked, form, (space_id, "conseil", code), outcome, do, lambda _stale: _list(asked))


def _previewed(asked: Asked, form: LevelForm, group: Group) -> Answered:
    """The page once more with what was typed, and what the group would see; nothing is recorded."""
    space = current_space(asked)
    try:
        command = form.command(group, asked.now)
        rules.check_day(space.target.levels.get(group), command.level, command.effective_at, asked.now)
    except InvalidError as error:
        form.take(error)
        return _change(asked, form, group), 422
    shown = preview(asked, space, group, command.level)
    form.fresh()
    return _change(asked, form, group, shown=shown)


def _group(word: str) -> Group | None:
    return next((group for group in Group if group.value == word), None)


def _list(asked: Asked) -> str:
    space, now = asked.in_space, clock.now()
    records = [
        record
        for record in queries.history(db.session(), space.contract_id)
        if record.space_id in (None, space.id)
    ]
    told = _group(request.args.get("fait", ""))
    recorded = next((record for record in records if record.group is told), None)
    return render_template(
        "involvement/levels.html",
        space=space,
        groups=list(Group),
        coming=space.coming,
        recorded=recorded,
        advice=_after(asked, space, recorded),
        now=now,
    )


def _after(asked: Asked, space: SpaceView, recorded: RecordView | None) -> tuple[Advice, ...]:
    """What is worth a thought once a level was lowered: until it takes effect, it can be given up."""
    if recorded is None:
        return ()
    current = space.target.levels.get(recorded.group)
    if (recorded.level or 0) >= (current or 0):
        return ()
    return advice(asked, space, recorded.level, current)


def _change(
    asked: Asked,
    form: LevelForm,
    group: Group,
    stale: StaleError | None = None,
    shown: Preview | None = None,
) -> str:
    space, now = current_space(asked), clock.now()
    current, coming = space.target.levels.get(group), space.coming.get(group)
    advising = AdviceForm(formdata=None)
    advising.fresh()
    level = shown.level if shown is not None else current
    reads = space.target.reads(group)
    known = queries.of_group(db.session(), space.contract_id, space.id, group)
    if stale is not None or not form.seen.data:
        form.seen.data = str(len(known))
    return render_template(
        "involvement/change.html",
        space=space,
        group=group,
        current=current,
        coming=coming,
        form=form,
        stale=stale,
        shown=shown,
        advice=advice(asked, space, level, current),
        advising=advising,
        reads=reads,
        # A level opens nothing where the synthesis alone is read: one sentence of the page says so.
        hints={
            str(int(level or 0)): spoken(outlook(current, level, now, planned=coming is not None))
            for level in (*OFFERED, None)
        }
        if reads
        else {},
    )
