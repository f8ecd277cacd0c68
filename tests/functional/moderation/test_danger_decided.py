"""Words on which a procedure of danger is open are never decided by habit: who was told is asked first."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.contributions.service import by_id
from portal.domain.moderation import danger, reports, service
from portal.domain.moderation.danger import Facing
from portal.domain.moderation.models import DangerAlert, DangerChannel
from portal.domain.moderation.service import Reason, Seen
from portal.kernel.errors import InvalidError
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

PENDING, PUBLISHED = ContributionStatus.PENDING, ContributionStatus.PUBLISHED
REFUSED, HIDDEN = ContributionStatus.REFUSED, ContributionStatus.HIDDEN
WHO = "Une procédure de danger est ouverte sur ces mots : qui a été prévenu ?"
KNOWING = "Une procédure de danger est ouverte sur ces mots. Cochez la case"
WHY = Reason(ModerationRule.OFF_TOPIC, "Dites-le à la direction.")


@pytest.fixture
def space(world: World) -> str:
    """A space where words are read before publication."""
    return world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))


@pytest.fixture
def alarming(world: World, space: str) -> str:
    """Words that wait, on which the procedure was opened."""
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    world.do(lambda s: danger.raise_(s, world.ours["moderator"].actor, one))
    return one


@pytest.fixture
def published(world: World) -> str:
    """Published words on which the procedure was opened."""
    one = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, one))
    return one


def status(world: World, one: str) -> ContributionStatus:
    return world.read(lambda s: by_id(s, one).status)


def told(world: World) -> set[DangerChannel]:
    return world.read(lambda s: set(danger.steps(s, s.scalars(select(DangerAlert)).one().id)))


def send(world: World, one: str, **fields: str) -> Page:
    client, here = world.client("moderator"), f"/contributions/{one}/moderer"
    answer = client.post(here, data=client.see(here).form(here) | fields)
    if answer.status_code == 303:
        return Page(client.get(answer.location, follow_redirects=True))
    assert answer.status_code == 422
    return Page(answer)


def test_publishing_asks_who_was_told_when_nobody_wrote_it(world, alarming):
    page = send(world, alarming, decision="publier")
    assert WHO in page.words
    assert status(world, alarming) is PENDING
    assert len(page.tree.xpath("//input[@name='channel']")) == 2 * len(DangerChannel)
    send(world, alarming, decision="publier", channel="3977")
    assert status(world, alarming) is PUBLISHED
    assert told(world) == {DangerChannel.ABUSE_LINE}


def test_one_explicit_confirmation_when_somebody_was_told(world, alarming):
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, alarming, DangerChannel.DIRECTION))
    page = send(world, alarming, decision="publier")
    assert KNOWING in page.words
    assert "la direction de l’établissement" in page.words
    assert not page.tree.xpath("//input[@name='channel']")
    assert status(world, alarming) is PENDING
    send(world, alarming, decision="publier", procedure="y")
    assert status(world, alarming) is PUBLISHED
    assert told(world) == {DangerChannel.DIRECTION}


def test_the_queue_does_not_publish_such_words_in_one_press(world, space, alarming):
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, alarming, DangerChannel.DIRECTION))
    page = world.client("moderator").see(f"/espaces/{space}/moderation")
    here = f"/contributions/{alarming}/moderer"
    assert not page.tree.xpath(f"//form[@action='{here}']//button")
    assert page.tree.xpath(f"//main//a[@href='{here}']")


@pytest.mark.parametrize(("act", "after"), [("refuser", REFUSED), ("masquer", HIDDEN)])
def test_setting_aside_asks_as_well(world, alarming, published, act, after):
    one = alarming if act == "refuser" else published
    before = status(world, one)
    fields = {"decision": act, "rule": "hors-sujet", "sentence": WHY.sentence}
    page = send(world, one, **fields)
    assert WHO in page.words
    assert page.tree.xpath("//textarea[@name='sentence']")[0].text.strip() == WHY.sentence
    assert status(world, one) is before
    send(world, one, **fields, channel="119")
    assert status(world, one) is after


def test_a_refusal_writes_down_nobody(world, alarming):
    seen, faced = Seen(1, PENDING), Facing(DangerChannel.EMERGENCY)
    with pytest.raises(InvalidError):
        world.do(
            lambda s: service.refuse(
                s, world.ours["moderator"].actor, alarming, seen, Reason(WHY.rule, "."), facing=faced
            )
        )
    assert told(world) == set()


def test_words_without_a_procedure_are_asked_nothing_more(world, space):
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    page = world.client("moderator").see(f"/contributions/{one}/moderer")
    assert not page.tree.xpath("//input[@name='channel' or @name='procedure']")
    send(world, one, decision="publier")
    assert status(world, one) is PUBLISHED


def test_the_page_of_the_procedure_says_what_will_be_asked(world, alarming):
    words = world.client("moderator").see(f"/contributions/{alarming}/danger").words
    assert "avant de décider de ces mots" in words


def test_a_report_of_such_words_waits_until_somebody_was_told(world, published):
    report = ModerationRule.OFF_TOPIC
    world.do(lambda s: reports.report(s, world.ours["professional"].actor, published, report, ""))
    client, here = world.client("moderator"), f"/contributions/{published}"
    keep = f"{here}/signalement"
    page = client.see(f"{here}/moderer")
    assert not page.tree.xpath(f"//form[@action='{keep}']")
    assert "Notez d’abord qui a été prévenu" in page.words
    sent = {"op_id": "k" * 26}
    assert client.send(keep, **sent).status_code == 403
    assert world.read(lambda s: len(reports.open_on(s, published))) == 1
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, published, DangerChannel.DIRECTION))
    assert client.see(f"{here}/moderer").tree.xpath(f"//form[@action='{keep}']")
    assert client.send(keep, **sent).status_code == 303
    assert world.read(lambda s: reports.open_on(s, published)) == []
