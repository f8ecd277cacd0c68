"""Heard one by one, without the page around them, the buttons and links of notices are told apart."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.notifications.models import Notice
from portal.kernel import clock
from portal.vocabulary import ContributionKind
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.factories.pages import Page
from tests.factories.world import a_contribution

CONTROLS = "//main//button|//main//summary"


def replies(world: World, *roots: str) -> None:
    for root in roots:
        world.do(
            lambda s, root=root: a_contribution(
                s, world.ours, "professional", "Oui.", kind=ContributionKind.REPLY, parent_id=root
            )
        )
    follow(world)


def shift(world: World, days: int) -> None:
    """What was told so far was told some days ago; half of it was read."""

    def do(session: Session) -> None:
        for number, notice in enumerate(session.scalars(select(Notice).order_by(Notice.id))):
            notice.at -= timedelta(days=days)
            notice.read_at = clock.now() if number % 2 else notice.read_at

    world.do(do)


@pytest.fixture
def page(world: World) -> Page:
    """Replies in two discussions on one subject, on three days, some read and some new."""
    skip(world)
    first = world.do(lambda s: a_contribution(s, world.ours, body="Le jardin ferme trop tôt."))
    second = world.do(lambda s: a_contribution(s, world.ours, body="Le portail grince."))
    for days in (2, 1, 0):
        replies(world, first, second, first, second)
        shift(world, days)
    return world.client("family").see("/notifications")


def names(page: Page, where: str) -> list[str]:
    return [" ".join(str(one.text_content()).split()) for one in page.tree.xpath(where)]


def test_each_button_says_what_it_is_about(page: Page) -> None:
    told = Counter(names(page, CONTROLS))
    assert len(told) > 6, told
    assert {name: count for name, count in told.items() if count > 1} == {}


def test_links_of_one_name_lead_to_one_place(page: Page) -> None:
    links = page.tree.xpath("//main//a[contains(@href, '/suivre')]")
    assert len({one.get("href") for one in links}) > 1
    places: dict[str, set[str]] = {}
    for one in links:
        places.setdefault(" ".join(str(one.text_content()).split()), set()).add(one.get("href"))
    assert all(len(found) == 1 for found in places.values()), places
