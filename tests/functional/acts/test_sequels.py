"""A CVS must know what became of its opinions: the direction says it, dated, and nobody rewrites it."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.acts.models import ActOutcome
from portal.domain.journal.models import JournalLine
from portal.vocabulary import ActKind
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.notices import follow, skip, told
from tests.factories.pages import Page

WORDS = "Le dîner est servi à 19 h depuis le 2 mars."


def recorded(world: World, kind: ActKind = ActKind.CVS, outcome: ActOutcome = ActOutcome.RESERVED) -> str:
    act = world.do(lambda s: an_act(s, world.ours, "director", new_act(kind, outcome=outcome)))
    return f"/contrats/{world.ours.contract_id}/actes/{act}"


def test_the_direction_says_what_an_opinion_became_and_everybody_reads_it(world: World) -> None:
    address = recorded(world)
    skip(world)
    assert "La direction ne l’a pas encore écrit ici" in world.client("family").see(address).words
    director = world.client("director")
    assert "Écrire cette suite" in director.see(address).words
    sent = director.send(f"{address}/suites", words=WORDS, op_id="a" * 26)
    assert sent.status_code == 303
    assert "La suite est écrite" in director.see(sent.location).words
    assert director.send(f"{address}/suites", words=WORDS, op_id="a" * 26).status_code == 303, "once"
    page = world.client("family").see(address)
    assert page.words.count("Le dîner est servi à 19 h") == 1
    assert "Écrit par la direction" in page.words
    assert "Écrire cette suite" not in page.words
    kinds = world.read(lambda s: list(s.scalars(select(JournalLine.kind))))
    assert kinds.count("act_followed") == 1
    register = world.client("family").see(f"/contrats/{world.ours.contract_id}/registre?sorte=actes").words
    assert "La direction a dit ce qu’un avis du CVS est devenu." in register
    follow(world)
    assert ("family", "ACT") in told(world)


def test_nothing_said_is_refused_and_so_is_whoever_does_not_direct(world: World) -> None:
    address = recorded(world)
    for words, sentence in (("", "Écrivez ce que cet avis est devenu."), (".", "au moins une courte phrase")):
        refused = world.client("director").send(f"{address}/suites", words=words)
        assert refused.status_code == 422
        assert sentence in Page(refused).words
    for name in ("family", "authority", "moderator"):
        assert world.client(name).send(f"{address}/suites", words=WORDS).status_code == 403
    assert world.client("director", world.other).send(f"{address}/suites", words=WORDS).status_code == 404
    assert "act_followed" not in world.read(lambda s: list(s.scalars(select(JournalLine.kind))))


def test_only_an_opinion_of_the_cvs_has_such_a_place(world: World) -> None:
    address = recorded(world, ActKind.BOARD, ActOutcome.ADOPTED)
    assert "Ce que cet avis est devenu" not in world.client("director").see(address).words
    assert world.client("director").send(f"{address}/suites", words=WORDS).status_code == 404


def take_back(world: World, address: str) -> None:
    sent = world.client("director").send(f"{address}/reprendre", version="1", reason="La date était fausse.")
    assert sent.status_code == 303


def test_what_was_typed_when_the_opinion_was_taken_back_meanwhile_is_given_back(world: World) -> None:
    address = recorded(world)
    take_back(world, address)
    late = world.client("director").send(f"{address}/suites", words=WORDS)
    assert late.status_code == 409
    page = Page(late)
    assert "Cet acte a été retiré" in page.words
    [given] = page.tree.xpath("//textarea[@readonly]")
    assert given.text.strip() == WORDS
    assert "Écrire cette suite" not in page.words
    assert "act_followed" not in world.read(lambda s: list(s.scalars(select(JournalLine.kind))))


def test_what_was_told_stays_under_the_stone_of_an_opinion_that_was_taken_back(world: World) -> None:
    address = recorded(world)
    assert world.client("director").send(f"{address}/suites", words=WORDS).status_code == 303
    take_back(world, address)
    for name in ("family", "director"):
        words = world.client(name).see(address).words
        assert "Acte retiré" in words
        assert "Le dîner est servi à 19" in words.partition("Ce que cet avis est devenu")[2]
        assert "Écrire cette suite" not in words


def test_an_opinion_that_was_taken_back_before_anything_was_told_waits_for_nothing(world: World) -> None:
    address = recorded(world)
    take_back(world, address)
    for name in ("family", "director"):
        words = world.client(name).see(address).words
        assert "Ce que cet avis est devenu" not in words
        assert "Votre texte, à garder" not in words


def test_the_account_of_the_contract_carries_it(world: World) -> None:
    address = recorded(world)
    account = f"/contrats/{world.ours.contract_id}/construction"
    assert "Ce que cet avis est devenu" not in world.client("family").see(account).words
    world.client("director").send(f"{address}/suites", words=WORDS)
    words = world.client("family").see(account).words
    assert "Ce que cet avis est devenu, écrit par la direction le" in words
    assert "Le dîner est servi à 19" in words.partition("Ce que cet avis est devenu")[2]
