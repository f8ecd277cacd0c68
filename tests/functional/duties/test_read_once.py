"""Each duty is said once: to the group that is owed it, in the week of who keeps it, in the list of duties."""

from __future__ import annotations

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.spaces import service as spaces
from portal.vocabulary import Fate
from tests.conftest import World
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution


def answer(world: World, contribution: str) -> None:
    command = NewAnswer("Merci. Nous le ferons.", Fate.KEPT)
    world.do(lambda s: answers.give(s, world.ours["director"].actor, contribution, command))


def owed(world: World, who: str = "family") -> list[str]:
    """The lines of « Ce qui vous est dû »."""
    tree = world.client(who).see(f"/contrats/{world.ours.contract_id}").tree
    lines = tree.xpath("//section[@aria-labelledby='vous-est-du']//li")
    return [" ".join(one.text_content().split()) for one in lines]


def test_a_duty_kept_in_part_is_one_line(world: World) -> None:
    first, _second = (world.do(lambda s: a_contribution(s, world.ours)) for _ in range(2))
    answer(world, first)
    (fate,) = (one for one in owed(world) if one.startswith("La suite donnée à chaque avis"))
    assert "à faire" in fate
    assert "tenu" not in fate
    assert "Une partie est déjà faite." in fate
    answer(world, _second)
    (fate,) = (one for one in owed(world) if one.startswith("La suite donnée à chaque avis"))
    assert "tenu" in fate
    assert "Une partie" not in fate


def test_a_synthesis_enters_the_week_once_it_can_be_published(world: World) -> None:
    answer(world, world.do(lambda s: a_contribution(s, world.ours)))
    director, space_id = world.ours["director"].actor, world.ours.space_id
    week = "Écrire la synthèse de cet espace"
    assert week not in world.client("director").see("/ma-semaine").words
    world.do(lambda s: spaces.end(s, director, space_id, "Tout le monde a parlé."))
    assert week in world.client("director").see("/ma-semaine").words
    world.do(lambda s: a_synthesis(s, world.ours))
    assert week not in world.client("director").see("/ma-semaine").words


def test_a_synthesis_is_read_as_one_in_the_list_of_duties(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    tree = world.client("director").see(f"/contrats/{world.ours.contract_id}/devoirs").tree
    heads = [" ".join(one.text_content().split()) for one in tree.xpath("//tbody//th")]
    assert [one for one in heads if one.endswith("(contribution 1 de la liste)")]
    (synthesis,) = (one for one in heads if "ynthèse" in one)
    assert "contribution" not in synthesis
