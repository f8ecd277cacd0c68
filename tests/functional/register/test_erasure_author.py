"""Nobody erases somebody's words without them: who wrote asks or accepts, and hears when it is done."""

from __future__ import annotations

import pytest

from portal.domain.contributions import service as contributions
from portal.domain.figures import moderation as figures
from portal.domain.moderation import appeals, service
from portal.domain.moderation.models import Appeal, AppealState
from portal.domain.moderation.service import Reason, Seen
from portal.domain.participants import service as members
from portal.domain.register import service as register
from portal.kernel import clock
from portal.kernel.errors import RefusedError, StaleError
from portal.vocabulary import ContributionStatus, ModerationRule, NoticeKind
from tests.conftest import World
from tests.factories.notices import follow, told
from tests.factories.world import a_contribution

pytestmark = pytest.mark.both_stores

WORDS = "Le repas arrive trop tard."


@pytest.fixture
def words(world: World) -> str:
    said = world.do(lambda s: a_contribution(s, world.ours, body=WORDS))
    follow(world)
    return said


def ask(world: World, who: str, words: str) -> None:
    world.do(lambda s: register.ask_erasure(s, world.ours[who].actor, words))


def confirm(world: World, who: str, words: str) -> None:
    world.do(lambda s: register.confirm_erasure(s, world.ours[who].actor, words))


def give_up(world: World, who: str, words: str) -> None:
    world.do(lambda s: register.give_up_erasure(s, world.ours[who].actor, words))


def erased(world: World, words: str) -> bool:
    row = world.read(lambda s: contributions.by_id(s, words))
    assert row is not None
    return row.erased


def appeal_on(world: World, words: str) -> str:
    """The words are hidden, and who wrote asks for a second look."""

    def build(session):
        seen, why = (
            Seen(1, ContributionStatus.PUBLISHED),
            Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs."),
        )
        service.hide(session, world.ours["director"].actor, words, seen, why)
        return appeals.ask(session, world.ours["family"].actor, words, "Relisez-moi.").id

    return world.do(build)


def appeal(world: World, appeal_id: str) -> Appeal:
    return world.read(lambda s: s.get_one(Appeal, appeal_id))


@pytest.mark.parametrize("second", ["second_director", "deputy"])
def test_two_of_the_direction_erase_nothing_alone(world: World, words: str, second: str) -> None:
    ask(world, "director", words)
    with pytest.raises(RefusedError) as refusal:
        confirm(world, second, words)
    assert refusal.value.code == "auteur"
    assert not erased(world, words)
    page = world.client(second).see(f"/contributions/{words}/effacer")
    assert "Rien n’est effacé sans son accord" in page.words
    assert not page.tree.xpath("//input[@name='seen'][@value='confirmer']")


def test_who_wrote_hears_of_it_at_once_and_accepts_or_not(world: World, words: str) -> None:
    ask(world, "director", words)
    follow(world)
    assert {who for who, kind in told(world) if kind == NoticeKind.ERASURE.name} == {"family"}
    mine = f"/contrats/{world.ours.contract_id}/mes-contributions"
    proposed = f"//p[contains(., 'propose d’effacer ce texte')]//a[@href='/contributions/{words}/effacer']"
    assert world.client("family").see(mine).tree.xpath(proposed)
    page = world.client("family").see(f"/contributions/{words}/effacer")
    assert "Rien n’est effacé sans votre accord" in page.words
    give_up(world, "family", words)
    assert not world.client("family").see(mine).tree.xpath(proposed)
    with pytest.raises(StaleError):
        confirm(world, "second_director", words)
    assert not erased(world, words)


def test_who_wrote_accepts_what_is_proposed(world: World, words: str) -> None:
    ask(world, "director", words)
    confirm(world, "family", words)
    assert erased(world, words)


def test_a_request_of_who_wrote_is_taken_back_by_nobody_else(world: World, words: str) -> None:
    ask(world, "family", words)
    with pytest.raises(RefusedError) as refusal:
        give_up(world, "director", words)
    assert refusal.value.code == "auteur"
    page = world.client("director").see(f"/contributions/{words}/effacer")
    assert not page.tree.xpath("//input[@name='seen'][@value='renoncer']")
    confirm(world, "director", words)
    assert erased(world, words)


def test_who_wrote_is_told_that_it_is_done(world: World, words: str) -> None:
    ask(world, "family", words)
    confirm(world, "director", words)
    follow(world)
    assert ("family", NoticeKind.ERASED.name) in told(world)
    assert {who for who, kind in told(world) if kind == NoticeKind.ERASED.name} == {"family"}
    assert "Votre texte a été effacé" in world.client("family").see("/notifications").words
    page = world.client("family").see(f"/contributions/{words}/effacer")
    assert "La personne qui a écrit" in page.words
    assert "la direction" in page.words


def test_the_stone_and_the_register_say_that_who_wrote_agreed(world: World, words: str) -> None:
    ask(world, "director", words)
    confirm(world, "family", words)
    thread = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    for address in (thread, f"/contributions/{words}/parcours"):
        assert "avec l’accord de la personne qui l’a écrit" in world.client("resident").see(address).words


def test_while_a_second_look_waits_the_direction_may_not_have_words_erased(world: World, words: str) -> None:
    waits = appeal_on(world, words)
    with pytest.raises(RefusedError) as refusal:
        ask(world, "director", words)
    assert refusal.value.code == "recours"
    assert appeal(world, waits).words == "Relisez-moi."


def test_a_second_look_asked_since_keeps_its_words(world: World, words: str) -> None:
    ask(world, "second_director", words)
    waits = appeal_on(world, words)
    with pytest.raises(RefusedError) as refusal:
        confirm(world, "family", words)
    assert refusal.value.code == "recours"
    assert appeal(world, waits).state is AppealState.ASKED


def test_the_second_look_ends_with_the_words_when_who_wrote_asks(world: World, words: str) -> None:
    waits = appeal_on(world, words)
    page = world.client("family").see(f"/contributions/{words}/effacer")
    assert "le second regard que vous avez demandé prendra fin" in page.words
    ask(world, "family", words)
    confirm(world, "second_director", words)
    ended = appeal(world, waits)
    assert (ended.state, ended.words) == (AppealState.ENDED, "")
    page = world.client("family").see(f"/contributions/{words}/decision")
    assert "Le second regard a pris fin" in page.words
    page = world.client("director").see(f"/contributions/{words}/moderer")
    assert "terminé, le texte est effacé" in page.words
    assert "Sa raison" not in page.words


def test_what_who_wrote_refused_is_not_proposed_again_and_they_may_still_ask(
    world: World, words: str
) -> None:
    ask(world, "director", words)
    give_up(world, "family", words)
    with pytest.raises(RefusedError) as refusal:
        ask(world, "second_director", words)
    assert refusal.value.code == "refus"
    path = f"/contributions/{words}/effacer"
    assert "a refusé son effacement" in world.client("director").see(path).words
    assert "Proposer l’effacement" not in world.client("director").see(path).words
    assert (
        "Personne d’autre que vous ne peut le demander maintenant." in world.client("family").see(path).words
    )
    ask(world, "family", words)
    confirm(world, "director", words)
    assert erased(world, words)


def test_the_words_of_who_left_wait_for_their_written_request(world: World, words: str) -> None:
    world.do(lambda s: members.remove_member(s, world.ours["family"].id))
    with pytest.raises(RefusedError) as refusal:
        ask(world, "director", words)
    assert refusal.value.code == "partie"
    path = f"/contributions/{words}/effacer"
    assert "n’est plus membre du contrat" in world.client("director").see(path).words
    assert not erased(world, words)
    world.do(lambda s: register.erase_on_request(s, words))
    assert erased(world, words)
    page = world.client("director").see(path)
    assert "L’exploitation du portail, sur demande écrite" in page.words
    with pytest.raises(StaleError):
        world.do(lambda s: register.erase_on_request(s, words))


def test_an_appeal_that_ended_with_its_words_is_counted_nowhere(world: World, words: str) -> None:
    appeal_on(world, words)
    ask(world, "family", words)
    confirm(world, "director", words)
    told_now = world.read(lambda s: figures.set_aside(s, world.ours.space_id, clock.now()))
    assert told_now.decided == {}


def test_erasure_is_not_offered_twice_beside_the_receipt(world: World, words: str) -> None:
    family, mine = world.client("family"), f"/contrats/{world.ours.contract_id}/mes-contributions"
    link = f"//main//a[@href='/contributions/{words}/effacer']"
    assert family.see(mine).tree.xpath(link)
    ask(world, "family", words)
    confirm(world, "director", words)
    page = family.see(mine)
    assert "Texte effacé" in page.words
    assert not page.tree.xpath(link)
