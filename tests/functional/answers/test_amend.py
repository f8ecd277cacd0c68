"""An answer given too fast is taken back; later it is corrected, and both versions are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers.models import AnswerVersion
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.facts import FactKind
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Seen
from portal.domain.notifications.models import Notice
from portal.vocabulary import ContributionStatus, Fate, ModerationMode, NoticeKind
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space
from tests.functional.answers.test_desk import answers, lines, sent

ELEVEN_MINUTES = 11 * 60.0
ANEW = {"fate": "retenue-en-partie", "body": "Nous le ferons le dimanche."}


@pytest.fixture
def two(world: World) -> list[str]:
    """Two contributions that one answer was just given to."""
    both = [
        world.do(lambda s: a_contribution(s, world.ours)),
        world.do(lambda s: a_contribution(s, world.ours, "resident", "Le bruit du couloir.")),
    ]
    sent(world, both)
    return both


def page_of(contribution_id: str) -> str:
    return f"/contributions/{contribution_id}/corriger-reponse"


def operation(page: Page) -> dict[str, str]:
    form = page.tree.xpath("//form[@data-draft]")[0]
    return {name: form.xpath(f".//input[@name='{name}']/@value")[0] for name in ("op_id", "version")}


def notices(world: World, name: str) -> list[NoticeKind]:
    query = select(Notice.kind).where(Notice.participant_id == world.ours[name].id).order_by(Notice.at)
    return world.read(lambda s: list(s.scalars(query)))


def test_within_ten_minutes_an_answer_is_taken_back_from_all_and_its_notices_go(
    world: World, two: list[str]
) -> None:
    follow(world)
    assert NoticeKind.ANSWERED in notices(world, "family")
    client = world.client("director")
    assert "Reprendre cette réponse" in client.see(page_of(two[0])).words
    response = client.send(page_of(two[0]), acte="reprendre")
    assert response.status_code == 303
    follow(world)
    assert answers(world) == {}
    assert sorted(lines(world, FactKind.ANSWER_TAKEN_BACK)) == sorted(two)
    assert NoticeKind.ANSWERED not in notices(world, "family")
    assert "Votre réponse" in client.see(response.location).words


def test_after_ten_minutes_it_is_only_corrected(
    world: World, two: list[str], move_clock: Callable[[float], None]
) -> None:
    move_clock(ELEVEN_MINUTES)
    client = world.client("director")
    assert "Reprendre cette réponse" not in client.see(page_of(two[0])).words
    response = client.send(page_of(two[0]), acte="reprendre")
    assert response.status_code == 403
    assert "plus de dix minutes" in Page(response).words
    assert set(answers(world)) == set(two)


def test_a_corrected_answer_shows_both_versions_to_all_that_received_it(world: World, two: list[str]) -> None:
    client = world.client("director")
    response = client.send(page_of(two[0]), **operation(client.see(page_of(two[0]))), **ANEW)
    assert response.status_code == 303
    assert {one.fate for one in answers(world).values()} == {Fate.PARTLY}
    assert len(world.read(lambda s: list(s.scalars(select(AnswerVersion))))) == 2
    reader = world.client("resident")
    subject = reader.see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert "Nous le ferons le dimanche." in subject.words
    assert "Réponse corrigée" in subject.words
    before = reader.see(f"/contributions/{two[0]}/reponse-commune")
    assert "Ce que la réponse disait avant" in before.words
    assert "Le budget de cette année est déjà voté." in before.words
    follow(world)
    assert NoticeKind.CORRECTED in notices(world, "family")
    assert sorted(lines(world, FactKind.ANSWER_CORRECTED)) == sorted(two)


def test_two_correct_at_once_and_the_second_reads_the_first(world: World, two: list[str]) -> None:
    late = world.client("second_director")
    form = operation(late.see(page_of(two[0])))
    client = world.client("director")
    client.send(page_of(two[0]), **operation(client.see(page_of(two[0]))), **ANEW)
    response = late.send(page_of(two[0]), **form, fate="retenue", body="Mon texte à moi.")
    assert response.status_code == 409
    assert "Nous le ferons le dimanche." in Page(response).words
    assert "Mon texte à moi." in Page(response).words


def test_nothing_changed_is_said_and_others_may_not(world: World, two: list[str]) -> None:
    client = world.client("director")
    same = {"fate": "non-retenue", "body": "Le budget de cette année est déjà voté."}
    response = client.send(page_of(two[0]), **operation(client.see(page_of(two[0]))), **same)
    assert response.status_code == 422
    assert world.client("family").get(page_of(two[0])).status_code == 403
    assert world.client("director", world.other).get(page_of(two[0])).status_code == 404


@pytest.mark.parametrize("act", ["corriger-reponse", "mots-changes", "transmission"])
def test_while_a_correction_waits_the_words_that_people_read_are_shown(world: World, act: str) -> None:
    def corrected(session: Session) -> str:
        ours, wait = world.ours, Seen(1, ContributionStatus.PENDING)
        space = a_space(session, ours, moderation=ModerationMode.BEFORE)
        said = a_contribution(session, ours, body="Les mots publiés.", space_id=space)
        moderation.approve(session, ours["director"].actor, said, wait)
        contributions.correct(session, ours["family"].actor, said, Words("Les mots qui attendent."))
        return said

    read = world.client("director").see(f"/contributions/{world.do(corrected)}/{act}").words
    assert "Les mots publiés." in read
    assert "Les mots qui attendent." not in read
