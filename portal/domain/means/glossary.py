"""The words of budgets, each explained in one plain sentence, from their file of data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.kernel.speech import Sentence

FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class BudgetWord:
    """A word of budgets; `source` is the article that speaks of it, empty when none is known."""

    code: str
    word: Sentence
    plain: Sentence
    source: str = ""


@cache
def by_code() -> Mapping[str, BudgetWord]:
    """The words by code, in their order; read once."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        one["code"]: BudgetWord(
            one["code"], Sentence(one["mot"]), Sentence(one["clair"]), one.get("source", "")
        )
        for one in data["mot"]
    }
