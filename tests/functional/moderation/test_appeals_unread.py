"""An appeal that nobody may decide: said as it is to the author, asked of the direction, and never left behind."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.answers import service as answers
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import appeals, naming, readers
from portal.domain.moderation.models import Appeal, AppealState
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.kernel.errors import RefusedError
from portal.vocabulary import Group, Phase, Role
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_person, an_appeal

NOBODY = "Personne n’est encore nommé pour ce second regard."
TO_NAME = "Nommer une personne pour relire : un second regard est demandé, et personne ne peut le donner."


@pytest.fixture
def appeal(world: World) -> str:
    """An appeal of a family against the direction, which nobody is named to read; two persons could be."""

    def build(session):
        ours = world.ours
        for name, group in (("reader", Group.RESIDENTS), ("second", Group.FAMILIES), ("board", Group.BOARD)):
            ours.people[name] = a_person(session, ours, name, group, (Role.APPEAL_READER,))
        return an_appeal(session, ours)

    return world.do(build)


def name(world: World, who: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: readers.name(s, director, world.ours.space_id, world.ours[who].id))


def end(world: World, who: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: naming.end(s, director, world.ours.space_id, world.ours[who].id))


def decided(world: World, appeal: str) -> None:
    def act(session):
        readers.promise(session, world.ours["reader"].actor)
        appeals.decide(session, world.ours["reader"].actor, appeal, AppealState.UPHELD, "Rien à redire.")

    world.do(act)


def page_of_author(world: World, appeal: str) -> str:
    said = world.read(lambda s: s.get_one(Appeal, appeal).contribution_id)
    return world.client("family_1").see(f"/contributions/{said}/decision").words


def week(world: World, who: str = "director") -> Page:
    return world.client(who).see("/ma-semaine")


def close(world: World) -> None:
    director = world.ours["director"].actor
    here, why = world.ours.space_id, "Faute de temps."
    if world.read(lambda s: s.get_one(Space, here).phase) is Phase.OPEN:
        world.do(
            lambda s: spaces.end(
                s, director, here, "Tout le monde a parlé.", version=s.get_one(Space, here).version
            )
        )
    world.do(lambda s: answers.close(s, director, here, broken_promise=why))


def lines(world: World) -> list[str]:
    kinds = {FactKind.APPEAL_READER_NAMED.value, FactKind.APPEAL_READER_ENDED.value}
    query = select(JournalLine.kind).where(JournalLine.kind.in_(kinds)).order_by(JournalLine.seq)
    return world.read(lambda s: list(s.scalars(query)))


def test_the_author_is_promised_nothing_that_nobody_can_keep(world, appeal):
    words = page_of_author(world, appeal)
    assert NOBODY in words
    assert "décidera avant" not in words
    name(world, "reader")
    words = page_of_author(world, appeal)
    assert NOBODY not in words
    assert "décidera avant" in words


def test_who_is_of_the_college_that_decided_is_nobody_for_it(world, appeal):
    college = world.ours["director"].actor.group.college
    assert world.ours["board"].actor.group.college is college
    name(world, "board")
    assert NOBODY in page_of_author(world, appeal)


def test_the_week_of_the_direction_says_it_first(world, appeal):
    page = week(world)
    assert TO_NAME in page.words
    assert page.tree.xpath(f"//a[@href='/espaces/{world.ours.space_id}/recours']")
    assert page.words.index(TO_NAME) < page.words.find("Répondre à") or "Répondre à" not in page.words
    assert TO_NAME not in week(world, "moderator").words
    name(world, "reader")
    assert TO_NAME not in week(world).words


def test_a_space_is_not_closed_while_a_second_look_waits(world, appeal):
    name(world, "reader")
    with pytest.raises(RefusedError) as refusal:
        close(world)
    assert refusal.value.code == "second-regard"
    client, here = world.client("director"), f"/espaces/{world.ours.space_id}/cloture"
    page = client.see(here)
    assert "Un second regard attend sa décision." in page.words
    assert not page.tree.xpath(f"//form[@action='{here}']")
    decided(world, appeal)
    close(world)
    assert world.read(lambda s: s.get_one(Space, world.ours.space_id).phase) is Phase.CLOSED


def test_the_only_reader_is_not_sent_away_while_somebody_waits(world, appeal):
    name(world, "reader")
    with pytest.raises(RefusedError) as refusal:
        end(world, "reader")
    assert refusal.value.code == "recours-en-attente"
    name(world, "board")
    with pytest.raises(RefusedError):
        end(world, "reader")
    end(world, "board")
    name(world, "second")
    end(world, "reader")
    with pytest.raises(RefusedError):
        end(world, "second")


def test_a_reader_who_can_no_longer_decide_may_be_ended(world, appeal):
    name(world, "reader")
    world.do(lambda s: members.give_role(s, world.ours["reader"].id, Role.MODERATOR))
    end(world, "reader")


def test_naming_and_ending_are_written_in_the_register(world, appeal):
    name(world, "reader")
    name(world, "reader")
    name(world, "second")
    end(world, "second")
    end(world, "second")
    assert lines(world) == ["appeal_reader_named", "appeal_reader_named", "appeal_reader_ended"]
    words = world.client("director").see(f"/contrats/{world.ours.contract_id}/registre").words
    assert "Une personne a été nommée pour lire les recours d’un espace." in words
    assert "Une personne n’est plus nommée pour lire les recours d’un espace." in words


def test_before_it_is_asked_for_the_page_says_that_nobody_is_named(world, appeal):
    def forget(session):
        session.delete(session.get_one(Appeal, appeal))

    said = world.read(lambda s: s.get_one(Appeal, appeal).contribution_id)
    world.do(forget)
    here = f"/contributions/{said}/decision"
    assert NOBODY in world.client("family_1").see(here).words
    name(world, "reader")
    assert NOBODY not in world.client("family_1").see(here).words


def test_a_closed_space_still_names_who_reads_and_names_them_no_longer(world, appeal):
    here, reader = f"/espaces/{world.ours.space_id}", world.ours["reader"].id
    world.do(lambda s: setattr(s.get_one(Space, world.ours.space_id), "phase", Phase.CLOSED))
    client = world.client("director")
    assert client.see(here).tree.xpath(f"//main//a[@href='{here}/recours']")
    page = client.see(f"{here}/recours")
    assert not page.tree.xpath("//a[contains(@href, '/reglages')]")
    client.send(f"{here}/recours", reader=reader)
    assert "décidera avant" in page_of_author(world, appeal)
    decided(world, appeal)
    client.send(f"{here}/recours", ended=reader)
    assert lines(world) == [FactKind.APPEAL_READER_NAMED.value, FactKind.APPEAL_READER_ENDED.value]


def test_what_is_set_in_a_closed_space_stays_set(world, appeal):
    world.do(lambda s: setattr(s.get_one(Space, world.ours.space_id), "phase", Phase.CLOSED))
    assert world.client("director").get(f"/espaces/{world.ours.space_id}/reglages").status_code == 403
    assert world.client("moderator").get(f"/espaces/{world.ours.space_id}/recours").status_code == 403
