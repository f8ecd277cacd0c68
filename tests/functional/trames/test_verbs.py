"""What an authority does with its trames, what a contract writes in them, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.lifecycle import follow_up
from portal.domain.lifecycle.follow_up import PARTNER
from portal.domain.trames import library, queries, service
from portal.domain.trames.catalogue import block_id, models
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.rules import BlockState
from portal.domain.trames.typed import BlockTyped
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.trames import WHY, a_trame, block, publish, signs, version_of

WORDS = "Nous voulons des journées *choisies*.\n\n- des sorties\n- des repas ensemble"
FREE = block_id("preambule")


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == kind.value)
    return len(world.read(lambda s: s.scalars(query).all()))


def choose(world: World, choice: str, seen: int = 0, who: str = "director") -> None:
    person = world.ours[who].actor
    world.do(lambda s: service.choose(s, person, world.ours.contract_id, choice, seen))


def write(world: World, source: str = WORDS, seen: int = 0, block: str = FREE, who: str = "director") -> None:
    person = world.ours[who].actor
    world.do(lambda s: service.write(s, person, world.ours.contract_id, block, source, seen))


def sheet(world: World) -> Any:
    return world.read(lambda s: queries.sheet(s, world.ours.contract_id))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_the_direction_chooses_a_model_and_writes_its_blocks(world: World, who: str) -> None:
    choose(world, "ehpad", who=who)
    assert sheet(world).block(FREE).state is BlockState.TO_WRITE
    write(world, who=who)
    found = sheet(world)
    assert found.block(FREE).state is BlockState.WRITTEN
    assert "<em>choisies</em>" in found.block(FREE).text.html
    assert found.block(block_id("perimetre")).state is BlockState.FILLED
    assert found.block(block_id("moyens")).state is BlockState.TO_WRITE
    assert lines(world, FactKind.TRAME_CHOSEN) == lines(world, FactKind.TRAME_BLOCK_WRITTEN) == 1


def test_who_left_the_committee_sits_there_no_more(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id

    def told() -> str | None:
        found = world.read(lambda s: queries.filled(s, here)).get(Filling.FOLLOW_UP)
        return str(found.told) if found else None

    assert told() is None
    for number, function in enumerate(("Présidente", "Directrice"), 1):
        seat = world.do(
            lambda s, f=function: follow_up.add_seat(
                s, director, here, f, PARTNER, "Conseil de la vie sociale"
            )
        )
        assert str(number) in str(told())
    world.do(lambda s: follow_up.leave_seat(s, director, here, seat, 1))
    assert "1 fonction siège" in str(told())


def test_what_is_filled_leads_to_where_it_is_read(world: World) -> None:
    found = world.read(lambda s: queries.filled(s, world.ours.contract_id))
    family, contract = world.client("family"), f"/contrats/{world.ours.contract_id}"
    assert {one.page for one in found.values()} == {"perimetre", "diagnostic", "objectifs", "vie"}
    for one in found.values():
        assert family.get(f"{contract}/{one.page}").status_code == 200


@pytest.mark.parametrize("who", ["resident", "family", "moderator", "authority", "manager"])
def test_nobody_else_chooses_or_writes(world: World, who: str) -> None:
    choose(world, "ehpad")
    with pytest.raises(RefusedError):
        choose(world, "chrs", seen=1, who=who)
    with pytest.raises(RefusedError):
        write(world, who=who)


def test_what_is_wrong_is_told_beside_its_field(world: World) -> None:
    for choice in ("rien", "a" * 26):
        with pytest.raises(InvalidError) as refused:
            choose(world, choice)
        assert refused.value.errors.keys() == {"choice"}
    choose(world, "ehpad")
    with pytest.raises(InvalidError):
        choose(world, "ehpad", seen=1)
    with pytest.raises(InvalidError):
        write(world, "")
    with pytest.raises(NotFoundError):
        write(world, block=block_id("titre-objet"))
    with pytest.raises(NotFoundError):
        write(world, block=block_id("sad-publics"))


def test_two_people_who_write_one_block_lose_nothing(world: World) -> None:
    choose(world, "ehpad")
    write(world)
    with pytest.raises(StaleError):
        write(world, "Autre chose.")
    write(world, "", seen=1)
    assert sheet(world).block(FREE).state is BlockState.TO_WRITE
    former = world.read(lambda s: queries.former(s, world.ours.contract_id, FREE))
    assert [one.number for one in former] == [2, 1]
    with pytest.raises(StaleError):
        choose(world, "chrs")


def test_an_authority_copies_adapts_publishes_and_the_words_follow(world: World) -> None:
    agent, here = world.ours["authority"].actor, world.ours.contract_id
    world.do(lambda s: signs(s, world.ours))
    choose(world, "ehpad")
    write(world)
    trame = world.do(lambda s: a_trame(s, world.ours))
    first = world.do(lambda s: publish(s, world.ours, trame))
    choose(world, first, seen=1)
    # The copy keeps the blocks of the model: what was written is in its place.
    assert sheet(world).block(FREE).text.source == WORDS
    assert sheet(world).aside == ()
    added = world.do(lambda s: library.add_block(s, agent, here, trame, block(), version_of(s, trame)))
    world.do(lambda s: library.move_block(s, agent, here, trame, added, True, version_of(s, trame)))
    named = block(title="Pourquoi ce contrat", kind=BlockKind.OPENING)
    annex = block_id("annexe-fiche")
    world.do(lambda s: library.change_block(s, agent, here, trame, annex, named, version_of(s, trame)))
    world.do(lambda s: library.remove_block(s, agent, here, trame, FREE, version_of(s, trame)))
    assert sheet(world).chosen.newer is None
    second = world.do(lambda s: publish(s, world.ours, trame, "Un bloc de plus, le préambule en moins."))
    newer = sheet(world).chosen.newer
    assert (newer.id, newer.number) == (second, 2)
    change = world.read(lambda s: service.changes(s, here, second))
    assert change is not None
    told, aside = change
    assert "Ajouté\u00a0: «\u00a0Vie sociale\u00a0»." in told
    assert aside == ["Préambule"]
    choose(world, second, seen=2)
    assert [one.source for one in sheet(world).aside] == [WORDS]
    # And back: the block finds its words again.
    choose(world, first, seen=3)
    assert sheet(world).block(FREE).text.source == WORDS
    assert lines(world, FactKind.TRAME_PUBLISHED) == 2


def test_a_published_version_never_changes(world: World) -> None:
    agent, here = world.ours["authority"].actor, world.ours.contract_id
    world.do(lambda s: signs(s, world.ours))
    trame = world.do(lambda s: a_trame(s, world.ours))
    first = world.do(lambda s: publish(s, world.ours, trame))
    world.do(lambda s: library.remove_block(s, agent, here, trame, FREE, version_of(s, trame)))
    assert len(world.read(lambda s: queries.published(s, first))) == len(models()["ehpad"].blocks)
    world.do(lambda s: library.restore(s, agent, here, trame, version_of(s, trame)))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: publish(s, world.ours, trame))
    assert refused.value.errors.keys() == {"told"}


def test_an_agent_without_authority_is_told_whom_to_ask(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_trame(s, world.ours))
    assert refused.value.errors.keys() == {"title"}


def test_only_its_own_agents_adapt_a_trame(world: World) -> None:
    world.do(lambda s: signs(s, world.ours))
    trame = world.do(lambda s: a_trame(s, world.ours))
    # « authority » now acts for another authority of the same contract.
    world.do(lambda s: signs(s, world.ours, "ARS de la Côte"))
    with pytest.raises(RefusedError):
        world.do(lambda s: publish(s, world.ours, trame))
    director = world.ours["director"].actor
    with pytest.raises(RefusedError):
        world.do(lambda s: library.publish(s, director, world.ours.contract_id, trame, WHY, 1))
    # Where the authority does not sign, the trame does not exist.
    there = world.other["authority"].actor
    with pytest.raises(NotFoundError):
        world.do(lambda s: library.publish(s, there, world.other.contract_id, trame, WHY, 1))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (block(title=""), {"title"}),
        (block(plain="x" * 301), {"plain"}),
        (block(kind=None, filling=None), {"kind", "filling"}),
        (block(binding=True), {"binding"}),
    ],
)
def test_a_block_says_what_is_wrong(world: World, typed: BlockTyped, fields: set[str]) -> None:
    agent, here = world.ours["authority"].actor, world.ours.contract_id
    world.do(lambda s: signs(s, world.ours))
    trame = world.do(lambda s: a_trame(s, world.ours, "vide"))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: library.add_block(s, agent, here, trame, typed, 1))
    assert refused.value.errors.keys() == fields
    good = replace(block(), kind=BlockKind.ANNEX, binding=True, filling=Filling.MEANS)
    world.do(lambda s: library.add_block(s, agent, here, trame, good, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: library.add_block(s, agent, here, trame, good, 1))
