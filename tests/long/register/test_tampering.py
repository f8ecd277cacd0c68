"""The long form: two thousand changes of an export of ten thousand lines, each found."""

from __future__ import annotations

from random import Random

import pytest

from tests.factories.register import a_register, an_export, fault
from tests.factories.tampering import MUTATIONS, mutated

CHANGES, LINES = 2_000, 10_000

pytestmark = pytest.mark.long


def test_two_thousand_changes_of_ten_thousand_lines_are_found() -> None:
    export = an_export(*a_register(LINES, seed=5))
    assert fault(export) is None
    rng, kinds = Random(6), sorted(MUTATIONS)
    found = [fault(mutated(export, kinds[number % len(kinds)], rng)) for number in range(CHANGES)]
    assert len(found) == CHANGES
    assert [number for number, one in enumerate(found) if one is None] == []
