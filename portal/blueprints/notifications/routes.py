"""The bell: what is new, what was read, and what one wants to be told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._forms import act
from portal.blueprints._guards import Asked, account, allow, signed_in
from portal.blueprints.notifications.forms import DEFAULT, FollowForm, SettingsForm
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as wording
from portal.domain.contributions import service as contributions
from portal.domain.figures import queries as figures
from portal.domain.notifications import addresses, mails, queries, sentences, service, watched
from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db, unit
from portal.kernel import clock
from portal.kernel.ids import is_id
from portal.kernel.text import excerpt
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Cadence, ContributionStatus, NoticeChoiceKind, Phase

FIRST_WORDS = 80
# No card of the page has more; the address that tells of them stays short enough for any server.
MAX_AT_ONCE = queries.PAGE
SEPARATOR = "."
SETTINGS = "/notifications/reglages"
MONDAY = "lundi"

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
@signed_in
def history() -> str:
    """What I was told, the latest first, in all my contracts."""
    before = request.args.get("avant", "")
    found = queries.history(db.session(), account(), clock.now(), before=before if is_id(before) else None)
    # An address is only believed of what is really new.
    new = {one.id for one in found.notices if one.read_at is None}
    return render_template(
        "notifications/history.html",
        told=sentences.history(found.notices),
        hidden=found.hidden,
        older=found.older,
        paged=bool(before),
        undo=_marked(request.args.get("lu", "")),
        again=[one for one in _named(request.args.get("nonlues", "").split(SEPARATOR)) if one in new],
        followed=_followed(account()) if found.notices else frozenset(),
        waiting=figures.unread_notices(db.session(), account()),
    )


@bp.get("/notifications/compte")
@signed_in
def count() -> dict[str, int]:
    """How many lines are new, for pages that stay open: `unread`."""
    return {"unread": figures.unread_notices(db.session(), account())}


@bp.post("/notifications/lues")
@signed_in
def read() -> Response:
    """Mark as read: what is named, or everything when the form says so."""
    account_id, at = account(), _instant(clock.now())
    named = _named(request.form.getlist("notice"))
    everything = request.form.get("tout") == "1"
    if not named and not everything:
        return redirect("/notifications", 303)
    unit(lambda session: service.mark_read(session, account_id, at, None if everything else named))
    return redirect(f"/notifications?lu={_micros(at)}", 303)


@bp.post("/notifications/<id:notice_id>/ouvrir")
@signed_in
def open_line(notice_id: str) -> Response:
    """Go where a line leads: it is read. What is not mine, or no longer, leads back to the list."""
    account_id, at = account(), clock.now()
    found = unit(lambda session: service.open_line(session, account_id, notice_id, at))
    return redirect("/notifications" if found is None else addresses.url(found), 303)


@bp.post("/notifications/non-lues")
@signed_in
def unread() -> Response:
    """Mark as not read: what was marked at one instant, or what is named."""
    account_id, at = account(), _undo(request.form.get("lu", ""))
    if at is not None:
        moment = _moment(at)
        unit(lambda session: service.unmark(session, account_id, moment))
        return redirect("/notifications", 303)
    named = _named(request.form.getlist("notice"))
    if not named:
        return redirect("/notifications", 303)
    again = unit(lambda session: service.mark_unread(session, account_id, clock.now(), named))
    told = f"?nonlues={SEPARATOR.join(again)}" if again else ""
    return redirect(f"/notifications{told}", 303)


@bp.get(SETTINGS)
@signed_in
def settings() -> str:
    """How I want to be told."""
    known = queries.setting(db.session(), account())
    form = SettingsForm(
        formdata=None,
        data={
            "cadence": known.cadence.value,
            "quiet_from": known.quiet.from_,
            "quiet_until": known.quiet.until,
        },
    )
    return _settings_page(form)


@bp.post(SETTINGS)
@signed_in
def save_settings() -> str | tuple[str, int] | Response:
    """Keep them: e-mails of the account, and the spaces to be told of."""
    form, account_id = SettingsForm(), account()
    if not form.validate_on_submit():
        return _settings_page(form), 422
    kept = set(request.form.getlist("espace"))
    mondays = None if MONDAY in request.form else NoticeChoiceKind.MUTED
    # A box that was not on the page says nothing: the person may follow contracts, or read a space, since then.
    shown = set(request.form.get("montres", "").split())
    mine = [(person, space.id) for person, space in _my_spaces(account_id) if space.id in shown]

    def save(session: Session) -> None:
        mails.save_setting(session, account_id, Cadence(form.cadence.data), form.quiet)
        for person, space_id in mine:
            muted = None if space_id in kept else NoticeChoiceKind.MUTED
            service.choose(session, person.participant_id, space_id, muted)
        for person in watched.seats(session, account_id) if MONDAY in shown else ():
            service.choose(session, person.participant_id, person.contract_id, mondays)

    unit(save)
    return redirect(f"{SETTINGS}?fait=1", 303)


@bp.get("/contributions/<id:contribution_id>/suivre")
@allow(Permission.CONTRIBUTION_READ)
def following(asked: Asked) -> str:
    """What I want to hear of one discussion."""
    known = queries.choice(db.session(), asked.actor.participant_id, _root(asked))
    form = FollowForm(formdata=None, choice=known.value if known else DEFAULT)
    form.fresh()
    return _follow_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/suivre")
@allow(Permission.CONTRIBUTION_READ)
def follow(asked: Asked) -> str | tuple[str, int] | Response:
    """Follow a discussion, stop, or hear nothing of it any more."""
    form, root = FollowForm(), _root(asked)
    if not form.validate_on_submit():
        return _follow_page(asked, form), 422

    def do(session: Session, person: Actor) -> None:
        service.choose(session, person.participant_id, root, form.chosen)

    outcome = f"{paths.contribution(asked.about.id, 'suivre')}?fait=1"
    return redirect(act(asked.actor, form.operation, ("suivre", root, form.choice.data), outcome, do), 303)


def _followed(account_id: str) -> frozenset[str]:
    """The discussions and spaces that this account follows."""
    chosen = queries.own_choices(db.session(), account_id)
    return frozenset(
        about for (_person, about), choice in chosen.items() if choice is NoticeChoiceKind.FOLLOWED
    )


def _root(asked: Asked) -> str:
    return asked.about.root_id or asked.about.id


def _follow_page(asked: Asked, form: FollowForm) -> str:
    item = contracts.item(db.session(), asked.about.item_id)
    return render_template(
        "notifications/follow.html",
        asked=asked,
        form=form,
        topic=item.title if item else "",
        opening=_opening(asked),
        done=bool(request.args.get("fait")),
    )


def _opening(asked: Asked) -> str:
    """The first words of the discussion; nothing when they are not published."""
    row = contributions.by_id(db.session(), _root(asked))
    if row is None or row.status is not ContributionStatus.PUBLISHED or row.shown_version is None:
        return ""
    version = wording.words(db.session(), row.id, row.shown_version)
    return excerpt(version.source, FIRST_WORDS) if version else ""


def _settings_page(form: SettingsForm) -> str:
    account_id = account()
    chosen = queries.own_choices(db.session(), account_id)
    lines = [
        (space, chosen.get((person.participant_id, space.id)) is not NoticeChoiceKind.MUTED)
        for person, space in _my_spaces(account_id)
    ]
    follows = bool(watched.seats(db.session(), account_id))
    return render_template(
        "notifications/settings.html",
        form=form,
        shown=" ".join([*([MONDAY] if follows else []), *(space.id for space, _heard in lines)]),
        sends=bool(current_app.config["SETTINGS"].smtp_url),
        spaces=lines,
        follows=follows,
        monday=watched.is_wanted(db.session(), account_id),
        threads=queries.own_threads(db.session(), account_id, clock.now()),
        done=bool(request.args.get("fait")),
    )


def _my_spaces(account_id: str) -> list[tuple[Actor, SpaceView]]:
    """The spaces that I read and that still have something to say."""
    people = {one.contract_id: one for one in participants.actors(db.session(), account_id)}
    return [
        (people[space.contract_id], space)
        for space in spaces.of_contracts(db.session(), sorted(people), clock.now())
        if space.phase is not Phase.CLOSED
        and permits.allows(people[space.contract_id], Permission.SPACE_READ, space.target)
    ]


def _named(typed: list[str]) -> list[str]:
    """The notices that a form or an address names."""
    return [one for one in typed[:MAX_AT_ONCE] if is_id(one)]


_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_DIGITS = 17


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _instant(at: datetime) -> datetime:
    return _EPOCH + timedelta(microseconds=_micros(at))


def _marked(typed: str) -> int | None:
    """The same, when something was really marked then and still is: an address alone confirms nothing."""
    at = _undo(typed)
    if at is None or not queries.marked_at(db.session(), account(), _moment(at)):
        return None
    return at


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _undo(typed: str) -> int | None:
    """The instant of what may be undone, as the address tells it."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS else None
