"""On the page of the contract, which is long on a phone, what is late is in sight and the rest folded."""

from __future__ import annotations

from portal.domain.spaces import service as space_service
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.vocabulary import Group
from tests.conftest import World
from tests.factories.notices import remind
from tests.factories.world import a_contribution, a_space
from tests.functional.duties.test_stories import Move, due, later


def test_what_is_late_stays_in_sight_and_the_rest_is_folded(world: World, move_clock: Move) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    second = world.do(lambda s: a_space(s, world.ours))
    world.do(lambda s: a_contribution(s, world.ours, space_id=second))
    path = f"/contrats/{world.ours.contract_id}"

    def owed() -> tuple[list[str], list[str], str]:
        (section,) = world.client("family").see(path).tree.xpath("//section[@aria-labelledby='vous-est-du']")
        shown, folded = (section.xpath(one) for one in ("./ul/li", "./details/ul/li"))
        words = " ".join(section.text_content().split())
        return [one.text_content() for one in shown], [one.text_content() for one in folded], words

    shown, folded, words = owed()
    assert not shown
    assert len(folded) > 3
    assert "Rien n’est en retard." in words
    later(move_clock, (due(world, Group.FAMILIES) - paris(clock.now()).date()).days + 1.2)
    world.do(lambda s: space_service.advance_due(s, clock.now()))
    remind(world, clock.now())
    shown, folded, words = owed()
    assert shown
    assert all("en retard" in one for one in shown)
    assert not [one for one in folded if "en retard" in one]
    assert "Rien n’est en retard" not in words
