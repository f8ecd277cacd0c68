"""Who cannot read an appeal leaves it to somebody else, by herself; nobody is promised what nobody can keep."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import appeals, aside, naming, readers, service
from portal.domain.moderation.models import Appeal, AppealState
from portal.domain.moderation.rules import appeal_due
from portal.domain.moderation.service import Reason, Seen
from portal.domain.notifications import addresses
from portal.domain.notifications import queries as notices
from portal.domain.notifications.models import Notice
from portal.kernel import clock
from portal.kernel.calendar import METROPOLITAN
from portal.kernel.dates import day_label
from portal.vocabulary import ContributionStatus, Group, ModerationRule, NoticeKind, Role
from tests.conftest import World
from tests.factories.notices import follow, told
from tests.factories.pages import Page
from tests.factories.world import Person, a_person, an_appeal

WHY = "Je connais la personne qui a écrit."
TO_NAME = "Nommer une personne pour relire"
LEFT = "La personne qui devait relire vos mots ne peut pas le faire."
TO_BE_NAMED = "Un second regard est demandé, et personne ne peut le donner. Nommez quelqu’un."


@pytest.fixture
def appeal(world: World) -> str:
    """An appeal of a family against the direction, that one resident is named to read."""

    def build(session):
        ours = world.ours
        for name, group in (("reader", Group.RESIDENTS), ("second", Group.FAMILIES)):
            ours.people[name] = a_person(session, ours, name, group, (Role.APPEAL_READER,))
        readers.name(session, ours["director"].actor, ours.space_id, ours["reader"].id)
        return an_appeal(session, ours)

    return world.do(build)


def said(world: World, appeal: str) -> str:
    return world.read(lambda s: s.get_one(Appeal, appeal).contribution_id)


def leave(world: World, appeal: str, why: str = WHY, who: str = "reader"):
    client, here = world.client(who), f"/recours/{appeal}"
    page = client.see(here)
    found = page.tree.xpath("//form[.//input[@name='aside']]")
    assert found, "nothing to stand aside with"
    fields = {one.get("name"): one.get("value", "") for one in found[0].xpath(".//input[@name]")}
    return client.post(here, data=fields | {"why": why})


def decision(world: World, appeal: str) -> str:
    return world.client("family_1").see(f"/contributions/{said(world, appeal)}/decision").words


def test_before_any_promise_of_secret_one_may_leave_it_with_a_sentence(world: World, appeal: str) -> None:
    refused = leave(world, appeal, "Non.")
    assert refused.status_code == 422
    assert Page(refused).tree.xpath("//details[@open]//textarea[@name='why']")
    answer = leave(world, appeal)
    assert answer.status_code == 303
    client = world.client("reader")
    assert "Ce recours est laissé à quelqu’un d’autre" in client.see(answer.headers["Location"]).words
    gone = client.get(f"/recours/{appeal}")
    assert gone.status_code == 403
    assert "Ce recours ne vous est pas confié." in Page(gone).words
    assert not client.see(f"/contrats/{world.ours.contract_id}/recours").tree.xpath(
        f"//a[@href='/recours/{appeal}']"
    )


def test_after_the_promise_too_and_it_goes_to_the_next_reader(world: World, appeal: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: readers.name(s, director, world.ours.space_id, world.ours["second"].id))
    world.do(lambda s: readers.promise(s, world.ours["reader"].actor))
    assert leave(world, appeal).status_code == 303
    words = decision(world, appeal)
    assert LEFT in words
    assert "Une autre personne d’un autre collège" in words
    assert "décidera avant" in words
    assert TO_NAME not in world.client("director").see("/ma-semaine").words
    assert world.client("second").get(f"/recours/{appeal}").status_code == 200
    assert leave(world, appeal, who="second").status_code == 303
    assert TO_NAME in world.client("director").see("/ma-semaine").words


def test_the_direction_is_told_to_name_somebody_and_the_author_that_it_waits(
    world: World, appeal: str
) -> None:
    assert TO_NAME not in world.client("director").see("/ma-semaine").words
    leave(world, appeal)
    director = world.client("director")
    assert TO_NAME in director.see("/ma-semaine").words
    assert WHY in director.see(f"/espaces/{world.ours.space_id}/recours").words
    words = director.see(f"/contributions/{said(world, appeal)}/moderer").words
    assert "Elle décide avant" not in words
    assert "Personne n’est encore nommé pour ce second regard." in words
    words = decision(world, appeal)
    assert LEFT in words
    assert "La direction doit nommer" in words
    assert "décidera avant" not in words
    assert WHY not in words
    follow(world)
    assert {("family_1", "APPEAL_PASSED"), ("director", "APPEAL_FOLLOWED")} <= told(world)
    assert "reader" not in {name for name, kind in told(world) if kind == "APPEAL_FOLLOWED"}


def test_it_is_in_the_register_without_the_reason(world: World, appeal: str) -> None:
    leave(world, appeal)
    query = select(JournalLine.kind).where(JournalLine.kind == FactKind.APPEAL_PASSED.value)
    assert len(world.read(lambda s: list(s.scalars(query)))) == 1
    here = f"/contrats/{world.ours.contract_id}/registre?sorte=moderation"
    assert WHY not in world.client("director").see(here).words


def test_fifteen_days_begin_when_somebody_is_named(world: World, appeal: str) -> None:
    leave(world, appeal)
    director, later = world.ours["director"].actor, clock.now() + timedelta(days=12)
    world.do(lambda s: naming.name(s, director, world.ours.space_id, world.ours["second"].id, at=later))
    assert world.read(lambda s: s.get_one(Appeal, appeal).due_at) == appeal_due(later, METROPOLITAN)


def test_without_anybody_named_no_fifteen_days_are_announced(world: World, appeal: str) -> None:
    here = f"/contributions/{said(world, appeal)}/decision"
    world.do(lambda s: s.delete(s.get_one(Appeal, appeal)))
    assert "Elle a quinze jours." in world.client("family_1").see(here).words

    def nobody(session):
        for row in readers.named(session, world.ours.space_id):
            session.delete(row)

    world.do(nobody)
    words = world.client("family_1").see(here).words
    assert "Elle a quinze jours." not in words
    assert "La direction doit d’abord nommer quelqu’un d’un autre collège." in words


def name(world: World, who: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: readers.name(s, director, world.ours.space_id, world.ours[who].id))


def due(world: World, appeal: str) -> datetime:
    return world.read(lambda s: s.get_one(Appeal, appeal).due_at)


def stand(world: World, who: str, appeal: str, at: datetime) -> None:
    world.do(lambda s: aside.stand(s, world.ours[who].actor, appeal, WHY, at=at))


def test_the_days_of_the_next_reader_begin_when_it_is_passed_on(world: World, appeal: str) -> None:
    name(world, "second")
    before = due(world, appeal)
    later = before - timedelta(days=3)
    stand(world, "reader", appeal, later)
    assert due(world, appeal) == appeal_due(later, METROPOLITAN)
    words = decision(world, appeal)
    assert "a quinze jours, comptés de nouveau" in words
    assert str(day_label(due(world, appeal))) in words
    assert str(day_label(before)) not in words
    listed = world.client("second").see(f"/contrats/{world.ours.contract_id}/recours").words
    assert str(day_label(due(world, appeal))) in listed


def test_the_days_begin_again_once_however_many_leave_it(world: World, appeal: str) -> None:
    world.do(lambda s: world.ours.people.update(third=a_third(s, world)))
    name(world, "second")
    name(world, "third")
    first = clock.now() + timedelta(days=2)
    stand(world, "reader", appeal, first)
    stand(world, "second", appeal, first + timedelta(days=5))
    assert due(world, appeal) == appeal_due(first, METROPOLITAN)
    words = decision(world, appeal)
    assert LEFT in words
    assert "comptés de nouveau" not in words
    assert f"décidera avant le {day_label(appeal_due(first, METROPOLITAN))}" in words


def a_third(session: Session, world: World) -> Person:
    return a_person(session, world.ours, "third", Group.FAMILIES, (Role.APPEAL_READER,))


def test_what_was_late_already_keeps_its_day_and_is_said_to_be_late(world: World, appeal: str) -> None:
    name(world, "second")
    past = clock.now() - timedelta(days=3)
    world.do(lambda s: setattr(s.get_one(Appeal, appeal), "due_at", past))
    kept = due(world, appeal)
    stand(world, "reader", appeal, clock.now())
    assert due(world, appeal) == kept
    words = decision(world, appeal)
    assert LEFT in words
    assert "comptés de nouveau" not in words
    assert f"La décision était promise avant le {day_label(kept)} : elle est en retard." in words


def name_at(world: World, who: str, at: datetime) -> None:
    director, ours = world.ours["director"].actor, world.ours
    world.do(lambda s: naming.name(s, director, ours.space_id, ours[who].id, at=at))


def test_what_was_late_when_it_was_left_stays_late_when_somebody_is_named(world: World, appeal: str) -> None:
    past = clock.now() - timedelta(days=3)
    world.do(lambda s: setattr(s.get_one(Appeal, appeal), "due_at", past))
    kept = due(world, appeal)
    stand(world, "reader", appeal, clock.now())
    name_at(world, "second", clock.now())
    assert due(world, appeal) == kept
    assert f"était promise avant le {day_label(kept)} : elle est en retard." in decision(world, appeal)
    here = f"/contributions/{said(world, appeal)}/moderer"
    assert "elle est en retard" in world.client("director").see(here).words
    assert (
        "elle est en retard"
        in world.client("second").see(f"/contrats/{world.ours.contract_id}/recours").words
    )


def test_naming_a_third_does_not_begin_the_days_once_more(world: World, appeal: str) -> None:
    world.do(lambda s: world.ours.people.update(third=a_third(s, world)))
    name(world, "second")
    first = clock.now() + timedelta(days=2)
    stand(world, "reader", appeal, first)
    stand(world, "second", appeal, first + timedelta(days=5))
    name_at(world, "third", first + timedelta(days=6))
    assert due(world, appeal) == appeal_due(first, METROPOLITAN)


def again(world: World, appeal: str) -> None:
    """The first appeal is left by one reader and granted by the other; the same words are hidden again."""

    def act(session):
        ours = world.ours
        here = session.get_one(Appeal, appeal).contribution_id
        aside.stand(session, ours["reader"].actor, appeal, WHY)
        readers.promise(session, ours["second"].actor)
        appeals.decide(session, ours["second"].actor, appeal, AppealState.REVERSED, "C’est bien le sujet.")
        why = Reason(ModerationRule.PERSONAL, "Parlez-en à la cadre de santé.")
        service.hide(session, ours["moderator"].actor, here, Seen(1, ContributionStatus.PUBLISHED), why)

    world.do(act)


def test_who_left_an_appeal_is_told_of_the_next_one_about_the_same_words(world: World, appeal: str) -> None:
    name(world, "second")
    follow(world)
    here = said(world, appeal)
    again(world, appeal)
    follow(world)
    skipped = notices_to_read(world, "reader")
    world.do(lambda s: appeals.ask(s, world.ours["family_1"].actor, here, "Relisez-moi encore."))
    follow(world)
    assert notices_to_read(world, "reader") == skipped + 1


def notices_to_read(world: World, who: str) -> int:
    query = select(func.count()).where(
        Notice.participant_id == world.ours[who].id, Notice.kind == NoticeKind.APPEAL_TO_READ
    )
    return world.read(lambda s: s.scalar(query))


def test_why_it_was_left_stays_readable_when_that_person_is_named_no_longer(
    world: World, appeal: str
) -> None:
    leave(world, appeal)
    name(world, "second")
    director, here = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: naming.end(s, director, here, world.ours["reader"].id))
    page = world.client("director").see(f"/espaces/{here}/recours")
    assert WHY in page.words
    world.do(lambda s: readers.promise(s, world.ours["second"].actor))
    decide = AppealState.UPHELD, "Rien à redire."
    world.do(lambda s: appeals.decide(s, world.ours["second"].actor, appeal, *decide))
    assert WHY not in world.client("director").see(f"/espaces/{here}/recours").words


def leads(world: World, who: str) -> set[str]:
    """Where the notices about a second look lead this person."""
    found = world.read(lambda s: notices.history(s, world.ours[who].account_id, clock.now()))
    return {addresses.url(one) for one in found.notices if one.kind is NoticeKind.APPEAL_FOLLOWED}


def test_the_notice_of_who_must_name_somebody_leads_to_the_page_where_one_names(
    world: World, appeal: str
) -> None:
    leave(world, appeal)
    follow(world)
    assert leads(world, "director") == {f"/espaces/{world.ours.space_id}/recours"}
    assert TO_BE_NAMED in world.client("director").see("/notifications").words
    # Who reviews without directing cannot name anybody.
    assert leads(world, "moderator") == {f"/contributions/{said(world, appeal)}/moderer"}
    name(world, "second")
    assert leads(world, "director") == {f"/contributions/{said(world, appeal)}/moderer"}
    assert TO_BE_NAMED not in world.client("director").see("/notifications").words
