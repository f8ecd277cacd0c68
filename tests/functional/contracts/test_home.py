"""The page of a contract on a phone: what is secondary is folded and says what it holds."""

from __future__ import annotations

from tests.conftest import World


def test_what_is_secondary_is_folded_under_what_it_holds(world: World) -> None:
    contract = f"/contrats/{world.ours.contract_id}"
    page = world.client("family").see(contract)
    (others,) = page.tree.xpath("//details[@id='a-lire-encore'][not(@open)]")
    links = others.xpath(".//a/@href")
    assert f"Voir {len(links)} autres pages" in others.find("summary").text_content().replace("\u00a0", " ")
    first = page.tree.xpath("//nav[h2/@id='a-lire']/ul//a/@href")
    assert f"{contract}/diagnostic" in first
    assert not {*first} & {*links}
    (places,) = page.tree.xpath("//details[@id='les-etablissements']")
    assert places.xpath("./summary/h2[.='Les établissements et services']")
    assert "établissement ou service" in places.find("summary").text_content()
