"""Taking one's words back, with what the page said of it."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session
from wtforms import HiddenField

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked
from portal.domain.contributions import queries
from portal.domain.moderation import danger, reports
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.vocabulary import Audience


class WithdrawalForm(ActForm):
    """A yes to what the page said; `warned` once it said that an alert keeps the words."""

    warned = HiddenField()


def take_back(asked: Asked) -> Answered:
    """Withdraw once; the page again, with its warning, when an alert was given since. Errors: NotFoundError, RefusedError."""
    form, row = WithdrawalForm(), asked.about
    warned = bool(form.warned.data)

    def do(session: Session, person: Actor) -> None:
        reports.withdraw(session, person, row.id, warned=warned)

    # Words that nobody read leave no place: what one sent shows that they are withdrawn.
    mine = f"{paths.contract(row.contract_id)}/mes-contributions"
    outcome = mine if row.shown_version is None else paths.contribution(row.id)
    body = (row.id, "retirer")
    return direct(asked, form, body, outcome, do, lambda stale: withdrawal_page(asked, form, stale))


def withdrawal_page(asked: Asked, form: WithdrawalForm, stale: StaleError | None = None) -> str:
    """What withdrawing does, before it is done. Errors: NotFoundError."""
    session = db.session()
    session.rollback()
    card = queries.card(session, asked.about.id, Audience.AUTHOR)
    if card is None:
        raise NotFoundError
    alert = danger.followed(session, card.id)
    return render_template(
        "contributions/withdraw.html", asked=asked, card=card, alert=alert, form=form, stale=stale
    )
