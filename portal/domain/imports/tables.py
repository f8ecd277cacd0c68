"""A table of a file becomes pieces: a plan of actions, findings, or values of indicators, by the titles of its columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.domain.imports import cells, lists
from portal.domain.imports.building import Builder
from portal.domain.imports.columns import FINDINGS, FIRST_ROWS, PLANS, Column, bare, known, year
from portal.domain.imports.heads import NOWHERE, Above, Head, quoted
from portal.domain.imports.pieces import Doubt, PieceKind, Why
from portal.domain.imports.source import Place, Row, Table
from portal.kernel.speech import say

C, K = Column, PieceKind
# What stands for a value that the file does not give: the line says that it is missing.
MISSING = say("à préciser")
SHEET = {
    C.EXPECTED: "expected",
    C.PLAIN: "plain",
    C.TECHNICAL: "technical",
    C.HEALTH_PLAN: "health_plan",
    C.SCHEME: "scheme",
    C.HOUSE_PLAN: "house_plan",
    C.EVALUATION: "evaluation",
    C.WATCH: "watch",
    C.OBSTACLES: "obstacles",
    C.LEVERS: "levers",
    C.FOLLOW_UP: "follow_up",
}
FEWEST = 3
# A number of order tells nothing that is kept.
OF_VALUES = frozenset({C.NUMBER, C.INDICATOR, C.SITE, C.FINESS})
OF_FINDINGS = frozenset({C.NUMBER, C.AXIS, C.FINDING_KIND, C.PLAIN, C.TECHNICAL, C.EVIDENCE, *lists.KINDS})
OF_ACTIONS = (C.LEAD, C.TEAM, C.PARTNERS, C.START, C.END, C.STATE, C.WHY, C.UNTIL, C.MONEY)
# Of the contract before, days and a state without an action are those of the commitment.
OF_ACTIONS_ALONE = (C.LEAD, C.TEAM, C.PARTNERS, C.UNTIL, C.MONEY)
# What tells there what became of something.
OF_OUTCOMES = (C.STATE, C.OUTCOME, C.ACHIEVED, C.RENEWED, C.WHY)
OF_PLANS = frozenset(
    {
        C.NUMBER,
        C.ORIENTATION,
        C.ORIENTATION_PLAIN,
        C.AXIS,
        C.STRATEGIC,
        C.STRATEGIC_PLAIN,
        C.OBJECTIVE,
        C.PRIORITY,
        *SHEET,
        C.ACTION,
        C.LEAD,
        C.TEAM,
        C.PARTNERS,
        C.START,
        C.END,
        C.STATE,
        C.WHY,
        C.MONEY,
        C.UNTIL,
        C.INDICATOR,
        C.INITIAL,
        C.TARGET,
        C.YEARLY,
        C.SITE,
        C.FINESS,
    }
)
_APART = re.compile(r",| / ")
# An objective that concerns all establishments names none.
EVERYWHERE = frozenset(
    {"tou", "toute", "tou le etablissement", "ensemble", "ensemble de etablissement", "transversal"}
)


def read(table: Table, builder: Builder, above: Above = NOWHERE) -> None:
    """Add what a table says."""
    head = _head(table, above) or _head(_turned(table), above)
    if head is None:
        filled = [row for row in table.rows if row.filled]
        if filled:
            builder.aside(Place(table.name, filled[0].number), quoted(filled[0]), Why.HEADLESS)
        return
    plans = OF_PLANS | {*OF_OUTCOMES} if builder.context.former else OF_PLANS
    under = bool(above.objective) and head.has(C.ACTION, C.INDICATOR)
    if head.has(C.INDICATOR) and head.years and not head.has(*PLANS) and not under:
        _tell_unread(head, table, builder, OF_VALUES)
        lists.values(head, table, builder)
    elif head.has(*PLANS) or under:
        _tell_unread(head, table, builder, plans)
        _Plan(head, table.name, builder, above).read()
    else:
        _tell_unread(head, table, builder, OF_FINDINGS)
        lists.findings(head, table, builder, above)


def titles(table: Table) -> Sequence[str]:
    """The titles of the columns of a table, in their order; none when it has no row of titles."""
    head = _head(table, NOWHERE)
    return head.titles.cells if head is not None else ()


def _head(table: Table, above: Above) -> Head | None:
    best: Head | None = None
    for number, row in enumerate(table.rows[:FIRST_ROWS]):
        columns = {column: place for place, column in known(row.cells).items()}
        years = {place: found for place, words in enumerate(row.cells) if (found := year(words))}
        years = {place: found for place, found in years.items() if place not in columns.values()}
        head = Head(columns, years, row, table.rows[number + 1 :])
        if _is_head(head, above) and (best is None or len(head.columns) > len(best.columns)):
            best = head
    return best


def _is_head(head: Head, above: Above) -> bool:
    if above.objective and head.has(C.ACTION, C.INDICATOR):
        # Under the heading of an objective, one known title is enough.
        return True
    if head.has(*PLANS) and len(head.columns) + len(head.years) > 1:
        return True
    if head.has(*FINDINGS, C.WATCH) and (len(head.columns) > 1 or head.has(C.STRENGTH, C.TO_IMPROVE)):
        return True
    return head.has(C.INDICATOR) and bool(head.years)


def _turned(table: Table) -> Table:
    """A sheet of two columns, « Pilote | La directrice », as a table of one row; itself when it is none."""
    pairs = [row for row in table.rows if row.filled and known(row.cells[:1])]
    if len(pairs) < FEWEST or any(sum(map(bool, row.cells)) > 2 for row in pairs):  # noqa: PLR2004 — a title and its words
        return table
    titles = Row(pairs[0].number, tuple(row.cell(0) for row in pairs))
    return Table(table.name, (titles, Row(pairs[0].number, tuple(_second(row) for row in pairs))))


def _second(row: Row) -> str:
    return next((words for words in row.cells[1:] if words), "")


def _tell_unread(head: Head, table: Table, builder: Builder, used: frozenset[Column]) -> None:
    """Name the columns that hold words and are not read here: unknown ones, and those that such a table has no use for."""
    read_here = {number for column, number in head.columns.items() if column in used}
    if C.INDICATOR in head.columns:
        read_here |= set(head.years)
    for number, words in enumerate(head.titles.cells):
        if number in read_here or not words or not any(row.cell(number) for row in head.rows):
            continue
        builder.aside(Place(table.name, head.titles.number), words, Why.COLUMN)


class _Plan:
    """Reads a plan of actions row by row; a cell left empty says what the one above it said."""

    def __init__(self, head: Head, name: str, builder: Builder, above: Above) -> None:
        self._head, self._name, self._builder = head, name, builder
        self._orientation, self._strategic, self._objective = (
            above.orientation,
            above.strategic,
            above.objective,
        )
        self._top, self._middle, self._bottom = self._levels()
        self._last: tuple[str, str] = "", ""
        self._lines: dict[str, int] = {}

    def _levels(self) -> tuple[Column | None, Column | None, Column | None]:
        """Which columns say the orientation, the objectif stratégique, the objective."""
        here = [one for one in (C.ORIENTATION, C.AXIS, C.STRATEGIC, C.OBJECTIVE) if self._head.has(one)]
        tops = [one for one in here if one in (C.ORIENTATION, C.AXIS)]
        if C.OBJECTIVE in here:
            return (tops[0] if tops else None), (C.STRATEGIC if C.STRATEGIC in here else None), C.OBJECTIVE
        # A plan whose only objectives are « stratégiques »: actions stand under these.
        return None, (tops[0] if tops else None), (C.STRATEGIC if C.STRATEGIC in here else None)

    def read(self) -> None:
        """Add each row."""
        for row in self._head.rows:
            if self._builder.full:
                return
            if row.filled:
                self._row(row, Place(self._name, row.number), quoted(row))

    def _row(self, row: Row, place: Place, quote: str) -> None:
        self._branches(row, place)
        self._objectives(row, place)
        named = cells.several(self._head.of(row, C.ACTION))
        for label in named:
            self._action(row, label, place, quote, alone=len(named) == 1)
        owed: Sequence[Column] = OF_ACTIONS
        if not named and self._objective and self._builder.context.former:
            self._became(row)
            owed = OF_ACTIONS_ALONE
        if not named and any(self._head.of(row, column).strip() for column in owed):
            self._builder.aside(place, quote, Why.NO_ACTION)
        self._indicators(row, place)

    def _became(self, row: Row) -> None:
        """The days of a commitment of the contract before, and what became of it: its row names no action."""
        of = self._head.of
        days, doubts = cells.days(of(row, C.START), of(row, C.END))
        self._builder.say_more(self._objective, days | {"bilan": self._bilan(row)}, doubts)

    def _bilan(self, row: Row) -> str:
        """What a row of the contract before says that something became: an action of it has no state here."""
        here = [one for one in OF_OUTCOMES if self._head.has(one)]
        titles = {one: self._head.titles.cell(self._head.columns[one]) for one in here}
        return cells.outcomes({one: cells.outcome(one, titles[one], self._head.of(row, one)) for one in here})

    def _branches(self, row: Row, place: Place) -> None:
        top, middle = self._said(row, self._top), self._said(row, self._middle)
        if top and not bare(top):
            # A sign alone says that the objective stands under nothing.
            self._orientation, self._strategic, self._objective = "", "", ""
            return
        middle = middle if bare(middle) else ""
        self._plain(row)
        if top:
            found = self._branch(K.ORIENTATION, top, "", place, self._head.of(row, C.ORIENTATION_PLAIN))
            if found != self._orientation:
                self._orientation, self._strategic, self._objective = found, "", ""
        if middle:
            if self._top is None:
                self._orientation = self._double(K.ORIENTATION, middle, "", place) or self._orientation
            found = self._branch(
                K.STRATEGIC, middle, self._orientation, place, self._head.of(row, C.STRATEGIC_PLAIN)
            )
            if found != self._strategic:
                self._strategic, self._objective = found, ""
        elif top and self._middle is None:
            self._strategic = self._double(K.STRATEGIC, top, self._orientation, place)

    def _plain(self, row: Row) -> None:
        """Plain words of branches that the headings of a document named."""
        for column, ref, named in (
            (C.ORIENTATION_PLAIN, self._orientation, self._top),
            (C.STRATEGIC_PLAIN, self._strategic, self._middle),
        ):
            words = self._head.of(row, column)
            if words and ref and named is None:
                self._builder.say_more(ref, {"plain": words})

    def _branch(self, kind: PieceKind, words: str, parent: str, place: Place, plain: str) -> str:
        return self._builder.once(kind, words, parent, place, words, {"plain": plain} if plain else None)

    def _double(self, kind: PieceKind, words: str, parent: str, place: Place) -> str:
        """The same words on the level that the file does not have, told once."""
        before = len(self._builder.pieces)
        ref = self._builder.once(kind, words, parent, place, words)
        if len(self._builder.pieces) > before:
            self._builder.say_more(ref, {}, [(Doubt.ONE_LEVEL, words)])
        return ref

    def _objectives(self, row: Row, place: Place) -> None:
        words = self._said(row, self._bottom)
        said = {name: self._head.of(row, column) for column, name in SHEET.items()}
        said = {name: value for name, value in said.items() if value.strip()}
        found, doubts = cells.priority(self._head.of(row, C.PRIORITY))
        if words:
            self._objective = self._builder.once(
                K.OBJECTIVE, words, self._strategic, place, words, said | found
            )
            if self._objective and doubts:
                self._builder.say_more(self._objective, {}, doubts)
        elif self._objective and (said or found):
            self._builder.say_more(self._objective, said | found)
        if self._objective:
            self._sites(row)

    def _sites(self, row: Row) -> None:
        """The establishments that the objective of the row concerns: one row may name others than the row above."""
        known, found = self._builder.context, dict[str, str]()
        for part in re.split(r"[;\n]", self._head.of(row, C.SITE) or self._head.of(row, C.FINESS)):
            # A name may hold a comma: it is looked for whole before it is cut.
            for one in [part] if known.is_site(part) else _APART.split(part):
                if bare(one) and bare(one) not in EVERYWHERE:
                    found[one.strip()] = known.site(one.strip())
        self._builder.stand_in(self._objective, filter(None, found.values()))
        lost = [(Doubt.SITE, one) for one, ref in found.items() if not ref]
        told = self._builder.pieces[int(self._objective[1:]) - 1].doubts
        self._builder.say_more(self._objective, {}, [one for one in lost if one not in told])

    def _action(self, row: Row, label: str, place: Place, quote: str, *, alone: bool) -> None:
        if (self._objective, label) == self._last:
            # The same cell, merged over several rows.
            return
        self._last = self._objective, label
        said, doubts = self._of_action(row)
        self._builder.add(K.ACTION, label, self._objective, place, quote if alone else label, said, doubts)

    def _of_action(self, row: Row) -> tuple[dict[str, str], list[tuple[Doubt, str]]]:
        of = self._head.of
        said = {"lead": of(row, C.LEAD), "team": of(row, C.TEAM), "partners": of(row, C.PARTNERS)}
        if self._builder.context.former:
            said["bilan"], state = self._bilan(row), (dict[str, str](), list[tuple[Doubt, str]]())
        else:
            state = cells.state(of(row, C.STATE), of(row, C.WHY))
        doubts: list[tuple[Doubt, str]] = []
        for more, told in (
            cells.days(of(row, C.START), of(row, C.END)),
            state,
            cells.money(of(row, C.MONEY), of(row, C.UNTIL)),
        ):
            said |= more
            doubts += told
        return said, doubts

    def _indicators(self, row: Row, place: Place) -> None:
        labels = cells.several(self._head.of(row, C.INDICATOR))
        parts = {name: self._beside(row, column, len(labels)) for name, column in _PARTS.items()}
        trail = [
            f"{found} : {row.cell(number)}" for number, found in self._head.years.items() if row.cell(number)
        ]
        for number, label in enumerate(labels):
            said = {name: values[number] for name, values in parts.items()}
            if trail:
                said["yearly"] = " ; ".join(filter(None, [said["yearly"], *trail]))
                said["target"] = said["target"] or trail[-1].partition(" : ")[2]
            said["initial"], said["target"] = said["initial"] or MISSING, said["target"] or MISSING
            told = " | ".join(filter(None, (label, *(values[number] for values in parts.values()), *trail)))
            self._builder.once(K.LINE, label, self._objective, place, told, said)

    def _beside(self, row: Row, column: Column, many: int) -> list[str]:
        """The values of a cell for each indicator of the row: one for each, or the same for all."""
        words = self._head.of(row, column)
        values = [line.strip() for line in words.split("\n") if line.strip()]
        return values if len(values) == many else [" ".join(words.split())] * many

    def _said(self, row: Row, column: Column | None) -> str:
        return "" if column is None else " ".join(self._head.of(row, column).split())


_PARTS = {"initial": C.INITIAL, "target": C.TARGET, "yearly": C.YEARLY}
