"""« Ma semaine » holds in five acts and twenty minutes, the most urgent first."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.duties.week import ACTS, MINUTES, Act, Rank, week

TODAY = date(2026, 11, 23)


def act(rank: Rank, number: int = 1, each: int = 2, day: int = 0, where: str = "a") -> Act:
    return Act(rank, TODAY + timedelta(days=day), where, where, number, each, f"/espaces/{where}")


def test_nothing_to_do_is_nothing() -> None:
    assert week([]) == ()
    assert week([act(Rank.LATE, 0)]) == ()


def test_what_is_late_comes_before_what_is_near() -> None:
    found = week([act(Rank.PROPOSED), act(Rank.NEAR, day=1), act(Rank.REVIEW), act(Rank.LATE, day=-3)])
    assert [one.rank for one in found] == [Rank.LATE, Rank.NEAR, Rank.REVIEW, Rank.PROPOSED]


def test_of_two_alike_the_nearest_comes_first() -> None:
    found = week([act(Rank.NEAR, day=5, where="b"), act(Rank.NEAR, day=2, where="c")])
    assert [one.contract_id for one in found] == ["c", "b"]


def test_a_long_list_is_shared_so_that_the_others_are_not_forgotten() -> None:
    found = week(
        [act(Rank.LATE, 200, 3), act(Rank.REVIEW, 40, 2, where="b"), act(Rank.PROPOSED, 1, 3, where="c")]
    )
    assert [(one.share, one.minutes) for one in found] == [(5, 15), (1, 2), (1, 3)]


def test_five_acts_at_most() -> None:
    assert len(week(act(Rank.NEAR, 1, 1, where=str(n)) for n in range(9))) == ACTS


@given(
    st.lists(
        st.builds(
            act,
            st.sampled_from(Rank),
            st.integers(0, 300),
            st.integers(1, 5),
            st.integers(-30, 30),
            st.sampled_from("abcdef"),
        )
    )
)
def test_it_always_holds_in_twenty_minutes(acts: list[Act]) -> None:
    found = week(acts)
    assert len(found) <= ACTS
    assert sum(one.minutes for one in found) <= MINUTES
    assert all(1 <= one.share <= one.number for one in found)
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    if any(one.number for one in acts):
        assert found
