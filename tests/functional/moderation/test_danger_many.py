"""More procedures than a page lists: that others follow is said, and each can be reached."""

from __future__ import annotations

import pytest

from portal.domain.moderation import danger
from portal.domain.moderation.models import DangerChannel
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

MANY = danger.OPEN + 3


def queue(world: World, more: str = "") -> Page:
    return world.client("moderator").see(more or f"/espaces/{world.ours.space_id}/moderation")


def listed(page: Page, section: str) -> list[str]:
    """The words whose procedure a section links to, in order."""
    found = page.tree.xpath(f"//section[@aria-labelledby='{section}']//li/a/@href")
    return [one.split("/")[2] for one in found]


@pytest.mark.parametrize(("section", "told"), [("danger", False), ("procedures", True)])
def test_beyond_a_page_the_others_are_told_and_reached(world: World, section: str, told: bool) -> None:
    ours = world.ours

    def build(session):
        made = [a_contribution(session, ours, body=f"Mots {number}.") for number in range(MANY)]
        for one in made:
            danger.raise_(session, ours["resident"].actor, one)
            if told:
                danger.told(session, ours["deputy"].actor, one, DangerChannel.DIRECTION)
        # Those of another space are no part of it.
        elsewhere = a_contribution(session, ours, space_id=a_space(session, ours))
        danger.raise_(session, ours["resident"].actor, elsewhere)
        return made

    made = world.do(build)
    first = queue(world)
    assert set(listed(first, section)) < set(made)
    assert len(listed(first, section)) == danger.OPEN
    assert "D’autres procédures suivent." in first.words
    (more,) = first.tree.xpath(f"//section[@aria-labelledby='{section}']/p/a/@href")
    last = queue(world, more)
    assert sorted(listed(first, section) + listed(last, section)) == sorted(made)
    assert "D’autres procédures" not in last.words
    (back,) = last.tree.xpath(f"//section[@aria-labelledby='{section}']/p/a/@href")
    assert listed(queue(world, back), section) == listed(first, section)


def test_with_few_nothing_more_is_said(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, one))
    page = queue(world)
    assert listed(page, "danger") == [one]
    assert not page.tree.xpath("//section[@aria-labelledby='danger']/p/a")
