"""Two versions in which only spaces changed: the pages say so."""

from __future__ import annotations

from portal.domain.trames import service as blocks
from tests.conftest import World
from tests.factories.trames import a_sheet, signs


def test_a_version_in_which_only_spaces_changed_says_so(world: World) -> None:
    here = f"/contrats/{world.ours.contract_id}/versions"
    ours, director = world.ours, world.ours["director"].actor
    world.do(lambda s: signs(s, ours))
    block = world.do(lambda s: a_sheet(s, ours))["block_id"]
    world.do(lambda s: blocks.write(s, director, ours.contract_id, block, "Ouvert à 8 h 30.", 1))
    world.do(lambda s: blocks.write(s, director, ours.contract_id, block, "Ouvert à 8\u00a0h\u00a030.", 2))
    client = world.client("director")
    told = client.see(f"{here}/bloc/{block}?de=2&a=3")
    assert "Ces deux versions disent la même chose, mot pour mot." in told.words
    assert "seuls des espaces entre eux ont changé" in told.words
    asked = client.see(f"{here}/bloc/{block}/reprendre?version=2")
    assert "Cette version dit la même chose que celle d’aujourd’hui." in asked.words
