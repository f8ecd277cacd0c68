"""Who decides on a contract locks it first; nothing is written after its phase has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.blueprints import _forms
from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.journal.models import JournalLine
from portal.domain.spaces.models import Space
from portal.vocabulary import Phase
from tests.conftest import World

pytestmark = pytest.mark.both_stores

ROUNDS = 6
TURNS = 5


def form(world: World, words: str) -> dict[str, str]:
    return {"body": words, "kind": "comment", "op_id": words[:26]}


def test_a_request_locks_its_contract_before_it_decides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.client("family")
    path = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    assert family.send(path, **form(world, "a" * 26)).status_code == 303
    monkeypatch.setattr(_forms.journal, "hold", lambda _session, *_ids: None)
    monkeypatch.setattr("portal.domain.journal.service.hold", lambda _session, *_ids: None)
    with pytest.raises(AssertionError, match="locked its contract only"):
        family.send(path, **form(world, "b" * 26))


def race(world: World, monkeypatch: pytest.MonkeyPatch, turn: int = 0) -> list[str]:
    """Three people send while a director pauses and resumes; the kinds of the journal's lines, in order."""
    people = [world.client(name) for name in ("family", "resident", "staff_rep")]
    tokens = [one.token for one in people]
    space = f"/espaces/{world.ours.space_id}"
    director = world.client("director")
    token = director.token
    submit = contributions.submit

    def slow(*arguments: Any, **options: Any) -> Any:
        row = submit(*arguments, **options)
        # Decided and written, not yet on disk: the pause may come now.
        time.sleep(0.1)
        return row

    monkeypatch.setattr(contributions, "submit", slow)

    def sending(place: int, number: int) -> Callable[[], int]:
        fields = form(world, f"{turn}{place}{number}".ljust(26, "x")) | {"csrf_token": tokens[place]}
        path = f"{space}/sujets/{world.ours.items[0]}/contribuer"
        return lambda: people[place].post(path, data=fields).status_code

    def act(name: str) -> None:
        fields = director.see(f"{space}/{name}").form() | {"csrf_token": token, "reason": "Une réunion."}
        assert director.post(f"{space}/{name}", data=fields).status_code == 303

    with ThreadPoolExecutor(4) as pool:
        for number in range(ROUNDS):
            sent = [pool.submit(sending(place, number)) for place in range(len(people))]
            time.sleep(0.02 * number)
            act("pause")
            assert {one.result() for one in sent} <= {303, 403}
            act("reprise")
    lines = select(JournalLine.kind).where(JournalLine.contract_id == world.ours.contract_id)
    return world.read(lambda s: list(s.scalars(lines.order_by(JournalLine.seq))))


def landed_too_late(order: list[str]) -> int:
    """How many contributions stand between a pause and the end of it."""
    paused, late = False, 0
    for kind in order:
        paused = {"space_paused": True, "space_resumed": False}.get(kind, paused)
        late += paused and kind == "contribution_published"
    return late


@pytest.mark.slow
def test_nothing_lands_after_the_end_of_its_phase(
    world: World, store_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store_name == "sqlite":
        pytest.skip("SQLite runs one unit at a time")
    order = race(world, monkeypatch)
    assert landed_too_late(order) == 0
    written = world.read(lambda s: s.scalar(select(func.count()).select_from(Contribution)))
    assert 0 < written == order.count("contribution_published")
    assert world.read(lambda s: s.get(Space, world.ours.space_id).phase) is Phase.OPEN


@pytest.mark.slow
def test_control_without_the_lock_some_land_too_late(
    world: World, store_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store_name == "sqlite":
        pytest.skip("SQLite runs one unit at a time")
    unwatched(world.app)
    monkeypatch.setattr("portal.domain.journal.service.hold", lambda _session, *_ids: None)
    # Chance decides when a pause comes: one race of a few is enough.
    assert any(landed_too_late(race(world, monkeypatch, turn)) for turn in range(TURNS))


def unwatched(app: Flask) -> None:
    """Let requests of this application lock too late."""
    app.after_request_funcs[None] = [f for f in app.after_request_funcs[None] if f.__name__ != "compare"]
