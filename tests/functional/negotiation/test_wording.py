"""Words proposed, agreed by every party, put into the contract: what each step needs, and what everybody reads then."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import validation
from portal.domain.diagnostic.models import FindingValidation, ValidationState
from portal.domain.lifecycle import endings
from portal.domain.negotiation import queries, service, wording
from portal.domain.negotiation.models import Piece, PointState
from portal.domain.negotiation.views import PointView
from portal.domain.negotiation.wording import Typed
from portal.domain.texts import service as texts
from portal.domain.texts.service import NewWords
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.kernel import clock
from portal.kernel.errors import InvalidError, StaleError
from portal.vocabulary import Register, Stage
from tests.factories.notices import follow, told
from tests.factories.world import a_contribution
from tests.functional.negotiation.conftest import NEW, REASON, Table


def item(table: Table) -> ItemView:
    found = table.world.read(lambda s: contracts.item(s, table.item))
    assert found is not None
    return found


def point_of(table: Table, point: str) -> PointView:
    found = table.world.read(lambda s: queries.point(s, table.id, point))
    assert found is not None
    return found


def test_words_enter_the_contract_once_every_party_agrees(opened: Table) -> None:
    point = opened.point()
    opened.propose(point)
    with pytest.raises(InvalidError, match="Il manque l’accord"):
        opened.apply(point)
    opened.agree(point)
    opened.apply(point)
    found = item(opened)
    assert found.plain is not None
    assert [one.source for one in found.plain.paragraphs] == [NEW, "Second paragraphe clair de Tilleuls."]
    assert (found.plain.version, found.plain.negotiated_reason) == (2, REASON)
    assert point_of(opened, point).state is PointState.SETTLED


def test_a_change_voids_what_was_agreed(opened: Table) -> None:
    point = opened.point()
    opened.propose(point)
    opened.agree(point)
    assert opened.propose(point, "Le dîner est servi à vingt heures.", seen=1) == 2
    with pytest.raises(StaleError):
        opened.agree(point, 1)
    with pytest.raises(InvalidError):
        opened.apply(point, 2)
    opened.agree(point, 2)
    opened.agree(point, 2, agrees=False)
    with pytest.raises(InvalidError):
        opened.apply(point, 2)
    opened.agree(point, 2)
    opened.apply(point, 2)
    with pytest.raises(StaleError):
        opened.apply(point, 2)


def test_proposing_agrees_for_ones_own_party_alone(opened: Table) -> None:
    point = opened.point()
    opened.propose(point, by="authority")
    wording_now = point_of(opened, point).wording
    assert wording_now is not None
    assert [one.party for one in wording_now.agreed.values()] == ["ARS du Val"]
    assert [one.name for one in wording_now.missing] == ["Association Tilleuls"]


@pytest.mark.parametrize("reason", ["", "Oui.", "x" * 401])
def test_a_reason_in_plain_words_is_owed(opened: Table, reason: str) -> None:
    point = opened.point()
    typed = Typed({Piece.PLAIN: (opened.paragraph(), NEW)}, reason)
    with pytest.raises(InvalidError) as refused:
        opened.world.do(lambda s: wording.propose(s, opened.actor("director"), opened.id, point, typed, 0))
    assert list(refused.value.errors) == ["reason"]


def test_words_that_say_nothing_new_or_nothing_at_all_are_refused(opened: Table) -> None:
    point = opened.point()
    plain = item(opened).plain
    assert plain is not None
    for words in (plain.paragraphs[0].source, " "):
        with pytest.raises(InvalidError) as refused:
            opened.propose(point, words)
        assert list(refused.value.errors) == ["clair"]


def test_two_people_who_propose_do_not_write_over_each_other(opened: Table) -> None:
    point = opened.point()
    opened.propose(point)
    with pytest.raises(StaleError):
        opened.propose(point, "Autre chose, le soir.", by="authority")


def test_words_that_moved_meanwhile_are_not_lost(opened: Table) -> None:
    world, point = opened.world, opened.point()
    opened.propose(point)
    opened.agree(point)
    command = NewWords("Récrit entre-temps.\n\nSecond paragraphe clair de Tilleuls.", 1)
    world.do(
        lambda s: texts.revise(s, opened.actor("director"), opened.id, opened.item, Register.PLAIN, command)
    )
    with pytest.raises(StaleError, match="ont changé depuis cette proposition"):
        opened.apply(point)
    plain = item(opened).plain
    assert plain is not None
    assert plain.paragraphs[0].source == "Récrit entre-temps."


def test_what_changes_beside_the_paragraph_stays(opened: Table) -> None:
    world, point = opened.world, opened.point()
    opened.propose(point)
    opened.agree(point)
    first = "Premier paragraphe clair 1 de Tilleuls."
    command = NewWords(f"{first}\n\nLe second a changé.", 1)
    world.do(
        lambda s: texts.revise(s, opened.actor("director"), opened.id, opened.item, Register.PLAIN, command)
    )
    opened.apply(point)
    plain = item(opened).plain
    assert plain is not None
    assert [one.source for one in plain.paragraphs] == [NEW, "Le second a changé."]


def test_nothing_changes_once_the_contract_is_signed(opened: Table) -> None:
    world, point = opened.world, opened.point()
    opened.propose(point)
    opened.agree(point)
    world.do(lambda s: setattr(s.get_one(Contract, opened.id), "signed_on", clock.today()))
    with pytest.raises(InvalidError, match="par un avenant"):
        opened.apply(point)
    world.do(lambda s: setattr(s.get_one(Contract, opened.id), "signed_on", None))
    opened.stage(Stage.SIGNATURE)
    opened.apply(point)


def test_the_words_of_an_authority_change_with_its_agreement_and_what_parties_said_holds(
    opened: Table,
) -> None:
    world, point = opened.world, opened.point()
    director = opened.actor("director")

    def validate(session: Session) -> None:
        found = contracts.item(session, opened.item)
        assert found is not None
        validation.declare(
            session, director, opened.id, opened.item, ValidationState.VALIDATED, "", found.version
        )

    world.do(validate)
    opened.propose(point)
    opened.agree(point)
    opened.apply(point)

    def held(session: Session) -> int:
        contract = session.get_one(Contract, opened.id)
        party = endings.party_of(session, director, contract)
        row = session.get(FindingValidation, (opened.item, party))
        assert row is not None
        return row.version

    assert world.read(held) == item(opened).version


def test_a_block_of_the_trame_changes_too(opened: Table) -> None:
    world, director = opened.world, opened.actor("director")
    world.do(lambda s: blocks.choose(s, director, opened.id, "ehpad", 0))
    chosen = world.read(lambda s: trames.chosen(s, opened.id))
    assert chosen is not None
    block = next(one.id for one in chosen.blocks if one.kind.name == "ARTICLE")
    world.do(lambda s: blocks.write(s, director, opened.id, block, "Le contrat dure quatre ans.", 0))
    point = opened.point("La durée", f"bloc:{block}")
    typed = Typed({Piece.BLOCK: (block, "Le contrat dure cinq ans.")}, REASON)
    world.do(lambda s: wording.propose(s, director, opened.id, point, typed, 0))
    opened.agree(point)
    opened.apply(point)
    assert world.read(lambda s: trames.texts(s, opened.id)[block].source) == "Le contrat dure cinq ans."
    page = world.client("family").see(f"/contrats/{opened.id}/trame")
    assert "Modifié en négociation" in page.words
    assert REASON in page.words
    assert REASON in world.client("family").see(opened.here).words


def test_a_passage_of_another_subject_is_refused(opened: Table) -> None:
    world, point = opened.world, opened.point("Un autre sujet", f"sujet:{world_item(opened, 1)}")
    with pytest.raises(InvalidError):
        opened.propose(point)
    with pytest.raises(InvalidError):
        opened.point("Ailleurs", f"sujet:{world.other.items[0]}")


def world_item(table: Table, number: int) -> str:
    return table.world.ours.items[number]


def test_everybody_reads_what_changed_and_why(opened: Table) -> None:
    world, point = opened.world, opened.point("Un titre confidentiel")
    opened.propose(point)
    before = {
        address: world.client("family").see(address).words
        for address in (opened.here, f"/contrats/{opened.id}/construction")
    }
    assert all(REASON not in words for words in before.values())
    opened.agree(point)
    opened.apply(point)
    for who in ("family", "resident", "board", "professional"):
        words = world.client(who).see(opened.here).words
        assert "Modifié en négociation" in words
        for said in (REASON, NEW.split()[-1], "Convenu par", "ARS du Val", "Association Tilleuls"):
            assert said in words
        assert "Un titre confidentiel" not in words
    for address in (
        f"/contrats/{opened.id}/diagnostic/constats/{opened.item}",
        f"/espaces/{world.ours.space_id}/sujets/{opened.item}",
        f"/espaces/{world.ours.space_id}",
        f"/contrats/{opened.id}/construction",
        f"/contrats/{opened.id}/sujets/{opened.item}/texte/clair/historique",
    ):
        words = world.client("family").see(address).words
        assert REASON in words, address
        assert "odifié en négociation" in words, address


def test_those_who_took_part_are_told_and_they_alone(opened: Table) -> None:
    world = opened.world
    world.do(lambda s: a_contribution(s, world.ours, "family"))
    world.do(lambda s: a_contribution(s, world.ours, "resident"))
    point = opened.point()
    opened.propose(point)
    opened.agree(point)
    opened.apply(point)
    follow(world)
    assert {who for who, kind in told(world) if kind == "NEGOTIATED"} == {"family", "resident"}
    page = world.client("family").see("/notifications")
    assert "ont été modifiés en négociation" in page.words


def test_nothing_can_be_applied_from_a_closed_zone(opened: Table) -> None:
    world, point = opened.world, opened.point()
    opened.propose(point)
    world.do(lambda s: service.close(s, opened.actor("director"), opened.id, "Rien ne change pour finir.", 1))
    with pytest.raises(StaleError):
        opened.agree(point)
    with pytest.raises(StaleError):
        opened.apply(point)
