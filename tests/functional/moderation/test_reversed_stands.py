"""What a second look decided stands: the same words are not set aside again as if nobody had looked."""

from __future__ import annotations

import pytest

from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.moderation import appeals, readers, service
from portal.domain.moderation.models import AppealState
from portal.domain.moderation.service import Reason, Seen
from portal.kernel.errors import RefusedError
from portal.vocabulary import ContributionStatus, Group, ModerationMode, ModerationRule, Role
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person, a_space

FIRST = Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")
OTHER = Reason(ModerationRule.PERSONAL, "Parlez-en à la cadre de santé.")
PUBLISHED = ContributionStatus.PUBLISHED


@pytest.fixture(params=[ModerationMode.BEFORE, ModerationMode.AFTER], ids=["refused", "hidden"])
def given_back(world: World, request: pytest.FixtureRequest) -> str:
    """Words that the direction refused, or hid, and that a second look gave back."""

    def build(session):
        ours = world.ours
        director = ours["director"].actor
        space = a_space(session, ours, moderation=request.param)
        person = a_person(session, ours, "lectrice Tilleuls", Group.FAMILIES, (Role.APPEAL_READER,))
        readers.name(session, director, space, person.id)
        readers.promise(session, person.actor)
        said = a_contribution(session, ours, body="Le dîner vient trop tôt.", space_id=space)
        if request.param is ModerationMode.BEFORE:
            service.refuse(session, director, said, Seen(1, ContributionStatus.PENDING), FIRST)
        else:
            service.hide(session, director, said, Seen(1, PUBLISHED), FIRST)
        asked = appeals.ask(session, ours["family"].actor, said, "Relisez-moi.")
        appeals.decide(session, person.actor, asked.id, AppealState.REVERSED, "C’est bien le sujet.")
        return said

    return world.do(build)


def hide(world: World, name: str, said: str, why: Reason) -> None:
    world.do(lambda s: service.hide(s, world.ours[name].actor, said, Seen(1, PUBLISHED), why))


def status(world: World, said: str) -> ContributionStatus:
    return world.read(lambda s: contributions.by_id(s, said).status)


@pytest.mark.parametrize(("name", "why"), [("director", FIRST), ("director", OTHER), ("moderator", FIRST)])
def test_words_given_back_are_not_hidden_again(world, given_back, name, why):
    with pytest.raises(RefusedError) as refusal:
        hide(world, name, given_back, why)
    assert refusal.value.code == "recours-annule"
    assert status(world, given_back) is PUBLISHED


def test_another_person_may_examine_them_under_another_rule(world, given_back):
    hide(world, "moderator", given_back, OTHER)
    assert status(world, given_back) is ContributionStatus.HIDDEN


def test_the_page_says_why_and_who_can(world, given_back):
    client, here = world.client("director"), f"/contributions/{given_back}/moderer"
    form = client.see(here).form(here)
    answer = client.post(
        here,
        data=form
        | {"decision": "masquer", "rule": FIRST.rule.value, "sentence": "Dites-le autrement encore."},
    )
    assert answer.status_code == 403
    words = Page(answer).words
    assert "Un second regard a déjà annulé une décision sur ces mots." in words
    assert "nouvelle version" in words


def test_a_new_version_is_examined_as_any_other(world, given_back):
    def correct(session):
        author, director = world.ours["family"].actor, world.ours["director"].actor
        row = contributions.correct(session, author, given_back, Words("Le dîner vient à 18 h.", ""))
        if row.pending:
            service.approve(session, director, given_back, Seen(2, PUBLISHED))

    world.do(correct)
    seen = Seen(2, PUBLISHED)
    world.do(lambda s: service.hide(s, world.ours["director"].actor, given_back, seen, FIRST))
    assert status(world, given_back) is ContributionStatus.HIDDEN


def test_words_given_back_are_not_offered_to_be_corrected(world, given_back):
    page = world.client("family").see(f"/contributions/{given_back}/decision")
    assert "La décision a été annulée" in page.words
    assert not page.tree.xpath("//section[@aria-labelledby='corriger']")
