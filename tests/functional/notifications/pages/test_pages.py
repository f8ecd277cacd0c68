"""The bell and its settings, as people meet them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.accounts import rules
from portal.domain.involvement import service as involvement
from portal.domain.involvement.models import Involvement
from portal.domain.notifications import service
from portal.domain.notifications.models import Notice, NoticeChoice, NoticeSetting
from portal.domain.participants import service as members
from portal.kernel import clock
from portal.vocabulary import Cadence, ContributionKind, Group, NoticeChoiceKind
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.factories.pages import CheckedClient
from tests.factories.world import LEVELS, a_contribution, a_space

ALL_READ = "/notifications/lues"
OPENED = "/notifications/{}/ouvrir"
LINES = "//ul[@class='notices']//button[contains(@class, 'notices__open')]/text()"


@pytest.fixture
def replied(world: World) -> tuple[World, str]:
    """Somebody replied twice to a family's words."""
    skip(world)
    root = world.do(lambda s: a_contribution(s, world.ours, body="Le jardin ferme trop tôt."))
    for author in ("professional", "staff_rep"):
        reply_to(world, root, author)
    follow(world)
    return world, root


def reply_to(world: World, root: str, author: str = "professional") -> None:
    world.do(
        lambda s: a_contribution(
            s, world.ours, author, "Je suis d’accord.", kind=ContributionKind.REPLY, parent_id=root
        )
    )


def unread(world: World) -> list[Notice]:
    return world.read(lambda s: list(s.scalars(select(Notice).where(Notice.read_at.is_(None)))))


def test_the_bell_says_how_much_is_new_and_the_page_says_what(replied: tuple[World, str]) -> None:
    world, _ = replied
    client = world.client("family")
    assert "Notifications 1 : 1 nouvelle" in client.see("/contrats").words
    page = client.see("/notifications")
    assert page.title == "Notifications"
    assert "2 réponses sont arrivées sous vos mots." in page.words
    assert "Contrat Tilleuls" in page.words
    assert "jardin" not in page.words.lower().replace("constat", ""), "no words of anybody"
    (path,) = page.tree.xpath("//ul[@class='notices']//form/@action")
    assert client.get(path).status_code == 405, "looking does nothing"
    opened = client.send(path)
    assert opened.status_code == 303
    assert client.get(opened.location).status_code in (200, 302, 303)
    assert unread(world) == [], "what was opened is read, the whole line"
    assert client.send(path).location == opened.location, "what was read opens again"


@pytest.mark.parametrize("name", ["resident", "other", "nobody"])
def test_only_ones_own_notice_opens(replied: tuple[World, str], name: str) -> None:
    world, _ = replied
    client = world.client("family", world.other) if name == "other" else world.client("resident")
    notice_id = "a" * 26 if name == "nobody" else unread(world)[0].id
    answer = client.send(OPENED.format(notice_id))
    assert (answer.status_code, answer.location) == (303, "/notifications"), "nothing is said of others"
    assert len(unread(world)) == 2


def test_who_has_nothing_new_sees_no_number_and_a_page_that_says_so(replied: tuple[World, str]) -> None:
    world, _ = replied
    for client in (world.client("board"), world.client("family", world.other)):
        assert "nouvelle" not in client.see("/contrats").words
        assert "Rien de nouveau pour le moment" in client.see("/notifications").words


def test_all_is_marked_as_read_then_undone(replied: tuple[World, str]) -> None:
    world, _ = replied
    client = world.client("family")
    answer = client.send(ALL_READ, tout="1")
    assert answer.status_code == 303
    assert unread(world) == []
    page = client.see(answer.location)
    assert "C’est marqué comme lu." in page.words
    assert "2 réponses sont arrivées sous vos mots." in page.words, "what was read stays readable"
    assert (
        client.post("/notifications/non-lues", data=page.form("/notifications/non-lues")).status_code == 303
    )
    assert len(unread(world)) == 2


def test_nobody_marks_the_notices_of_somebody_else(replied: tuple[World, str]) -> None:
    world, _ = replied
    ids = [one.id for one in unread(world)]
    for house, name in ((world.ours, "resident"), (world.other, "family")):
        client = world.client(name, house)
        client.send(ALL_READ, notice=ids)
        client.send(ALL_READ, tout="1")
    assert len(unread(world)) == 2
    world.client("family").send(ALL_READ, notice=ids[:1])
    assert len(unread(world)) == 1


@pytest.mark.parametrize("sent", [{}, {"notice": "inconnu"}, {"notice": "a" * 26}, {"tout": ""}])
def test_what_names_nothing_marks_nothing(replied: tuple[World, str], sent: dict[str, str]) -> None:
    world, _ = replied
    assert world.client("family").send(ALL_READ, **sent).status_code == 303
    assert len(unread(world)) == 2


def shown(client: CheckedClient) -> tuple[int, int]:
    """What the bell counts, and the new lines of the page."""
    page = client.see("/notifications")
    (counted,) = page.tree.xpath("//*[@class='nav__count']/text()") or ["0"]
    return int(counted), len(page.tree.xpath("//li[contains(@class, 'notices__line--new')]"))


def test_an_open_page_may_ask_for_the_number_alone(replied: tuple[World, str]) -> None:
    world, _ = replied
    client = world.client("family")
    assert client.get("/notifications/compte").json == {"unread": 1}
    client.send(ALL_READ, tout="1")
    assert client.get("/notifications/compte").json == {"unread": 0}
    assert world.client("resident").get("/notifications/compte").json == {"unread": 0}


def test_asking_for_the_number_does_not_keep_a_forgotten_tablet_signed_in(
    replied: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = replied
    client = world.client("family")
    start, hour = clock.now(), timedelta(hours=1)
    for hours in range(1, 12):
        monkeypatch.setattr(clock, "now", lambda past=hours: start + past * hour)
        assert client.get("/notifications/compte").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + rules.IDLE + hour)
    assert client.get("/notifications/compte").status_code == 302


def test_the_bell_counts_the_lines_that_the_page_shows(replied: tuple[World, str]) -> None:
    world, _ = replied
    client = world.client("family")
    assert shown(client) == (1, 1), "two replies in one discussion are one line"
    other = world.do(lambda s: a_contribution(s, world.ours, body="Et le portail."))
    reply_to(world, other)
    follow(world)
    assert shown(client) == (2, 2)


def test_what_one_no_longer_reads_is_not_counted_as_new(replied: tuple[World, str]) -> None:
    world, _ = replied
    space = world.do(lambda s: a_space(s, world.ours))
    follow(world)
    client = world.client("family")
    assert shown(client) == (2, 2)
    take_out(world, space)
    follow(world)
    assert shown(client) == (2, 2), "the new level is told, the opening of the space no more"
    assert "Cet espace d’échange est ouvert." not in client.see("/notifications").words
    assert shown(world.client("resident")) == (1, 1), "who still reads it still has it"


def take_out(world: World, space: str) -> None:
    """Families no longer take part in a space, from now on."""
    now = clock.now()
    record = Involvement(
        contract_id=world.ours.contract_id,
        space_id=space,
        group=Group.FAMILIES,
        level=None,
        effective_at=now,
        recorded_at=now,
        by_function="Direction",
    )
    world.do(lambda s: s.add(record))
    world.do(lambda s: involvement.apply_due(s, clock.now()))


def test_hours_that_leave_no_morning_are_refused_with_what_to_do(world: World) -> None:
    client = world.client("family")
    fields = client.see("/notifications/reglages").form("/notifications/reglages")
    fields |= {"quiet_from": "8", "quiet_until": "7"}
    refused = client.post("/notifications/reglages", data=fields)
    assert refused.status_code == 422
    assert "aucun courriel ne pourrait partir" in refused.get_data(as_text=True)
    assert world.read(lambda s: s.scalars(select(NoticeSetting)).all()) == []
    for kept in ({"quiet_until": "8"}, {"quiet_from": "9"}, {"cadence": "jamais"}):
        assert client.post("/notifications/reglages", data={**fields, **kept}).status_code == 303


def test_a_line_says_whether_its_discussion_is_followed(replied: tuple[World, str]) -> None:
    world, root = replied
    client = world.client("family")
    assert "Suivre cette discussion" in client.see("/notifications").words
    person = world.ours["family"].id
    world.do(lambda s: service.choose(s, person, root, NoticeChoiceKind.FOLLOWED))
    words = client.see("/notifications").words
    assert "Ne plus suivre cette discussion" in words
    assert "Suivre cette discussion" not in words


def test_what_is_heard_of_a_line_goes_on_after_its_full_stop(replied: tuple[World, str]) -> None:
    world, _ = replied
    page = world.client("family").see("/notifications")
    heard = [
        " ".join(one.text_content().split()) for one in page.tree.xpath("//button[@class='notices__open']")
    ]
    assert all(re.search(r"[.!?] \w", one) for one in heard), heard
    assert not any(re.search(r"[.!?]\s:", one) for one in heard), heard
    assert heard


def test_one_button_marks_the_lines_of_one_place(replied: tuple[World, str]) -> None:
    world, _ = replied
    reply_to(world, world.do(lambda s: a_contribution(s, world.ours, body="Et le portail.")))
    follow(world)
    client = world.client("family")
    page = client.see("/notifications")
    buttons = page.tree.xpath("//button[contains(., 'Marquer comme lu')]")
    assert len(buttons) == 1
    ids = buttons[0].xpath("ancestor::form//input[@name='notice']/@value")
    assert client.send(ALL_READ, notice=ids).status_code == 303
    assert unread(world) == []


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "١٢"])
def test_an_undo_that_makes_no_sense_changes_nothing(replied: tuple[World, str], typed: str) -> None:
    world, _ = replied
    client = world.client("family")
    client.send(ALL_READ, tout="1")
    assert client.send("/notifications/non-lues", lu=typed).status_code == 303
    page = client.see(f"/notifications?lu={typed}")
    assert "C’est marqué comme lu." not in page.words, "an address alone confirms nothing"
    assert unread(world) == []


def test_what_one_may_no_longer_read_is_counted_and_not_shown(world: World) -> None:
    follow(world)
    client = world.client("family")
    assert "Cet espace d’échange est ouvert." in client.see("/notifications").words

    def leave(session: object) -> None:
        a_space(session, world.ours, levels={Group.RESIDENTS: LEVELS[Group.RESIDENTS]})

    world.do(leave)
    hidden = world.do(lambda s: [one.id for one in s.scalars(select(Notice).filter_by(kind="ouverture"))])
    last = world.read(lambda s: s.scalars(select(Notice.space_id).distinct()).all())
    new = next(one for one in world.read(_spaces) if one not in last)

    def move(session) -> None:
        for one in session.scalars(select(Notice).filter_by(participant_id=world.ours["family"].id)):
            one.space_id = new

    world.do(move)
    assert hidden
    words = client.see("/notifications").words
    assert "Cet espace d’échange est ouvert." not in words
    assert "pages que vous ne lisez plus" in words or "une page que vous ne lisez plus" in words


def _spaces(session) -> list[str]:
    from portal.domain.spaces.models import Space

    return list(session.scalars(select(Space.id)))


def test_who_left_has_an_empty_bell(replied: tuple[World, str]) -> None:
    world, _ = replied
    client = world.client("family")
    world.do(lambda s: members.remove_member(s, world.ours["family"].id))
    assert "nouvelle" not in client.see("/contrats").words
    assert "2 réponses" not in client.see("/notifications").words


def test_a_long_history_comes_by_pages(world: World) -> None:
    skip(world)
    contributions = [world.do(lambda s: a_contribution(s, world.ours))] * 1
    for number in range(45):
        world.do(lambda s, n=number: _planted(s, world, contributions[0], n))
    client = world.client("family")
    page = client.see("/notifications")
    (older,) = page.tree.xpath("//a[@rel='next']/@href")
    second = client.see(older)
    assert not second.tree.xpath("//a[@rel='next']")
    links = [one for some in (page, second) for one in some.tree.xpath(LINES)]
    assert [re.findall(r"\d+", one) for one in links] == [["40"], ["5"]]


def _planted(session, world: World, contribution_id: str, number: int) -> None:
    session.add(
        Notice(
            participant_id=world.ours["family"].id,
            kind="replique",
            mark=f"x{number}",
            contract_id=world.ours.contract_id,
            space_id=world.ours.space_id,
            item_id=world.ours.items[0],
            thread_id=contribution_id,
            contribution_id=contribution_id,
            at=clock.now(),
        )
    )


def test_settings_are_kept_for_the_account_and_for_each_space(world: World) -> None:
    client = world.client("family")
    page = client.see("/notifications/reglages")
    fields = page.form("/notifications/reglages")
    assert fields["cadence"] == "resume"
    assert fields["espace"] == world.ours.space_id
    del fields["espace"]
    fields |= {"cadence": "jamais", "quiet_from": "18", "quiet_until": "10"}
    answer = client.post("/notifications/reglages", data=fields)
    assert answer.status_code == 303
    assert "Vos choix sont enregistrés." in client.see(answer.location).words
    row = world.read(lambda s: s.get(NoticeSetting, world.ours["family"].account_id))
    assert (row.cadence, row.quiet_from, row.quiet_until) == (Cadence.NONE, 18, 10)
    muted = world.read(lambda s: s.scalars(select(NoticeChoice)).all())
    assert [(one.participant_id, one.object_id) for one in muted] == [
        (world.ours["family"].id, world.ours.space_id)
    ]
    client.post("/notifications/reglages", data={**fields, "espace": world.ours.space_id})
    assert world.read(lambda s: s.scalars(select(NoticeChoice)).all()) == []


@pytest.mark.parametrize(
    ("demonstration", "smtp", "said"),
    [
        (True, True, "La démonstration n’envoie aucun courriel."),
        (False, False, "Ce portail n’envoie pas encore de courriels."),
        (False, True, None),
    ],
)
def test_settings_say_when_no_email_leaves(
    world: World, demonstration: bool, smtp: bool, said: str | None
) -> None:
    client = world.client("family")
    config = client.application.config
    settings = replace(config["SETTINGS"], smtp_url="smtp://courrier.example" if smtp else "")
    config.update(DEMONSTRATION=demonstration, SETTINGS=settings)
    words = client.see("/notifications/reglages").words
    sentences = ("La démonstration n’envoie aucun courriel.", "Ce portail n’envoie pas encore de courriels.")
    assert [one for one in sentences if one in words] == ([said] if said else [])


def test_settings_that_make_no_sense_are_given_back(world: World) -> None:
    client = world.client("family")
    assert client.send("/notifications/reglages", cadence="souvent", quiet_from="25").status_code == 422
    assert world.read(lambda s: s.scalars(select(NoticeSetting)).all()) == []


def test_a_discussion_is_followed_then_muted_then_neither(replied: tuple[World, str]) -> None:
    world, root = replied
    client = world.client("board")
    path = f"/contributions/{root}/suivre"
    for value, kept in (
        ("suivi", [NoticeChoiceKind.FOLLOWED]),
        ("sourdine", [NoticeChoiceKind.MUTED]),
        ("defaut", []),
    ):
        page = client.see(path)
        answer = client.post(path, data={**page.form(path), "choice": value})
        assert answer.status_code == 303
        assert "Votre choix est enregistré." in client.see(answer.location).words
        assert [one.choice for one in world.read(lambda s: s.scalars(select(NoticeChoice)).all())] == kept
        if kept:
            assert kept[0].label in client.see("/notifications/reglages").words
    page = client.see(path)
    assert "Sujet" in page.words
    assert page.tree.xpath("//blockquote[contains(., 'Le jardin ferme trop tôt.')]"), "which discussion"
    assert client.send(path, choice="autre").status_code == 422
    assert world.client("family", world.other).get(path).status_code == 404
