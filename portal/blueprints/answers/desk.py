"""The page of answers of a space: what waits, one answer for what is ticked, thanks, what is still to follow."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask import session as flask_session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.answers.desk_form import DeskForm, asked_again, sieve
from portal.domain.answers import (
    amend,
    changes,
    desk,
    handovers,
    merging,
    queries,
    reasons,
    service,
    thanks,
    themes,
)
from portal.domain.answers.desk import VOICES, Age
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import CardView
from portal.domain.figures import queries as figures
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.languages import ngettext
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionKind

bp = Blueprint("answer_desk", __name__)

ANSWER, THANK, FILE, MERGE, FORGET = "repondre", "remercier", "ranger", "regrouper", "oublier"
# Where the session keeps what the next page says was done.
DONE = "answers_done"


@bp.get("/espaces/<id:space_id>/reponses")
@allow(Permission.ANSWER_IN)
def show(asked: Asked) -> str:
    """What waits for an answer, and the answer to write for what will be ticked."""
    form = DeskForm(formdata=None)
    form.fresh()
    return _page(asked, form)


@bp.post("/espaces/<id:space_id>/reponses")
@allow(Permission.ANSWER_IN)
def send(asked: Asked) -> Answered:
    """Answer what is ticked, thank for it, or take words that were kept as a beginning."""
    form = DeskForm()
    act = request.form.get("acte", "")
    if request.form.get("modele"):
        return _begin_with(asked, form, request.form["modele"])
    if request.form.get("oublier"):
        return _forget(asked, form, request.form["oublier"])
    if act == THANK:
        return _thank(asked, form)
    if act in (FILE, MERGE):
        return _sort(asked, form, act)
    if act != ANSWER:
        return _unsaid(asked, form)
    return _answer(asked, form)


def _unsaid(asked: Asked, form: DeskForm) -> Answered:
    """The form came without its button, as when a key sends it."""
    told = _("Rien n’a été envoyé. Choisissez le bouton de ce que vous voulez faire : vos mots sont gardés.")
    form.take(InvalidError({"act": [told]}))
    return _page(asked, form), 422


def _answer(asked: Asked, form: DeskForm) -> Answered:
    space_id = asked.in_space.id
    chosen, command, late = form.ticked, form.answer, dict[str, Any]()
    reason_id, title = form.reason.data or "", form.title.data or ""
    keep = bool(form.keep.data)

    def do(session: Session, person: Actor) -> None:
        given = service.give_many(session, person, space_id, chosen, command)
        late.update(given.late)
        if is_id(reason_id):
            reasons.count(session, person, space_id, reason_id)
        if keep:
            reasons.keep(session, person, space_id, title, given.answers[0].source)

    def again(stale: StaleError | None) -> str:
        return _page(
            asked, form, stale, late=stale.current if stale and isinstance(stale.current, dict) else None
        )

    body = (space_id, tuple(sorted(chosen.items())), command, keep, title)
    answered = direct(asked, form, body, _back(), do, again)
    if late and isinstance(answered, Response):
        # The others were sent: only these are told, and nothing typed is lost.
        form.fresh()
        told = StaleError(_partly(len(chosen) - len(late)), seen=None, current=late)
        return _page(asked, form, told, late=late, keep_ticked=set(late)), 409
    return _noted(answered, ANSWER, len(chosen))


def _partly(sent: int) -> str:
    return ngettext(
        "Votre réponse a été publiée pour %(num)s contribution. Les contributions ci-dessous ont changé entre-temps.",
        "Votre réponse a été publiée pour %(num)s contributions. Les contributions ci-dessous ont changé entre-temps.",
        sent,
    )


def _thank(asked: Asked, form: DeskForm) -> Answered:
    space_id, chosen = asked.in_space.id, form.ticked

    def do(session: Session, person: Actor) -> None:
        thanks.thank(session, person, space_id, list(chosen))

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    body = (space_id, THANK, tuple(sorted(chosen)))
    # Thanks are said once whatever is sent; the answer being written keeps its own operation.
    form.op_id.data = sha256("".join(sorted(chosen)).encode()).hexdigest()
    return _noted(direct(asked, form, body, _back(), do, again), THANK, len(chosen))


def _sort(asked: Asked, form: DeskForm, act: str) -> Answered:
    """File what is ticked under a theme, or group what says the same."""
    space_id, chosen = asked.in_space.id, sorted(form.ticked)
    name, sentence = form.theme_name.data or "", form.theme_sentence.data or ""
    why = form.why.data or ""

    def do(session: Session, person: Actor) -> None:
        if act == FILE:
            themes.file(session, person, space_id, chosen, name, sentence)
        else:
            merging.merge(session, person, space_id, chosen, why)

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    typed = (name, sentence) if act == FILE else (why,)
    # The operation of the page as it was drawn: that of the answer being written comes back with its draft.
    form.op_id.data = f"{request.form.get('op_tri') or form.operation}-t"
    body = (space_id, act, tuple(chosen), *typed)
    return _noted(direct(asked, form, body, _back(), do, again), act, len(chosen))


def _forget(asked: Asked, form: DeskForm, reason_id: str) -> Answered:
    """Stop keeping an answer."""
    space_id = asked.in_space.id

    def do(session: Session, person: Actor) -> None:
        reasons.forget(session, person, space_id, reason_id)

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    # Removed once whatever else is sent from the same page.
    form.op_id.data = f"oubli-{reason_id}"
    return _noted(direct(asked, form, (asked.contract_id, reason_id), _back(), do, again), FORGET, 1)


def _begin_with(asked: Asked, form: DeskForm, reason_id: str) -> str:
    """The same page with words that were kept, to change before they are sent."""
    kept = next(
        (one for one in queries.reasons(db.session(), asked.contract_id) if one.id == reason_id), None
    )
    if kept is None:
        raise NotFoundError
    form.body.data, form.reason.data = kept.source, kept.id
    return _page(asked, form)


def _back() -> str:
    here = paths.answers(str((request.view_args or {}).get("space_id", "")))
    return f"{here}?{urlencode(again)}" if (again := asked_again()) else here


def _noted(answered: Answered, act: str, number: int) -> Answered:
    """Keep for the next page what was done: an address says nothing that somebody may have typed."""
    if isinstance(answered, Response):
        flask_session[DONE] = [(request.view_args or {}).get("space_id"), act, number]
    return answered


def _just(space_id: str) -> tuple[str, int]:
    """What was done here just before, and on how many contributions; said once."""
    where, act, number = flask_session.pop(DONE, (None, "", 0))
    return (act, number) if where == space_id else ("", 0)


@bp.get("/contributions/<id:contribution_id>/reponse-commune")
@allow(Permission.CONTRIBUTION_READ)
def together(asked: Asked) -> str:
    """The contributions that received the same answer as this one, for all who read it."""
    session, group_id = db.session(), queries.group_of(db.session(), asked.about.id)
    after = request.args.get("apres", "")
    ids = [asked.about.id]
    if group_id is not None:
        ids = queries.group_ids(session, group_id, after=after if is_id(after) else None, size=desk.PAGE)
    known = contributions.cards_of(session, ids, Audience.READERS)
    return render_template(
        "answers/together.html",
        space=current_space(asked),
        cards=_about(asked, [known[id_] for id_ in ids if id_ in known]),
        number=figures.answered_together(session, [group_id]).get(group_id, 1) if group_id else 1,
        here=paths.contribution(asked.about.id, "reponse-commune"),
        following=ids[-1] if len(ids) == desk.PAGE else None,
        theme=themes.answered_under(session, asked.about.id),
        former=amend.former(session, asked.about.id) if _readable(asked, known) else [],
    )


def _readable(asked: Asked, known: Mapping[str, CardView]) -> bool:
    """Whether the answer itself can be read: a stone hides what was answered to it."""
    card = known.get(asked.about.id) or contributions.card(db.session(), asked.about.id, Audience.READERS)
    return card is not None and card.answer is not None


def _page(
    asked: Asked,
    form: DeskForm,
    stale: StaleError | None = None,
    *,
    late: dict[str, Any] | None = None,
    keep_ticked: set[str] | None = None,
) -> str:
    session, space = db.session(), current_space(asked)
    act, number = _just(space.id)
    asked_for = sieve()
    cards, following = desk.waiting(
        session,
        space.id,
        asked_for,
        clock.now(),
        after=_after("apres"),
        size=desk.THEME_PAGE if asked_for.theme_id else desk.PAGE,
    )
    shown = _about(asked, list(cards))
    item_ids = spaces.chosen(space.id)
    form.changes.offer(changes.offered(session, item_ids, space.opens_at))
    gone = contributions.cards_of(session, list(late), Audience.READERS) if late else {}
    waiting, more_to_link = queries.to_link(session, space.id, _after("a-relier"))
    silent, more_silent = handovers.silent(session, space.id, clock.now(), _after("sans-nouvelles"))
    passed_on, more_passed_on = handovers.under_way(session, space.id, clock.now(), _after("transmises"))
    followed = contributions.cards_of(session, [*waiting, *silent, *passed_on], Audience.READERS)
    return render_template(
        "answers/desk.html",
        space=space,
        form=form,
        stale=stale,
        late=[(gone[id_], why) for id_, why in (late or {}).items() if id_ in gone],
        groups=[(title, list(some)) for title, some in groupby(shown, key=lambda one: one.item_label)],
        ticked=(keep_ticked or set()) | set(form.ticked if request.method == "POST" else ()),
        progress=figures.owed(session, space.id),
        themes=themes.of_space(session, space.id),
        recipients=queries.recipients(session, asked.contract_id),
        reasons=queries.reasons(session, asked.contract_id),
        to_link=[followed[id_] for id_ in waiting if id_ in followed],
        silent=[followed[id_] for id_ in silent if id_ in followed],
        more_to_link=more_to_link,
        more_silent=more_silent,
        passed_on=[followed[id_] for id_ in passed_on if id_ in followed],
        more_passed_on=more_passed_on,
        items=contracts.items(session, item_ids),
        voices=VOICES,
        kinds=list(ContributionKind),
        ages=list(Age),
        sieve=asked_for,
        query=urlencode(asked_again()),
        following=following,
        done=_said(act, number) if act else "",
        answered=act == ANSWER,
    )


def _after(name: str) -> str | None:
    value = request.args.get(name, "")
    return value if is_id(value) else None


def _said(act: str, number: int) -> str:
    if act == ANSWER:
        return ngettext(
            "Votre réponse est publiée pour %(num)s contribution. La personne est prévenue.",
            "Votre réponse est publiée pour %(num)s contributions. Chaque personne est prévenue.",
            number,
        )
    if act == FORGET:
        return _("Cette réponse n’est plus gardée. Celles que vous avez données restent.")
    if act == FILE:
        return _("C’est rangé. Les personnes qui lisent cet espace ne le voient pas avant la réponse.")
    if act == MERGE:
        return _(
            "C’est regroupé. Chacune garde ses mots, sa place et sa signature. Une réponse servira à toutes."
        )
    return _("Chaque personne sait que ses mots sont lus.")


def _about(asked: Asked, cards: list[CardView]) -> list[CardView]:
    titles = contracts.item_titles(db.session(), sorted({one.item_id for one in cards}))
    by_item = sorted(cards, key=lambda one: titles.get(one.item_id, ""))
    return [
        one.about(titles.get(one.item_id, ""), paths.item(asked.in_space.id, one.item_id)) for one in by_item
    ]
