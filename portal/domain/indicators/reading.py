"""What a page tells of one indicator: a table, where each establishment stands, sentences; small numbers folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.domain.contracts.sites import SiteView
from portal.domain.indicators import numbers, rules
from portal.domain.indicators.models import Unit
from portal.domain.indicators.queries import LESS, IndicatorView, Latest, ReferenceView, ValueView
from portal.domain.indicators.rules import Quartiles
from portal.kernel.names import at
from portal.kernel.speech import Sentence, say

YEARS = 5


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the table. `number` is None when nothing is written, or when it is folded: nothing else tells it."""

    year: int
    words: str
    number: Decimal | None = None
    folded: bool = False
    estimated: bool = False
    comment: str = ""
    by_place: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is written."""
        return self.number is None and not self.folded


@dataclass(frozen=True, slots=True)
class Row:
    """An establishment: its cells by year; `stands` is what it is compared by in its last year, `compared` in words."""

    site: SiteView
    cells: tuple[CellView, ...]
    last: CellView | None
    stands: Decimal | None
    stands_words: str
    compared: str
    quartiles: Quartiles | None

    @property
    def untold(self) -> bool:
        """Whether a place cannot be told its cost, for want of places."""
        return self.last is not None and self.last.number is not None and self.stands is None


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator over some years; `totals` by year, empty where adding has no meaning or would tell persons."""

    indicator: IndicatorView
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    totals: tuple[str, ...]
    folded: bool

    def row(self, establishment_id: str | None) -> Row | None:
        """The row of an establishment."""
        return next((one for one in self.rows if one.site.id == establishment_id), None)

    @property
    def widest(self) -> Decimal:
        """The greatest number that a picture has to hold."""
        told = [abs(one.stands) for one in self.rows if one.stands is not None]
        told += [one.quartiles.q3 for one in self.rows if one.quartiles is not None]
        return max(told, default=Decimal(0))

    @property
    def comments(self) -> list[tuple[SiteView, CellView]]:
        """What was written beside numbers."""
        return [(row.site, cell) for row in self.rows for cell in row.cells if cell.comment]


def window(last: int) -> tuple[int, ...]:
    """The years that stand side by side, the last one included."""
    return tuple(range(last - YEARS + 1, last + 1))


def reading(
    indicator: IndicatorView,
    sites: Sequence[SiteView],
    years: Sequence[int],
    values: Mapping[tuple[str, int], ValueView],
    references: Sequence[ReferenceView],
    *,
    small: bool,
) -> Reading:
    """Everything that a page shows; `small` says whether its reader may read small numbers of persons."""
    about = [site for site in sites if indicator.concerns(site.category_code)]
    cells = {
        site.id: tuple(
            _cell(indicator, values.get((site.id, year)), year, site, small=small) for year in years
        )
        for site in about
    }
    known = {(one.category_code, one.year): one.quartiles for one in references}
    rows = tuple(_row(indicator, site, cells, about, known) for site in about)
    folded = any(cell.folded for row in rows for cell in row.cells)
    return Reading(
        indicator,
        tuple(years),
        rows,
        _totals(indicator, rows, len(years), folded=folded),
        folded,
    )


def sentence(indicator: IndicatorView, row: Row) -> Sentence | None:
    """« En 2025, aux Tilleuls, 12 postes sur 100 sont vides ; c’est mieux que… »; None when nothing is written."""
    if row.last is None:
        return None
    words: Sentence = _words(indicator, row)
    if row.compared:
        words = say("%(words)s ; %(compared)s", words=words, compared=row.compared)
    return _placed(indicator, row.last.year, row.site.name, words)


def brief(indicator: IndicatorView, latest: Latest | None, place: str, *, small: bool) -> Sentence | None:
    """The same for a list: one’s own establishment when it has a value, else from the least to the most."""
    if latest is None:
        return None
    year = str(latest.year)
    if latest.least is None or latest.most is None:
        return say(
            "En %(year)s : ce que coûte une place se dira quand le nombre de places sera écrit.", year=year
        )
    if place and latest.own is not None:
        folded = _folds(indicator, latest.own, small=small)
        words = (
            _cost(rules.cents(latest.own)) if indicator.cost else indicator.told(latest.own, folded=folded)
        )
        return _placed(indicator, latest.year, place, words)
    if indicator.cost:
        return _costs(rules.cents(latest.least), rules.cents(latest.most), year)
    least, most = (
        indicator.worded(one, folded=_folds(indicator, one, small=small))
        for one in (latest.least, latest.most)
    )
    if least == most:
        return say("En %(year)s : %(value)s.", year=year, value=most)
    return say(
        "En %(year)s, selon l’établissement : de %(least)s à %(most)s.",
        year=year,
        least=least,
        most=most,
    )


def _costs(least: Decimal, most: Decimal, year: str) -> Sentence:
    """What a place costs, from the least to the most."""
    low, high = (numbers.worded(one, Unit.EUROS) for one in (least, most))
    if least == most:
        return say("En %(year)s : %(value)s par place.", year=year, value=high)
    return say(
        "En %(year)s, selon l’établissement : de %(least)s à %(most)s par place.",
        year=year,
        least=low,
        most=high,
    )


def _placed(indicator: IndicatorView, year: int, place: str, words: Sentence) -> Sentence:
    """When and where; an own indicator has no words around its number."""
    told = {"year": str(year), "place": at(place), "words": words}
    if indicator.entry is None:
        return say("En %(year)s, %(place)s : %(words)s.", **told)
    return say("En %(year)s, %(place)s, %(words)s.", **told)


def goal(indicator: IndicatorView) -> Sentence | None:
    """Where the contract wants to arrive; None without a target."""
    if indicator.target is None:
        return None
    words = indicator.worded(indicator.target)
    if indicator.target_year is None:
        return say("Le contrat vise %(value)s.", value=words)
    return say("Le contrat vise %(value)s en %(year)s.", value=words, year=str(indicator.target_year))


def _folds(indicator: IndicatorView, value: Decimal, *, small: bool) -> bool:
    return not small and rules.folds(value, indicator.unit)


def _cell(
    indicator: IndicatorView, value: ValueView | None, year: int, site: SiteView, *, small: bool
) -> CellView:
    if value is None or value.value is None:
        return CellView(year, "", comment=value.comment if value else "")
    if _folds(indicator, value.value, small=small):
        # Words beside a small number could tell it.
        return CellView(year, LESS, folded=True)
    words = indicator.worded(value.value, estimated=value.estimated)
    cost = _stands(indicator, value.value, site) if indicator.cost else None
    return CellView(
        year,
        words,
        value.value,
        estimated=value.estimated,
        comment=value.comment,
        by_place="" if cost is None else _by_place(cost),
    )


def _row(
    indicator: IndicatorView,
    site: SiteView,
    cells: Mapping[str, tuple[CellView, ...]],
    about: Sequence[SiteView],
    known: Mapping[tuple[str, int], Quartiles],
) -> Row:
    mine = cells[site.id]
    last = next((cell for cell in reversed(mine) if not cell.empty), None)
    if last is None or last.number is None:
        return Row(site, mine, last, None, LESS if last else "", "", None)
    stands = _stands(indicator, last.number, site)
    quartiles = known.get((site.category_code, last.year)) if indicator.compares else None
    compared: str = ""
    if stands is not None and quartiles is not None:
        compared = rules.compared(stands, quartiles, indicator.direction)
    elif stands is not None and indicator.cost:
        compared = rules.among(stands, _others(indicator, site, last.year, cells, about)) or ""
    words = last.words if stands is None else _stands_words(indicator, stands, last)
    return Row(site, mine, last, stands, words, compared, quartiles)


def _stands(indicator: IndicatorView, value: Decimal, site: SiteView) -> Decimal | None:
    return rules.per_place(value, site.places_before) if indicator.cost else value


def _stands_words(indicator: IndicatorView, stands: Decimal, last: CellView) -> str:
    if not indicator.cost:
        return last.words
    return _by_place(stands)


def _by_place(cost: Decimal) -> Sentence:
    return say("%(value)s par place", value=numbers.worded(cost, Unit.EUROS))


def _others(
    indicator: IndicatorView,
    site: SiteView,
    year: int,
    cells: Mapping[str, tuple[CellView, ...]],
    about: Sequence[SiteView],
) -> list[Decimal]:
    """What a place costs in the other services of the same category, the same year."""
    found = []
    for other in about:
        if other.id == site.id or not site.category_code or other.category_code != site.category_code:
            continue
        number = next((cell.number for cell in cells[other.id] if cell.year == year), None)
        cost = None if number is None else _stands(indicator, number, other)
        if cost is not None:
            found.append(cost)
    return found


def _totals(indicator: IndicatorView, rows: Sequence[Row], years: int, *, folded: bool) -> tuple[str, ...]:
    if len(rows) < 2:  # noqa: PLR2004 — of one, the total is the number
        return ()
    sums = [
        rules.total([row.cells[place].number for row in rows], indicator.unit, folded=folded)
        for place in range(years)
    ]
    if all(one is None for one in sums):
        return ()
    return tuple("" if one is None else indicator.worded(one) for one in sums)


def _words(indicator: IndicatorView, row: Row) -> Sentence:
    """What the last value says; of a cost, what a place costs."""
    last = row.last
    if last is None or last.number is None:
        return indicator.told(Decimal(0), folded=True)
    if indicator.cost and row.stands is not None:
        return _cost(row.stands)
    return indicator.told(last.number, estimated=last.estimated)


def _cost(value: Decimal) -> Sentence:
    return say("une place coûte %(value)s par an", value=numbers.worded(value, Unit.EUROS))
