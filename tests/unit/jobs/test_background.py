"""What runs by itself, and what waits for nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from portal import app as factory
from portal.jobs import due_dates
from portal.jobs.runner import Job


def test_dates_wait_for_no_notice_and_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[set[str]] = []

    class Recorded:
        def __init__(self, _unit: object, jobs: list[Job]) -> None:
            self.names = {one.name for one in jobs}

        def start(self) -> None:
            started.append(self.names)

    monkeypatch.setattr(factory, "Runner", Recorded)
    monkeypatch.setattr(factory, "post_of", lambda _settings: object())
    monkeypatch.setattr(factory, "unit", SimpleNamespace(bound=None))
    for name in ("live", "cleaning", "digests", "directory"):
        monkeypatch.setattr(getattr(factory, name), "start", lambda *_: None)
    factory.start_background(SimpleNamespace(config={"SETTINGS": SimpleNamespace(store="", instance=None)}))
    dates = {one.name for one in due_dates.jobs()}
    assert dates in started
    (others,) = [one for one in started if one != dates]
    assert others >= {"notifications", "rappels", "courriels"}
    assert not dates & others
