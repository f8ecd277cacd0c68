"""« Mes contributions » : what was decided of words that are no longer shown is a step of what became of them."""

from __future__ import annotations

import re

import pytest

from portal.domain.moderation import reports, service
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories.world import a_contribution, a_space

WHY = Reason(ModerationRule.OFF_TOPIC, "Dites-le à la direction.")


def decided(world: World, act: str) -> str:
    """Words that were refused before anybody read them, or hidden afterwards."""

    def build(session):
        mode = ModerationMode.BEFORE if act == "refuse" else ModerationMode.AFTER
        one = a_contribution(session, world.ours, space_id=a_space(session, world.ours, moderation=mode))
        seen = Seen(1, ContributionStatus.PENDING if act == "refuse" else ContributionStatus.PUBLISHED)
        getattr(service, act)(session, world.ours["moderator"].actor, one, seen, WHY)
        return one

    return world.do(build)


def steps(world: World, one: str) -> tuple[list[str], list[str]]:
    """What the list of steps says, and where it leads."""
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/mes-contributions")
    (found,) = page.tree.xpath(f"//ol[@aria-labelledby='suivi-{one}']")
    said = [" ".join(line.text_content().replace("\u00a0", " ").split()) for line in found.xpath("li")]
    return said, found.xpath(".//a/@href")


@pytest.mark.parametrize(
    ("act", "heads"),
    [("refuse", ["Envoyée", "Non publiée"]), ("hide", ["Envoyée", "Publiée", "Masquée"])],
)  # fmt: skip
def test_the_decision_is_a_step_with_its_day_its_rule_and_its_page(
    world: World, act: str, heads: list[str]
) -> None:
    one = decided(world, act)
    said, links = steps(world, one)
    assert [line.split(" : ")[0] for line in said] == heads
    assert f"Règle : {ModerationRule.OFF_TOPIC.label}." in said[-1]
    assert re.search(r"\d{4}\. Règle", said[-1]), "the day"
    assert links == [f"/contributions/{one}/decision"]
    assert world.client("family").get(links[0]).status_code == 200


def test_words_that_one_took_back_have_no_decision(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: reports.withdraw(s, world.ours["family"].actor, one))
    said, links = steps(world, one)
    assert [line.split(" : ")[0] for line in said] == ["Envoyée", "Publiée"]
    assert links == []
