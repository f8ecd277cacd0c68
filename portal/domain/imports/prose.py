"""The headings, lists and paragraphs of a document become pieces. Pure."""

from __future__ import annotations

import re

from portal.domain.imports import cells
from portal.domain.imports.building import Builder
from portal.domain.imports.columns import Column, recognised
from portal.domain.imports.heads import Above
from portal.domain.imports.pieces import PieceKind, Why
from portal.domain.imports.source import Block, Place
from portal.domain.imports.tables import MISSING, SHEET

K = PieceKind
_SIGN = r"(?:n ?[°º] ?)?[\dIVX]*(?:\.\d+)*"
_BEGINS = (
    (
        K.STRATEGIC,
        re.compile(
            rf"^objectifs? (?:stratégique|strategique|général|general)s? ?{_SIGN} ?[:.–—-]? +(.+)",
            re.IGNORECASE,
        ),
    ),
    (
        K.OBJECTIVE,
        re.compile(
            rf"^(?:objectif|fiche|engagement)(?:s)?(?: action| objectif| opérationnel(?:le)?| operationnel)? ?{_SIGN} ?[:.–—-] *(.+)",
            re.IGNORECASE,
        ),
    ),
    (
        K.ORIENTATION,
        re.compile(
            rf"^(?:orientation|axe)(?: stratégique| strategique)? ?{_SIGN} ?[:.–—-] *(.+)", re.IGNORECASE
        ),
    ),
    (K.ACTION, re.compile(rf"^action ?{_SIGN} ?[:.–—-] *(.+)", re.IGNORECASE)),
)
_LABELLED = re.compile(r"^([^:]{2,60}?)[ \u00a0]?: *(.*)$")
_NUMBER = re.compile(r"^[\dIVX.)°]{1,12}[ .)\u00a0–—-]+")
# A paragraph that is a heading in all but its style: short, and it does not end as a sentence does.
_CLOSES = re.compile(
    r"^(?:en |pour )?(?:conclusions?|conclure)(?: générales?)?[ \u00a0]*(?:[:.,–—-]|$)", re.IGNORECASE
)
SHORT = 90
MAX_BILAN = 600
# The heading of the objectives that stand under nothing.
UNPLACED = "Objectifs pas encore rangés"
OF_ACTION = {Column.LEAD: "lead", Column.TEAM: "team", Column.PARTNERS: "partners"}
LISTS = {Column.ACTION, Column.INDICATOR}


class Prose:
    """Reads the paragraphs of a document one after the other, and knows under what each stands."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._axis = self._orientation = self._strategic = self._objective = self._action = ""
        self._kind: PieceKind | None = None
        # What the items of a list are: actions unless a heading said otherwise.
        self._list = Column.ACTION
        self._level = 0

    @property
    def above(self) -> Above:
        """Under what a table that comes now stands."""
        return Above(self._axis, self._orientation, self._strategic, self._objective)

    def read(self, block: Block) -> None:
        """Add what a paragraph says."""
        place = Place(paragraph=block.number)
        if _CLOSES.match(_unnumbered(block.text)) and not block.item:
            self._close(block, place)
        elif block.level or (not block.item and self._is_heading(block.text)):
            self._heading(block, place)
        elif not (self._finding(block, place) or self._of_objective(block, place)):
            self._builder.aside(place, block.text, Why.LONE)

    def _close(self, block: Block, place: Place) -> None:
        """What concludes a part, or the document, is of none of its lists; what comes after stands under nothing."""
        self._kind, self._axis = None, ""
        self._orientation = self._strategic = self._objective = self._action = ""
        self._builder.aside(place, block.text, Why.CLOSING)

    def _is_heading(self, words: str) -> bool:
        if len(words) > SHORT or words.endswith((".", ";", ",")):
            return False
        bare = words.rstrip(" :\u00a0")
        return bool(_begun(words)) or cells.names_kind(_unnumbered(bare)) is not None

    def _heading(self, block: Block, place: Place) -> None:
        if block.text == UNPLACED:
            self._orientation = self._strategic = self._objective = self._action = ""
            return
        words = _unnumbered(block.text.rstrip(" :\u00a0"))
        kind = cells.names_kind(words)
        if kind is not None:
            self._kind, self._objective = kind, ""
            return
        column = recognised(words)
        if self._objective and column in LISTS:
            self._list = column
            return
        begun = _begun(words)
        axis = self._axis_named(words, begun)
        if axis and (begun is None or begun[0] is K.ORIENTATION) and not self._orientation:
            self._axis, self._kind, self._objective = axis, None, ""
            return
        if begun is not None:
            self._begin(*begun, place, block.text)
            return
        # A heading of another part ends what was begun.
        self._kind = None
        if block.level and not self._objective:
            self._builder.aside(place, block.text, Why.LONE)

    def _axis_named(self, words: str, begun: tuple[PieceKind, str] | None) -> str:
        """The axis of a heading. In a plan (« Axe 1 : … », the parts of an objective) it says the very words of the axis."""
        context = self._builder.context
        if begun is not None:
            return context.axis(begun[1])
        return context.axis(words) if self._objective else context.axis_about(words)

    def _begin(self, kind: PieceKind, words: str, place: Place, quote: str) -> None:
        self._kind = None
        if kind is K.ORIENTATION:
            self._orientation = self._builder.once(kind, words, "", place, quote)
            self._strategic = self._objective = self._action = ""
        elif kind is K.STRATEGIC:
            if not self._orientation:
                self._orientation = self._builder.once(K.ORIENTATION, words, "", place, quote)
            self._strategic = self._builder.once(kind, words, self._orientation, place, quote)
            self._objective = self._action = ""
        elif kind is K.OBJECTIVE:
            self._objective = self._builder.once(
                kind, words, self._strategic_here(place, quote), place, quote
            )
            self._action, self._list = "", Column.ACTION
        elif self._objective:
            self._add_action(words, place, quote)
        else:
            self._builder.aside(place, quote, Why.LONE)

    def _strategic_here(self, place: Place, quote: str) -> str:
        """Under what an objective stands: an orientation alone serves as its objectif stratégique too."""
        if not self._strategic and self._orientation:
            words = self._builder.pieces[int(self._orientation[1:]) - 1].text
            self._strategic = self._builder.once(K.STRATEGIC, words, self._orientation, place, quote)
        return self._strategic

    def _finding(self, block: Block, place: Place) -> bool:
        if self._kind is None and not (self._axis and block.item and not self._objective):
            return False
        self._builder.add(self._kind or K.FINDING, block.text, self._axis, place, block.text)
        return True

    def _of_objective(self, block: Block, place: Place) -> bool:
        if not self._objective:
            return False
        if self._labelled(block, place):
            return True
        if not block.item:
            self._builder.say_longer(self._objective, "technical", block.text)
        elif self._list is Column.INDICATOR:
            self._line(block.text, place, block.text)
        else:
            self._add_action(block.text, place, block.text)
        return True

    def _labelled(self, block: Block, place: Place) -> bool:
        """« Pilote : la directrice », under an objective or one of its actions."""
        found = _LABELLED.match(block.text)
        column = recognised(found[1]) if found else None
        if found is None or column is None:
            return False
        words = found[2].strip()
        if column in LISTS and not words:
            self._list = column
            return True
        if column is Column.ACTION:
            self._add_action(words, place, block.text)
        elif column is Column.INDICATOR:
            self._line(words, place, block.text)
        elif column in SHEET:
            self._builder.say_more(self._objective, {SHEET[column]: words})
        elif self._builder.context.former and self._of_commitment(column, found[1], words):
            return True
        elif self._action:
            return self._of_action(column, words)
        else:
            return False
        return True

    def _of_commitment(self, column: Column, title: str, words: str) -> bool:
        """Of the contract before: what became of it, and its days, of an action once there is one."""
        ref = self._action or self._objective
        if column in (Column.OUTCOME, Column.STATE, Column.ACHIEVED, Column.RENEWED):
            self._builder.say_longer(ref, "bilan", cells.outcome(column, title, words)[:MAX_BILAN])
        elif column in (Column.START, Column.END) and not self._action:
            self._builder.say_more(
                ref, *(cells.days(words, "") if column is Column.START else cells.days("", words))
            )
        else:
            return False
        return True

    def _of_action(self, column: Column, words: str) -> bool:
        said, doubts = {
            Column.START: lambda: cells.days(words, ""),
            Column.END: lambda: cells.days("", words),
            Column.MONEY: lambda: cells.money(words, ""),
            Column.UNTIL: lambda: cells.money("", words),
            Column.STATE: lambda: cells.state(words, ""),
        }.get(column, lambda: ({OF_ACTION[column]: words} if column in OF_ACTION else {}, []))()
        if not said and not doubts:
            return False
        self._builder.say_more(self._action, said, doubts)
        return True

    def _add_action(self, words: str, place: Place, quote: str) -> None:
        self._action = self._builder.add(K.ACTION, words, self._objective, place, quote) or self._action

    def _line(self, words: str, place: Place, quote: str) -> None:
        self._builder.once(
            K.LINE, words, self._objective, place, quote, {"initial": MISSING, "target": MISSING}
        )


def _begun(words: str) -> tuple[PieceKind, str] | None:
    """« Objectif 2 : Bien dormir » names an objective; None when a heading names nothing of a plan."""
    for kind, pattern in _BEGINS:
        found = pattern.match(words)
        if found:
            return kind, found[1].strip()
    return None


def _unnumbered(words: str) -> str:
    return _NUMBER.sub("", words).strip()
