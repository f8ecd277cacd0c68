"""Long threads: pages by cursor, each contribution once, at an address that finds it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions import service
from portal.domain.contributions.rules import Words
from portal.domain.journal.models import AudienceCursor
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    ModerationMode,
    ModerationRule,
    ReactionValue,
)
from tests.conftest import World
from tests.factories.world import a_contribution, a_space

REPLY = ContributionKind.REPLY


def item(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"


def test_pages_show_every_contribution_once_and_in_order(world: World) -> None:
    sent = world.do(lambda s: [a_contribution(s, world.ours, "family", f"Mot {n}.") for n in range(45)])
    reader = world.client("resident")
    seen: list[str] = []
    path: str | None = item(world)
    while path:
        page = reader.see(path)
        seen += page.tree.xpath("//article/@data-contribution")
        following = page.tree.xpath("//a[@rel='next']/@href")
        path = following[0] if following else None
    assert seen == sent
    back = reader.see(f"{item(world)}?avant={sent[20]}")
    assert back.tree.xpath("//article/@data-contribution") == sent[:20]


def test_an_address_finds_its_contribution_wherever_it_is(world: World) -> None:
    sent = world.do(lambda s: [a_contribution(s, world.ours, "family", f"Mot {n}.") for n in range(45)])
    reader = world.client("resident")
    for one in (sent[0], sent[22], sent[44]):
        there = reader.get(f"/contributions/{one}")
        page = reader.see(there.headers["Location"].partition("#")[0])
        assert page.tree.xpath(f"//article[@id='c-{one}']")


def test_many_replies_have_a_page_of_their_own(world: World) -> None:
    def build(session: Session) -> tuple[str, list[str]]:
        root = a_contribution(session, world.ours, "resident", "Le début.")
        words = [f"Réponse {n}." for n in range(35)]
        return root, [
            a_contribution(session, world.ours, "family", one, kind=REPLY, parent_id=root) for one in words
        ]

    root, replies = world.do(build)
    reader = world.client("resident")
    page = reader.see(item(world))
    assert page.tree.xpath("//article/@data-contribution") == [root, *replies[:10]]
    assert page.tree.xpath(f"//a[@href='/contributions/{root}/fil']")
    whole = reader.see(f"/contributions/{root}/fil")
    assert whole.tree.xpath("//article/@data-contribution") == [root, *replies[:20]]
    there = reader.get(f"/contributions/{replies[33]}").headers["Location"]
    page_of_one = there.partition("#")[0]
    seen = reader.see(page_of_one).tree.xpath("//article/@data-contribution")
    assert replies[33] in seen
    following = whole.tree.xpath("//a[@rel='next']/@href")[0]
    second = reader.see(f"/contributions/{root}/fil{following}")
    assert second.tree.xpath("//article/@data-contribution") == [root, *replies[20:]]


def test_words_withdrawn_before_publication_leave_no_trace_for_readers(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))
    world.do(lambda s: service.withdraw(s, world.ours["resident"].actor, sent))
    path = f"/espaces/{space}/sujets/{world.ours.items[0]}"
    found = f"//article[@id='c-{sent}']"
    assert not world.client("family").see(path).tree.xpath(found)
    assert world.client("director").see(path).tree.xpath(found)
    assert world.client("family").get(f"/contributions/{sent}").status_code == 403


def test_versions_that_nobody_could_read_stay_closed(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    author, director = world.ours["resident"].actor, world.ours["director"].actor
    sent = world.do(
        lambda s: a_contribution(s, world.ours, "resident", "Madame Dupont dort.", space_id=space)
    )
    world.do(lambda s: service.correct(s, author, sent, Words("Une voisine dort.")))
    world.do(lambda s: moderation.approve(s, director, sent, Seen(2, ContributionStatus.PENDING)))
    path = f"/contributions/{sent}/versions"
    read = world.client("family").see(path).words
    assert "Une voisine dort." in read
    assert "Madame Dupont" not in read
    for keeper in ("resident", "director"):
        assert "Madame Dupont dort." in world.client(keeper).see(path).words


def test_words_set_aside_are_read_by_their_author_alone(world: World) -> None:
    """Refused or hidden: the page of the versions keeps their numbers and days, under the stone."""
    why = Reason(ModerationRule.INSULT, "Dites ce qui vous gêne.")
    author, director = world.ours["family"].actor, world.ours["director"].actor

    def build(session: Session) -> tuple[str, str, str]:
        space = a_space(session, world.ours, moderation=ModerationMode.BEFORE)
        refused = a_contribution(session, world.ours, "family", "Le pivert crie.", space_id=space)
        service.correct(session, author, refused, Words("Le pivert hurle."))
        moderation.refuse(session, director, refused, Seen(2, ContributionStatus.PENDING), why)
        hidden = a_contribution(session, world.ours, "family", "Le pivert chante.")
        service.correct(session, author, hidden, Words("Le pivert siffle."))
        kept = a_contribution(session, world.ours, "family", "Le pivert dort.")
        service.correct(session, author, kept, Words("Le pivert rêve."))
        moderation.hide(session, director, hidden, Seen(2, ContributionStatus.PUBLISHED), why)
        return refused, hidden, kept

    refused, hidden, kept = world.do(build)
    said = {refused: ("crie", "hurle"), hidden: ("chante", "siffle"), kept: ("dort", "rêve")}
    for name in ("director", "moderator", "family"):
        client = world.client(name)
        for about, verbs in said.items():
            page = client.see(f"/contributions/{about}/versions")
            assert len(page.tree.xpath("//ol[@class='versions']/li//p[@class='meta']")) == 2, name
            read = name == "family" or about == kept
            assert [f"Le pivert {verb}." in page.words for verb in verbs] == [read, read], (name, verbs)
            assert len(page.tree.xpath("//*[contains(@class, 'stone__title')]")) == (0 if read else 1)
    told = world.client("director").see(f"/contributions/{hidden}/versions").words
    assert "Contribution masquée" in told
    told = world.client("moderator").see(f"/contributions/{refused}/versions").words
    assert "Contribution non publiée" in told


def test_ones_own_reply_that_waits_has_an_address(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    director = world.ours["director"].actor
    root = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))
    world.do(lambda s: moderation.approve(s, director, root, Seen(1, ContributionStatus.PENDING)))
    reply = world.do(
        lambda s: a_contribution(s, world.ours, "family", "Moi.", kind=REPLY, parent_id=root, space_id=space)
    )
    there = world.client("family").get(f"/contributions/{reply}")
    assert there.status_code == 302
    page = world.client("family").see(there.headers["Location"].partition("#")[0])
    assert page.tree.xpath(f"//article[@id='c-{reply}']")


def test_reactions_that_change_no_figure_make_no_frame(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "professional"))

    def frames() -> int:
        query = select(AudienceCursor.count).where(
            AudienceCursor.space_id == world.ours.space_id, AudienceCursor.audience == "readers"
        )
        return world.read(lambda s: s.scalar(query) or 0)

    before = frames()
    for number, name in enumerate(["family", "family_0", "family_1", "family_2", "family_3"], start=1):
        actor = world.ours[name].actor
        world.do(lambda s, actor=actor: service.react(s, actor, sent, ReactionValue.AGREE))
        assert frames() - before == (1 if number == 5 else 0)


def test_the_whole_thread_of_ones_own_waiting_words_leads_to_them(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))
    author = world.client("resident")
    there = author.get(f"/contributions/{sent}/fil")
    assert there.status_code == 302
    assert there.headers["Location"] == author.get(f"/contributions/{sent}").headers["Location"]
    assert author.see(there.headers["Location"].partition("#")[0]).tree.xpath(f"//*[@id='c-{sent}']")
    assert world.client("family").get(f"/contributions/{sent}/fil").status_code == 403
