"""docs/glossaire.md bridges the code and French: nothing missing, nothing left over."""

from __future__ import annotations

import enum
import re
from pathlib import Path

import pytest

from portal import vocabulary

PAGE = Path(__file__).parents[2] / "docs" / "glossaire.md"
ROW = re.compile(r"^\| (?P<codes>`[^|]+`) \| (?P<french>[^|]+) \| (?P<sentence>[^|]+) \|$", re.MULTILINE)
NO_BREAK = "\u00a0"


def rows(page: str) -> dict[str, tuple[str, str]]:
    """Code → (French, sentence)."""
    return {
        code: (row["french"].strip(), row["sentence"].strip())
        for row in ROW.finditer(page)
        for code in re.findall(r"`([^`]+)`", row["codes"])
    }


WORDS = [
    member
    for words in vars(vocabulary).values()
    if isinstance(words, type) and issubclass(words, enum.Enum) and words.__module__ == vocabulary.__name__
    for member in words
]
PAGE_ROWS = rows(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_every_word_has_its_row_under_the_label_that_people_read(word):
    french, _ = PAGE_ROWS[f"{type(word).__name__}.{word.name}"]
    assert french == getattr(word, "label", french)


def test_no_row_names_a_word_that_the_code_lost():
    known = {f"{type(word).__name__}.{word.name}" for word in WORDS}
    assert {code for code in PAGE_ROWS if "." in code} == known


@pytest.mark.parametrize("code", sorted(PAGE_ROWS))
def test_every_explanation_is_one_french_sentence(code):
    _, sentence = PAGE_ROWS[code]
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert ". " not in sentence
    assert "'" not in sentence
    assert not re.search(rf"[^{NO_BREAK}][;:!?»]", sentence)


def test_a_word_left_out_is_noticed():
    without = PAGE.read_text(encoding="utf-8").replace("| `Fate.KEPT` |", "| `Fate.GONE` |")
    assert "Fate.KEPT" not in rows(without)
    assert "Fate.KEPT" in PAGE_ROWS
