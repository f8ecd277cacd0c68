"""A sentence that follows a number: French says the singular of none, unless it names one."""

from __future__ import annotations

import pytest

from portal.kernel.speech import plural


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 réponses"), (1, "Une réponse"), (2, "2 réponses"), (5000, "5\u00a0000 réponses")],
)
def test_none_is_never_said_to_be_one(number: int, said: str) -> None:
    assert plural("Une réponse", "%(num)s réponses", number) == said


def test_none_is_singular_where_the_number_is_written() -> None:
    assert plural("%(num)s réponse", "%(num)s réponses", 0) == "0 réponse"
