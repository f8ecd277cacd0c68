"""Who is told of what: each kind, with its refusal beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.notifications import service
from portal.domain.notifications.models import Notice
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.kernel import clock
from portal.vocabulary import (
    ContributionKind,
    Fate,
    Group,
    Level,
    ModerationMode,
    ModerationRule,
    NoticeChoiceKind,
    NoticeKind,
)
from tests.conftest import World
from tests.factories.notices import follow, number, remind, skip, told
from tests.factories.syntheses import a_synthesis
from tests.factories.world import LEVELS, a_contribution, a_level, a_space

REASON = Reason(ModerationRule.NAMES_SOMEONE, "Retirez le nom de la personne, s’il vous plaît.")
DAY = timedelta(days=1)


@pytest.fixture
def quiet_world(world: World) -> World:
    """Our two houses, where everybody knows what happened so far."""
    skip(world)
    return world


def words(world: World, author: str = "family", **more: object) -> str:
    return world.do(lambda session: a_contribution(session, world.ours, author, **more))


def answer(world: World, contribution_id: str, by: str = "director") -> None:
    command = NewAnswer("Merci, nous le ferons.", Fate.KEPT)
    world.do(lambda session: answers.give(session, world.ours[by].actor, contribution_id, command))


def refuse(world: World, contribution_id: str) -> None:
    def do(session: Session) -> None:
        row = contributions.by_id(session, contribution_id)
        assert row is not None
        moderation.refuse(
            session, world.ours["director"].actor, contribution_id, Seen(row.version, row.status), REASON
        )

    world.do(do)


def choose(world: World, name: str, object_id: str, choice: NoticeChoiceKind) -> None:
    world.do(lambda session: service.choose(session, world.ours[name].id, object_id, choice))


def test_an_answer_is_told_to_who_wrote_and_to_nobody_else(quiet_world: World) -> None:
    answer(quiet_world, words(quiet_world))
    follow(quiet_world)
    assert told(quiet_world) == {("family", "ANSWERED")}


def test_a_reply_is_told_to_the_author_before_and_to_who_began(quiet_world: World) -> None:
    root = words(quiet_world)
    reply = words(quiet_world, "professional", kind=ContributionKind.REPLY, parent_id=root)
    words(quiet_world, "staff_rep", kind=ContributionKind.REPLY, parent_id=reply)
    follow(quiet_world)
    assert told(quiet_world) == {("family", "REPLIED"), ("professional", "REPLIED")}
    assert number(quiet_world) == 3


def test_nobody_is_told_of_their_own_reply(quiet_world: World) -> None:
    words(quiet_world, kind=ContributionKind.REPLY, parent_id=words(quiet_world))
    follow(quiet_world)
    assert told(quiet_world) == set()


def test_a_reply_is_told_to_who_follows_and_not_to_who_mutes(quiet_world: World) -> None:
    root = words(quiet_world)
    choose(quiet_world, "board", root, NoticeChoiceKind.FOLLOWED)
    choose(quiet_world, "family", root, NoticeChoiceKind.MUTED)
    words(quiet_world, "professional", kind=ContributionKind.REPLY, parent_id=root)
    follow(quiet_world)
    assert told(quiet_world) == {("board", "THREAD")}


def test_a_reply_that_waits_for_review_is_told_once_it_is_published(quiet_world: World) -> None:
    space = quiet_world.do(lambda s: a_space(s, quiet_world.ours, moderation=ModerationMode.BEFORE))
    skip(quiet_world)
    root = words(quiet_world, space_id=space)
    publish(quiet_world, root)
    reply = words(quiet_world, "professional", kind=ContributionKind.REPLY, parent_id=root, space_id=space)
    follow(quiet_world)
    assert ("family", "REPLIED") not in told(quiet_world)
    publish(quiet_world, reply)
    follow(quiet_world)
    assert ("family", "REPLIED") in told(quiet_world)


def publish(world: World, contribution_id: str) -> None:
    def do(session: Session) -> None:
        row = contributions.by_id(session, contribution_id)
        assert row is not None
        moderation.approve(
            session, world.ours["director"].actor, contribution_id, Seen(row.version, row.status)
        )

    world.do(do)


def test_words_to_review_are_told_once_to_those_who_review(quiet_world: World) -> None:
    space = quiet_world.do(lambda s: a_space(s, quiet_world.ours, moderation=ModerationMode.BEFORE))
    skip(quiet_world)
    first, second = words(quiet_world, space_id=space), words(quiet_world, space_id=space)
    follow(quiet_world)
    reviewers = {"director", "second_director", "deputy", "moderator"}
    assert told(quiet_world) == {(name, "TO_MODERATE") for name in reviewers}
    assert number(quiet_world) == len(reviewers)
    publish(quiet_world, first)
    follow(quiet_world)
    assert quiet_world.read(lambda s: s.query(Notice).filter(Notice.read_at.is_(None)).count()) == 4
    refuse(quiet_world, second)
    follow(quiet_world)
    left = quiet_world.read(lambda s: [one.kind.name for one in s.query(Notice).filter_by(read_at=None)])
    assert left == ["REVIEWED"], "nothing waits any more: only the author has something new"


def test_what_waits_for_review_grows_in_one_line_of_today(quiet_world: World) -> None:
    space = quiet_world.do(lambda s: a_space(s, quiet_world.ours, moderation=ModerationMode.BEFORE))
    skip(quiet_world)
    words(quiet_world, space_id=space)
    follow(quiet_world)
    client = quiet_world.client("moderator")
    page = client.see("/notifications")
    assert "Une contribution attend votre relecture." in page.words
    assert "Sujet" in page.words, "one topic is concerned: it is named"
    aged(quiet_world, 3 * DAY)
    words(quiet_world, space_id=space, item=1)
    follow(quiet_world)
    rows = quiet_world.read(lambda s: s.query(Notice).filter_by(read_at=None).all())
    assert {one.mailed_on for one in rows} == {None}, "the e-mail of tomorrow tells of it"
    assert min(one.at for one in rows) > clock.now() - DAY
    page = client.see("/notifications")
    assert "2 contributions attendent votre relecture." in page.words
    assert "Sujet" not in page.words, "several topics are concerned: none is named"
    assert len(rows) == 4


def aged(world: World, by: timedelta) -> None:
    """What was told was told that long ago, and its e-mail left."""

    def do(session: Session) -> None:
        for one in session.query(Notice).filter_by(kind="a-relire"):
            one.at -= by
            one.mailed_on = one.at.date()

    world.do(do)


@pytest.mark.parametrize(("raised", "kinds"), [(Level.CONCERTATION, {("resident", "LEVEL")}), (None, set())])
def test_a_level_that_changes_is_told_to_its_group(
    quiet_world: World, raised: Level | None, kinds: set[tuple[str, str]]
) -> None:
    if raised is not None:
        quiet_world.do(lambda s: a_level(s, quiet_world.ours, Group.RESIDENTS, raised))
    follow(quiet_world)
    everyone = {(name, kind) for _, kind in kinds for name in quiet_world.ours.people if "resident" in name}
    assert told(quiet_world) == everyone


def test_a_space_that_opens_is_told_to_those_who_may_read_it(quiet_world: World) -> None:
    levels = {Group.FAMILIES: LEVELS[Group.FAMILIES]}
    quiet_world.do(lambda s: a_space(s, quiet_world.ours, levels=levels))
    follow(quiet_world)
    people = {name for name, kind in told(quiet_world) if kind == "OPENED"}
    keepers = {"second_director", "deputy", "moderator"}
    assert people == keepers | {name for name in quiet_world.ours.people if name.startswith("family")}
    assert {kind for _, kind in told(quiet_world)} == {"OPENED"}, "the first levels are no change"


def test_a_draft_is_told_to_nobody(quiet_world: World) -> None:
    quiet_world.do(lambda s: a_space(s, quiet_world.ours, opened=False))
    follow(quiet_world)
    assert told(quiet_world) == set()


def test_the_end_of_a_space_is_told_a_week_before_and_once(quiet_world: World) -> None:
    now = clock.now()
    remind(quiet_world, now + 22 * DAY)
    assert told(quiet_world) == set()
    remind(quiet_world, now + 23 * DAY + timedelta(hours=1))
    ours = {name for name, kind in told(quiet_world) if not name.startswith("other:")}
    assert ours == set(quiet_world.ours.people)
    before = number(quiet_world)
    remind(quiet_world, now + 24 * DAY)
    assert number(quiet_world) == before


def test_an_answer_that_is_due_is_told_to_those_who_owe_it(quiet_world: World) -> None:
    contribution = words(quiet_world)
    follow(quiet_world)
    remind(quiet_world, clock.now() + 54 * DAY)
    due = {name for name, kind in told(quiet_world) if kind == "DUTY"}
    assert due == {"director", "second_director", "deputy"}
    answer(quiet_world, contribution)
    follow(quiet_world)
    assert unread_duties(quiet_world) == 3, "the synthesis is still owed"
    quiet_world.do(lambda s: a_synthesis(s, quiet_world.ours))
    follow(quiet_world)
    assert unread_duties(quiet_world) == 0


def test_a_synthesis_ends_no_notice_while_an_answer_is_owed(quiet_world: World) -> None:
    contribution = words(quiet_world)
    remind(quiet_world, clock.now() + 54 * DAY)
    quiet_world.do(lambda s: a_synthesis(s, quiet_world.ours))
    follow(quiet_world)
    assert unread_duties(quiet_world) == 3
    answer(quiet_world, contribution)
    follow(quiet_world)
    assert unread_duties(quiet_world) == 0


@pytest.mark.parametrize("how", ["withdrawn", "closed"])
def test_what_is_owed_no_more_ends_its_notices(quiet_world: World, how: str) -> None:
    contribution = words(quiet_world)
    remind(quiet_world, clock.now() + 54 * DAY)
    assert unread_duties(quiet_world) == 3
    director, space_id = quiet_world.ours["director"].actor, quiet_world.ours.space_id
    if how == "withdrawn":
        family = quiet_world.ours["family"].actor
        quiet_world.do(lambda s: contributions.withdraw(s, family, contribution))
    else:
        quiet_world.do(lambda s: spaces.end(s, director, space_id, "Tout le monde a parlé."))
        quiet_world.do(lambda s: answers.close(s, director, space_id, broken_promise="Faute de temps."))
    follow(quiet_world)
    assert unread_duties(quiet_world) == 0


def unread_duties(world: World) -> int:
    return world.read(lambda s: s.query(Notice).filter_by(read_at=None, kind=NoticeKind.DUTY).count())


def test_nothing_is_due_where_everything_is_answered_and_told(quiet_world: World) -> None:
    answer(quiet_world, words(quiet_world))
    quiet_world.do(lambda s: a_synthesis(s, quiet_world.ours))
    remind(quiet_world, clock.now() + 54 * DAY)
    assert "DUTY" not in {kind for _, kind in told(quiet_world)}


def test_who_left_is_told_nothing(quiet_world: World) -> None:
    contribution = words(quiet_world)
    quiet_world.do(lambda s: members.remove_member(s, quiet_world.ours["family"].id))
    answer(quiet_world, contribution)
    follow(quiet_world)
    assert told(quiet_world) == set()


def test_who_mutes_the_space_is_told_nothing_of_it(quiet_world: World) -> None:
    first, second = words(quiet_world), words(quiet_world, "professional")
    choose(quiet_world, "professional", quiet_world.ours.space_id, NoticeChoiceKind.MUTED)
    answer(quiet_world, first)
    answer(quiet_world, second)
    follow(quiet_world)
    assert told(quiet_world) == {("family", "ANSWERED")}


def test_nobody_of_another_contract_hears_of_anything(quiet_world: World) -> None:
    answer(quiet_world, words(quiet_world))
    quiet_world.do(lambda s: a_space(s, quiet_world.ours))
    quiet_world.do(lambda s: a_level(s, quiet_world.ours, Group.RESIDENTS, Level.CONCERTATION))
    follow(quiet_world)
    assert number(quiet_world) > 5
    assert not [name for name, _ in told(quiet_world) if name.startswith("other:")]


def test_the_same_line_is_told_once_even_when_it_is_read_again(quiet_world: World) -> None:
    from portal.domain.notifications.models import NoticeCursor

    answer(quiet_world, words(quiet_world))
    follow(quiet_world)
    before = number(quiet_world)
    quiet_world.do(lambda s: s.query(NoticeCursor).update({"seq": 0}))
    follow(quiet_world)
    again = {one for one in told(quiet_world) if one[1] == "ANSWERED"}
    assert again == {("family", "ANSWERED")}
    assert number(quiet_world) >= before


def test_a_new_contract_begins_with_its_first_line(world: World) -> None:
    follow(world)
    assert {kind for _, kind in told(world)} == {"OPENED"}


def test_spaces_resumed_are_told(quiet_world: World) -> None:
    director = quiet_world.ours["director"].actor
    quiet_world.do(lambda s: spaces.pause(s, director, quiet_world.ours.space_id, "Le temps de relire."))
    quiet_world.do(lambda s: spaces.resume(s, director, quiet_world.ours.space_id))
    follow(quiet_world)
    assert ("family", "RESUMED") in told(quiet_world)
    assert ("director", "RESUMED") not in told(quiet_world)
    assert "OPENED" not in {kind for _who, kind in told(quiet_world)}
    page = quiet_world.client("family").see("/notifications").words
    assert "Cet espace d’échange reprend après une pause." in page
    assert "Cet espace d’échange est ouvert." not in page
