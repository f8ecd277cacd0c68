"""What frames tell of a contribution is what pages show of it, for each audience, whoever is told first."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions import cards, service, told
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Words
from portal.domain.contributions.views import CardView
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import Audience, ContributionStatus, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories.world import a_contribution, a_space

REASON = Reason(ModerationRule.NAMES_SOMEONE, "Une personne se reconnaîtrait. Écrivez sans la nommer.")
PENDING, PUBLISHED = ContributionStatus.PENDING, ContributionStatus.PUBLISHED
ORDERS = list(permutations(Audience))


def written(world: World) -> dict[str, str]:
    """A contribution in each state that somebody reads otherwise than somebody else; their ids."""
    director, family = world.ours["director"].actor, world.ours["family"].actor

    def write(session: Session) -> dict[str, str]:
        space = a_space(session, world.ours, moderation=ModerationMode.BEFORE)
        states = (
            "published",
            "corrected",
            "correction refused",
            "pending",
            "refused",
            "hidden",
            "taken back",
        )
        ids = {
            name: a_contribution(session, world.ours, body=f"Mots {name}.", space_id=space) for name in states
        }
        for name in ("published", "corrected", "correction refused", "hidden"):
            moderation.approve(session, director, ids[name], Seen(1, PENDING))
        for name in ("corrected", "correction refused"):
            service.correct(session, family, ids[name], Words(f"Autres mots {name}."))
        moderation.refuse(session, director, ids["correction refused"], Seen(2, PUBLISHED), REASON)
        moderation.refuse(session, director, ids["refused"], Seen(1, PENDING), REASON)
        moderation.hide(session, director, ids["hidden"], Seen(1, PUBLISHED), REASON)
        service.withdraw(session, family, ids["taken back"])
        return ids

    return world.do(write)


def shown(session: Session, ids: dict[str, str], audience: Audience) -> dict[str, CardView]:
    """The cards of these contributions as pages read them."""
    rows = session.execute(cards.select_cards(audience).where(Contribution.id.in_(ids.values()))).all()
    return {card.id: card for card in cards.cards(session, rows, audience)}


def differences(world: World, ids: dict[str, str], order: tuple[Audience, ...]) -> list[str]:
    """What frames tell otherwise than pages, the audiences being told in this order."""

    def read(session: Session) -> list[str]:
        assert (
            len(session.scalars(select(Contribution.id).where(Contribution.id.in_(ids.values()))).all()) == 7
        )
        frames = told.Told(session, list(ids.values()))
        made = {audience: {one: frames.card(one, audience) for one in ids.values()} for audience in order}
        return [
            f"{name} to {audience}"
            for audience in order
            for name, one in ids.items()
            if made[audience][one] != shown(session, ids, audience).get(one)
        ]

    return world.read(read)


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_frames_tell_what_pages_show(world: World, order: tuple[Audience, ...]) -> None:
    assert differences(world, written(world), order) == []


def test_control_words_that_wait_told_to_all_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "_same_for_all", lambda _row: True)
    ids = written(world)
    found = [fault for order in ORDERS for fault in differences(world, ids, order)]
    assert "corrected to readers" in found
