"""A part of the trame in discussion, as people put it there, write it together, speak of it and take it into the trame."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.answers import changes
from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.negotiation import subjects
from portal.domain.trame_parts import queries, service
from portal.domain.trame_parts.rules import Standing
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.domain.trames.catalogue import block_id, models
from portal.domain.trames.models import BlockKind
from portal.kernel import clock
from portal.vocabulary import ContributionKind, Fate
from tests.conftest import World
from tests.factories.search import ask, links, look
from tests.factories.trame_parts import BLOCK, FIRST, PLAIN, a_part, a_space_on, two_authorities
from tests.factories.world import a_contribution
from tests.functional.pages.test_queries import questions
from tests.functional.spaces_direction.test_assistant import Browser

WHY = "Les deux autorités l’ont relu ensemble."
SPEAKS = {
    "plain": PLAIN,
    "technical": FIRST,
    "open": "Tous les mots.",
    "decided": "Le contrat dure cinq ans.",
}


@pytest.fixture
def here(world: World) -> str:
    world.do(lambda s: two_authorities(s, world.ours))
    return f"/contrats/{world.ours.contract_id}/trame"


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == kind.value)
    return len(world.read(lambda s: s.scalars(query).all()))


def part_of(world: World, part_id: str) -> Any:
    return world.read(lambda s: queries.part(s, world.ours.contract_id, part_id))


def says(world: World) -> str:
    """What the block says now."""
    found = world.read(lambda s: trames.texts(s, world.ours.contract_id)).get(BLOCK)
    return found.source if found is not None else ""


def send(world: World, who: str, url: str, **typed: str) -> Any:
    client = world.client(who)
    form = client.see(url).form(url)
    return client.post(url, data={**form, **typed})


def made(world: World, who: str = "authority") -> str:
    return world.do(lambda s: a_part(s, world.ours, who))


@pytest.mark.parametrize("who", ["authority", "department", "director", "deputy"])
def test_a_party_puts_a_block_into_discussion_and_everybody_reads_it(
    world: World, here: str, who: str
) -> None:
    url = f"{here}/blocs/{BLOCK}/discussion"
    assert "Mettre cette partie en discussion" in world.client(who).see(here).words
    assert send(world, who, url, **SPEAKS).status_code == 303
    (part_id,) = world.read(lambda s: queries.of_blocks(s, world.ours.contract_id)).values()
    for reader in ("family", "authority", "department", "director"):
        whole = world.client(reader).see(here).words
        assert "En discussion" in whole
        assert "1 partie est en discussion : Préambule" in whole
        page = world.client(reader).see(f"{here}/parties/{part_id}")
        for words in (FIRST, PLAIN, "Tous les mots.", "Le contrat dure cinq ans."):
            assert words in page.words
    # The trame itself says what it said.
    assert says(world) == ""
    assert lines(world, FactKind.TRAME_PART_OPENED) == 1
    # Once is enough: the second one is led to the first.
    assert "déjà en discussion" in world.client("department").see(url).words


@pytest.mark.parametrize("who", ["family", "resident", "moderator", "manager"])
def test_nobody_else_puts_writes_takes_or_withdraws(world: World, here: str, who: str) -> None:
    part_id, client = made(world), world.client(who)
    assert "Mettre cette partie en discussion" not in client.see(here).words
    refused = [f"{here}/blocs/{BLOCK}/discussion"]
    refused += [f"{here}/parties/{part_id}/{act}" for act in ("recrire", "reprendre", "retirer")]
    for url in refused:
        assert client.get(url).status_code == 403
        assert client.send(url, reason=WHY).status_code == 403
    agent = world.client("authority")
    assert agent.get(f"{here}/parties/{part_id}/reprendre").status_code == 403
    there = world.client("authority", world.other)
    assert there.get(f"{here}/parties/{part_id}").status_code == 404
    theirs = f"/contrats/{world.other.contract_id}/trame/parties/{part_id}"
    assert there.get(theirs).status_code == 404


def test_what_is_missing_is_told_beside_its_field(world: World, here: str) -> None:
    url = f"{here}/blocs/{BLOCK}/discussion"
    answer = send(world, "authority", url, plain="", technical="", open="")
    assert answer.status_code == 422
    assert answer.text.count("field--invalid") == 3
    heading = next(one.id for one in models()["ehpad"].blocks if one.kind is BlockKind.TITLE)
    for unknown in (heading, block_id("sad-publics")):
        assert world.client("authority").get(f"{here}/blocs/{unknown}/discussion").status_code == 404
    part_id = made(world)
    rewriting = f"{here}/parties/{part_id}/recrire"
    assert send(world, "department", rewriting, reason=WHY).status_code == 422
    assert send(world, "department", rewriting, technical="Autre chose ici.").status_code == 422
    assert send(world, "department", f"{here}/parties/{part_id}/retirer").status_code == 422
    assert send(world, "director", f"{here}/parties/{part_id}/reprendre").status_code == 422


def test_an_agency_and_a_departement_write_it_together_and_lose_nothing(world: World, here: str) -> None:
    part_id = made(world)
    url = f"{here}/parties/{part_id}/recrire"
    agent, other = world.client("authority"), world.client("department")
    mine, theirs = agent.see(url).form(url), other.see(url).form(url)
    two = "Les maisons restent ouvertes.\n\nUn bilan est lu chaque année."
    assert agent.post(url, data=mine | {"technical": two, "reason": WHY}).status_code == 303
    # The other one wrote elsewhere meanwhile: both stand.
    simple = "Cette partie dit pourquoi nous signons."
    sent = other.post(url, data=theirs | {"plain": simple, "reason": "Plus simple à lire."})
    assert sent.status_code == 303
    assert "fusion" in sent.location
    assert part_of(world, part_id).discussed == two
    # The new passage is still to be said in plain words, by any of those who write it.
    whole = world.client("family").see(f"{here}/parties/{part_id}").words
    assert "La direction et les autorités peuvent l’écrire." in whole
    assert part_of(world, part_id).item.plain.source == simple
    # In the same place: nothing is taken without asking.
    late = theirs | {"op_id": "encore", "technical": "Les maisons s’ouvrent.", "reason": WHY}
    clash = other.post(url, data=late)
    assert clash.status_code == 409
    assert "Les maisons s’ouvrent." in clash.text
    assert "Un bilan est lu chaque année." in clash.text
    history = f"/contrats/{world.ours.contract_id}/sujets/{part_id}/texte/technique/historique"
    assert "ARS du Val" in world.client("family").see(history).words


def test_a_space_is_opened_on_it_and_both_authorities_speak_there(world: World, here: str) -> None:
    part_id = made(world)
    browser = Browser(world.client("director"), f"/contrats/{world.ours.contract_id}/espaces/nouveau")
    browser.press("suivant", object="objectifs")
    assert "Trame écrite ensemble" not in browser.press("suivant").words
    browser = Browser(world.client("director"), f"/contrats/{world.ours.contract_id}/espaces/nouveau")
    browser.press("suivant", object="trame", parts=[part_id])
    last = browser.press("suivant")
    assert "Trame écrite ensemble" in last.words
    form = last.form()
    assert (form["preset"], form["authorities_read"]) == ("trame-autorites", "mots")
    opened = browser.press("ouvrir").response
    assert opened.status_code == 303
    space = opened.location
    item = f"{space}/sujets/{part_id}"
    assert "partie de trame 1" in world.client("family").see(space).words.casefold()
    for who in ("authority", "department"):
        page = world.client(who).see(item)
        assert FIRST in page.words
        assert "Proposer d’autres mots" in page.words
    family = world.client("family").see(item)
    assert "Proposer d’autres mots" not in family.words
    assert "Poser ma question" in family.words
    # Each party sees on the trame which blocks are discussed, with the link.
    for who in ("authority", "department", "director"):
        assert f'"{item}"' in world.client(who).see(here).html


def test_without_any_part_the_assistant_does_not_offer_the_trame(world: World, here: str) -> None:
    address = f"/contrats/{world.ours.contract_id}/espaces/nouveau"
    before = world.client("director").see(address).words
    assert "trame du contrat" not in before.casefold()
    made(world)
    assert "trame du contrat" in world.client("director").see(address).words.casefold()


def test_the_direction_takes_the_words_after_both_were_shown(world: World, here: str) -> None:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: blocks.write(s, director, contract, BLOCK, "Ce contrat est signé.", 0))
    part_id = world.do(lambda s: a_part(s, world.ours, seen=1))
    url, client = f"{here}/parties/{part_id}/reprendre", world.client("director")
    page = client.see(url)
    assert "Ce contrat est signé." in page.words
    assert FIRST in page.words
    form = page.form(url)
    assert client.post(url, data=form | {"reason": WHY}).status_code == 303
    assert says(world) == FIRST
    assert part_of(world, part_id).standing is Standing.SAME
    assert "La trame dit ces mots-là." in world.client("family").see(f"{here}/parties/{part_id}").words
    assert lines(world, FactKind.TRAME_PART_TAKEN) == 1
    history = f"/contrats/{contract}/versions/bloc/{BLOCK}"
    assert WHY in world.client("family").see(history).words
    assert "La trame dit ces mots-là." in client.see(url).words


def test_a_block_or_words_that_moved_meanwhile_are_shown_and_nothing_is_taken(
    world: World, here: str
) -> None:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    part_id = made(world)
    url, client = f"{here}/parties/{part_id}/reprendre", world.client("director")
    form = client.see(url).form(url) | {"reason": WHY}
    world.do(lambda s: blocks.write(s, director, contract, BLOCK, "Quelqu’un a écrit ici.", 0))
    late = client.post(url, data=form)
    assert late.status_code == 409
    assert "Quelqu’un a écrit ici." in late.text
    assert FIRST in late.text
    assert says(world) == "Quelqu’un a écrit ici."
    # And the words: somebody wrote them anew while both stood side by side.
    form = client.see(url).form(url) | {"reason": WHY}
    rewriting = f"{here}/parties/{part_id}/recrire"
    assert (
        send(world, "department", rewriting, technical="D’autres mots, ensemble.", reason=WHY).status_code
        == 303
    )
    late = client.post(url, data=form)
    assert late.status_code == 409
    assert "D’autres mots, ensemble." in late.text
    assert lines(world, FactKind.TRAME_PART_TAKEN) == 0


def test_a_part_whose_block_the_trame_lost_keeps_its_words_and_cannot_be_taken(
    world: World, here: str
) -> None:
    kept = {one.id for one in models()["chrs"].blocks}
    lost = next(
        one.id for one in models()["ehpad"].blocks if one.id not in kept and one.kind is not BlockKind.TITLE
    )
    director, contract = world.ours["director"].actor, world.ours.contract_id
    part_id = world.do(lambda s: a_part(s, world.ours, block=lost))
    url, client = f"{here}/parties/{part_id}", world.client("director")
    form = client.see(f"{url}/reprendre").form(f"{url}/reprendre") | {"reason": WHY}
    world.do(lambda s: blocks.choose(s, director, contract, "chrs", 1))
    assert client.post(f"{url}/reprendre", data=form).status_code == 409
    assert part_of(world, part_id).standing is Standing.GONE
    page = world.client("family").see(url)
    assert "La trame du contrat n’a plus ce bloc." in page.words
    assert "n’a plus son bloc dans la trame" in world.client("family").see(here).words
    assert FIRST in page.words


def test_a_block_written_again_after_its_words_were_taken_is_told_apart(world: World, here: str) -> None:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    part_id = made(world)
    world.do(lambda s: service.take(s, director, contract, part_id, WHY, seen_text=1, seen_block=0))
    world.do(lambda s: blocks.write(s, director, contract, BLOCK, "Autrement, plus tard.", 1))
    assert part_of(world, part_id).standing is Standing.WRITTEN_SINCE
    assert "récrit depuis" in world.client("family").see(f"{here}/parties/{part_id}").words


def test_a_part_that_is_withdrawn_stays_readable_and_can_come_back(world: World, here: str) -> None:
    part_id = made(world)
    space = world.do(lambda s: a_space_on(s, world.ours, part_id))
    url = f"{here}/parties/{part_id}"
    gone = send(world, "department", f"{url}/retirer", reason="Le modèle national le dit déjà.")
    assert gone.status_code == 303
    assert "Le modèle national le dit déjà." in world.client("family").see(url).words
    page = world.client("family").see(f"/espaces/{space}/sujets/{part_id}")
    assert "retirée de la discussion" in page.words
    assert "Mettre cette partie en discussion" in world.client("authority").see(here).words
    again = made(world, "department")
    assert part_of(world, again).item.number == 2
    typed = {"technical": "Trop tard ici.", "plain": PLAIN, "reason": WHY}
    late = world.client("authority").send(f"{url}/recrire", **typed)
    assert late.status_code == 409


def test_its_two_texts_are_read_corrected_and_searched_like_those_of_other_subjects(
    world: World, here: str
) -> None:
    part_id, contract = made(world), f"/contrats/{world.ours.contract_id}"
    director = world.client("director")
    assert "Les parties de trame en discussion" in director.see(f"{contract}/textes").words
    plain = f"{contract}/sujets/{part_id}/texte/clair"
    form = director.see(plain).form(plain)
    assert director.post(plain, data=form | {"source": "Pourquoi l’on signe, simplement."}).status_code == 303
    beside = world.client("family").see(f"{contract}/textes-simples/{part_id}")
    assert "Pourquoi l’on signe, simplement." in beside.words
    assert f'{here}/parties/{part_id}"' in beside.html


def test_its_words_are_found_and_no_more_once_it_is_withdrawn(world: World, here: str) -> None:
    part_id = made(world)
    look(world)
    assert links(ask(world, "family", "voisins")) == [f"{here}/parties/{part_id}"]
    gone = send(
        world, "authority", f"{here}/parties/{part_id}/retirer", reason="Le modèle national le dit déjà."
    )
    assert gone.status_code == 303
    look(world)
    assert links(ask(world, "family", "voisins")) == []


def test_a_proposal_of_an_authority_is_answered_and_told_in_the_account(world: World, here: str) -> None:
    part_id, ours = made(world), world.ours
    space = world.do(lambda s: a_space_on(s, ours, part_id))
    ours.items.append(part_id)
    place, kind = len(ours.items) - 1, ContributionKind.PROPOSAL
    better = "Les maisons restent ouvertes à leurs voisins, tous les jours."
    said = world.do(
        lambda s: a_contribution(s, ours, "department", better, kind=kind, space_id=space, item=place)
    )
    page = world.client("authority").see(f"/espaces/{space}/sujets/{part_id}")
    assert "tous les jours" in page.words
    rewriting = f"{here}/parties/{part_id}/recrire"
    assert send(world, "authority", rewriting, technical=better, reason=WHY).status_code == 303
    director = ours["director"].actor
    long_ago = clock.now().replace(year=2000)
    option = world.read(lambda s: changes.offered(s, [part_id], long_ago))[0]
    answer = NewAnswer("Vos mots sont repris.", Fate.KEPT, changes=(option.ref,))
    world.do(lambda s: answers.give(s, director, said, answer))
    account = world.client("family").see(f"/contrats/{ours.contract_id}/construction").words
    assert "Préambule · " in account
    assert "tous les jours" in account


def test_nothing_of_it_can_be_negotiated_but_its_block(world: World, here: str) -> None:
    made(world)
    offered = world.read(lambda s: subjects.offered(s, world.ours.contract_id))
    assert BLOCK in {one.block_id for one in offered}
    assert {str(one.kind) for one in offered if one.item_id} <= {"constat", "objectif"}


@pytest.mark.parametrize("who", ["family", "authority"])
def test_the_trame_asks_as_many_questions_whatever_is_discussed(world: World, here: str, who: str) -> None:
    free = [one.id for one in models()["ehpad"].blocks if one.kind is not BlockKind.TITLE]
    client, counts = world.client(who), []
    for some in (free[:2], free[2:14]):
        for block in some:
            part_id = world.do(lambda s, block=block: a_part(s, world.ours, block=block))
            world.do(lambda s, part_id=part_id: a_space_on(s, world.ours, part_id))
        client.see(here)
        with questions() as seen:
            client.see(here)
        counts.append(len(seen))
    assert counts[0] == counts[1]
