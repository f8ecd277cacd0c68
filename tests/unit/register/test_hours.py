"""An export tells no more than the day of what a person did, whatever the organiser did around it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import rules, service
from portal.domain.register import canonical
from portal.domain.register.canonical import SealedLine
from portal.domain.register.rules import Shown
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.ids import new_id

MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = re.compile(r"\d\d:\d\d|T\d\d")
CONTRACT, PLACE = new_id(), new_id()
acts = st.lists(st.tuples(st.sampled_from(FactKind), st.integers(0, 3 * 24 * 60 * 60)), max_size=12)


def told(sequence: list[tuple[FactKind, datetime]], how: Shown = Shown.WHOLE) -> list[dict[str, object]]:
    """What an export says of these acts, apart from what a salt makes different each time."""
    exported = []
    with pytest.MonkeyPatch.context() as patch:
        for number, (kind, at) in enumerate(sequence, start=1):
            patch.setattr(clock, "now", lambda at=at: at)
            said = service._said(Fact(kind, CONTRACT, PLACE), b"\x00" * 32)
            fields = {name.rstrip("_"): value for name, value in said.items()}
            line = rules.Line(seq=number, veil=rules.veil(b"\x00" * 32), **fields)
            exported.append(json.loads(canonical.exported(SealedLine(line, rules.line_hash(line, ""), how))))
    return exported


@pytest.mark.parametrize("kind", list(FactKind), ids=str)
def test_no_line_is_dated_more_finely_than_a_day(kind: FactKind) -> None:
    (line,) = told([(kind, MORNING)])
    assert line["date"] == "2026-11-23"
    assert not HOUR.search(json.dumps(line))


@given(acts, st.data())
@settings(max_examples=100, deadline=None)
def test_two_days_that_differ_by_their_hours_alone_are_exported_alike(
    sequence: list[tuple[FactKind, int]], data: st.DataObject
) -> None:
    """What somebody wrote between two acts could have been written at any hour of that day."""
    first = [(kind, MORNING + timedelta(seconds=late)) for kind, late in sequence]
    other = []
    for kind, at in first:
        seconds = data.draw(st.integers(0, 22 * 60 * 60))
        day = paris(at).replace(hour=0, minute=30, second=0)
        other.append((kind, (day + timedelta(seconds=seconds)).astimezone(UTC)))
    for how in Shown:
        assert told(first, how) == told(other, how)
