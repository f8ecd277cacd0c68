"""Long threads: pages by cursor, each contribution once, at an address that finds it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.contributions import service
from portal.vocabulary import ContributionKind, ModerationMode
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
    assert len(seen) == 21


def test_words_withdrawn_before_publication_leave_no_trace_for_readers(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))
    world.do(lambda s: service.withdraw(s, world.ours["resident"].actor, sent))
    path = f"/espaces/{space}/sujets/{world.ours.items[0]}"
    found = f"//article[@id='c-{sent}']"
    assert not world.client("family").see(path).tree.xpath(found)
    assert world.client("director").see(path).tree.xpath(found)
