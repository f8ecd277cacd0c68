"""Puts pieces together as a file is read: what was already met is found again, what is too much is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.domain.imports import naming
from portal.domain.imports.columns import bare
from portal.domain.imports.pieces import (
    LISTED,
    MAX_QUOTE,
    MOST,
    PROPOSED,
    THERE,
    Aside,
    Doubt,
    Piece,
    PieceKind,
    Understood,
    Why,
)
from portal.domain.imports.source import Place
from portal.kernel import text as words_of

# What the services take at most, by kind; longer words are cut between two words.
TITLES = {PieceKind.ACTION: 300}
MAX_TITLE = 200
LIMITS = {
    "lead": 120,
    "team": 200,
    "partners": 300,
    "why": 300,
    "expected": 160,
    "bilan": 600,
    "evidence": 300,
    "health_plan": 300,
    "scheme": 300,
    "house_plan": 300,
    "evaluation": 300,
    "watch": 1_000,
    "obstacles": 1_000,
    "levers": 1_000,
    "follow_up": 1_000,
    "initial": 40,
    "target": 40,
    "yearly": 160,
}
# What is left aside is told so many times, then once that there is more.
MOST_ASIDES = 500
# Signs that a dry run keeps, all pieces together.
MAX_WEIGHT = 600_000
# The establishments that an objective concerns, by their ids.
SITES = "sites"
# What the contract numbers by itself.
NUMBERED = frozenset({PieceKind.ORIENTATION, PieceKind.STRATEGIC, PieceKind.OBJECTIVE})
# Words under which somebody looks for an axis: few letters say nothing.
LEAST = 4


@dataclass(frozen=True, slots=True)
class Known:
    """Something of the contract that a file may name: how pieces refer to it, its name."""

    ref: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a file is read against: axes, indicators, establishments of the contract; `former` when it is of the contract before."""

    axes: Sequence[Known] = ()
    indicators: Sequence[Known] = ()
    sites: Sequence[Known] = ()
    former: bool = False

    def axis(self, words: str) -> str:
        """The axis that these words name, whole or nearly; nothing when none is."""
        return _named(self.axes, words)

    def axis_about(self, words: str) -> str:
        """The same, or the one axis that their beginning or their main words name; nothing when none is."""
        return self.axis(words) or naming.axis([(one.ref, one.name) for one in self.axes], words)

    def indicator(self, words: str) -> str:
        """The indicator that these words name; nothing when none is."""
        return _named(self.indicators, words)

    def is_site(self, words: str) -> bool:
        """Whether these words are the whole name of an establishment."""
        return any(bare(one.name) == bare(words) for one in self.sites)

    def site(self, words: str) -> str:
        """The establishment that these words name, by its name or its FINESS number; nothing when none is."""
        digits = "".join(sign for sign in words if sign.isalnum()).upper()
        found = next((one.ref for one in self.sites if one.code and one.code == digits), "")
        return found or _named(self.sites, words)


class Builder:
    """Pieces as they come."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pieces: list[Piece] = []
        self.asides: list[Aside] = []
        self._known: dict[tuple[PieceKind, str, str], int] = {}
        self.full = False
        self._weight = 0

    def add(
        self,
        kind: PieceKind,
        text: str,
        parent: str,
        place: Place,
        quote: str,
        said: Mapping[str, str] | None = None,
        doubts: Iterable[tuple[Doubt, str]] = (),
    ) -> str:
        """Add a piece; how others name it. Beyond the most that is kept, it is told once, and nothing is added."""
        self._weight += len(text) + sum(map(len, (said or {}).values()))
        if len(self.pieces) >= MOST or self._weight > MAX_WEIGHT:
            if not self.full:
                self.full = True
                self.aside(place, quote, Why.MANY)
            return ""
        line = _line(kind, text)
        title, told = _cut(line, TITLES.get(kind, MAX_TITLE)), list(doubts)
        kept = _limited(said or {}, told)
        if title != line and kind in (PieceKind.OBJECTIVE, *_FINDINGS):
            # The whole words stand in the text, their beginning in the title.
            kept.setdefault("technical", text)
        elif title != line:
            told.append((Doubt.LONG, line))
        piece = Piece(len(self.pieces) + 1, kind, title, parent, place, shortened(quote), kept, tuple(told))
        self.pieces.append(piece)
        return piece.ref

    def once(
        self,
        kind: PieceKind,
        text: str,
        parent: str,
        place: Place,
        quote: str,
        said: Mapping[str, str] | None = None,
    ) -> str:
        """The same, unless these words were met under this parent: what they say besides is then added to it."""
        key = kind, parent, _line(kind, text).casefold()
        if key in self._known:
            number = self._known[key]
            self._complete(number, said or {})
            return self.pieces[number].ref
        ref = self.add(kind, text, parent, place, quote, said)
        if ref:
            self._known[key] = len(self.pieces) - 1
        return ref

    def aside(self, place: Place, quote: str, why: Why, more: str = "") -> None:
        """Leave words aside, and say why."""
        if len(self.asides) < MOST_ASIDES:
            self.asides.append(Aside(place, shortened(quote), why, more))
        elif len(self.asides) == MOST_ASIDES:
            self.asides.append(Aside(place, shortened(quote), Why.MANY))

    def say_more(self, ref: str, said: Mapping[str, str], doubts: Iterable[tuple[Doubt, str]] = ()) -> None:
        """Add to a piece what was not said of it yet."""
        number = int(ref[1:]) - 1
        self._complete(number, said)
        more = tuple(doubts)
        if more:
            self.pieces[number] = replace(self.pieces[number], doubts=(*self.pieces[number].doubts, *more))

    def say_longer(self, ref: str, name: str, words: str) -> None:
        """Add a paragraph to a text of a piece."""
        number = int(ref[1:]) - 1
        now = self.pieces[number].said.get(name, "")
        said = {**self.pieces[number].said, name: f"{now}\n\n{words}" if now else words}
        self.pieces[number] = replace(self.pieces[number], said=said)

    def stand_in(self, ref: str, sites: Iterable[str]) -> None:
        """Add establishments to those that a piece concerns."""
        number = int(ref[1:]) - 1
        piece = self.pieces[number]
        known = dict.fromkeys([*piece.said.get(SITES, "").split(), *sites])
        if known:
            self.pieces[number] = replace(piece, said={**piece.said, SITES: " ".join(known)})

    def understood(self) -> Understood:
        """Everything."""
        return Understood(tuple(self.pieces), tuple(self.asides))

    def _complete(self, number: int, said: Mapping[str, str]) -> None:
        now = self.pieces[number]
        told: list[tuple[Doubt, str]] = []
        fresh = _limited({name: words for name, words in said.items() if not now.said.get(name)}, told)
        if fresh or told:
            self.pieces[number] = replace(now, said={**now.said, **fresh}, doubts=(*now.doubts, *told))


_FINDINGS = (
    PieceKind.FINDING,
    PieceKind.STRENGTH,
    PieceKind.TO_IMPROVE,
    PieceKind.OPPORTUNITY,
    PieceKind.VIGILANCE,
)


def shortened(quote: str) -> str:
    """The beginning of what a file says, on a line."""
    line = " ".join(quote.split())
    return line if len(line) <= MAX_QUOTE else f"{line[: MAX_QUOTE - 1]}…"


def proposed(number: int) -> str:
    """How an axis that is proposed, and not in the contract yet, is named."""
    return f"{PROPOSED}{number}"


def there(identity: str) -> str:
    """How something of the contract is named."""
    return f"{THERE}{identity}"


def listed(code: str) -> str:
    """How an indicator of the catalogue that the contract does not follow yet is named."""
    return f"{LISTED}{code}"


def _line(kind: PieceKind, text: str) -> str:
    line = " ".join(text.split())
    return naming.unnumbered(line) if kind in NUMBERED else line


def _limited(said: Mapping[str, str], told: list[tuple[Doubt, str]]) -> dict[str, str]:
    kept = {}
    for name, words in said.items():
        if not words.strip():
            continue
        short = words if name not in LIMITS else _cut(" ".join(words.split()), LIMITS[name])
        if name in LIMITS and short != " ".join(words.split()):
            told.append((Doubt.LONG, shortened(words)))
        kept[name] = short
    return kept


def _cut(line: str, most: int) -> str:
    # No more is looked at than what can be kept.
    return line if len(line) <= most else words_of.excerpt(line[: 2 * most], most)


def _named(those: Sequence[Known], words: str) -> str:
    wanted = bare(_without_number(words))
    if len(wanted) < LEAST:
        return ""
    names = [(one.ref, bare(one.name)) for one in those]
    same = next((ref for ref, name in names if name == wanted), "")
    if same:
        return same
    close = [ref for ref, name in names if name and (wanted in name or name in wanted)]
    if len(close) == 1:
        return close[0]
    shares = [(_share(wanted, name), ref) for ref, name in names]
    best = sorted(shares, reverse=True)[:2]
    if best and best[0][0] >= 0.5 and (len(best) == 1 or best[1][0] < best[0][0]):  # noqa: PLR2004 — half of their words
        return best[0][1]
    return ""


def _share(one: str, other: str) -> float:
    first, second = ({word for word in words.split() if len(word) >= LEAST} for words in (one, other))
    return len(first & second) / len(first | second) if first and second else 0.0


def _without_number(words: str) -> str:
    return words.lstrip("0123456789.)°-–: \u00a0")
