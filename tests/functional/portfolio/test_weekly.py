"""« Cinq contrats à regarder, et pourquoi »: once a week, by the morning letter, with nobody's words in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.notifications import mails, watched
from portal.domain.notifications.models import Notice
from portal.domain.portfolio.models import PortfolioWeek
from portal.domain.portfolio.rules import week_of
from portal.extensions import unit
from portal.jobs.digests import Postman, prepare
from portal.kernel import clock
from portal.kernel.clock import PARIS, paris
from portal.mail.server import Server
from portal.mail.smtp import SmtpPost
from portal.vocabulary import Cadence, NoticeKind, Stage
from tests.conftest import World
from tests.factories.notices import skip
from tests.factories.portfolio import a_portfolio
from tests.factories.post_office import PostOffice
from tests.factories.world import a_contribution

CANARY = "Un mot que personne ne doit lire dans un courriel."


@pytest.fixture
def monday() -> datetime:
    """The next Monday at six in the morning, in Paris."""
    day = week_of(clock.today()) + timedelta(days=7)
    return datetime(day.year, day.month, day.day, 6, 0, tzinfo=PARIS)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


@pytest.fixture
def followed(world: World, monday: datetime) -> list[str]:
    """Seven contracts that begin soon and are not signed."""
    made = world.do(lambda s: a_portfolio(s, world.ours, 7))

    def soon(session: Session) -> None:
        today = paris(monday).date()
        for house in (world.ours, world.other):
            row = session.get_one(Contract, house.contract_id)
            row.stage, row.starts_on = Stage.EXECUTION, today - timedelta(days=100)
            row.ends_on = today + timedelta(days=1700)
        for number, contract_id in enumerate(made.contract_ids):
            row = session.get_one(Contract, contract_id)
            row.starts_on, row.stage, row.signed_on = (
                paris(monday).date() + timedelta(days=10 + number), Stage.NEGOTIATION, None,
            )  # fmt: skip

    world.do(soon)
    world.do(lambda s: a_contribution(s, world.ours, body=CANARY))
    skip(world)
    return made.contract_ids


def choose(world: World, at: datetime) -> None:
    while world.do(lambda session: watched.choose(session, at)):
        pass


def notices(world: World) -> list[Notice]:
    query = select(Notice).where(Notice.kind == NoticeKind.TO_LOOK_AT).order_by(Notice.mark)
    return world.read(lambda session: list(session.scalars(query)))


def letters(world: World, office: PostOffice, at: datetime) -> list[str]:
    """What the morning carries: subject and text of each letter."""
    post = SmtpPost(Server.of(office.url()), "Polyphonie <portail@exemple.fr>")
    postman = Postman(world.app, unit, post, now=lambda: at)
    world.do(lambda session: prepare(session, at))
    postman.round()
    postman.stop()
    return [
        f"{one['subject']}\n{one.get_body(('plain',)).get_content()}\n{one.get_body(('html',)).get_content()}"
        for one in office.office.letters
    ]


def test_five_are_told_once_a_week_each_with_its_reason(
    world: World, followed: list[str], monday: datetime
) -> None:
    choose(world, monday)
    told = notices(world)
    assert [one.contract_id for one in told] == followed[:5]
    for later in (timedelta(0), timedelta(hours=9), timedelta(days=6)):
        choose(world, monday + later)
    assert len(notices(world)) == 5
    choose(world, monday + timedelta(days=7))
    assert len(notices(world)) == 10


def test_only_authority_agents_are_chosen_for(world: World, followed: list[str], monday: datetime) -> None:
    choose(world, monday)
    accounts = world.read(lambda s: set(s.scalars(select(PortfolioWeek.account_id))))
    assert accounts == {world.ours["authority"].account_id, world.other["authority"].account_id}


def test_the_letter_tells_five_contracts_and_nobody_s_words(
    world: World, followed: list[str], monday: datetime, office: PostOffice
) -> None:
    choose(world, monday)
    (letter,) = letters(world, office, monday + timedelta(hours=2, minutes=30))
    assert letter.startswith("Cinq contrats à regarder, et pourquoi")
    assert letter.count("Contrat suivi") == 10
    assert "Il n’est pas encore signé." in letter
    assert "/suivi" in letter
    assert "/courriels/arreter/" in letter
    assert CANARY not in letter
    assert "retard" not in letter
    page = world.client("authority").see("/notifications")
    assert "Il n’est pas encore signé." in page.words
    first = world.client("authority").see("/suivi").tree.xpath("//section")[0].text_content()
    assert first.count("Contrat suivi") == 5


def test_who_stopped_the_letters_gets_none(
    world: World, followed: list[str], monday: datetime, office: PostOffice
) -> None:
    account = world.ours["authority"].account_id
    world.do(lambda s: mails.save_setting(s, account, Cadence.NONE))
    choose(world, monday)
    assert letters(world, office, monday + timedelta(hours=2, minutes=30)) == []


def test_an_account_that_fails_does_not_hold_the_others(
    world: World, followed: list[str], monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, tell = world.ours["authority"].account_id, watched._tell

    def failing(session: Session, account_id: str, *rest: object) -> None:
        if account_id == ours:
            raise ValueError("planted")
        tell(session, account_id, *rest)

    monkeypatch.setattr(watched, "_tell", failing)
    choose(world, monday)
    assert notices(world) == []
    assert len(world.read(lambda s: list(s.scalars(select(PortfolioWeek.account_id))))) == 2


SETTINGS = "/notifications/reglages"


def keep(world: World, **chosen: str) -> None:
    """Send the settings as they are shown, with these changes."""
    client = world.client("authority")
    form = {"cadence": Cadence.DIGEST.value, "quiet_from": "20", "quiet_until": "7", "montres": "lundi"}
    assert client.send(SETTINGS, **form | chosen).status_code == 303


def test_the_letter_of_monday_is_announced_in_the_settings_and_switched_off_there(
    world: World, followed: list[str], monday: datetime
) -> None:
    box = "//main//input[@name='lundi']"
    page = world.client("authority").see(SETTINGS)
    assert "Chaque lundi, cinq contrats à regarder, et pourquoi" in page.words
    assert page.tree.xpath(f"{box}/@checked")
    keep(world)
    assert not world.client("authority").see(SETTINGS).tree.xpath(f"{box}/@checked")
    choose(world, monday)
    own = world.ours["authority"].id
    assert own not in {one.participant_id for one in notices(world)}
    assert world.client("authority").see("/suivi").tree.xpath("//section[1]//ol/li"), "the page still says it"
    keep(world, lundi="1")
    choose(world, monday + timedelta(days=7))
    assert len(notices(world)) == 5


def test_a_letter_refused_on_monday_morning_does_not_leave(
    world: World, followed: list[str], monday: datetime, office: PostOffice
) -> None:
    choose(world, monday)
    keep(world)
    assert letters(world, office, monday + timedelta(hours=2, minutes=30)) == []


def test_who_follows_nothing_is_not_asked_about_mondays(world: World) -> None:
    for name in ("director", "family"):
        assert "Chaque lundi" not in world.client(name).see(SETTINGS).words


def test_the_page_of_contracts_says_where_the_letter_is_chosen(world: World, followed: list[str]) -> None:
    assert world.client("authority").see("/suivi").tree.xpath(f"//main//a[@href='{SETTINGS}']")
