"""Contributions: send, reply, react, correct, withdraw, follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm, act
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contributions import care
from portal.blueprints.contributions.forms import ContributionForm, CorrectionForm, ReactionForm, WordsForm
from portal.blueprints.contributions.withdrawal import WithdrawalForm, take_back, withdrawal_page
from portal.blueprints.spaces.pages import audience_of, frame, marks
from portal.blueprints.spaces.routes import item_page, known_item
from portal.domain.contracts.queries import ItemView
from portal.domain.contributions import queries, service
from portal.domain.contributions.cards import seen_by
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Anchor
from portal.domain.contributions.service import NewContribution
from portal.domain.contributions.views import STONES, CardView, ThreadView
from portal.domain.duties import clocks
from portal.domain.register import queries as register
from portal.domain.texts import queries as texts
from portal.extensions import db
from portal.kernel.errors import (
    AlreadySentError,
    InvalidError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from portal.kernel.ids import is_id
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ORGANISER, Audience, ContributionKind, Display, Register

bp = Blueprint("contributions", __name__)

Answered = str | Response | tuple[str, int]


@bp.get("/espaces/<id:space_id>/sujets/<id:item_id>/contribuer")
@allow(Permission.SPACE_READ)
def write(asked: Asked, item_id: str) -> str:
    """The form alone: for a passage, for a proposal, or without scripts."""
    item = known_item(asked, item_id)
    seen = frame(asked)
    if not seen.kinds:
        permits.require(asked.actor, Permission.ASK, asked.target)
    form = ContributionForm(formdata=None)
    form.fresh()
    form.kind.data = request.args.get("type", "")
    form.offer(seen.kinds)
    form.paragraph.data = request.args.get("passage", "")
    form.register.data = request.args.get("registre", "")
    form.version.data = request.args.get("version", "")
    _take_over(asked, form)
    return _write_page(asked, item, form)


@bp.post("/espaces/<id:space_id>/sujets/<id:item_id>/contribuer")
@allow(Permission.SPACE_READ)
def submit(asked: Asked, item_id: str) -> Answered:
    """Send a question, a comment or a proposal."""
    form = ContributionForm()

    def again() -> str:
        if request.args.get("seul") or form.paragraph.data:
            return _write_page(asked, known_item(asked, item_id), form)
        return item_page(asked, item_id, form)

    try:
        kind = form.chosen
    except InvalidError as error:
        if not frame(asked).kinds:
            # The choice is gone since the page was opened: a refusal says why, and gives the words back.
            permits.require(asked.actor, Permission.ASK, asked.target)
        form.take(error)
        return again(), 422
    anchor = _anchor(item_id, form) if form.paragraph.data else None
    new = NewContribution(
        kind=kind,
        item_id=item_id,
        words=form.words,
        display=form.shown,
        name=current_user.name if form.shown is Display.NAME else None,
        anchor=anchor,
    )
    body = (item_id, new.kind, new.words.source, new.words.reason, new.display, form.paragraph.data)

    def send(session: Session, person: Actor) -> None:
        service.submit(session, person, asked.in_space.id, new)

    return _send(asked, form, body, paths.contribution(new.id, "envoyee"), send, again)


@bp.get("/contributions/<id:contribution_id>")
@allow(Permission.CONTRIBUTION_READ)
def place(asked: Asked) -> Response:
    """To the contribution, on the page of its thread."""
    row, audience, session = asked.about, audience_of(asked), db.session()
    if not seen_by(audience, row):
        return _own_words(row)
    item = paths.item(row.space_id, row.item_id)
    if row.root_id is not None and row.id not in queries.first_replies(session, row.root_id, audience):
        whole, after = paths.contribution(row.root_id, "fil"), queries.replies_start(session, row, audience)
        return redirect(f"{whole}?apres={after}#c-{row.id}" if after else f"{whole}#c-{row.id}")
    after = queries.page_start(session, row, audience)
    return redirect(f"{item}?apres={after}#c-{row.id}" if after else f"{item}#c-{row.id}")


def _own_words(row: Contribution) -> Response:
    """To one's own words that others do not read yet: apart, on the first page."""
    return redirect(f"{paths.item(row.space_id, row.item_id)}#c-{row.id}")


@bp.get("/contributions/<id:contribution_id>/fil")
@allow(Permission.CONTRIBUTION_READ)
def whole_thread(asked: Asked) -> str | Response:
    """One contribution with all its replies, page after page."""
    after = request.args.get("apres", "")
    audience = audience_of(asked)
    if not seen_by(audience, asked.about):
        return _own_words(asked.about)
    found, following = queries.replies(
        db.session(), asked.about.id, audience, after=after if is_id(after) else None
    )
    thread = ThreadView((_card(asked, audience).with_replies(found),), None, following)
    return render_template(
        "contributions/thread.html",
        asked=asked,
        frame=frame(asked),
        thread=thread,
        marks=marks(asked, thread, asked.about.item_id, waiting=False),
        following=following,
    )


@bp.get("/contributions/<id:contribution_id>/repondre")
@allow(Permission.REPLY)
def reply(asked: Asked) -> str:
    """The form of a reply."""
    form = WordsForm(formdata=None)
    form.fresh()
    _take_over(asked, form)
    return _reply_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/repondre")
@allow(Permission.REPLY)
def send_reply(asked: Asked) -> Answered:
    """Send a reply."""
    form, parent = WordsForm(), asked.about
    new = NewContribution(
        kind=ContributionKind.REPLY,
        item_id=parent.item_id,
        words=form.words,
        display=form.shown,
        name=current_user.name if form.shown is Display.NAME else None,
        parent_id=parent.id,
    )
    body = (parent.id, new.words.source, new.display)

    def send(session: Session, person: Actor) -> None:
        service.submit(session, person, parent.space_id, new)

    return _send(
        asked, form, body, paths.contribution(new.id, "envoyee"), send, lambda: _reply_page(asked, form)
    )


@bp.get("/contributions/<id:contribution_id>/reagir")
@allow(Permission.REACT)
def choose_reaction(asked: Asked) -> str:
    """Three reactions, in words."""
    form = ReactionForm(formdata=None)
    form.fresh()
    _own, given = queries.my_ids(db.session(), [asked.about.id], asked.actor.participant_id)
    form.valeur.data = request.args.get("valeur") or given.get(asked.about.id)
    return _reaction_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/reagir")
@allow(Permission.REACT)
def react(asked: Asked) -> Answered:
    """Set, change or take back a reaction."""
    form, row = ReactionForm(), asked.about
    if not form.validate():
        return _reaction_page(asked, form), 422
    value = form.value

    def send(session: Session, person: Actor) -> None:
        service.react(session, person, row.id, value)

    back = paths.contribution(row.id)
    answer = _send(asked, form, (row.id, value), back, send, lambda: _reaction_page(asked, form))
    if request.headers.get("Accept") == "application/json" and isinstance(answer, Response):
        return "", 204
    return answer


@bp.get("/contributions/<id:contribution_id>/corriger")
@allow(Permission.CORRECT)
def edit(asked: Asked) -> str:
    """My words, to correct."""
    form = CorrectionForm(formdata=None)
    form.fresh()
    form.version.data = str(asked.about.version)
    last = queries.words(db.session(), asked.about.id, asked.about.version)
    if last is not None:
        form.body.data, form.reason.data = last.source, last.reason_source
    return _correct_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/corriger")
@allow(Permission.CORRECT)
def correct(asked: Asked) -> Answered:
    """Send a new version of my words."""
    form, contribution_id = CorrectionForm(), asked.about.id
    seen = form.seen

    def send(session: Session, person: Actor) -> None:
        service.correct(session, person, contribution_id, form.words, version=seen)

    body = (contribution_id, form.words.source, form.words.reason)
    back = paths.contribution(contribution_id, "envoyee")
    try:
        return _send(asked, form, body, back, send, lambda: _correct_page(asked, form))
    except StaleError as error:
        form.fresh()
        return _correct_page(asked, form, error), 409


@bp.get("/contributions/<id:contribution_id>/retirer")
@allow(Permission.WITHDRAW)
def ask_withdraw(asked: Asked) -> str:
    """What withdrawing does, before it is done."""
    form = WithdrawalForm(formdata=None)
    form.fresh()
    return withdrawal_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/retirer")
@allow(Permission.WITHDRAW)
def withdraw(asked: Asked) -> Answered:
    """Take my words back."""
    return take_back(asked)


@bp.get("/contributions/<id:contribution_id>/envoyee")
@allow(Permission.CONTRIBUTION_READ)
def sent(asked: Asked) -> str:
    """What was sent, who will read it, when an answer comes."""
    row, space = asked.about, asked.in_space
    if row.participant_id != asked.actor.participant_id:
        raise NotFoundError
    return render_template(
        "contributions/sent.html",
        asked=asked,
        card=_card(asked, Audience.AUTHOR),
        row=row,
        space=space,
        owed=row.group is not ORGANISER,
        due=clocks.of(db.session(), [space], asked.now).due_on(space, row.group, row.id),
        correction=row.version > 1,
        draft=f"correction-{row.id}" if row.version > 1 else f"{row.space_id}-{row.item_id}",
        receipt=register.codes(db.session(), [row.id]).get(row.id, ""),
    )


@bp.get("/contributions/<id:contribution_id>/versions")
@allow(Permission.CONTRIBUTION_READ)
def versions(asked: Asked) -> str:
    """Every published version, and which one was answered; set aside, its author alone reads the words."""
    row = asked.about
    sealed = permits.explain(asked.actor, Permission.CONTRIBUTION_READ_SEALED, asked.target) is not None
    if sealed and row.status.value != "published":
        raise RefusedError(
            "etat",
            say("Ces mots ne sont plus montrés."),
            say("La personne qui les a écrits peut encore les lire."),
        )
    known = queries.versions(db.session(), row.id, sealed=sealed)
    own = row.participant_id == asked.actor.participant_id
    card = _card(asked, Audience.AUTHOR if own else audience_of(asked))
    set_aside = not own and row.status in STONES
    return render_template(
        "contributions/versions.html", asked=asked, card=card, versions=known, set_aside=set_aside
    )


def _send(
    asked: Asked,
    form: ActForm,
    body: tuple[object, ...],
    outcome: str,
    do: Callable[[Session, Actor], Any],
    again: Callable[[], str],
) -> Answered:
    """Act once, then go on; or show the form again with what was typed, or ask before words leave."""
    question = care.first(asked, form, again)
    if question is not None:
        return question
    try:
        return redirect(act(asked.actor, form.operation, body, outcome, do), 303)
    except InvalidError as error:
        form.take(error)
        return again(), 422
    except AlreadySentError as error:
        form.fresh()
        page = render_template("contributions/duplicate.html", first=error.data.get("outcome"), form=form)
        return page, 409


def _take_over(asked: Asked, form: WordsForm) -> None:
    """Begin with one's own words that were refused or hidden, to mend them."""
    row = service.by_id(db.session(), request.args.get("reprendre", ""))
    if row is None or row.participant_id != asked.actor.participant_id:
        return
    last = queries.words(db.session(), row.id, row.version)
    if last is not None:
        form.body.data, form.reason.data = last.source, last.reason_source


def _anchor(item_id: str, form: ContributionForm) -> Anchor:
    """The paragraph the form names, as its author read it. Errors: NotFoundError."""
    register = next((one for one in Register if one.value == form.register.data), None)
    version = number_of(form.version.data)
    found = (
        texts.paragraph(db.session(), item_id, register, form.paragraph.data or "", version)
        if register
        else None
    )
    if register is None or found is None:
        raise NotFoundError
    return Anchor(register, found.stable_id, version, found.plain)


def _card(asked: Asked, audience: Audience) -> CardView:
    card = queries.card(db.session(), asked.about.id, audience)
    if card is None:
        raise NotFoundError
    return card


def _write_page(asked: Asked, item: ItemView, form: ContributionForm) -> str:
    form.offer(frame(asked).kinds)
    quote = _anchor(item.id, form).quote if form.paragraph.data else None
    return render_template(
        "contributions/write.html", asked=asked, item=item, form=form, quote=quote, frame=frame(asked)
    )


def _reply_page(asked: Asked, form: WordsForm) -> str:
    card = _card(asked, audience_of(asked))
    return render_template("contributions/reply.html", asked=asked, card=card, form=form, frame=frame(asked))


def _reaction_page(asked: Asked, form: ReactionForm) -> str:
    return render_template(
        "contributions/react.html", asked=asked, card=_card(asked, audience_of(asked)), form=form
    )


def _correct_page(asked: Asked, form: CorrectionForm, stale: StaleError | None = None) -> str:
    card = _card(asked, Audience.AUTHOR)
    row = service.by_id(db.session(), card.id) or asked.about
    if stale is not None:
        form.version.data = str(row.version)
    return render_template(
        "contributions/correct.html",
        asked=asked,
        card=card,
        form=form,
        space=asked.in_space,
        public=row.shown_version is not None,
        stale=stale,
        current=queries.words(db.session(), row.id, row.version) if stale is not None else None,
    )
