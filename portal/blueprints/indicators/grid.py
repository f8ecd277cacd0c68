"""The grid: establishments down, years across; one form, everything in it is kept when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.indicators import pages
from portal.blueprints.indicators.forms import BETWEEN, GridForm
from portal.domain.contracts import sites
from portal.domain.contracts.sites import SiteView
from portal.domain.indicators import grid, numbers, queries, reading
from portal.domain.indicators.grid import Key
from portal.domain.indicators.queries import IndicatorView, ValueView
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("indicator_grid", __name__)

# So many rows at once: a form stays light, and a keyboard reaches its end.
ROWS = 40
COMMENTS = "commentaires"


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell as it is drawn: what stands in the field, what stood there, what is wrong, what somebody else wrote."""

    key: Key
    text: str
    stood: str
    wrong: list[str]
    newer: str
    by: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What part of the grid is asked for."""

    indicator: IndicatorView
    years: tuple[int, ...]
    rows: tuple[SiteView, ...]
    page: int
    pages: int
    comments: bool

    def address(self, base: str, **more: object) -> str:
        """The address of this part, or of another one."""
        told = {"fin": self.years[-1], "page": self.page, "quoi": COMMENTS if self.comments else "", **more}
        kept = {name: value for name, value in told.items() if value and (name, value) != ("page", 1)}
        return f"{base}?{urlencode(kept)}"

    @property
    def keys(self) -> list[Key]:
        """Its cells."""
        return [Key(site.id, year) for site in self.rows for year in self.years]

    @property
    def draft(self) -> str:
        """Under what a device keeps what was not sent."""
        return f"indicateur-{self.indicator.id}-{self.years[-1]}-{self.page}-{COMMENTS if self.comments else 'nombres'}"


@bp.get("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/saisie")
@allow(Permission.INDICATOR_WRITE)
def fill(asked: Asked, indicator_id: str) -> str:
    """The grid, to fill."""
    form = GridForm(formdata=None)
    form.fresh()
    return _page(asked, _asking(asked, indicator_id), form)


@bp.post("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/saisie")
@allow(Permission.INDICATOR_WRITE)
def save(asked: Asked, indicator_id: str) -> Answered:
    """Write what was changed in it."""
    wanted, form = _asking(asked, indicator_id), GridForm()
    cells = form.cells(wanted.keys)

    def do(session: Session, person: Actor) -> None:
        write = grid.comment if wanted.comments else grid.write
        write(session, person, asked.contract_id, indicator_id, cells)

    def again(stale: StaleError | None) -> str:
        if stale is not None and isinstance(stale.current, dict):
            form.newer = stale.current
        return _page(asked, wanted, form, stale)

    outcome = wanted.address(pages.here(asked, indicator_id, "saisie"), fait="enregistre")
    body = (indicator_id, wanted.comments, cells)
    return direct(asked, form, body, outcome, do, again)


def _asking(asked: Asked, indicator_id: str) -> Asking:
    indicator = pages.named(asked, indicator_id)
    about = [
        site
        for site in sites.perimeter(db.session(), asked.contract_id).sites
        if indicator.concerns(site.category_code)
    ]
    whole = max(-(-len(about) // ROWS), 1)
    typed = request.args.get("page", "")
    page = min(max(int(typed), 1), whole) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1  # noqa: PLR2004 — few enough
    return Asking(
        indicator,
        reading.window(pages.last_year(asked)),
        tuple(about[(page - 1) * ROWS : page * ROWS]),
        page,
        whole,
        request.args.get("quoi") == COMMENTS,
    )


def _page(asked: Asked, wanted: Asking, form: GridForm, stale: StaleError | None = None) -> str:
    indicator = wanted.indicator
    known = queries.values(db.session(), indicator.id, wanted.years)
    base = pages.here(asked, indicator.id, "saisie")
    last, now = wanted.years[-1], pages.this_year(asked)
    return render_template(
        "indicators/grid.html",
        asked=asked,
        root=pages.root(asked),
        here=pages.here(asked, indicator.id),
        action=wanted.address(base),
        indicator=indicator,
        asking=wanted,
        form=form,
        stale=stale,
        rows=[
            (site, [_cell(wanted, form, Key(site.id, year), known) for year in wanted.years])
            for site in wanted.rows
        ],
        names={site.id: site.name for site in wanted.rows},
        other=wanted.address(base, quoi="" if wanted.comments else COMMENTS),
        earlier=wanted.address(base, fin=last - reading.YEARS),
        later=wanted.address(base, fin=min(last + reading.YEARS, now)) if last < now else None,
        before=wanted.address(base, page=wanted.page - 1) if wanted.page > 1 else None,
        after=wanted.address(base, page=wanted.page + 1) if wanted.page < wanted.pages else None,
        done=request.args.get("fait", "") if request.method == "GET" else "",
    )


def _cell(wanted: Asking, form: GridForm, key: Key, known: Mapping[tuple[str, int], ValueView]) -> CellView:
    value = known.get((key.establishment_id, key.year))
    text, version = _text(wanted, value), value.version if value else 0
    typed, newer = form.typed(key), form.newer.get(key)
    if typed is None:
        return CellView(key, text, f"{version}{BETWEEN}{text}", [], "", "")
    stood = f"{version}{BETWEEN}{text}"
    if newer is None and form.wrong:
        # Nothing was decided yet: what stood there when it was opened goes on being what counts.
        stood = request.form.get(f"n-{key.name}", stood)
    untouched = (
        newer is None and typed.strip() == request.form.get(f"n-{key.name}", "").partition(BETWEEN)[2].strip()
    )
    if untouched and not form.wrong:
        typed = text
    return CellView(
        key,
        typed,
        stood,
        form.wrong.get(key.name, []),
        (newer.text or "–") if newer else "",
        newer.by_function if newer else "",
    )


def _text(wanted: Asking, value: ValueView | None) -> str:
    if value is None:
        return ""
    if wanted.comments:
        return value.comment
    return numbers.shown(value.value, wanted.indicator.unit, estimated=value.estimated)
