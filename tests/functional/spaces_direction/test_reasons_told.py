"""A reason that people will read is a sentence: a dot is refused wherever one is owed, and the page says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.duties import rules
from portal.domain.duties import service as duties
from portal.domain.involvement.service import NewLevel
from portal.domain.spaces import queries, service
from portal.kernel import clock
from portal.kernel.errors import InvalidError
from portal.vocabulary import Group, Phase
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

Acts = dict[str, Callable[[Session, World, str], Any]]

ACTS: Acts = {
    "pause": lambda s, w, why: service.pause(s, w.ours["director"].actor, w.ours.space_id, why),
    "early end": lambda s, w, why: service.end(s, w.ours["director"].actor, w.ours.space_id, why),
    "exclusion": lambda s, w, why: service.record_level(
        s, w.ours["director"].actor, w.ours.space_id, NewLevel(Group.FAMILIES, None, why), seen=1
    ),
    "explanation of one contribution": lambda s, w, why: duties.explain(
        s, w.ours["director"].actor, a_contribution(s, w.ours), why
    ),
}


@pytest.fixture(autouse=True)
def due_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every engagement may be explained: its day has come."""
    monkeypatch.setattr(rules, "may_be_explained", lambda _due, _today: True)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("why", [".", "ok"])
def test_a_dot_is_no_reason(world: World, act: str, why: str) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: ACTS[act](s, world, why))
    assert "Écrivez au moins une courte phrase" in str(refused.value)


@pytest.mark.parametrize("act", ACTS)
def test_a_short_sentence_is_one(world: World, act: str) -> None:
    world.do(lambda s: ACTS[act](s, world, "La cuisine est fermée."))


def test_a_dot_does_not_close_a_space_where_answers_are_owed(world: World) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: service.end(s, director, space_id, "Tout le monde a parlé."))
    page = world.client("director").see(f"/espaces/{space_id}/cloture")
    form = {key: value for key, value in page.form().items() if key != "csrf_token"}
    sent = world.client("director").send(f"/espaces/{space_id}/cloture", **form | {"broken_promise": "."})
    assert sent.status_code == 422
    assert "les personnes concernées la liront" in Page(sent).words
    with pytest.raises(InvalidError):
        world.do(lambda s: answers.close(s, director, space_id, broken_promise="."))
    found = world.read(lambda s: queries.view(s, space_id, clock.now()))
    assert found is not None
    assert found.phase is Phase.ANSWERING
