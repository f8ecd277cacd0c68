"""Answers that are kept, and advices sent away: the service itself asks who may, whatever the page asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import reasons
from portal.domain.answers.models import ReasonTemplate
from portal.domain.involvement.models import InvolvementAdvice
from portal.domain.proposals import service as proposals
from portal.kernel.errors import NotFoundError, RefusedError
from portal.policy.actor import Actor
from tests.conftest import World

Act = Callable[[Session, Actor, str], None]
ACTS: dict[str, Act] = {
    "keep": lambda session, person, space: reasons.keep(session, person, space, "Budget", "Déjà voté."),
    "count": lambda session, person, space: reasons.count(session, person, space, "a" * 26),
    "forget": lambda session, person, space: reasons.forget(session, person, space, "a" * 26),
    "dismiss": lambda session, person, space: proposals.dismiss(session, person, space, "un-conseil"),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_only_who_may_keeps_or_sends_away(world: World, name: str) -> None:
    act, ours = ACTS[name], world.ours
    for who in ("family", "moderator", "authority"):
        with pytest.raises(RefusedError):
            world.do(lambda s, person=ours[who].actor: act(s, person, ours.space_id))
    with pytest.raises(NotFoundError):
        world.do(lambda s: act(s, world.other["director"].actor, ours.space_id))
    assert world.read(lambda s: s.query(ReasonTemplate).count() + s.query(InvolvementAdvice).count()) == 0
    world.do(lambda s: act(s, ours["director"].actor, ours.space_id))
