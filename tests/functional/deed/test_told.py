"""What the pages say beside the words, the files say too: to review, changed in negotiation, approved, the contract before."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.negotiation.models import NegotiatedChange, Piece
from portal.domain.plain import service as plain
from portal.domain.predecessors import service as predecessors
from portal.domain.predecessors.models import Outcome, PredecessorKind
from portal.domain.predecessors.service import OutcomeTyped, PredecessorTyped
from portal.domain.texts.models import Text
from portal.domain.trames.catalogue import block_id
from portal.kernel import clock
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.plain import reading, to_review
from tests.factories.predecessors import a_commitment
from tests.functional.deed.test_files import in_file, pdf, squeezed, text_file, titles

TO_REVIEW = "Version simplifiée à revoir"
NEGOTIATED = "Modifié en négociation"
EASY = "Facile à lire et à comprendre (FALC)"
BEFORE = "Ce qui vient du contrat d’avant"


def in_paper(world: World, more: str = "") -> str:
    return squeezed("".join(page.extract_text() for page in pdf(world, more=more).pages))


def in_both(world: World, more: str = "") -> list[str]:
    return [in_paper(world, more), in_file(text_file(world, more=more))]


@pytest.mark.parametrize("more", ["", "?textes=pour-tous"])
def test_plain_words_that_are_to_review_say_so(world: World, full: dict[str, str], more: str) -> None:
    for told in in_both(world, more):
        assert squeezed(TO_REVIEW) not in told
    world.do(lambda s: to_review(s, world.ours, world.ours.items[0]))
    for told in in_both(world, more):
        assert told.count(squeezed(TO_REVIEW)) == 1
    assert squeezed(TO_REVIEW) not in in_file(text_file(world, more="?textes=technique"))


def negotiate(session: Session, world: World) -> None:
    ours = world.ours
    text = session.query(Text).filter_by(item_id=ours.objectives[0], register=Register.TECHNICAL).one()
    text.negotiated_at = clock.now()
    for piece, why, place in (
        (Piece.TECHNICAL, "Le financeur ne paie que deux nuits.", {"item_id": ours.objectives[0]}),
        (Piece.BLOCK, "Le travail a commencé plus tôt.", {"block_id": block_id("preambule")}),
    ):
        session.add(
            NegotiatedChange(
                contract_id=ours.contract_id,
                piece=piece,
                version=2,
                title="Préambule",
                before="Deux ans.",
                after="Trois ans.",
                reason=why,
                agreed_by="Une autorité",
                at=clock.now(),
                **place,
            )
        )


def leave(session: Session) -> None:
    for row in session.query(NegotiatedChange):
        row.left_version, row.left_at = 3, clock.now()
        row.left_by, row.left_reason = "la direction", "Le conseil l’a demandé."


def test_words_changed_in_negotiation_say_so_with_their_reason(world: World, full: dict[str, str]) -> None:
    for told in in_both(world):
        assert squeezed(NEGOTIATED) not in told
    world.do(lambda s: negotiate(s, world))
    for told in in_both(world):
        assert told.count(squeezed(NEGOTIATED)) == 2
        assert squeezed("Le financeur ne paie que deux nuits.") in told
        assert squeezed("Le travail a commencé plus tôt.") in told


def test_words_that_were_changed_since_say_by_whom_and_why(world: World, full: dict[str, str]) -> None:
    world.do(lambda s: negotiate(s, world))
    world.do(leave)
    for told in in_both(world):
        assert squeezed(NEGOTIATED) not in told
        assert told.count(squeezed("changé depuis par la direction")) == 2
        assert told.count(squeezed("Le conseil l’a demandé.")) == 2


def approve(session: Session, world: World) -> None:
    director, item = world.ours["director"].actor, world.ours.items[0]
    seen = reading(session, item).version
    read = plain.Read(clock.today(), "à la maison des Prés", several=True)
    plain.approve(session, director, world.ours.contract_id, item, read, seen)


def test_a_text_is_called_easy_to_read_only_when_its_readers_approved_it(
    world: World, full: dict[str, str]
) -> None:
    for told in in_both(world):
        assert squeezed(EASY) not in told
    world.do(lambda s: approve(s, world))
    for told in in_both(world, "?textes=pour-tous"):
        assert told.count(squeezed(EASY)) == 1
        assert squeezed("approuvé par des personnes concernées") in told
    assert squeezed(EASY) not in in_file(text_file(world, more="?textes=technique"))


def came_before(session: Session, world: World) -> None:
    ours, director = world.ours, world.ours["director"].actor
    typed = PredecessorTyped(PredecessorKind.TRIPARTITE, "Convention de 2019")
    predecessors.present(session, director, ours.contract_id, typed, 0)
    for title, outcome, words in (
        ("Ouvrir la maison aux voisins", Outcome.KEPT, ""),
        ("Refaire la toiture", Outcome.ENDED, "Elle est refaite depuis 2022."),
        ("Ouvrir un accueil de nuit", Outcome.DROPPED, "Aucune place n’a été financée."),
    ):
        one = a_commitment(session, director, title)
        objective = ours.objectives[0] if outcome is Outcome.KEPT else ""
        became = OutcomeTyped(title, outcome, words, objective)
        predecessors.say_outcome(session, director, ours.contract_id, one, became, 1)


def test_the_contract_before_is_an_annex(world: World, full: dict[str, str]) -> None:
    assert BEFORE not in titles(text_file(world))
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/document")
    assert BEFORE not in page.words
    world.do(lambda s: came_before(s, world))
    for told in in_both(world):
        for words in (
            BEFORE,
            "Convention de 2019",
            "Ouvrir la maison aux voisins",
            "Elle est refaite depuis 2022.",
            "Aucune place n’a été financée.",
        ):
            assert squeezed(words) in told, words
        places = [told.index(squeezed(one)) for one in ("la maison aux voisins", "Refaire la toiture")]
        assert places == sorted(places)
    assert BEFORE not in titles(text_file(world, more="?annexes=non"))
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/document")
    assert BEFORE in page.words
