"""What was read is folded, and may be marked as not read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.involvement.models import Involvement
from portal.domain.notifications.models import Notice
from portal.vocabulary import ContributionKind, Group, ModerationMode
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.factories.pages import CheckedClient, Page
from tests.factories.world import a_contribution, a_space

READ, UNREAD = "/notifications/lues", "/notifications/non-lues"
DAY = timedelta(days=1)
BUTTON = "//button[contains(., '{}')]"
FOLD = "//details[@class='notices__read']"
NEW = "//li[contains(@class, 'notices__line--new')]"


@pytest.fixture
def replied(world: World) -> World:
    """Somebody replied to two words of a family, in one space."""
    skip(world)
    for body in ("Le jardin ferme trop tôt.", "Le portail aussi."):
        reply(world, world.do(lambda s, body=body: a_contribution(s, world.ours, body=body)))
    follow(world)
    return world


def reply(world: World, root: str) -> None:
    world.do(
        lambda s: a_contribution(
            s, world.ours, "professional", "Moi aussi.", kind=ContributionKind.REPLY, parent_id=root
        )
    )


def mine(world: World, name: str = "family") -> list[Notice]:
    person = world.ours[name].id
    return world.read(lambda s: list(s.scalars(select(Notice).where(Notice.participant_id == person))))


def unread(world: World, name: str = "family") -> int:
    return sum(one.read_at is None for one in mine(world, name))


def named(page: Page, label: str) -> list[str]:
    """What the only button of this name would send."""
    (button,) = page.tree.xpath(BUTTON.format(label))
    return [str(one) for one in button.xpath("ancestor::form//input[@name='notice']/@value")]


def all_read(world: World) -> CheckedClient:
    client = world.client("family")
    client.send(READ, tout="1")
    return client


def test_what_was_read_is_marked_as_not_read_then_that_is_undone(replied: World) -> None:
    client = all_read(replied)
    ids = named(client.see("/notifications"), "Marquer comme non lu")
    answer = client.send(UNREAD, notice=ids)
    assert answer.status_code == 303
    assert unread(replied) == 2
    page = client.see(answer.location)
    assert "C’est marqué comme non lu." in page.words
    assert len(page.tree.xpath(NEW)) == 2
    assert page.tree.xpath("//*[@class='nav__count']/text()") == ["2"]
    answer = client.send(READ, notice=named(page, "Annuler"))
    assert unread(replied) == 0
    assert "C’est marqué comme lu." in client.see(answer.location).words


@pytest.mark.parametrize("house", ["ours", "other"])
def test_nobody_marks_the_notices_of_somebody_else(replied: World, house: str) -> None:
    all_read(replied)
    ids = [one.id for one in mine(replied)]
    other = replied.client("resident") if house == "ours" else replied.client("family", replied.other)
    answer = other.send(UNREAD, notice=ids)
    assert answer.location == "/notifications", "nothing is said of others"
    assert unread(replied) == 0


@pytest.mark.parametrize("sent", [{}, {"notice": "inconnu"}, {"notice": "a" * 26}, {"notice": ""}])
def test_what_names_nothing_marks_nothing(replied: World, sent: dict[str, str]) -> None:
    client = all_read(replied)
    assert client.send(UNREAD, **sent).location == "/notifications"
    assert unread(replied) == 0


@pytest.mark.parametrize("typed", ["", "x", ".", "a.b", "<b>", "é" * 30, "a" * 26])
def test_an_address_that_names_nothing_confirms_nothing(replied: World, typed: str) -> None:
    words = replied.client("family").see(f"/notifications?nonlues={typed}").words
    assert "C’est marqué comme non lu." not in words


def test_what_is_no_longer_readable_does_not_come_back(replied: World) -> None:
    space = replied.do(lambda s: a_space(s, replied.ours))
    follow(replied)
    client = all_read(replied)
    (opened,) = [one.id for one in mine(replied) if one.space_id == space]
    client.send(UNREAD, notice=[opened])
    assert unread(replied) == 1
    client.send(READ, tout="1")
    replied.do(lambda s: _take_out(s, space))
    assert client.send(UNREAD, notice=[opened]).location == "/notifications"
    assert unread(replied) == 0


def _take_out(session: Session, space: str) -> None:
    for row in session.scalars(select(Involvement).where(Involvement.space_id == space)):
        if row.group is Group.FAMILIES:
            row.level = None


def test_what_the_portal_ends_by_itself_is_not_called_new_again(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    skip(world)
    world.do(lambda s: a_contribution(s, world.ours, space_id=space))
    follow(world)
    client = world.client("moderator")
    client.send(READ, tout="1")
    page = client.see("/notifications")
    assert not page.tree.xpath(BUTTON.format("Marquer comme non lu"))
    client.send(UNREAD, notice=[one.id for one in mine(world, "moderator")])
    assert unread(world, "moderator") == 0


def test_what_was_read_is_folded_after_what_is_new(replied: World) -> None:
    page = replied.client("family").see("/notifications")
    assert not page.tree.xpath(FOLD)
    assert len(page.tree.xpath(NEW)) == 2
    client = replied.client("family")
    client.send(READ, notice=[mine(replied)[0].id])
    page = client.see("/notifications")
    (fold,) = page.tree.xpath(FOLD)
    assert fold.get("open") is None, "something is new: what was read stays folded"
    assert "Une notification déjà lue" in page.words
    assert not fold.xpath(f".{NEW}")
    assert len(page.tree.xpath(NEW)) == 1


def test_when_nothing_is_new_what_was_read_is_open(replied: World) -> None:
    def age(session: Session) -> None:
        (first, *_) = session.scalars(
            select(Notice).where(Notice.participant_id == replied.ours["family"].id)
        )
        first.at -= 3 * DAY

    replied.do(age)
    page = all_read(replied).see("/notifications")
    (fold,) = page.tree.xpath(FOLD)
    assert fold.get("open") is not None
    assert len(fold.xpath(".//h2")) == 2, "each day keeps its heading"


def test_controls_are_once_for_a_place_whatever_its_lines(replied: World) -> None:
    for client in (replied.client("family"), all_read(replied)):
        page = client.see("/notifications")
        (card,) = page.tree.xpath("//div[contains(@class, 'card')][.//ul[@class='notices']]")
        assert len(card.xpath(".//li[contains(@class, 'notices__line')]")) == 2
        assert len(card.xpath("./form//button")) == 1
        assert not card.xpath(".//ul[@class='notices']//a")
        (fold,) = card.xpath("./details")
        assert "Suivre ou non ces discussions" in fold.text_content()
        assert len(fold.xpath(".//a[contains(@href, '/suivre')]")) == 2


def test_one_discussion_in_a_place_has_its_link_without_a_fold(replied: World) -> None:
    client = replied.client("family")
    client.send(READ, notice=[mine(replied)[0].id])
    page = client.see("/notifications")
    assert len(page.tree.xpath("//a[contains(@href, '/suivre')]")) == 2, "one new, one read"
    assert not page.tree.xpath("//details[@class='notices__follow']")
