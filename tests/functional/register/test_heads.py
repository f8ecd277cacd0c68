"""The head of the register leaves for the parties: by a director, then once a week, once a day at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal.domain.journal.models import JournalLine
from portal.domain.notifications import queries as notices
from portal.domain.register import queries, service
from portal.kernel import clock
from portal.vocabulary import NoticeKind
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.world import a_contribution

WEEK = timedelta(days=7)


def send(world: World, who: str = "director") -> int:
    client, path = world.client(who), f"/contrats/{world.ours.contract_id}/registre/tete"
    page = client.see(path)
    return client.post(path, data=page.form(path)).status_code


def told(world: World, who: str) -> list[notices.NoticeView]:
    account = world.ours[who].account_id
    found = world.read(lambda s: notices.history(s, account, clock.now()))
    return [one for one in found.notices if one.kind is NoticeKind.HEAD]


def test_directors_and_authorities_receive_its_number_and_hash(world: World) -> None:
    assert send(world) == 303
    follow(world)
    head = world.read(lambda s: queries.head(s, world.ours.contract_id))
    for who in ("second_director", "deputy", "authority"):
        (notice,) = told(world, who)
        assert (notice.head.seq, notice.head.hash) == (head.seq, head.hash)
    for who in ("family", "moderator", "board", "director"):
        assert told(world, who) == []
    page = world.client("authority").see("/notifications")
    assert head.hash in page.words
    assert "La tête du registre a été envoyée aux parties." in world.client("family").see(f"/contrats/{world.ours.contract_id}/registre").words  # fmt: skip


def test_it_is_sent_once_a_day_at_most(world: World, move_clock: Callable[[float], None]) -> None:
    assert send(world) == 303
    assert send(world, "deputy") == 403
    move_clock(timedelta(days=1).total_seconds())
    assert send(world, "deputy") == 303


def test_only_the_direction_sends_it(world: World) -> None:
    path = f"/contrats/{world.ours.contract_id}/registre/tete"
    for who in ("family", "moderator", "authority", "manager"):
        assert world.client(who).get(path).status_code == 403


def test_once_sent_it_leaves_again_each_week_when_the_register_has_grown(world: World) -> None:
    def sent() -> int:
        return world.read(lambda s: s.query(JournalLine).filter_by(kind="register_head_sent").count())

    def weekly(at) -> bool:
        return world.do(lambda s: service.send_weekly(s, at))

    now = clock.now()
    assert not weekly(now + WEEK), "never by itself before a director did"
    assert send(world) == 303
    assert not weekly(now + WEEK), "nothing is new since"
    world.do(lambda s: a_contribution(s, world.ours))
    assert not weekly(now + WEEK - timedelta(days=1))
    assert sent() == 1
    assert weekly(now + WEEK)
    assert sent() == 2
