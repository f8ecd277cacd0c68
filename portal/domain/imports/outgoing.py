"""The plan, the diagnostic and the values of a contract as tables that go out, and that say the same when they come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import sites
from portal.domain.contracts.models import Indicator
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.imports.columns import Column
from portal.domain.indicators import numbers
from portal.domain.indicators import queries as indicators
from portal.domain.indicators.models import IndicatorValue
from portal.domain.objectives import queries
from portal.domain.objectives.models import Action
from portal.domain.objectives.queries import BranchView, SheetView

C = Column
# What a cell says where an objective stands under nothing: left empty, it would say what the one above says.
NOTHING = "–"
BRANCHES = (C.ORIENTATION, C.ORIENTATION_PLAIN, C.STRATEGIC, C.STRATEGIC_PLAIN)
SHEET = (
    C.OBJECTIVE,
    C.EXPECTED,
    C.PLAIN,
    C.TECHNICAL,
    C.PRIORITY,
    C.HEALTH_PLAN,
    C.SCHEME,
    C.HOUSE_PLAN,
    C.EVALUATION,
    C.WATCH,
    C.OBSTACLES,
    C.LEVERS,
    C.FOLLOW_UP,
    C.SITE,
)
ACTIONS = (C.ACTION, C.LEAD, C.TEAM, C.PARTNERS, C.START, C.END, C.STATE, C.WHY, C.MONEY, C.UNTIL)
LINES = (C.INDICATOR, C.INITIAL, C.TARGET, C.YEARLY)
PLAN = (*BRANCHES, *SHEET, *ACTIONS, *LINES)
FINDINGS = (C.AXIS, C.FINDING_KIND, C.FINDING, C.PLAIN, C.TECHNICAL, C.EVIDENCE)
VALUES = (C.INDICATOR, C.SITE, C.FINESS)
SAID = {
    C.HEALTH_PLAN: "health_plan",
    C.SCHEME: "scheme",
    C.HOUSE_PLAN: "house_plan",
    C.EVALUATION: "evaluation",
    C.WATCH: "watch",
    C.OBSTACLES: "obstacles",
    C.LEVERS: "levers",
    C.FOLLOW_UP: "follow_up",
}
AT_ONCE = 200
Words = Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Out:
    """An objective as it goes out: what it stands under, its sheet, its actions, its indicators; or a branch without any."""

    branches: Words
    sheet: Words = field(default_factory=dict)
    actions: Sequence[Words] = ()
    lines: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that goes out: its titles, its rows, all of them words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plan(session: Session, contract_id: str) -> list[Out]:
    """The objectives in the order of the tree; a number of queries that grows only with pages of two hundred."""
    branches = {one.id: one for one in queries.branches(session, contract_id)}
    found: list[Out] = []
    after: str | None = None
    while True:
        page = queries.page(session, contract_id, queries.Wanted(), after=after, size=AT_ONCE)
        found += _objectives(session, page.sheets, branches)
        after = page.after
        if after is None:
            break
    used = {one.branches.get(C.STRATEGIC) for one in found}
    alone = [one for one in branches.values() if one.parent_id and one.title not in used]
    tops = {one.parent_id for one in branches.values()}
    bare = [one for one in branches.values() if one.parent_id is None and one.id not in tops]
    placed = [one for one in found if one.branches]
    return [
        *placed,
        *(Out(_branches(one, branches)) for one in alone),
        *(Out(_top(one)) for one in bare),
        *(one for one in found if not one.branches),
    ]


def plan_sheet(out: Iterable[Out]) -> Sheet:
    """One row for each action and indicator; the titles are said again in each, for whoever sorts or filters."""
    rows = []
    for one in out:
        titles = {**dict.fromkeys((C.ORIENTATION, C.STRATEGIC), NOTHING), **one.branches}
        again = {name: titles[name] for name in (C.ORIENTATION, C.STRATEGIC)}
        again |= {C.OBJECTIVE: one.sheet.get(C.OBJECTIVE, "")}
        for number in range(max(1, len(one.actions), len(one.lines))):
            said = {**titles, **one.sheet} if not number else dict(again)
            for several in (one.actions, one.lines):
                said |= several[number] if number < len(several) else {}
            rows.append(tuple(said.get(column, "") for column in PLAN))
    return Sheet(tuple(column.label for column in PLAN), tuple(rows))


def findings(session: Session, contract_id: str) -> Sheet:
    """The findings that stand, in the order of axes and kinds."""
    known = diagnostic.parties(session, contract_id)
    names = {one.id: one.name for one in diagnostic.axes(session, contract_id)}
    rows: list[tuple[str, ...]] = []
    after: str | None = None
    while True:
        page = diagnostic.page(
            session, contract_id, diagnostic.Wanted(), known, after=after, size=diagnostic.WHOLE
        )
        rows += [_finding(one.item, names) for one in page.findings]
        after = page.after
        if after is None:
            return Sheet(tuple(column.label for column in FINDINGS), tuple(rows))


def values(session: Session, contract_id: str) -> Sheet:
    """The values of the indicators that are followed, a row for each establishment, a column for each year."""
    followed = indicators.followed(session, contract_id)
    places = [one for one in sites.perimeter(session, contract_id).sites if one.left_on is None]
    known = {
        (row.indicator_id, row.establishment_id, row.year): row
        for row in session.scalars(
            select(IndicatorValue).where(
                IndicatorValue.indicator_id.in_([one.id for one in followed]),
                IndicatorValue.value.is_not(None),
            )
        )
    }
    years = sorted({year for _indicator, _site, year in known})
    rows = []
    for indicator in followed:
        for site in places:
            cells = [known.get((indicator.id, site.id, year)) for year in years]
            if any(cells):
                told = (
                    numbers.shown(one.value, indicator.unit, estimated=one.estimated) if one else ""
                    for one in cells
                )
                rows.append((str(indicator.label), site.name, site.finess_et, *told))
    return Sheet((*(column.label for column in VALUES), *map(str, years)), tuple(rows))


def _finding(item: ItemView, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        names.get(item.axis_id or "", NOTHING),
        item.finding_kind.label if item.finding_kind else "",
        item.title,
        item.plain.source if item.plain else "",
        item.technical.source if item.technical else "",
        item.evidence,
    )


def _objectives(
    session: Session, sheets: Sequence[SheetView], branches: Mapping[str, BranchView]
) -> list[Out]:
    ids = [one.item.id for one in sheets]
    acting: dict[str, list[Words]] = {}
    for row in session.scalars(
        select(Action)
        .where(Action.item_id.in_(ids), Action.removed_at.is_(None))
        .order_by(Action.item_id, Action.number)
    ):
        acting.setdefault(row.item_id, []).append(_action(row))
    lines: dict[str, list[Words]] = {}
    for one in session.scalars(
        select(Indicator).where(Indicator.item_id.in_(ids)).order_by(Indicator.item_id, Indicator.position)
    ):
        said = {C.INDICATOR: one.label, C.INITIAL: one.initial, C.TARGET: one.target, C.YEARLY: one.yearly}
        lines.setdefault(one.item_id, []).append(_filled(said))
    return [
        Out(
            _branches(branches[one.branch_id], branches) if one.branch_id else {},
            _sheet(one),
            acting.get(one.item.id, []),
            lines.get(one.item.id, []),
        )
        for one in sheets
    ]


def _branches(branch: BranchView, known: Mapping[str, BranchView]) -> Words:
    top = known.get(branch.parent_id or "")
    above = _top(top) if top else {}
    return {**above, C.STRATEGIC: branch.title, **_plain(C.STRATEGIC_PLAIN, branch)}


def _top(branch: BranchView) -> Words:
    return {C.ORIENTATION: branch.title, **_plain(C.ORIENTATION_PLAIN, branch)}


def _plain(column: Column, branch: BranchView) -> Words:
    return {column: branch.plain} if branch.plain and branch.plain != branch.title else {}


def _sheet(one: SheetView) -> Words:
    item = one.item
    said = {column: one.said.get(name, "") for column, name in SAID.items()}
    return _filled(
        {
            C.OBJECTIVE: item.title,
            C.EXPECTED: one.expected,
            C.PLAIN: item.plain.source if item.plain else "",
            C.TECHNICAL: item.technical.source if item.technical else "",
            C.PRIORITY: one.priority.label,
            **said,
            C.SITE: " ; ".join(name for _id, name in one.places),
        }
    )


def _action(row: Action) -> Words:
    return _filled(
        {
            C.ACTION: row.label,
            C.LEAD: row.lead,
            C.TEAM: row.team,
            C.PARTNERS: row.partners,
            C.START: _day(row.starts_on),
            C.END: _day(row.ends_on),
            C.STATE: row.state.label,
            C.WHY: row.justification,
            C.MONEY: row.financing.label,
            C.UNTIL: _day(row.funded_until),
        }
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m}/{day.year:04}" if day else ""


def _filled(said: Words) -> Words:
    return {column: str(words) for column, words in said.items() if words}
