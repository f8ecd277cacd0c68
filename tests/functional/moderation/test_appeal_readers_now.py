"""Who reads appeals is judged when they read and decide, not only when they were named."""

from __future__ import annotations

import pytest

from portal.domain.moderation import appeals, readers, settings
from portal.domain.moderation.models import Appeal, AppealState
from portal.domain.participants import queries as participants
from portal.domain.participants import service as members
from portal.kernel.errors import RefusedError
from portal.vocabulary import Group, Role
from tests.conftest import World
from tests.factories.world import a_person, an_appeal

ASKED = AppealState.ASKED


@pytest.fixture
def appeal(world: World) -> str:
    """An appeal, with a resident and an agent of an authority named to read it."""

    def build(session):
        ours = world.ours
        director = ours["director"].actor
        allowed = settings.Settings(authority_readers=True, authority_reason="Convenu avec le CVS.")
        settings.settle(session, director, allowed, version=0)
        for name, group in (("reader", Group.RESIDENTS), ("agent", Group.AUTHORITIES)):
            ours.people[name] = a_person(session, ours, name, group, (Role.APPEAL_READER,))
            readers.name(session, director, ours.space_id, ours[name].id)
            readers.promise(session, ours[name].actor)
        return an_appeal(session, ours)

    return world.do(build)


def decide(world: World, name: str, appeal: str) -> None:
    def act(session):
        person = participants.actor_of(session, world.ours[name].id)
        appeals.decide(session, person, appeal, AppealState.REVERSED, "Rien à redire.")

    world.do(act)


def state(world: World, appeal: str) -> AppealState:
    return world.read(lambda s: s.get_one(Appeal, appeal).state)


def test_who_became_a_moderator_since_neither_reads_nor_decides(world: World, appeal: str) -> None:
    assert "Des mots masqués." in world.client("reader").see(f"/recours/{appeal}").words
    world.do(lambda s: members.give_role(s, world.ours["reader"].id, Role.MODERATOR))
    page = world.client("reader").see(f"/recours/{appeal}")
    assert "Des mots masqués." not in page.words
    assert "Une personne qui relit les contributions ne peut pas lire les recours." in page.words
    assert "La direction du contrat peut nommer une autre personne" in page.words
    with pytest.raises(RefusedError) as refusal:
        decide(world, "reader", appeal)
    assert refusal.value.code == "lecture"
    assert state(world, appeal) is ASKED


def test_an_authority_that_the_settings_no_longer_allow_decides_nothing(world: World, appeal: str) -> None:
    assert "Des mots masqués." in world.client("agent").see(f"/recours/{appeal}").words
    director = world.ours["director"].actor
    world.do(lambda s: settings.settle(s, director, settings.Settings(), version=1))
    assert "Des mots masqués." not in world.client("agent").see(f"/recours/{appeal}").words
    with pytest.raises(RefusedError) as refusal:
        decide(world, "agent", appeal)
    assert refusal.value.code == "lecture"
    assert state(world, appeal) is ASKED
    decide(world, "reader", appeal)
    assert state(world, appeal) is AppealState.REVERSED


def test_the_secret_is_recalled_before_the_words(world: World, appeal: str) -> None:
    words = world.client("reader").see(f"/recours/{appeal}").words
    assert words.index("Je n’en parle à personne") < words.index("Des mots masqués.")
