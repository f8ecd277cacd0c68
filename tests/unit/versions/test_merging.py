"""Two people wrote the same thing: nothing of either is lost."""

from __future__ import annotations

import random

import pytest

from portal.domain.versions.merging import Merge, merge
from portal.domain.versions.shapes import Field, Shape

LINE = Field("title", "Titre")
TEXT = Field("plain", "Texte", Shape.TEXT)
PLACES = Field("places", "Lieux", Shape.SEVERAL)
ROWS = Field("lines", "Lignes", Shape.ROWS)


@pytest.mark.parametrize(
    ("field", "base", "mine", "now", "expected"),
    [
        pytest.param(LINE, "a", "a", "b", "b", id="only the first changed it"),
        pytest.param(LINE, "a", "b", "a", "b", id="only the second changed it"),
        pytest.param(LINE, "a", "b", "b", "b", id="both changed it in the same way"),
        pytest.param(TEXT, "a\n\nb", "a2\n\nb", "a\n\nb2", "a2\n\nb2", id="paragraphs side by side"),
        pytest.param(TEXT, "a\n\nb", "a\n\nb\n\nc", "a2\n\nb", "a2\n\nb\n\nc", id="one adds, one rewrites"),
        pytest.param(TEXT, "a\n\nb\n\nc", "a\n\nc", "a2\n\nb\n\nc", "a2\n\nc", id="one takes away"),
        pytest.param(TEXT, "a\n\nb\n\nc", "z\n\na\n\nb\n\nc", "a\n\nb\n\nc\n\nd", "z\n\na\n\nb\n\nc\n\nd", id="ends"),
        pytest.param(PLACES, ["a", "b"], ["a"], ["a", "b", "c"], ["a", "c"], id="each adds and takes away"),
        pytest.param(ROWS, [["a", "1"], ["b", "1"]], [["a", "2"], ["b", "1"]], [["a", "1"], ["b", "3"]],
                     [["a", "2"], ["b", "3"]], id="rows one by one"),
    ],
)  # fmt: skip
def test_what_one_side_changed_is_merged_by_itself(field, base, mine, now, expected):
    done = merge([field], {field.name: base}, {field.name: mine}, {field.name: now})
    assert done.state == {field.name: expected}
    assert not done.clashes


@pytest.mark.parametrize(
    ("field", "base", "mine", "now", "kept", "clash"),
    [
        pytest.param(LINE, "a", "b", "c", "b", ("a", "b", "c"), id="a line"),
        pytest.param(LINE, "", "b", "c", "b", ("", "b", "c"), id="a line that was empty"),
        pytest.param(TEXT, "a\n\nb", "a\n\nb2", "a\n\nb3", "a\n\nb2", ("b", "b2", "b3"), id="one paragraph"),
        pytest.param(TEXT, "a\n\nb", "a2\n\nb2", "a\n\nb3", "a2\n\nb2", ("b", "b2", "b3"), id="one of two"),
        pytest.param(TEXT, "a\n\nb", "a", "a\n\nb2", "a", ("b", "", "b2"), id="taken away here, rewritten there"),
        pytest.param(TEXT, "a", "a\n\nb", "a\n\nc", "a\n\nb", ("", "b", "c"), id="added at the same place"),
    ],
)  # fmt: skip
def test_what_both_changed_keeps_the_second_words_and_shows_the_first(field, base, mine, now, kept, clash):
    done = merge([field], {field.name: base}, {field.name: mine}, {field.name: now})
    assert done.state == {field.name: kept}
    assert [(one.base, one.mine, one.now) for one in done.clashes] == [clash]


def test_the_fields_taken_from_the_first_are_told():
    fields = [LINE, TEXT, PLACES]
    base = {"title": "a", "plain": "p", "places": []}
    done = merge(fields, base, base | {"plain": "q"}, base | {"title": "b", "places": ["x"]})
    assert done.taken == (LINE, PLACES)
    assert done.state == {"title": "b", "plain": "q", "places": ["x"]}


def test_a_field_that_was_never_written_is_empty():
    done = merge([PLACES], {}, {"places": ["a"]}, {"places": ["b"]})
    assert done.state == {"places": ["a", "b"]}


def written_anew(source: list[str], mark: str, chance: random.Random) -> list[str]:
    """Some parts as one person rewrites them: kept, rewritten, taken away, or with a new one after."""
    found = []
    for number, part in enumerate(source):
        fate = chance.choice(["kept", "kept", "rewritten", "away", "more"])
        found += [] if fate == "away" else [f"{part}-{mark}" if fate == "rewritten" else part]
        found += [f"{mark}{number}"] if fate == "more" else []
    return found


def two_writers(seed: int) -> tuple[list[str], list[str], list[str]]:
    """What both read, and what each made of it."""
    chance = random.Random(seed)
    base = [f"p{number}" for number in range(chance.randint(0, 6))]
    return base, written_anew(base, "m", chance), written_anew(base, "n", chance)


def lost(base: list[str], mine: list[str], now: list[str], done: Merge) -> set[str]:
    """The new words of either that are neither kept nor shown."""
    shown = str(done.state["plain"]) + "".join(f"\n\n{one.mine}\n\n{one.now}" for one in done.clashes)
    return {part for part in (*mine, *now) if part not in base} - set(shown.split("\n\n"))


@pytest.mark.parametrize("seed", range(300))
def test_whatever_two_people_write_no_word_of_either_is_lost(seed):
    base, mine, now = two_writers(seed)
    done = merge([TEXT], *({"plain": "\n\n".join(parts)} for parts in (base, mine, now)))
    assert not lost(base, mine, now, done)
    if not done.clashes:
        gone = {part for part in base if part not in mine or part not in now}
        assert not gone & set(str(done.state["plain"]).split("\n\n"))


@pytest.mark.parametrize("wins", ["mine", "now"])
def test_control_a_merge_in_which_one_of_them_wins_is_seen(wins: str):
    writers = [two_writers(seed) for seed in range(300)]
    kept = [{"mine": mine, "now": now}[wins] for _base, mine, now in writers]
    done = [Merge({"plain": "\n\n".join(parts)}, (), ()) for parts in kept]
    assert sum(bool(lost(*three, one)) for three, one in zip(writers, done, strict=True)) > 150
