"""No accepted text holds the process back: processor time against that of usual words of the same length, measured beside."""

import time
from collections.abc import Callable

import pytest

from portal.kernel.text import MAX_CHARACTERS, clean_source, plain, render

# The worst takes some twenty times what usual words take: 30 ms where these take 1.5.
MOST_TIMES = 45
COMMENT = (
    "Bonjour, les repas du soir sont servis trop tôt à mon goût. Je propose de décaler le dîner à *19 heures* "
    "au moins deux fois par semaine.\nC'est possible : voir l'exemple ici.\n\nMerci à vous toutes et tous, bien à vous."
)
WORST = [
    "*", "<", "&", "- ", "- a\n", "a\n", "<\n", "*<*\n", "- *<*\n", "*<* ", "http://a.fr/?&&&&&&&& ", "*a* ", "*a ", "http://", "http://a.fr ",
    "http://a.fr/)", "(", "a@", "a.", "a@a.", "a@a.fr ", "a-", " ", "\n", "\n ", " ;", "l'", "\"", "&lt;", "&amp;",
    "e\u0301\u0301\u0301\u0301\u0301\u0301", "\u200d", "👩\u200d", "\u200b", "\u202e", "<!--", "<a href=x ", "«  »",
]  # fmt: skip
STARTS = ["", "http://a.fr/", "a@", "*", "- "]


def seconds(work: Callable[[str], object], text: str, tries: int = 3) -> float:
    best = float("inf")
    for _ in range(tries):
        begun = time.process_time()
        work(text)
        best = min(best, time.process_time() - begun)
    return best


def filled(unit: str, length: int = MAX_CHARACTERS, start: str = "") -> str:
    return (start + unit * length)[:length]


def in_time(work: Callable[[str], object], text: str, tries: int = 8) -> bool:
    """Once is enough: what shares the processor's caches makes a figure worse, never better."""
    return any(
        seconds(work, text, tries=1) <= MOST_TIMES * seconds(render, filled(COMMENT)) for _ in range(tries)
    )


def grows_steadily(work: Callable[[str], object], unit: str, start: str = "") -> bool:
    """Twice the text may take a little more than twice the time, never four times."""
    half, whole = filled(unit, MAX_CHARACTERS // 2, start), filled(unit, MAX_CHARACTERS, start)
    return seconds(work, whole) <= 2.8 * seconds(work, half) + 0.003


@pytest.mark.parametrize("unit", WORST)
def test_the_worst_texts_render_in_time(unit: str) -> None:
    for start in STARTS:
        assert in_time(render, filled(unit, start=start)), start


@pytest.mark.parametrize("unit", WORST)
def test_the_cost_grows_with_the_length_and_no_faster(unit: str) -> None:
    def clean(text: str) -> str:
        return clean_source(f"a{text[1:]}")

    for work in (render, plain, clean):
        assert grows_steadily(work, unit), work.__name__


def test_the_judge_sees_a_cost_that_explodes() -> None:
    assert not grows_steadily(lambda text: [0 for _ in text[::3] for _ in text[::3]], "a")
    assert not in_time(lambda _: sum(range(30_000_000)), "", tries=2)


def test_an_ordinary_comment_is_cheap() -> None:
    assert 215 <= len(COMMENT) <= 225
    assert seconds(render, COMMENT, tries=60) <= 0.001
