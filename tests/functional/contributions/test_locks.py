"""Who decides on a contract locks it first; nothing is written after its phase has ended."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from portal.blueprints import _forms
from portal.domain.contributions.models import Contribution
from portal.domain.journal.models import JournalLine
from portal.domain.spaces.models import Space
from portal.vocabulary import Phase
from tests.conftest import World

ROUNDS = 8


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


@pytest.mark.slow
def test_nothing_lands_after_the_end_of_its_phase(world: World, store_name: str) -> None:
    if store_name == "sqlite":
        pytest.skip("SQLite runs one unit at a time")
    people = [world.client(name) for name in ("family", "resident", "staff_rep")]
    tokens = [one.token for one in people]
    path = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    director = world.client("director")
    token = director.token

    def sending(place: int, number: int) -> Callable[[], int]:
        words = f"{place}{number}".ljust(26, "x")
        fields = form(world, words) | {"csrf_token": tokens[place]}
        return lambda: people[place].post(path, data=fields).status_code

    def act(name: str) -> None:
        page = director.see(f"/espaces/{world.ours.space_id}/{name}")
        fields = page.form() | {"csrf_token": token, "reason": "Une réunion.", "explanation": "Une réunion."}
        assert director.post(f"/espaces/{world.ours.space_id}/{name}", data=fields).status_code == 303

    with ThreadPoolExecutor(4) as pool:
        for number in range(ROUNDS):
            sent = [pool.submit(sending(place, number)) for place in range(len(people))]
            act("pause")
            statuses = [one.result() for one in sent]
            assert set(statuses) <= {303, 403}
            act("reprise")
    order = world.read(
        lambda s: list(s.scalars(select(JournalLine.kind).where(
            JournalLine.contract_id == world.ours.contract_id).order_by(JournalLine.seq)))
    )
    paused = False
    for kind in order:
        paused = {"space_paused": True, "space_resumed": False}.get(kind, paused)
        assert not (paused and kind == "contribution_published"), order
    written = world.read(lambda s: s.scalar(select(func.count()).select_from(Contribution)))
    assert written == order.count("contribution_published")
    assert world.read(lambda s: s.get(Space, world.ours.space_id).phase) is Phase.OPEN
