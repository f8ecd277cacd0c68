"""Who is entrusted with duties finds them: on the page of duties and in the week, under words that tell who."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.accounts.models import Account
from portal.domain.duties import service
from portal.domain.duties.service import NewCover, NewOwner
from portal.kernel import clock
from portal.vocabulary import DutyKind
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

DAY = timedelta(days=1)


def given(page: Page) -> list[str]:
    found = page.tree.xpath("//section[@aria-labelledby='vous-est-confie']//li")
    return [" ".join(one.text_content().split()) for one in found]


def entrust(world: World, who: str, kind: DutyKind | None = None) -> None:
    house = world.ours
    command = NewOwner(house[who].id, house.space_id, kind, None, None)
    world.do(lambda s: service.entrust(s, house["director"].actor, house.contract_id, command))


def test_who_received_duties_finds_them_and_nobody_else(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    path = f"/contrats/{world.ours.contract_id}/devoirs"
    assert given(world.client("deputy").see(path)) == []
    entrust(world, "deputy", DutyKind.FATE)
    for place in (path, "/ma-semaine"):
        page = world.client("deputy").see(place)
        (line,) = given(page)
        assert line.startswith("La suite donnée à l’avis")
        assert "Que faut-il changer" in line
        (link,) = page.tree.xpath("//section[@aria-labelledby='vous-est-confie']//li//a/@href")
        mine = world.client("deputy").see(link)
        assert len(mine.tree.xpath("//tbody/tr")) == 1
        assert "Responsable : vous" in mine.words
        assert given(world.client("director").see(place)) == []


def test_who_covers_an_absence_reads_it_there(world: World) -> None:
    house, today = world.ours, clock.today()
    command = NewCover(house["director"].id, house["deputy"].id, today, today + 9 * DAY)
    world.do(lambda s: service.cover(s, house["director"].actor, house.contract_id, command))
    (line,) = given(world.client("deputy").see("/ma-semaine"))
    assert line.startswith("Les devoirs d’une personne absente : la direction")


def test_the_direction_reads_whom_it_entrusted_by_name_and_colleagues_by_function(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    entrust(world, "deputy")
    path = f"/contrats/{world.ours.contract_id}/devoirs"
    name = world.read(lambda s: s.get_one(Account, world.ours["deputy"].account_id).name)
    assert f"Responsable : {name} (la suppléance de la direction)" in world.client("director").see(path).words
    told = world.client("moderator").see(path).words
    assert "Responsable : la suppléance de la direction" in told
    assert name not in told
