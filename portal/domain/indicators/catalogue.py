"""The catalogue of indicators that a contract may follow, from its file of data.

Names, definitions and formulas: indicators of the performance dashboard of the sector (ANAP, guide des indicateurs), information
published on care homes (CNSA) and the practice of contracts. Where a definition was not read in its source, the page says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from portal.domain.indicators.models import Axis, Direction, Source, Unit
from portal.kernel.speech import Sentence, say

FILE = Path(__file__).with_name("catalogue.toml")
# Above these, most are read by nobody: a page that proposes few says so.
FEW, MANY = 8, 12
# A part, in percents, is no more than that.
WHOLE = 100
# Services for older people, by the first figures of the official list; the others are for disabled people.
OLDER = frozenset({"500", "202", "354", "460", "209"})
AXES = {int(one): one for one in Axis}
PUBLICS = {"pa": say("personnes âgées"), "ph": say("handicap")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the catalogue. `checked` says that its definition was read in its source.

    `cost`: an amount of a year, compared per place. `categories` and `public`: which services it concerns, all when empty.
    `signed`: its values may be less than nothing, as those of a financial balance.
    `most`: what no value is above; a part of something is no more than all of it.
    `rank`: its place among the few that are proposed, 0 when it is not.
    """

    code: str
    label: Sentence
    plain: Sentence
    definition: Sentence
    formula: Sentence
    one: str
    many: str
    unit: Unit
    direction: Direction
    axis: Axis
    source: Source
    why: str = ""
    part: str = ""
    family: str = ""
    public: str = ""
    categories: frozenset[str] = frozenset()
    cost: bool = False
    published: bool = False
    checked: bool = False
    signed: bool = False
    most: Decimal | None = None
    rank: int = 0

    def concerns(self, category_code: str) -> bool:
        """Whether it is followed in services of a category; one that is not written may be any."""
        if not category_code:
            return True
        if self.categories:
            return category_code in self.categories
        return not self.public or (self.public == "pa") is (category_code in OLDER)

    @property
    def about(self) -> str:
        """For whom it is made; empty when it is for all."""
        return PUBLICS[self.public] if self.public else ""


@cache
def entries() -> tuple[Entry, ...]:
    """The whole catalogue, in its order; read once."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(entry for row in data["indicateur"] for entry in _entries(row))


@cache
def by_code() -> Mapping[str, Entry]:
    """The same by code."""
    return {entry.code: entry for entry in entries()}


def proposed() -> tuple[Entry, ...]:
    """The few that a contract begins with, the most useful first."""
    return tuple(sorted((entry for entry in entries() if entry.rank), key=lambda entry: entry.rank))


def of_axis(axis: Axis, categories: Collection[str]) -> tuple[list[Entry], list[Entry]]:
    """The indicators of an axis: those that concern one of these categories, then the others."""
    some = [entry for entry in entries() if entry.axis is axis]
    near = [entry for entry in some if not categories or any(map(entry.concerns, categories))]
    return near, [entry for entry in some if entry not in near]


def _entries(row: Mapping[str, Any]) -> list[Entry]:
    parts = row.get("parts", {})
    if not parts:
        return [_entry(row)]
    return [_entry(row, code, words) for code, words in parts.items()]


def _entry(row: Mapping[str, Any], part: str = "", words: str = "") -> Entry:
    label = Sentence(row["nom"])
    return Entry(
        code=f"{row['code']}-{part}" if part else row["code"],
        label=say("%(family)s : %(part)s", family=label, part=Sentence(words)) if part else label,
        plain=Sentence(row["clair"]),
        definition=Sentence(row["definition"]),
        formula=Sentence(row["formule"]),
        one=row["phrase_un"],
        many=row["phrase"],
        unit=Unit(row["unite"]),
        direction=Direction(row["sens"]),
        axis=AXES[row["axe"]],
        source=Source(row["source"]),
        why=Sentence(row["pourquoi"]) if "pourquoi" in row else "",
        part=Sentence(words) if part else "",
        family=label if part else "",
        public=row.get("public", ""),
        categories=frozenset(row.get("categories", ())),
        cost=row.get("cout", False),
        published=row.get("publie", False),
        checked=row.get("sure", False),
        signed=row.get("negatif", False),
        most=_most(row),
        rank=row.get("propose", 0),
    )


def _most(row: Mapping[str, Any]) -> Decimal | None:
    told = row.get("plafond", WHOLE if row["unite"] == Unit.PERCENT.value else 0)
    return Decimal(told) if told else None
