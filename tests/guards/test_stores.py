"""The short form spares what it says, and no file leaves a database."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.stores import ONE_IN, STORES, spared

SQLITE, POSTGRESQL = STORES


def run(tests: list[tuple[str, str]]) -> list[tuple[str, str]]:
    left_out = set(spared(tests))
    return [one for at, one in enumerate(tests) if at not in left_out]


@pytest.mark.parametrize(("many", "kept"), [(1, 1), (2, 1), (3, 1), (4, 2), (30, 10)])
def test_one_in_three_of_a_file_runs_on_the_second_store(many: int, kept: int):
    tests = [("a.py", store) for _ in range(many) for store in STORES]
    assert Counter(run(tests)) == {("a.py", SQLITE): many, ("a.py", POSTGRESQL): kept}
    assert kept == -(-many // ONE_IN)


def test_every_file_counts_by_itself():
    tests = [(file, POSTGRESQL) for file in ("a.py", "b.py", "a.py", "b.py", "a.py", "a.py")]
    assert run(tests) == [("a.py", POSTGRESQL), ("b.py", POSTGRESQL), ("a.py", POSTGRESQL)]


def test_what_has_no_second_store_is_never_left_out():
    tests = [("a.py", ""), ("a.py", SQLITE), ("b.py", "")] * 5
    assert run(tests) == tests
