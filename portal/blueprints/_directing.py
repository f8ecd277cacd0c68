"""What every act of the direction shares: once, on the state that was seen, with the words kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from flask import redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.blueprints._forms import ActForm, act
from portal.blueprints._guards import Asked
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import AlreadySentError, InvalidError, NotFoundError, StaleError
from portal.languages import gettext as _
from portal.policy.actor import Actor

Answered = str | Response | tuple[str, int]

FIRST_MINUTE = time(0, 0)
LAST_MINUTE = time(23, 59)


def direct(
    asked: Asked,
    form: ActForm,
    body: tuple[object, ...],
    outcome: str,
    do: Callable[[Session, Actor], Any],
    again: Callable[[StaleError | None], str],
) -> Answered:
    """Act once, then go on to `outcome`.

    `again` draws the page once more with what was typed: 422 when a value is wrong, 409 with
    both states when somebody decided first. Errors: NotFoundError, RefusedError.
    """
    try:
        return redirect(act(asked.actor, form.operation, body, outcome, do), 303)
    except InvalidError as error:
        form.take(error)
        return again(None), 422
    except StaleError as error:
        form.fresh()
        return again(error), 409
    except AlreadySentError as error:
        form.fresh()
        told = _("Votre premier envoi a déjà été enregistré. Voici l’état actuel.")
        return again(StaleError(told, seen=None, current=error.data.get("outcome"))), 409


def current_space(asked: Asked) -> SpaceView:
    """The space as it is now, after a unit of work. Errors: NotFoundError."""
    found = spaces.view(db.session(), asked.in_space.id, clock.now())
    if found is None:
        raise NotFoundError
    return found


def number_of(typed: str | None) -> int:
    """The version that a page carried; one that cannot be, when it carried none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else -1  # noqa: PLR2004


def opening(day: date, now: datetime) -> datetime:
    """The instant at which a space opens that day: at once when it is today."""
    start = datetime.combine(day, FIRST_MINUTE, clock.PARIS)
    return max(start, now) if day == clock.paris(now).date() else start


def closing(day: date) -> datetime:
    """The last minute of a day, in Paris."""
    return datetime.combine(day, LAST_MINUTE, clock.PARIS)


def required_day(day: date | None, field: str) -> date:
    """A day that was typed. Errors: InvalidError (`field`)."""
    if day is None:
        raise InvalidError({field: [_("Écrivez une date, par exemple 31/12/2027.")]})
    return day
