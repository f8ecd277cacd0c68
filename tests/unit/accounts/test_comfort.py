"""What may be kept of how a person reads: a closed list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.accounts.comfort import CHOICES, LONGEST, Comfort, in_force, read, written
from portal.domain.accounts.models import Account

ANY = st.builds(Comfort, **{name: st.sampled_from(values) for name, values in CHOICES.items()})


@given(ANY)
def test_what_is_written_is_read_again(comfort: Comfort) -> None:
    assert read(written(comfort)) == comfort
    assert len(written(comfort)) <= LONGEST


def test_the_column_has_room_for_the_longest() -> None:
    longest = Comfort(**{name: max(values, key=len) for name, values in CHOICES.items()})
    assert len(written(longest)) <= Account.__table__.c.comfort.type.length


@pytest.mark.parametrize(
    "text",
    [
        None, "", "size", "size=", "size=133", "size=200px", "SIZE=200", "size =200", "id=abc", "name=jeanne",
        "colours=dark;size=200", "size=200" + "&size=200" * 40, "=&=&=", "size=200\n", "é=è",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_says_nothing(text: str | None) -> None:
    assert read(text) is None


def test_a_bad_value_leaves_the_good_ones() -> None:
    assert read("size=200&contrast=neon&who=jeanne&colours=dark") == Comfort(size="200", colours="dark")


@given(st.text(max_size=300))
def test_nothing_off_the_list_ever_comes_out(text: str) -> None:
    found = in_force(text)
    assert all(getattr(found, name) in values for name, values in CHOICES.items())


def test_the_first_that_says_something_wins() -> None:
    assert in_force(None, "", "nonsense", "size=150", "size=200").size == "150"
    assert in_force("size=100", "size=200").size == "100"
    assert in_force() == Comfort()
    assert Comfort().changed == {}
    assert Comfort(font="lexend").changed == {"font": "lexend"}
