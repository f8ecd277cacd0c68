"""The queue and one decision at a time."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Words
from portal.domain.moderation import service
from portal.domain.moderation.models import ModerationDecision
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

REASON = {
    "rule": "nomme-une-personne",
    "sentence": "Retirez le nom de la personne, s’il vous plaît.",
    "passages": "0",
}


@pytest.fixture
def before(world: World) -> str:
    """A space where words are read before publication."""
    return world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))


@pytest.fixture
def pending(world: World, before: str) -> str:
    """Words that wait."""
    return world.do(lambda s: a_contribution(s, world.ours, body="Le dîner vient trop tôt.", space_id=before))


def row(world: World, contribution_id: str) -> Contribution:
    return world.read(
        lambda s: s.scalars(select(Contribution).where(Contribution.id == contribution_id)).one()
    )


def decisions(world: World, contribution_id: str) -> list[ModerationDecision]:
    query = select(ModerationDecision).where(ModerationDecision.contribution_id == contribution_id)
    return world.read(lambda s: list(s.scalars(query)))


def form_of(world: World, contribution_id: str, name: str = "director") -> dict[str, str]:
    page = world.client(name).see(f"/contributions/{contribution_id}/moderer")
    return {name: page.form()[name] for name in ("op_id", "version", "status")}


def test_the_queue_shows_the_words_in_full_with_four_ways_on(world, before, pending):
    page = world.client("director").see(f"/espaces/{before}/moderation")
    assert "Le dîner vient trop tôt." in page.words
    assert "Une contribution attend d’être relue." in page.words
    for words in ("Publier ces mots", "Ne pas les publier", "Lire le sujet", "Décider plus tard"):
        assert words in page.words


def test_the_queue_is_refused_to_a_resident_with_a_sentence_and_absent_for_another_house(
    world, before, pending
):
    refused = world.client("resident").get(f"/espaces/{before}/moderation")
    assert refused.status_code == 403
    assert "revient" in Page(refused).words
    assert world.client("director", world.other).get(f"/espaces/{before}/moderation").status_code == 404


def test_publishing_from_the_queue_goes_to_the_next_one(world, before, pending):
    later = world.do(lambda s: a_contribution(s, world.ours, body="Le bruit du couloir.", space_id=before))
    client = world.client("director")
    form = client.see(f"/espaces/{before}/moderation").form(f"/contributions/{pending}/moderer")
    answer = client.post(f"/contributions/{pending}/moderer", data=form)
    assert answer.status_code == 303
    page = client.see(answer.location)
    assert "Le bruit du couloir." in page.words
    assert "C’est publié." in page.words
    assert row(world, pending).status is ContributionStatus.PUBLISHED
    assert row(world, later).status is ContributionStatus.PENDING


def test_deciding_later_shows_the_next_one_then_the_end_of_the_list(world, before, pending):
    later = world.do(lambda s: a_contribution(s, world.ours, body="Le bruit du couloir.", space_id=before))
    client = world.client("director")
    page = client.see(f"/espaces/{before}/moderation?apres={pending}")
    assert "Le bruit du couloir." in page.words
    assert "Vous êtes au bout de la liste." in client.see(f"/espaces/{before}/moderation?apres={later}").words


def test_a_resident_and_a_foreign_director_cannot_decide(world, pending):
    form = form_of(world, pending)
    refused = world.client("resident").send(
        f"/contributions/{pending}/moderer", **(form | {"decision": "publier"})
    )
    assert refused.status_code == 403
    stranger = world.client("director", world.other)
    absent = stranger.send(
        f"/contributions/{pending}/moderer", decision="publier", version="1", status="pending"
    )
    assert absent.status_code == 404
    assert row(world, pending).status is ContributionStatus.PENDING


def test_refusing_asks_for_a_rule_and_a_sentence_and_keeps_what_was_typed(world, pending):
    client = world.client("director")
    form = form_of(world, pending)
    answer = client.send(
        f"/contributions/{pending}/moderer",
        decision="refuser", **form,
        sentence="Une phrase sans règle.",
    )  # fmt: skip
    page = Page(answer)
    assert answer.status_code == 422
    assert "Choisissez la règle." in page.words
    assert page.tree.xpath("//textarea[@name='sentence']")[0].text.strip() == "Une phrase sans règle."
    assert decisions(world, pending) == []


def test_the_author_reads_the_rule_and_the_sentence(world, pending):
    client = world.client("director")
    form = form_of(world, pending)
    answer = client.send(
        f"/contributions/{pending}/moderer",
        decision="refuser", **form, **REASON,
    )  # fmt: skip
    assert answer.status_code == 303
    mine = world.client("family").see(f"/contrats/{world.ours.contract_id}/mes-contributions")
    assert "Nomme ou désigne une personne" in mine.words
    assert "Retirez le nom de la personne" in mine.words
    assert mine.tree.xpath("//a[contains(@href, '/sujets/') and contains(., 'Écrire de nouveau')]")
    later = world.do(lambda s: a_contribution(s, world.ours, "family", "Autre chose."))
    here = f"/contrats/{world.ours.contract_id}/mes-contributions"
    since = world.client("family").see(f"{here}?depuis={pending}")
    assert since.tree.xpath(f"//article[@id='c-{pending}']")
    assert not since.tree.xpath(f"//article[@id='c-{later}']")
    assert since.tree.xpath(f"//a[@href='{here}']")


def test_two_directors_decide_the_same_words_and_the_second_sees_the_new_state(world, pending):
    first, second = form_of(world, pending), form_of(world, pending, "second_director")
    one, two = world.client("director"), world.client("second_director")
    done = one.send(f"/contributions/{pending}/moderer", **(first | REASON | {"decision": "refuser"}))
    assert done.status_code in (303, 400)
    assert done.status_code == 303
    late = two.send(
        f"/contributions/{pending}/moderer",
        decision="refuser", **second, rule="hors-sujet", sentence="Ma phrase à moi.",
    )  # fmt: skip
    page = Page(late)
    assert late.status_code == 409
    assert "Contribution non publiée" in page.words
    assert "Ma phrase à moi." in page.words
    (kept,) = decisions(world, pending)
    assert kept.rule is ModerationRule.NAMES_SOMEONE


def test_words_corrected_meanwhile_are_not_published_unread(world, pending):
    form = form_of(world, pending)
    family = world.ours["family"].actor
    world.do(lambda s: contributions.correct(s, family, pending, Words("Des mots tout autres.")))
    late = world.client("director").send(
        f"/contributions/{pending}/moderer",
        decision="publier", **form,
    )  # fmt: skip
    page = Page(late)
    assert late.status_code == 409
    assert "Des mots tout autres." in page.words
    assert row(world, pending).shown_version is None
    again = page.form()
    # The last version, then the one that people read: none of them yet.
    assert again["version"] == "2.0"


def test_a_correction_stands_beside_the_words_that_people_read(world, pending):
    director, family = world.ours["director"].actor, world.ours["family"].actor
    seen = Seen(1, ContributionStatus.PENDING)
    world.do(lambda s: service.approve(s, director, pending, seen))
    world.do(lambda s: contributions.correct(s, family, pending, Words("Le dîner vient bien trop tôt.")))
    page = world.client("director").see(f"/contributions/{pending}/moderer")
    assert "Ce que tout le monde lit aujourd’hui (version 1) Le dîner vient trop tôt." in page.words
    assert "La correction qui attend (version 2) Le dîner vient bien trop tôt." in page.words
    form = form_of(world, pending)
    answer = world.client("director").send(
        f"/contributions/{pending}/moderer",
        decision="refuser", **form, **REASON,
    )  # fmt: skip
    assert answer.status_code == 303
    assert row(world, pending).status is ContributionStatus.PUBLISHED
    assert row(world, pending).shown_version == 1


def test_hiding_leaves_a_stone_with_the_day_the_rule_and_the_function(world):
    said = world.do(lambda s: a_contribution(s, world.ours, body="Des mots à masquer."))
    client, form = world.client("director"), form_of(world, said)
    answer = client.send(
        f"/contributions/{said}/moderer",
        decision="masquer", **form, **REASON,
    )  # fmt: skip
    assert answer.status_code == 303
    page = world.client("resident").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert "Contribution masquée" in page.words
    assert "Nomme ou désigne une personne" in page.words
    assert "la direction" in page.words
    assert "Des mots à masquer." not in page.words
    assert "Retirez le nom" not in page.words


def test_the_same_form_sent_twice_decides_once(world, pending):
    client, form = world.client("director"), form_of(world, pending)
    sent = {"decision": "publier", **form}
    answers = [client.send(f"/contributions/{pending}/moderer", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(decisions(world, pending)) == 1


def test_a_closed_reason_needs_its_sentence(world, pending):
    director = world.ours["director"].actor
    seen = Seen(1, ContributionStatus.PENDING)
    with pytest.raises(Exception, match="Écrivez une phrase"):
        world.do(lambda s: service.refuse(s, director, pending, seen, Reason(ModerationRule.INSULT, "  ")))


def test_the_queue_listens_as_the_moderation(world, before, pending):
    page = world.client("director").see(f"/espaces/{before}/moderation")
    (live,) = page.tree.xpath("//*[@data-live-space]")
    assert live.get("data-live-space") == before
    assert live.get("data-audience") == "moderators"
    assert live.get("data-live-queue") is not None
    counted = json.loads(live.get("data-cursors"))
    world.do(lambda s: a_contribution(s, world.ours, body="Un autre mot.", space_id=before))
    (later,) = world.client("director").see(f"/espaces/{before}/moderation").tree.xpath("//@data-cursors")
    assert json.loads(later)["moderators"] == counted["moderators"] + 1
    assert live.xpath(".//*[@data-live-bar]")
    assert live.xpath(".//*[@data-live-state]")


def test_one_correction_is_named_in_the_singular(world, before, pending):
    director, author = world.ours["director"].actor, world.ours["family"].actor
    world.do(lambda s: service.approve(s, director, pending, Seen(1, ContributionStatus.PENDING)))
    world.do(lambda s: contributions.correct(s, author, pending, Words("Autrement dit.")))
    page = world.client("director").see(f"/espaces/{before}/moderation")
    assert "Ne pas la publier" in page.words
    assert "Ne pas les publier" not in page.words


@pytest.mark.parametrize("left_out", [{"sentence": "Non."}, {"rule": "", "passages": ""}, {"passages": ""}])
def test_who_comes_second_reads_that_first(world, pending, left_out):
    typed = form_of(world, pending, "moderator") | REASON | {"decision": "refuser"} | left_out
    client, director = world.client("moderator"), world.ours["director"].actor
    form = client.see(f"/contributions/{pending}/moderer").form(f"/contributions/{pending}/moderer")
    world.do(lambda s: service.approve(s, director, pending, Seen(1, ContributionStatus.PENDING)))
    answer = client.post(f"/contributions/{pending}/moderer", data=form | typed)
    assert answer.status_code == 409
    assert "Rien n’a été changé par vous" in Page(answer).words
