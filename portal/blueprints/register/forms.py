"""What a reader asks of the register: filters in the address, an erasure in a form."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TypeVar

from flask import request
from wtforms import HiddenField

from portal.blueprints._forms import DAY_FORMATS, ActForm
from portal.domain.register.queries import Filters
from portal.domain.register.rules import Family
from portal.kernel.ids import is_id
from portal.kernel.speech import Sentence, say
from portal.vocabulary import Group, Labelled

W = TypeVar("W", bound=Labelled)
MAX_SEQ_DIGITS = 10
TYPED_AT_MOST = 40


class ErasureForm(ActForm):
    """What the page showed when it was sent: nothing asked yet, or a request that waits."""

    seen = HiddenField()


def filters() -> Filters:
    """What the address asks for; what it cannot mean is left out."""
    item = request.args.get("sujet", "")
    return Filters(
        family=_word(Family, request.args.get("sorte", "")),
        group=_word(Group, request.args.get("groupe", "")),
        item_id=item if is_id(item) else None,
        since=_day(request.args.get("du", "")),
        until=_day(request.args.get("au", "")),
    )


def day_problem(found: Filters) -> Sentence | None:
    """What the address says of its days that cannot be followed, in words; None when nothing."""
    unread = [
        typed
        for typed in (request.args.get("du", ""), request.args.get("au", ""))
        if typed and not _day(typed)
    ]
    if unread:
        return say(
            "La date « %(typed)s » n’a pas pu être lue : la page n’en tient pas compte. "
            "Écrivez-la ainsi : 25/12/2026.",
            typed=unread[0][:TYPED_AT_MOST],
        )
    if found.since and found.until and found.until < found.since:
        return say(
            "La fin vient avant le début : aucune ligne ne peut correspondre. Échangez les deux dates."
        )
    return None


def before() -> int | None:
    """The number of the line after which this page goes on."""
    typed = request.args.get("avant", "")
    right = typed.isascii() and typed.isdigit() and len(typed) <= MAX_SEQ_DIGITS
    return int(typed) if right else None


def kept(names: Iterable[str] = ("sorte", "groupe", "sujet", "du", "au")) -> dict[str, str]:
    """The filters of the address, for the links of the page."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def _word(words: type[W], typed: str) -> W | None:
    return next((word for word in words if word.value == typed), None)


def _day(typed: str) -> date | None:
    for written in DAY_FORMATS:
        with suppress(ValueError):
            return datetime.strptime(typed, written).replace(tzinfo=UTC).date()
    return None
