"""The ready models of objectives, from their file of data; the words are French, as the words of a contract are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("ready.toml")


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """An indicator of a model: from where to where."""

    label: str
    initial: str
    target: str
    yearly: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A model of an objective. Its numbers are examples, to be replaced by those of the contract."""

    code: str
    sector: str
    title: str
    expected: str
    plain: str
    technical: str
    lines: tuple[ReadyLine, ...]


@cache
def every() -> tuple[Ready, ...]:
    """All the models, in the order of the file; read once."""
    return tuple(_ready(row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["modele"])


def by_sector() -> Mapping[str, list[Ready]]:
    """The models by sector, in the order of the file."""
    found: dict[str, list[Ready]] = {}
    for one in every():
        found.setdefault(one.sector, []).append(one)
    return found


def known(code: str) -> Ready | None:
    """One model, or None."""
    return next((one for one in every() if one.code == code), None)


def _ready(row: Mapping[str, Any]) -> Ready:
    return Ready(
        code=row["code"],
        sector=row["secteur"],
        title=row["titre"],
        expected=row["resultat"],
        plain=row["clair"],
        technical=row["technique"],
        lines=tuple(ReadyLine(*one) for one in row["indicateurs"]),
    )
