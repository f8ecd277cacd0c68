"""What the address of a search says: read, never trusted; what it cannot mean is said beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request

from portal.domain.search import rules
from portal.domain.search.models import Kind
from portal.domain.search.queries import Wanted
from portal.kernel.clock import PARIS
from portal.kernel.ids import is_id
from portal.kernel.text.french import typography
from portal.languages import gettext as _

SINCE, UNTIL = "depuis", "jusqu-au"


@dataclass(frozen=True, slots=True)
class Typed:
    """The search as it was typed, what it means, and what is to mend by field."""

    words: str
    kind: Kind | None
    since: str
    until: str
    wanted: Wanted
    problems: Mapping[str, str]
    after: str

    @property
    def shown(self) -> str:
        """The words, as a page writes them."""
        return typography(self.words)

    @property
    def narrow(self) -> bool:
        """Whether something was chosen besides words."""
        return bool(self.kind or self.since or self.until or self.wanted.place_id or self.wanted.contract_id)

    def kept(self, **more: str) -> dict[str, str]:
        """The same for a link of the page; the page number is never among it."""
        found = {
            "q": self.words,
            "sur": self.kind.value if self.kind else "",
            "lieu": self.wanted.place_id,
            "contrat": self.wanted.contract_id,
            SINCE: self.since,
            UNTIL: self.until,
        } | more
        return {name: value for name, value in found.items() if value}


def typed() -> Typed:
    """The search of this request."""
    words = request.args.get("q", "")[: rules.LONGEST].replace("\0", "").lstrip()
    kind = next((one for one in Kind if one.value == request.args.get("sur")), None)
    problems: dict[str, str] = {}
    since, until = _day(SINCE, problems), _day(UNTIL, problems)
    if since and until and until < since:
        problems[UNTIL] = _("Choisissez un jour qui vient après le premier.")
        until = None
    wanted = Wanted(
        rules.parsed(words),
        frozenset({kind} if kind else ()),
        _id("lieu"),
        _id("contrat"),
        _midnight(since),
        _midnight(until + timedelta(days=1)) if until and until < date.max else None,
    )
    return Typed(
        words,
        kind,
        request.args.get(SINCE, "")[:10],
        request.args.get(UNTIL, "")[:10],
        wanted,
        problems,
        _id("apres"),
    )


def _id(name: str) -> str:
    value = request.args.get(name, "")
    return value if is_id(value) else ""


def _day(name: str, problems: dict[str, str]) -> date | None:
    value = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        problems[name] = _("Écrivez une date comme 2026-03-31, ou laissez vide.")
        return None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), PARIS)
