"""Which contracts an authority may look at this week, and why; how a list is chosen and ordered. Pure.

Nothing here measures one contract against another: a reason is a date or something that is missing,
and the order is the one of dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.domain.lifecycle.rules import prorogation_day
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, listed, plural, say
from portal.kernel.text import folded
from portal.vocabulary import ActKind, Stage

if TYPE_CHECKING:
    from portal.domain.portfolio.queries import Followed

FIVE = 5
# Shorter, signs stand in too many FINESS numbers to say anything.
PART_OF_NUMBER = 4
APOSTROPHE = 0x2019
SPACE_NEAR = timedelta(days=7)
START_NEAR = timedelta(days=60)
MIDTERM_NEAR = timedelta(days=60)
PROROGATION_NEAR = timedelta(days=60)
END_NEAR = timedelta(days=180)
UNKEPT_FOR = timedelta(days=14)
AT_MOST = 2
# The acts whose absence is told before a signature.
EXPECTED = (ActKind.CVS, ActKind.CSE)
PREPARING = (
    Stage.LAUNCH,
    Stage.DIAGNOSTIC,
    Stage.OBJECTIVES,
    Stage.NEGOTIATION,
    Stage.DRAFTING,
)
SIGNING = (Stage.OPINIONS, Stage.SIGNATURE)
RUNNING = (Stage.EXECUTION, Stage.MIDTERM, Stage.FINAL)


class Why(StrEnum):
    """Why a contract may be looked at this week; the value is kept in notices."""

    SPACE_ENDS = "espace"
    STARTS = "debut"
    MIDTERM = "mi-parcours"
    PROROGATION = "prorogation"
    ENDS = "fin"
    UNKEPT = "explique"
    ACT_MISSING = "acte"
    NO_LEVEL = "niveau"
    FINDINGS = "constats"


@dataclass(frozen=True, slots=True)
class Situation:
    """A contract, as the choice of the week sees it."""

    contract_id: str
    title: str
    stage: Stage
    starts_on: date
    ends_on: date
    signed_on: date | None = None
    space_ends: tuple[date, ...] = ()
    unkept_on: date | None = None
    users_have_level: bool = True
    acts: frozenset[ActKind] = frozenset(EXPECTED)
    end_decided: bool = True
    findings_wait: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with its date when it has one."""

    why: Why
    day: date | None = None

    @property
    def sentence(self) -> Sentence:
        """The reason in words."""
        return _SENTENCES[self.why](day_label(self.day) if self.day else "")


@dataclass(frozen=True, slots=True)
class Look:
    """A contract to look at, and why."""

    contract_id: str
    title: str
    reasons: tuple[Reason, ...]


# THE table: one sentence a reason, without blame.
_SENTENCES: Mapping[Why, Callable[[str], Sentence]] = {
    Why.SPACE_ENDS: lambda day: say("Un espace d’échange se termine le %(day)s.", day=day),
    Why.STARTS: lambda day: say("Le contrat doit commencer le %(day)s. Il n’est pas encore signé.", day=day),
    Why.MIDTERM: lambda day: say(
        "Le milieu du contrat arrive le %(day)s : c’est le temps du bilan.", day=day
    ),
    Why.PROROGATION: lambda day: say(
        "La prorogation du contrat se demande au plus tard le %(day)s. Rien n’est encore décidé ici.", day=day
    ),
    Why.ENDS: lambda day: say("Le contrat se termine le %(day)s. Le suivant se prépare maintenant.", day=day),
    Why.UNKEPT: lambda day: say(
        "Un engagement n’a pas été tenu. La direction a écrit pourquoi, le %(day)s.", day=day
    ),
    Why.ACT_MISSING: lambda _day: say(
        "La signature approche, et l’avis du CVS ou la consultation du CSE n’est pas encore enregistré ici."
    ),
    Why.NO_LEVEL: lambda _day: say(
        "Le contrat se prépare, et ni les résidents ni les familles n’ont encore de niveau d’implication."
    ),
    Why.FINDINGS: lambda _day: say(
        "Des constats du diagnostic attendent qu’une autorité dise si elle les valide."
    ),
}


def reasons(found: Situation, today: date) -> tuple[Reason, ...]:
    """Why to look at this contract this week: two reasons at most, often none."""
    told = [*_of_spaces(found, today), *_of_stage(found, today), *_of_promises(found, today)]
    if not set(EXPECTED) <= found.acts and (found.stage in SIGNING or _starts_soon(found, today)):
        told.append(Reason(Why.ACT_MISSING))
    if found.stage in PREPARING and not found.users_have_level:
        told.append(Reason(Why.NO_LEVEL))
    if found.stage is Stage.DIAGNOSTIC and found.findings_wait:
        told.append(Reason(Why.FINDINGS))
    return tuple(told[:AT_MOST])


def five(situations: Iterable[Situation], today: date) -> tuple[Look, ...]:
    """At most five contracts, by the date of their reason, then by title: never by how late anybody is."""
    looks = [Look(one.contract_id, one.title, why) for one in situations if (why := reasons(one, today))]
    return tuple(sorted(looks, key=lambda one: (_first_day(one), one.title, one.contract_id))[:FIVE])


def kept(found: Iterable[Reason]) -> str:
    """Reasons as a notice keeps them."""
    return ",".join(f"{one.why.value}={one.day.isoformat() if one.day else ''}" for one in found)


def read(written: str) -> tuple[Reason, ...]:
    """The reasons that a notice keeps; what is not understood is left out."""
    known = {one.value: one for one in Why}
    parts = (part.partition("=") for part in written.split(","))
    return tuple(
        Reason(known[why], date.fromisoformat(day) if day else None) for why, _, day in parts if why in known
    )


def week_of(day: date) -> date:
    """The Monday of a day."""
    return day - timedelta(days=day.weekday())


def _of_spaces(found: Situation, today: date) -> list[Reason]:
    near = [day for day in found.space_ends if today <= day <= today + SPACE_NEAR]
    return [Reason(Why.SPACE_ENDS, min(near))] if near else []


def _starts_soon(found: Situation, today: date) -> bool:
    unsigned = found.signed_on is None and found.stage not in RUNNING
    return unsigned and today <= found.starts_on <= today + START_NEAR


def _of_stage(found: Situation, today: date) -> list[Reason]:
    middle = found.starts_on + (found.ends_on - found.starts_on) / 2
    if _starts_soon(found, today):
        return [Reason(Why.STARTS, found.starts_on)]
    if found.stage is Stage.EXECUTION and today <= middle <= today + MIDTERM_NEAR:
        return [Reason(Why.MIDTERM, middle)]
    last = prorogation_day(found.ends_on)
    if found.stage in RUNNING and not found.end_decided and today <= last <= today + PROROGATION_NEAR:
        return [Reason(Why.PROROGATION, last)]
    if found.stage in RUNNING and today <= found.ends_on <= today + END_NEAR:
        return [Reason(Why.ENDS, found.ends_on)]
    return []


def _of_promises(found: Situation, today: date) -> list[Reason]:
    day = found.unkept_on
    return [Reason(Why.UNKEPT, day)] if day and today - UNKEPT_FOR <= day <= today else []


def _first_day(look: Look) -> date:
    return min((one.day for one in look.reasons if one.day), default=date.max)


# The list of contracts: chosen, ordered, cut into pages.


class Order(StrEnum):
    """By what a list may be ordered; never by duties."""

    DATE = "date"
    STAGE = "etape"
    START = "debut"
    END = "fin"
    DELEGATION = "delegation"
    TITLE = "titre"


UNSIGNED = "non-signe"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list; an empty word asks nothing."""

    stage: Stage | None = None
    delegation: str = ""
    department: str = ""
    category: str = ""
    year: str = ""
    words: str = ""
    order: Order = Order.DATE
    down: bool = False

    @property
    def filters(self) -> bool:
        """Whether something is left out."""
        return bool(self.folded or self.department or self.words)

    @property
    def folded(self) -> bool:
        """Whether one of the choices that the page folds is made."""
        return bool(self.stage or self.delegation or self.category or self.year)


def chosen(contracts: Iterable[Followed], wanted: Wanted) -> list[Followed]:
    """The contracts that are asked for, in the order that is asked."""
    found = sorted((one for one in contracts if _matches(one, wanted)), key=lambda one: (one.title, one.id))
    return sorted(found, key=_KEYS[wanted.order], reverse=wanted.down)


def page(contracts: Sequence[Followed], after: str, size: int) -> tuple[Sequence[Followed], str | None]:
    """The contracts that follow one of them, and after which the next page begins (None at the end)."""
    start = next((place + 1 for place, one in enumerate(contracts) if one.id == after), 0)
    shown = contracts[start : start + size]
    more = start + size < len(contracts)
    return shown, shown[-1].id if shown and more else None


def plain(words: str) -> str:
    """Words as one looks them up: without accents, capitals or apostrophes that differ."""
    return folded(words.replace(chr(APOSTROPHE), "'")).strip()


def _matches(one: Followed, wanted: Wanted) -> bool:
    sites = one.sites
    return (
        wanted.stage in (None, one.stage)
        and (not wanted.delegation or wanted.delegation in one.delegations)
        and (not wanted.department or any(site.department == wanted.department for site in sites))
        and (not wanted.category or any(site.category == wanted.category for site in sites))
        and (not wanted.year or wanted.year == year_of(one))
        and (not wanted.words or _says(one, plain(wanted.words)))
    )


def _says(one: Followed, words: str) -> bool:
    """Whether each word is found in its names or numbers, in any order; or a FINESS number, however it is spaced."""
    names = plain(" ".join((one.title, one.organisation, *(site.name for site in one.sites))))
    numbers = [number.casefold() for number in (one.finess_ej, *(site.finess_et for site in one.sites))]

    def numbered(typed: str) -> bool:
        return len(typed) >= PART_OF_NUMBER and any(typed in number for number in numbers)

    return numbered("".join(words.split())) or all(word in names or numbered(word) for word in words.split())


def year_of(one: Followed) -> str:
    """The year of its signature, or the word that says that there is none."""
    return str(one.signed_on.year) if one.signed_on else UNSIGNED


_KEYS: Mapping[Order, Callable[[Followed], str | int | date]] = {
    Order.DATE: lambda one: one.next_date or date.max,
    Order.STAGE: lambda one: list(Stage).index(one.stage),
    Order.START: lambda one: one.starts_on,
    Order.END: lambda one: one.ends_on,
    Order.DELEGATION: lambda one: plain(" ".join(one.delegations)),
    Order.TITLE: lambda one: plain(one.title),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """So many contracts signed, by year, by département and by category, for the second table."""

    by_year: Mapping[str, int] = field(default_factory=dict)
    by_department: Mapping[str, int] = field(default_factory=dict)
    by_category: Mapping[str, int] = field(default_factory=dict)


def signed(contracts: Iterable[Followed]) -> Signed:
    """How many of these contracts are signed; one with sites in two départements is told in both."""
    years: dict[str, int] = {}
    departments: dict[str, int] = {}
    categories: dict[str, int] = {}
    for one in contracts:
        if one.signed_on is None:
            continue
        for found, keys in (
            (years, {year_of(one)}),
            (departments, {site.department for site in one.sites if site.department}),
            (categories, {site.category for site in one.sites}),
        ):
            for key in keys:
                found[key] = found.get(key, 0) + 1
    return Signed(*(dict(sorted(found.items())) for found in (years, departments, categories)))


def years_said(by_year: Mapping[str, int]) -> Sentence | None:
    """« 3 contrats signés en 2025 et un en 2026 », in words; None when none is signed."""
    if not by_year:
        return None
    told = [
        plural("%(num)s contrat signé en %(year)s", "%(num)s contrats signés en %(year)s", number, year=year)
        for year, number in by_year.items()
    ]
    return listed(told, say("et"))
