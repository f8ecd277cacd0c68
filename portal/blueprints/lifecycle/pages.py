"""How the forms of this noun are drawn and sent: one page for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked
from portal.blueprints.contributions import care
from portal.blueprints.lifecycle.forms import LifeForm
from portal.domain.lifecycle.laws import Law
from portal.domain.lifecycle.models import ReviewKind
from portal.kernel.errors import StaleError
from portal.policy.actor import Actor
from portal.vocabulary import Stage

# What stages and reviews are called in addresses, where a hyphen has no place between choices.
STEPS = {{"mi-parcours": "milieu", "bilan-final": "fin"}.get(one.value, one.value): one for one in Stage}
REVIEWS = {"milieu": ReviewKind.MIDTERM, "fin": ReviewKind.FINAL}
ADDRESSES = {one: name for name, one in (*STEPS.items(), *REVIEWS.items())}

Do = Callable[[Session, Actor], Any]


def here(asked: Asked, *parts: str) -> str:
    """The page of the life of the contract, or one below it."""
    return "/".join((paths.contract(asked.contract_id), "vie", *parts))


def draw(
    asked: Asked,
    form: LifeForm,
    title: Any,
    law: Law,
    *,
    button: Any,
    stale: StaleError | None = None,
    now: LifeForm | None = None,
    template: str = "lifecycle/form.html",
    **more: Any,
) -> str:
    """The page of a form; `now` is the same form with what is written, shown when somebody wrote first."""
    if not form.op_id.data:
        form.fresh()
    return render_template(
        template,
        asked=asked,
        here=here(asked),
        form=form,
        title=title,
        law=law,
        button_label=button,
        stale=stale,
        met=form.meet(now) if stale and now else None,
        now=now.told() if stale and now else (),
        **more,
    )


def send(
    asked: Asked,
    form: LifeForm,
    about: tuple[object, ...],
    outcome: str,
    do: Do,
    again: Callable[[StaleError | None], str],
) -> Answered:
    """Act once with what was typed, after the gentle question; days are read first; as `direct`."""
    question = care.before(asked, form, form.texts, lambda: again(None))
    if question is not None:
        return question

    def checked(session: Session, person: Actor) -> None:
        form.check_days()
        do(session, person)

    body = (asked.contract_id, *about, *form.sent, form.version.data)
    return direct(asked, form, body, outcome, checked, again)
