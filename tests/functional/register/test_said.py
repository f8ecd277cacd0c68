"""What a line of the register says beside its sentence: which act, of which body; who let words through."""

from __future__ import annotations

from portal.domain.acts import service as acts
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Seen
from portal.vocabulary import ActKind, ContributionStatus, ModerationMode
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.world import a_contribution, a_space


def register(world: World, query: str = "", who: str = "family") -> str:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/registre{query}").words


def test_the_line_of_an_act_says_which_act_of_which_body_and_day(world: World) -> None:
    act = world.do(
        lambda s: an_act(s, world.ours, command=new_act(establishment_id=world.ours.establishment_id))
    )
    world.do(lambda s: an_act(s, world.ours, command=new_act(ActKind.OTHER, body="Assemblée générale")))
    told = register(world, "?sorte=actes")
    assert (
        "Un acte officiel a été enregistré. Avis du CVS, lundi 2 mars 2026 : CVS de la maison Tilleuls."
        in told
    )
    assert "lundi 2 mars 2026 : Assemblée générale." in told
    assert "director" not in told
    table = world.client("family").get(f"/contrats/{world.ours.contract_id}/registre/telecharger/csv")
    assert "Avis du CVS, lundi 2 mars 2026\u00a0: CVS de la maison Tilleuls." in table.get_data(as_text=True)
    world.do(
        lambda s: (
            acts.take_back(
                s, world.ours["director"].actor, world.ours.contract_id, act, "Mauvais contrat.", seen=1
            ).id
        )
    )
    told = register(world, "?sorte=actes")
    # What was withdrawn is no longer read anywhere: its kind and its day stay, as on its stone.
    assert "Sa place reste. Avis du CVS, lundi 2 mars 2026." in told
    assert "CVS de la maison" not in told


def test_words_let_through_by_the_direction_are_not_read_as_its_own(world: World) -> None:
    held = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    waiting = world.do(lambda s: a_contribution(s, world.ours, space_id=held))
    seen = Seen(1, ContributionStatus.PENDING)
    world.do(lambda s: moderation.approve(s, world.ours["director"].actor, waiting, seen).id)
    told = register(world)
    assert "La modération a relu une contribution, et l’a publiée." in told
    assert "Une contribution a été publiée." not in told


def test_words_published_at_once_are_said_as_before(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    assert "Une contribution a été publiée." in register(world)
