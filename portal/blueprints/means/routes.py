"""The means as people read them: all of them, by objective, by establishment, what is not funded, the words of budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint

from portal.blueprints._guards import Asked, allow
from portal.blueprints.means import forms, pages
from portal.domain.contracts import sites
from portal.domain.means import moves, queries, rules, sums
from portal.domain.means.models import Lasting
from portal.domain.means.queries import Purse
from portal.domain.means.rules import Sum
from portal.domain.objectives import queries as objectives
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission

bp = Blueprint("means", __name__)

# Payers by name; the others are added up in one line.
PAYERS = 12
SITES = 20
DECISIONS = 3
# So many objectives are read at once; more are folded, or the page is too long for a phone.
AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Payer:
    """What somebody pays, year by year; no purse stands for all the others."""

    purse: Purse | None
    years: Mapping[int, Sum]
    total: Sum


@bp.get("/contrats/<id:contract_id>/moyens")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """All the money of the contract, in words first, then objective by objective."""
    session, contract_id = db.session(), asked.contract_id
    dates = queries.dates(session, contract_id)
    page = objectives.page(
        session, contract_id, objectives.Wanted(), after=forms.cursor("apres"), size=queries.PAGE
    )
    ids = [one.item.id for one in page.sheets]
    by_year = sums.by_year(session, contract_id)
    lasting = sums.by_lasting(session, contract_id).get("", {})
    decisions, more = moves.page(session, contract_id, size=DECISIONS)
    return pages.draw(
        asked,
        "list",
        dates=dates,
        years=[(year, by_year.get(year, Sum())) for year in sorted({*dates.years, *by_year})],
        total=rules.total(by_year.values()),
        lasting=[(kind, lasting[kind]) for kind in Lasting if kind in lasting],
        lacks=bool(
            queries.missing(session, contract_id, size=1)[0]
            or queries.weak_lines(session, contract_id, dates.ends_on.year, size=1)[0]
        ),
        payers=_payers(sums.by_payer(session, contract_id)),
        sheets=page.sheets,
        at_once=AT_ONCE,
        after=page.after,
        later=forms.cursor("apres") is not None,
        money_of=sums.by_lasting(session, contract_id, ids),
        sum_of=rules.total,
        again_of=rules.again,
        weak=queries.weak_items(session, contract_id, ids, dates.ends_on.year),
        decisions=decisions,
        more_decisions=more is not None,
        can_decide=Permission.MEANS_WRITE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/moyens/non-finances")
@allow(Permission.CONTRACT_READ)
def unfunded(asked: Asked) -> str:
    """What was promised without the money for it, or with money that stops too soon."""
    session, last_year = db.session(), queries.dates(db.session(), asked.contract_id).ends_on.year
    actions, more_actions = queries.missing(session, asked.contract_id, after=forms.cursor("action"))
    lines, more_lines = queries.weak_lines(session, asked.contract_id, last_year, after=forms.cursor("ligne"))
    return pages.draw(
        asked,
        "unfunded",
        actions=actions,
        more_actions=more_actions,
        lines=lines,
        more_lines=more_lines,
        later=forms.cursor("action") is not None or forms.cursor("ligne") is not None,
        last_year=last_year,
    )


@bp.get("/contrats/<id:contract_id>/moyens/etablissements")
@allow(Permission.CONTRACT_READ)
def by_site(asked: Asked) -> str:
    """The two parts side by side, establishment by establishment, in a year or in all of them."""
    session, contract_id = db.session(), asked.contract_id
    dates, perimeter = queries.dates(session, contract_id), sites.perimeter(session, contract_id)
    year = forms.number("annee") or None
    money = sums.by_site(session, contract_id, year)
    moved = moves.balance(session, contract_id, year)
    gone = [one for one in perimeter.left if one.id in money or one.id in moved]
    rows = [(one, money.get(one.id, Sum()), moved.get(one.id, 0)) for one in (*perimeter.sites, *gone)]
    whole = max(-(-len(rows) // SITES), 1)
    page = min(max(forms.number("page"), 1), whole)
    return pages.draw(
        asked,
        "sites",
        years=rules.asked(dates.starts_on, dates.ends_on),
        year=year,
        rows=rows[(page - 1) * SITES : page * SITES],
        everywhere=money.get(None),
        total=rules.total(money.values()),
        moving=any(moved.values()),
        page=page,
        whole=whole,
    )


@bp.get("/contrats/<id:contract_id>/moyens/etablissements/<id:establishment_id>")
@allow(Permission.CONTRACT_READ)
def site(asked: Asked, establishment_id: str) -> str:
    """The money of one establishment, line by line, and the decisions that moved some."""
    session, contract_id = db.session(), asked.contract_id
    found = sites.perimeter(session, contract_id).site(establishment_id)
    if found is None:
        raise NotFoundError
    lines, after = queries.site_lines(session, contract_id, establishment_id, after=forms.cursor("apres"))
    decisions, more = moves.page(session, contract_id, site_id=establishment_id, size=DECISIONS)
    return pages.draw(
        asked,
        "site",
        site=found,
        total=sums.by_site(session, contract_id).get(establishment_id, Sum()),
        moved=moves.balance(session, contract_id).get(establishment_id, 0),
        lines=lines,
        after=after,
        later=forms.cursor("apres") is not None,
        last_year=queries.dates(session, contract_id).ends_on.year,
        decisions=decisions,
        more_decisions=more is not None,
    )


@bp.get("/contrats/<id:contract_id>/moyens/mots")
@allow(Permission.CONTRACT_READ)
def words(asked: Asked) -> str:
    """Every word of budgets, in one plain sentence each."""
    return pages.draw(asked, "words")


@bp.get("/contrats/<id:contract_id>/moyens/objectifs/<id:objective_id>")
@allow(Permission.CONTRACT_READ)
def objective(asked: Asked, objective_id: str) -> str:
    """The two parts of one objective side by side, then each line of its money."""
    session, contract_id = db.session(), asked.contract_id
    sheet, dates = pages.sheet(asked, objective_id), queries.dates(session, contract_id)
    by_year = sums.by_year(session, contract_id, objective_id)
    lines, more = queries.lines(session, contract_id, objective_id, after=forms.number("apres"))
    actions, more_actions = queries.missing(session, contract_id, item_id=objective_id)
    writer = pages.writer(asked)
    return pages.draw(
        asked,
        "objective",
        sheet=sheet,
        dates=dates,
        years=[(year, by_year.get(year, Sum())) for year in sorted({*dates.years, *by_year})],
        total=rules.total(by_year.values()),
        lasting=sums.by_lasting(session, contract_id, [objective_id]).get(objective_id, {}),
        payers=_payers(sums.by_payer(session, contract_id, objective_id)),
        lines=lines,
        more=more,
        later=forms.number("apres") > 0,
        last_year=dates.ends_on.year,
        actions=actions,
        more_actions=more_actions,
        removed=queries.removed(session, contract_id, objective_id) if writer.some else [],
        writer=writer,
    )


def _payers(found: list[tuple[Purse, dict[int, Sum]]]) -> list[Payer]:
    """The first payers by name, then all the others added up when there are more."""
    rows = [Payer(purse, years, rules.total(years.values())) for purse, years in found[:PAYERS]]
    rest: dict[int, Sum] = {}
    for _purse, years in found[PAYERS:]:
        for year, one in years.items():
            rest[year] = rest.get(year, Sum()) + one
    return [*rows, Payer(None, rest, rules.total(rest.values()))] if rest else rows
