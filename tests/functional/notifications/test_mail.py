"""The morning e-mail through a real server: what it says, what stops it, what the operator sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal import cli
from portal.domain.accounts.models import Account
from portal.domain.notifications import mails
from portal.domain.notifications.models import Mail, MailStop, Notice
from portal.extensions import unit
from portal.jobs.digests import Postman, prepare
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.mail.server import Server
from portal.mail.smtp import SmtpPost
from portal.vocabulary import Cadence, ContributionKind, MailState
from tests.conftest import World
from tests.factories.notices import follow, skip
from tests.factories.pages import steady
from tests.factories.post_office import DROPPED, PostOffice
from tests.factories.world import a_contribution

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


class Morning:
    """Tomorrow, and a postman who lives then."""

    def __init__(self, world: World, office: PostOffice) -> None:
        day = clock.paris(clock.now()).date() + timedelta(days=1)
        self.at = datetime(day.year, day.month, day.day, 8, 30, tzinfo=PARIS)
        self.world, self.office = world, office.office
        post = SmtpPost(Server.of(office.url()), "Polyphonie <portail@exemple.fr>")
        self.postman = Postman(world.app, unit, post, now=lambda: self.at)

    def work(self) -> None:
        """Prepare what is due and carry it."""
        self.world.do(lambda session: prepare(session, self.at))
        self.postman.round()

    def rows(self) -> list[Mail]:
        return self.world.read(lambda s: list(s.scalars(select(Mail).order_by(Mail.at))))

    def state(self) -> tuple[MailState, str, int]:
        (row,) = self.rows()
        return row.state, row.error, row.attempts

    @property
    def letters(self) -> list[EmailMessage]:
        return self.office.letters


@pytest.fixture
def morning(world: World, office: PostOffice) -> Iterator[Morning]:
    """The morning after somebody replied to a family."""
    skip(world)
    root = world.do(lambda s: a_contribution(s, world.ours, body="Le jardin ferme trop tôt."))
    reply(world, root)
    follow(world)
    made = Morning(world, office)
    yield made
    made.postman.stop()


def reply(world: World, root: str) -> None:
    world.do(
        lambda s: a_contribution(
            s, world.ours, "professional", "Moi aussi.", kind=ContributionKind.REPLY, parent_id=root
        )
    )


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_one_letter_leaves_that_says_what_and_where_and_nothing_of_what_was_written(morning: Morning) -> None:
    morning.work()
    morning.work()
    (letter,) = morning.letters
    assert letter["To"] == "family.tilleuls@exemple.fr"
    assert letter["Subject"] == "Des nouvelles vous attendent sur Polyphonie"
    for kind in ("plain", "html"):
        words = body(letter, kind)
        assert "Une personne a répondu à vos mots." in words
        assert "Contrat Tilleuls" in words
        assert "jardin" not in words
        assert "Moi aussi" not in words
        assert "/contributions/" in words
        # The page to which it leads says the same.
        assert "Ne plus recevoir de courriels" in words
    assert "professional" not in str(letter).lower()
    assert morning.state() == (MailState.SENT, "", 1)


def test_the_letter_is_in_the_language_of_the_account(morning: Morning) -> None:
    account_id = morning.world.ours["family"].account_id
    morning.world.do(lambda s: setattr(s.get_one(Account, account_id), "language", "en"))
    morning.work()
    assert morning.letters[0]["Content-Language"] == "en"
    assert '<html lang="en">' in body(morning.letters[0], "html")


def test_later_then_sent_once(morning: Morning) -> None:
    morning.office.to_address.append("451 Later")
    morning.work()
    assert morning.state() == (MailState.WAITING, "destinataire-451", 1)
    morning.work()
    assert morning.letters == []
    morning.at += 6 * MINUTE
    morning.work()
    assert morning.state() == (MailState.SENT, "", 2)
    assert len(morning.letters) == 1


def test_refused_for_good_is_told_to_the_operator_and_goes_with_the_next_morning(morning: Morning) -> None:
    morning.office.to_content.append("554 No")
    morning.work()
    assert morning.state() == (MailState.FAILED, "message-554", 1)
    morning.at += timedelta(days=1)
    morning.work()
    assert len(morning.letters) == 1
    assert "Une personne a répondu" in body(morning.letters[0], "plain")


def test_a_doubt_is_never_sent_again_until_the_operator_says_so(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning.office.to_content.append(DROPPED)
    morning.work()
    assert morning.state() == (MailState.DOUBTFUL, "sans-reponse", 1)
    for _ in range(3):
        morning.at += timedelta(days=1)
        morning.work()
    assert len(morning.letters) == 1
    report = operator(morning, monkeypatch)
    (mail_id,) = re.findall(
        r"^([a-z2-7]{26})  .*peut-être arrivé  1 essai  sans-reponse$", report, re.MULTILINE
    )
    assert "exemple.fr" not in report
    assert "partira avec le prochain" in operator(morning, monkeypatch, "--renvoyer", mail_id)
    assert "Aucun courriel" in operator(morning, monkeypatch, "--renvoyer", "inconnu")
    morning.at += timedelta(days=1)
    morning.work()
    assert len(morning.letters) == 2


def operator(morning: Morning, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    settings = morning.world.app.config["SETTINGS"]
    monkeypatch.setattr(cli, "_settings", lambda: settings)
    answer = CliRunner().invoke(cli.cli, ["courriels", *arguments])
    return answer.output + (str(answer.exception) if answer.exception else "")


def test_a_process_that_fell_while_sending_leaves_a_doubt(morning: Morning) -> None:
    morning.world.do(lambda s: prepare(s, morning.at))
    assert morning.world.do(lambda s: mails.claim(s, morning.at)) is not None
    assert morning.world.do(lambda s: mails.claim(s, morning.at)) is None, "one process alone may send it"
    morning.at += 16 * MINUTE
    morning.work()
    assert morning.state() == (MailState.DOUBTFUL, "interrompu", 1)
    assert morning.letters == []


@pytest.mark.parametrize(
    "happen",
    [
        lambda w, s: s.query(Notice).update({"read_at": clock.now()}),
        lambda w, s: mails.save_setting(s, w.ours["family"].account_id, Cadence.NONE),
        lambda w, s: s.query(Account).update({"disabled_at": clock.now()}),
    ],
    ids=["read meanwhile", "wanted no more", "account closed"],
)
def test_no_letter_leaves_when_there_is_nothing_to_say_or_nobody_to_hear(
    morning: Morning, happen: Callable[..., object]
) -> None:
    morning.world.do(lambda s: prepare(s, morning.at))
    assert len(morning.rows()) == 1
    morning.world.do(lambda s: happen(morning.world, s))
    morning.postman.round()
    assert (morning.letters, morning.rows()) == ([], [])


def test_one_click_ends_letters_and_can_do_nothing_else(morning: Morning) -> None:
    morning.work()
    address = str(morning.letters[0]["List-Unsubscribe"]).strip("<>")
    path = "/" + address.split("/", 3)[3]
    visitor = morning.world.client(None)
    for _ in range(2):
        page = visitor.see(path)
        assert "Ne plus recevoir de courriels" in page.words
    assert morning.world.read(lambda s: mails.queries.setting(s, account(morning)).cadence) is Cadence.DIGEST
    # As a mailbox does: no cookie, no token of a form.
    mailbox = morning.world.client(None)
    for _ in range(2):
        answer = mailbox.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert morning.world.read(lambda s: mails.queries.setting(s, account(morning)).cadence) is Cadence.NONE
    assert mailbox.get("/contrats").status_code == 302, "it opens no door"
    stored = morning.world.read(lambda s: [one.token_hash for one in s.scalars(select(MailStop))])
    assert path.rpartition("/")[2] not in stored


def account(morning: Morning) -> str:
    return morning.world.ours["family"].account_id


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_nobody_got_does_not_exist(world: World, method: str) -> None:
    visitor = world.client(None)
    unknown = getattr(visitor, method)("/courriels/arreter/jamais-envoye")
    absent = visitor.get("/contrats/" + "a" * 26 + "/rien")
    assert unknown.status_code == absent.status_code == 404
    assert steady(unknown.text) == steady(absent.text)


def test_a_closed_door_of_another_site_is_no_way_in(morning: Morning) -> None:
    morning.work()
    path = "/" + str(morning.letters[0]["List-Unsubscribe"]).strip("<>").split("/", 3)[3]
    visitor = morning.world.client(None)
    answer = visitor.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
