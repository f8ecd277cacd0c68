"""What comes after an answer: naming the words that changed, news of what was passed on."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField, TextAreaField

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow
from portal.blueprints.answers.forms import ChangesField, chosen_changes
from portal.blueprints.answers.pages import answered_card
from portal.domain.answers import changes, handovers, merging
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.states import HandoverState
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.languages import lazy_gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, Fate

bp = Blueprint("answer_follow", __name__)


class LinkForm(ActForm):
    """The passages that kept words changed."""

    changes = ChangesField(_("Les mots du texte qui ont changé"), choices=[], validate_choice=False)


class NewsForm(ActForm):
    """News of words that were passed on."""

    state = RadioField(
        _("Où en est cette contribution ?"),
        choices=[(one.value, one.label) for one in HandoverState if one is not HandoverState.SENT],
        validate_choice=False,
    )
    words = TextAreaField(_("Ce que l’on vous a dit"))
    seen = HiddenField()

    @property
    def step(self) -> handovers.NewStep:
        """What was typed."""
        known = {one.value: one for one in HandoverState}
        return handovers.NewStep(
            known.get(self.state.data or ""), self.words.data or "", known.get(self.seen.data or "")
        )


@bp.get("/contributions/<id:contribution_id>/mots-changes")
@allow(Permission.ANSWER_IN)
def choose(asked: Asked) -> str:
    """The passages that changed since these words, to name those they changed."""
    form = LinkForm(formdata=None)
    form.fresh()
    return _link_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/mots-changes")
@allow(Permission.ANSWER_IN)
def link(asked: Asked) -> Answered:
    """Name the passages, once, for all that were answered together."""
    form, contribution_id = LinkForm(), asked.about.id
    refs = chosen_changes(form.changes)

    def do(session: Session, person: Actor) -> None:
        changes.link(session, person, contribution_id, refs)

    def again(stale: StaleError | None) -> str:
        return _link_page(asked, form, stale)

    return direct(asked, form, (contribution_id, refs), paths.contribution(contribution_id), do, again)


@bp.get("/contributions/<id:contribution_id>/transmission")
@allow(Permission.ANSWER_IN)
def news(asked: Asked) -> str:
    """Where words that were passed on stand, and the news to write."""
    form = NewsForm(formdata=None)
    form.fresh()
    return _news_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/transmission")
@allow(Permission.ANSWER_IN)
def move(asked: Asked) -> Answered:
    """Write the news, once, for all that were answered together."""
    form, contribution_id = NewsForm(), asked.about.id
    command = form.step

    def do(session: Session, person: Actor) -> None:
        handovers.move(session, person, contribution_id, command)

    def again(stale: StaleError | None) -> str:
        return _news_page(asked, form, stale)

    return direct(asked, form, (contribution_id, command), paths.contribution(contribution_id), do, again)


@bp.get("/contributions/<id:contribution_id>/regroupement")
@allow(Permission.CONTRIBUTION_READ)
def grouped(asked: Asked) -> str:
    """All that is grouped with this contribution, for who reads it; the direction may undo it."""
    return _grouped_page(asked)


@bp.post("/contributions/<id:contribution_id>/regroupement")
@allow(Permission.ANSWER_IN)
def part(asked: Asked) -> Answered:
    """Undo the grouping, before the answer."""
    form, contribution_id = ActForm(), asked.about.id

    def do(session: Session, person: Actor) -> None:
        merging.part(session, person, contribution_id)

    def again(stale: StaleError | None) -> str:
        return _grouped_page(asked, stale)

    return direct(asked, form, (contribution_id,), paths.contribution(contribution_id), do, again)


def _link_page(asked: Asked, form: LinkForm, stale: StaleError | None = None) -> str:
    session, row = db.session(), asked.about
    card = answered_card(session, row)
    form.changes.offer(changes.offered(session, [row.item_id], row.created_at))
    return render_template(
        "answers/link.html",
        space=current_space(asked),
        card=card,
        open=card.answer is not None and card.answer.to_link,
        form=form,
        stale=stale,
    )


def _news_page(asked: Asked, form: NewsForm, stale: StaleError | None = None) -> str:
    session, row = db.session(), asked.about
    card = answered_card(session, row)
    steps = handovers.steps(session, row.id)
    form.seen.data = (steps[-1].state if steps else HandoverState.SENT).value
    return render_template(
        "answers/news.html",
        space=current_space(asked),
        card=card,
        open=card.answer is not None and card.answer.fate == Fate.PASSED_ON.value,
        form=form,
        stale=stale,
    )


def _grouped_page(asked: Asked, stale: StaleError | None = None) -> str:
    form = ActForm(formdata=None)
    form.fresh()
    session = db.session()
    whole = merging.circle(session, [asked.about.id])
    known = contributions.cards_of(session, [row.id for row in whole], Audience.READERS)
    shown = [known[row.id] for row in whole if row.id in known]
    answered = any(card.answer is not None for card in shown)
    return render_template(
        "answers/grouped.html",
        space=current_space(asked),
        cards=shown,
        reason=merging.reason_of(session, next((one.id for one in shown if one.merged), "")),
        may_part=Permission.ANSWER_IN in asked.can and len(shown) > 1 and not answered,
        id=asked.about.id,
        form=form,
        stale=stale,
    )
