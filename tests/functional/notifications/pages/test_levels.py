"""A level that changed: from what to what, from when, and why, to those of the group."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.involvement import service as involvement
from portal.domain.involvement.service import NewLevel
from portal.domain.notifications import queries
from portal.domain.notifications.mails import Claimed
from portal.domain.notifications.models import Notice
from portal.domain.notifications.queries import NoticeView
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.mail.letters import digest
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.functional.pages.test_queries import questions

REASON = "Le conseil de la vie sociale l’a demandé."
WEEK = timedelta(days=7)
QUESTION = "//div[contains(@class, 'card')]/h3/text()"


@pytest.fixture
def quiet_world(world: World) -> World:
    """Our two houses, where everybody knows what happened so far."""
    skip(world)
    return world


def change(
    world: World,
    level: Level | None,
    *,
    reason: str = REASON,
    group: Group = Group.RESIDENTS,
    whole: bool = False,
    effective: datetime | None = None,
    at: datetime | None = None,
) -> None:
    """The director records a level, for the space or the whole contract; it is told."""
    space = None if whole else world.ours.space_id
    command = NewLevel(group, level, reason, effective)

    def do(session: Session) -> None:
        director = world.ours["director"].actor
        involvement.record(session, director, world.ours.contract_id, space, command, at=at)

    world.do(do)
    follow(world, at)


def words(world: World, name: str = "resident") -> str:
    return world.client(name).see("/notifications").words


def day(at: datetime) -> str:
    return str(day_label(at))


def views(world: World, name: str = "resident") -> tuple[NoticeView, ...]:
    account_id = world.ours[name].account_id
    return world.read(lambda s: queries.history(s, account_id, clock.now()).notices)


def test_a_raised_level_says_from_what_to_what_from_when_and_why(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION)
    page = quiet_world.client("resident").see("/notifications")
    said = (
        "Le niveau d’implication de votre groupe monte : "
        f"de « Donner son avis » à « Écrire ensemble », à partir du {day(clock.now())}."
    )
    assert said in page.words
    assert f"Raison : {REASON}" in page.words
    assert page.tree.xpath(QUESTION) == ["Que faut-il changer dans la vie de tous les jours\u00a0?"], (
        "the question of the space"
    )


def test_a_lowered_level_says_so_a_week_before(quiet_world: World) -> None:
    change(quiet_world, Level.INFORMATION)
    said = (
        "Le niveau d’implication de votre groupe descend : "
        f"de « Donner son avis » à « S’informer », à partir du {day(clock.now() + WEEK)}."
    )
    assert said in words(quiet_world)
    assert f"Raison : {REASON}" in words(quiet_world)


def test_the_day_it_takes_effect_it_is_told_again_in_the_same_words(quiet_world: World) -> None:
    change(quiet_world, Level.INFORMATION)
    later = clock.now() + WEEK + timedelta(minutes=1)
    quiet_world.do(lambda s: involvement.apply_due(s, later))
    follow(quiet_world, later)
    first, second = (one.change for one in views(quiet_world))
    assert first is not None
    assert first == second
    assert words(quiet_world).count(REASON) == 1, "one change, one reason"


def test_a_group_that_no_longer_takes_part_reads_that_and_why(quiet_world: World) -> None:
    change(quiet_world, None)
    assert (
        "Le niveau d’implication de votre groupe descend : il était « Donner son avis », "
        f"votre groupe ne participe plus à partir du {day(clock.now() + WEEK)}."
    ) in words(quiet_world)


def test_a_group_that_takes_part_again_reads_that(quiet_world: World) -> None:
    now = clock.now()
    change(quiet_world, None, at=now)
    quiet_world.do(lambda s: involvement.apply_due(s, now + WEEK))
    again = now + 2 * WEEK
    change(quiet_world, Level.INFORMATION, reason="", at=again)
    assert (
        "Le niveau d’implication de votre groupe monte : il ne participait pas, "
        f"son niveau est « S’informer » à partir du {day(again)}."
    ) in words(quiet_world)


def test_a_change_that_was_planned_then_given_up_says_that_nothing_changes(quiet_world: World) -> None:
    now = clock.now()
    change(quiet_world, Level.INFORMATION, at=now)
    change(quiet_world, Level.CONSULTATION, reason="", at=now + timedelta(days=1))
    assert (
        "Le niveau d’implication de votre groupe reste « Donner son avis ». "
        "Le changement qui était prévu n’aura pas lieu."
    ) in words(quiet_world)


def test_a_lowering_that_is_put_off_is_still_a_lowering(quiet_world: World) -> None:
    now = clock.now()
    put_off = now + 2 * WEEK
    change(quiet_world, Level.INFORMATION, at=now)
    change(quiet_world, Level.INFORMATION, effective=put_off, at=now + timedelta(days=1))
    assert (
        "Le niveau d’implication de votre groupe descend : "
        f"de « Donner son avis » à « S’informer », à partir du {day(put_off)}."
    ) in words(quiet_world)


def test_two_changes_of_one_day_are_one_line_that_tells_both(quiet_world: World) -> None:
    now = clock.now()
    change(quiet_world, Level.CONCERTATION, reason="Vous étiez nombreux.", at=now)
    change(quiet_world, Level.COCONSTRUCTION, reason="Nous écrirons.", at=now + timedelta(seconds=1))
    said = words(quiet_world)
    assert said.count("Nouveau") == 1
    assert "de « Donner son avis » à « Discuter et proposer »" in said
    assert "de « Discuter et proposer » à « Écrire ensemble »" in said
    assert 0 < said.index("Raison : Nous écrirons.") < said.index("Raison : Vous étiez nombreux.")


def test_a_level_of_the_whole_contract_is_told_under_the_contract(quiet_world: World) -> None:
    now = clock.now()
    change(quiet_world, Level.INFORMATION, whole=True, at=now)
    assert views(quiet_world) == (), "the first level of the contract"
    change(quiet_world, Level.CONCERTATION, whole=True, at=now + WEEK)
    page = quiet_world.client("resident").see("/notifications")
    assert "monte : de « S’informer » à « Discuter et proposer »" in page.words
    assert page.tree.xpath(QUESTION) == ["Contrat Tilleuls"]
    change(quiet_world, Level.COCONSTRUCTION, at=now + WEEK + timedelta(days=1))
    change(quiet_world, Level.COCONSTRUCTION, whole=True, at=now + WEEK + timedelta(days=2))
    said = words(quiet_world)
    assert "monte : de « Donner son avis » à « Écrire ensemble »" in said, "of the space"
    assert "monte : de « Discuter et proposer » à « Écrire ensemble »" in said, "of the contract"


def test_the_reason_is_told_to_the_group_alone(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION)
    for name in ("family", "board", "director"):
        assert REASON not in words(quiet_world, name)


def test_an_email_says_from_what_to_what_and_never_why(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION)
    claimed = Claimed("x", "resident@exemple.fr", None, 1, "jeton", views(quiet_world))
    with quiet_world.app.app_context():
        letter = digest(claimed, "https://portail.exemple.fr")
    for said in (letter.text, unescape(letter.html)):
        assert "de «\u00a0Donner son avis\u00a0» à «\u00a0Écrire ensemble\u00a0»" in said
        assert "Que faut-il changer dans la vie de tous les jours" in said
        assert "Raison" not in said
        assert REASON not in said


def test_what_a_director_types_is_never_markup(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION, reason="<b>Gras</b> <script>x</script>")
    page = quiet_world.client("resident").see("/notifications")
    assert "<b>Gras</b> <script>x</script>" in page.words
    assert not page.tree.xpath("//main//b|//main//script")


def test_a_record_that_is_not_there_leaves_the_plain_sentence(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION)
    quiet_world.do(lambda s: s.execute(update(Notice).values(mark="niveau:" + "z" * 26 + Notice.id)))
    assert "Le niveau d’implication de votre groupe change à partir du" in words(quiet_world)


def test_many_changes_ask_no_more_of_the_database_than_one(quiet_world: World) -> None:
    start = clock.now()
    change(quiet_world, Level.COCONSTRUCTION, at=start)
    client = quiet_world.client("resident")
    client.see("/notifications")
    with questions() as one:
        client.see("/notifications")
    before = start
    for number in range(8):
        before += timedelta(days=1)
        change(quiet_world, (Level.INFORMATION, Level.CONCERTATION)[number % 2], at=before)
    assert len(views(quiet_world)) > 5
    with questions() as many:
        client.see("/notifications")
    assert len(many) == len(one)


def test_in_english_every_part_is_said(quiet_world: World) -> None:
    change(quiet_world, Level.COCONSTRUCTION)
    client = quiet_world.client("resident")
    client.send("/langue", langue="en", suite="/notifications")
    said = client.see("/notifications").words
    assert "The level of involvement of your group goes up: from “" in said
    assert "Donner son avis" not in said
