"""What is hidden is what people read: a correction that waits is neither judged with it nor lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Words
from portal.domain.moderation import appeals, queries, readers, reports, service
from portal.domain.moderation.models import AppealState, ModerationDecision
from portal.domain.moderation.service import Reason, Seen
from portal.kernel.errors import InvalidError
from portal.vocabulary import ContributionStatus, Group, ModerationMode, ModerationRule, Role
from tests.conftest import World
from tests.factories.world import a_contribution, a_person, a_space

PUBLISHED = "Le dîner vient trop tôt. Monsieur Chouette le sait."
CORRECTED = "Le dîner vient bien trop tôt. Chacun le sait ici."
WHY = Reason(ModerationRule.NAMES_SOMEONE, "Retirez le nom.", ("Monsieur Chouette le sait.",))


@pytest.fixture
def said(world: World) -> str:
    """Words that are published, with a correction that waits."""

    def build(session):
        ours = world.ours
        ours.people["reader"] = a_person(session, ours, "lectrice", Group.RESIDENTS, (Role.APPEAL_READER,))
        space = a_space(session, ours, moderation=ModerationMode.BEFORE)
        readers.name(session, ours["director"].actor, space, ours["reader"].id)
        readers.promise(session, ours["reader"].actor)
        words = a_contribution(session, ours, body=PUBLISHED, space_id=space)
        service.approve(session, ours["director"].actor, words, Seen(1, ContributionStatus.PENDING))
        contributions.correct(session, ours["family"].actor, words, Words(CORRECTED, ""))
        return words

    return world.do(build)


def row(world: World, words: str) -> Contribution:
    return world.read(lambda s: s.scalars(select(Contribution).where(Contribution.id == words)).one())


def hide(world: World, words: str, reason: Reason = WHY) -> None:
    seen = Seen(2, ContributionStatus.PUBLISHED)
    world.do(lambda s: service.hide(s, world.ours["director"].actor, words, seen, reason))


def appealed(world: World, words: str) -> str:
    hide(world, words)
    return world.do(lambda s: appeals.ask(s, world.ours["family"].actor, words, "")).id


def decide(world: World, appeal: str, state: AppealState) -> None:
    world.do(lambda s: appeals.decide(s, world.ours["reader"].actor, appeal, state, "Voici pourquoi."))


def test_the_decision_is_about_the_version_that_people_read(world: World, said: str) -> None:
    appeal = appealed(world, said)
    found = world.read(
        lambda s: s.scalars(
            select(ModerationDecision).where(ModerationDecision.contribution_id == said)
        ).all()
    )
    assert {one.decision.value: one.number for one in found} == {"approved": 1, "hidden": 1}
    page = world.client("reader").see(f"/recours/{appeal}")
    assert "Monsieur Chouette le sait." in page.words
    assert "Chacun le sait ici" not in page.words


def test_only_words_of_that_version_can_be_marked(world: World, said: str) -> None:
    with pytest.raises(InvalidError, match="la version publiée si vous la masquez"):
        hide(world, said, Reason(ModerationRule.NAMES_SOMEONE, "Retirez ces mots.", ("Chacun le sait ici.",)))
    refused = Seen(2, ContributionStatus.PUBLISHED)
    with pytest.raises(InvalidError, match="la correction si vous ne la publiez pas"):
        world.do(lambda s: service.refuse(s, world.ours["director"].actor, said, refused, WHY))


def test_the_page_tells_which_sentences_are_of_which_version(world: World, said: str) -> None:
    client = world.client("director")
    page = client.see(f"/contributions/{said}/moderer")
    labels = {
        " ".join(label.text_content().split()): label.get("for")
        for label in page.tree.xpath("//label[starts-with(@for, 'passages')]")
    }
    (name,) = [one for one in labels if one.startswith("Monsieur Chouette")]
    assert "version publiée" in name
    assert any(one.startswith("Chacun le sait ici") and "correction" in one for one in labels)
    (value,) = page.tree.xpath(f"//input[@id='{labels[name]}']/@value")
    form = {key: page.form()[key] for key in ("op_id", "version", "status")}
    sent = form | {
        "decision": "masquer",
        "rule": WHY.rule.value,
        "sentence": "Retirez ces mots.",
        "passages": value,
    }
    assert client.send(f"/contributions/{said}/moderer", **sent).status_code == 303
    assert row(world, said).status is ContributionStatus.HIDDEN


def test_the_author_is_told_what_becomes_of_the_correction(world: World, said: str) -> None:
    appealed(world, said)
    page = world.client("family").see(f"/contributions/{said}/decision")
    assert "Votre correction est gardée." in page.words


def test_the_queue_shows_the_words_that_were_reported(world: World, said: str) -> None:
    world.do(lambda s: reports.report(s, world.ours["resident"].actor, said, ModerationRule.INSULT, ""))
    (card,) = world.read(lambda s: queries.reported(s, row(world, said).space_id))
    assert "Monsieur Chouette le sait." in card.html
    assert "Chacun le sait ici" not in card.html
    assert card.version == 1


def test_after_a_reversal_the_correction_waits_again(world: World, said: str) -> None:
    decide(world, appealed(world, said), AppealState.REVERSED)
    found = row(world, said)
    assert (found.status, found.shown_version, found.pending) == (ContributionStatus.PUBLISHED, 1, True)
    page = world.client("director").see(f"/espaces/{found.space_id}/moderation")
    assert "Chacun le sait ici." in page.words
    mine = world.client("family").see(f"/contributions/{said}/decision")
    assert "Votre correction attend d’être relue." in mine.words
    assert "Ce qui avait été décidé d’abord" in mine.words
    assert "Ces mots ont été masqués" not in mine.words


def test_a_correction_that_was_refused_does_not_come_back(world: World, said: str) -> None:
    seen = Seen(2, ContributionStatus.PUBLISHED)
    why = Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")
    world.do(lambda s: service.refuse(s, world.ours["director"].actor, said, seen, why))
    decide(world, appealed(world, said), AppealState.REVERSED)
    assert not row(world, said).pending
    page = world.client("family").see(f"/contributions/{said}/decision")
    assert "correction est gardée" not in page.words


def test_upheld_the_correction_may_be_sent_anew(world: World, said: str) -> None:
    decide(world, appealed(world, said), AppealState.UPHELD)
    page = world.client("family").see(f"/contributions/{said}/decision")
    assert "Votre correction n’est pas publiée non plus." in page.words
    assert page.tree.xpath("//a[contains(@href, 'reprendre=')]")


def test_what_another_published_meanwhile_is_not_hidden_unread(world: World, said: str) -> None:
    client, here = world.client("moderator"), f"/contributions/{said}/moderer"
    why = {"decision": "masquer", "rule": WHY.rule.value, "passages": "tout", "sentence": WHY.sentence}

    def on_screen() -> dict[str, str]:
        form = client.see(here).form()
        return {name: form[name] for name in ("op_id", "version", "status")} | why

    before = on_screen()
    waiting = Seen(2, ContributionStatus.PUBLISHED)
    world.do(lambda s: service.approve(s, world.ours["director"].actor, said, waiting))
    assert client.send(here, **before).status_code == 409
    assert row(world, said).status is ContributionStatus.PUBLISHED
    assert client.send(here, **on_screen()).status_code == 303
    assert row(world, said).status is ContributionStatus.HIDDEN
