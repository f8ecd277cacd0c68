"""Who opens the zone, who writes for whom, what ends it: success and refusal from the same table."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.negotiation import queries, service
from portal.domain.negotiation.models import PointState
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import AuthorityKind, Stage
from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.functional.negotiation.conftest import Table

SIGNATORIES = ("director", "deputy", "authority")
OTHERS = ("resident", "family", "professional", "staff_rep", "board", "manager", "moderator")
WORDS = "Nous demandons deux postes de nuit."


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == kind.value)
    return len(world.read(lambda s: s.scalars(query).all()))


@pytest.mark.parametrize("who", SIGNATORIES)
def test_a_signatory_opens_the_zone_at_its_stage_only(table: Table, who: str) -> None:
    world = table.world
    table.stage(Stage.OBJECTIVES)
    with pytest.raises(InvalidError) as early:
        world.do(lambda s: service.open_(s, table.actor(who), table.id, 0))
    assert "Le contrat est à l’étape" in early.value.errors["stage"][0]
    table.stage(Stage.NEGOTIATION)
    world.do(lambda s: service.open_(s, table.actor(who), table.id, 0))
    with pytest.raises(StaleError):
        world.do(lambda s: service.open_(s, table.actor(who), table.id, 1))
    assert lines(world, FactKind.NEGOTIATION_OPENED) == 1


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_it(table: Table, who: str) -> None:
    with pytest.raises(RefusedError) as refused:
        table.world.do(lambda s: service.open_(s, table.actor(who), table.id, 0))
    assert "négociation confidentielle" in str(refused.value)


def test_nobody_negotiates_alone(world: World) -> None:
    table = Table(world)
    table.stage(Stage.NEGOTIATION)
    with pytest.raises(InvalidError, match="personne ne négocie seul"):
        table.open()


def test_an_agent_of_nobody_knows_which_authority_stays_out(opened: Table) -> None:
    world = opened.world
    world.do(lambda s: an_authority(s, opened.id, "Département du Val", AuthorityKind.DEPARTMENT))
    with pytest.raises(RefusedError, match="pour quelle autorité"):
        world.do(lambda s: service.add_point(s, opened.actor("authority"), opened.id, "Les nuits", ""))
    page = world.client("authority").get(f"{opened.here}/points")
    assert page.status_code == 403
    assert world.client("director").get(f"{opened.here}/points").status_code == 200


def test_each_party_writes_its_own_position(opened: Table) -> None:
    world, point = opened.world, opened.point(position="Le dîner est trop tôt pour les résidents.")
    world.do(lambda s: service.take_position(s, opened.actor("authority"), opened.id, point, WORDS, 0))
    with pytest.raises(StaleError):
        world.do(lambda s: service.take_position(s, opened.actor("deputy"), opened.id, point, WORDS, 0))
    found = world.read(lambda s: queries.point(s, opened.id, point))
    assert found is not None
    assert {one.party: one.words for one in found.positions} == {
        "Association Tilleuls": "Le dîner est trop tôt pour les résidents.",
        "ARS du Val": WORDS,
    }
    assert not found.silent


def test_a_point_of_another_contract_does_not_exist(opened: Table) -> None:
    world, point = opened.world, opened.point()
    stranger, there = world.other["director"].actor, world.other.contract_id
    world.do(lambda s: an_authority(s, there, "ARS d’ailleurs"))
    assert world.read(lambda s: queries.point(s, there, point)) is None
    other = Table(world)
    assert other.id != there
    for address in (opened.here, f"{opened.here}/points", f"{opened.here}/points/{point}"):
        assert world.client("director", world.other).get(address).status_code == 404
        assert world.client("director").get(address).status_code == 200
    with pytest.raises(NotFoundError):
        world.do(lambda s: service.write_message(s, stranger, opened.id, point, WORDS))


def test_messages_stay_in_their_order_by_function(opened: Table) -> None:
    world, point = opened.world, opened.point()
    for number in range(35):
        who = opened.actor(SIGNATORIES[number % 3])
        words = f"Message numéro {number}."
        world.do(lambda s, w=who, m=words: service.write_message(s, w, opened.id, point, m))
    page = world.client("authority").see(f"{opened.here}/points/{point}")
    assert "Message numéro 34." in page.words
    assert "Message numéro 4." not in page.words
    (older,) = page.tree.xpath("//a[contains(@href, '?avant=')]/@href")
    assert "Message numéro 4." in world.client("deputy").see(older).words
    assert "Authority Tilleuls" not in page.words.replace("Mon compte : Authority Tilleuls", "")
    assert "Director Tilleuls" not in page.words


def test_a_point_is_settled_left_and_opened_again(opened: Table) -> None:
    world, point, who = opened.world, opened.point(), opened.actor("authority")

    def move(state: PointState | None, ending: str, seen: int) -> None:
        world.do(lambda s: service.move(s, who, opened.id, point, state, ending, seen))

    with pytest.raises(InvalidError):
        move(None, "Nous sommes d’accord.", 1)
    with pytest.raises(InvalidError):
        move(PointState.SETTLED, "", 1)
    move(PointState.SETTLED, "Le poste sera financé en 2028.", 1)
    assert lines(world, FactKind.NEGOTIATION_POINT_SETTLED) == 1
    with pytest.raises(StaleError):
        world.do(lambda s: service.write_message(s, who, opened.id, point, WORDS))
    with pytest.raises(StaleError):
        move(PointState.OPEN, "", 1)
    move(PointState.OPEN, "", 2)
    world.do(lambda s: service.write_message(s, who, opened.id, point, WORDS))


def test_closing_tells_what_came_of_it_and_leaves_the_rest_aside(opened: Table) -> None:
    world, point = opened.world, opened.point()
    outcome = "Les horaires du soir changent ; les tarifs restent."

    def close(words: str, seen: int) -> None:
        world.do(lambda s: service.close(s, opened.actor("authority"), opened.id, words, seen))

    with pytest.raises(InvalidError):
        close("", 1)
    close(outcome, 1)
    found = world.read(lambda s: queries.point(s, opened.id, point))
    assert found is not None
    assert (found.state, found.writable) == (PointState.LEFT, False)
    with pytest.raises(StaleError):
        world.do(lambda s: service.write_message(s, opened.actor("director"), opened.id, point, WORDS))
    assert "les tarifs restent." in world.client("family").see(opened.here).words
    world.do(lambda s: service.open_(s, opened.actor("director"), opened.id, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: service.write_message(s, opened.actor("director"), opened.id, point, WORDS))


def test_words_agreed_are_not_forgotten_when_the_zone_closes(opened: Table) -> None:
    world, point = opened.world, opened.point()
    opened.propose(point)
    opened.agree(point)
    with pytest.raises(InvalidError, match="pas encore dans le contrat"):
        world.do(lambda s: service.close(s, opened.actor("director"), opened.id, "C’est fini pour nous.", 1))
    opened.apply(point)
    world.do(lambda s: service.close(s, opened.actor("director"), opened.id, "C’est fini pour nous.", 1))
