"""Letters through a real SMTP server: what arrived, and what the portal says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.domain.notifications.mails import Outcome
from portal.domain.notifications.rules import REFUSED_ADDRESS
from portal.mail.port import Letter
from portal.mail.server import Server, check_sender
from portal.mail.smtp import SmtpPost, post_of
from portal.vocabulary import MailState
from tests.factories.post_office import CERTIFICATE, DROPPED, PostOffice

SENDER = "Polyphonie <portail@exemple.fr>"
STOP = "https://portail.exemple.fr/courriels/arreter/jeton"
LETTER = Letter(
    id="abcdefghijklmnopqrstuvwxyz",
    to="anne@exemple.fr",
    language="fr",
    subject="Des nouvelles : l’été à « Ker Avel »",
    text="Bonjour,\n\n.\n..deux points en tête de ligne\nÀ bientôt.\n",
    html="<!DOCTYPE html><html lang='fr'><body><p>Bonjour, été</p></body></html>",
    stop_url=STOP,
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


def post(url: str) -> SmtpPost:
    return SmtpPost(Server.of(url), SENDER)


def test_a_letter_arrives_whole_with_what_stops_it(office: PostOffice) -> None:
    assert post(office.url()).send(LETTER) == Outcome(MailState.SENT)
    (letter,) = office.office.letters
    assert letter["From"] == SENDER
    assert letter["To"] == LETTER.to
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == f"<{LETTER.id}@exemple.fr>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == f"<{STOP}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html


@pytest.mark.parametrize(
    ("at", "answer", "outcome"),
    [
        ("to_address", "450 Later", Outcome(MailState.WAITING, "destinataire-450")),
        ("to_address", "550 Nobody", Outcome(MailState.FAILED, "destinataire-550")),
        ("to_content", "451 Later", Outcome(MailState.WAITING, "message-451")),
        ("to_content", "554 No", Outcome(MailState.FAILED, "message-554")),
        ("to_content", DROPPED, Outcome(MailState.DOUBTFUL, "sans-reponse")),
    ],
)
def test_what_the_server_says_is_what_is_told(
    office: PostOffice, at: str, answer: str, outcome: Outcome
) -> None:
    getattr(office.office, at).append(answer)
    assert post(office.url()).send(LETTER) == outcome
    assert len(office.office.letters) == (1 if answer == DROPPED else 0)
    if outcome.state is MailState.WAITING:
        assert post(office.url()).send(LETTER) == Outcome(MailState.SENT)
        assert len(office.office.letters) == 1


@pytest.mark.parametrize(
    "address",
    ["zoé@exemple.fr", "anne@hôpital.fr", "anne", "anne@", "anne@exemple.fr\r\nDATA", "a b@exemple.fr", ""],
)
def test_what_never_left_is_no_doubt(office: PostOffice, address: str) -> None:
    refused = post(office.url()).send(replace(LETTER, to=address))
    assert refused == Outcome(MailState.FAILED, "destinataire-adresse")
    assert refused.code.startswith(REFUSED_ADDRESS), "three of these, and the address is left alone"
    assert office.office.letters == []


def test_a_letter_that_cannot_be_written_is_no_doubt(office: PostOffice) -> None:
    broken = post(office.url()).send(replace(LETTER, subject="Des\nnouvelles"))
    assert broken == Outcome(MailState.FAILED, "redaction-ValueError")
    assert office.office.letters == []


@pytest.mark.parametrize("address", ["o'neil+notes@sub.exemple.fr", "a_b-c.d@x1.fr", "x@localhost"])
def test_usual_addresses_are_carried(office: PostOffice, address: str) -> None:
    assert post(office.url()).send(replace(LETTER, to=address)) == Outcome(MailState.SENT)


def test_nobody_there_may_be_tried_again() -> None:
    with PostOffice() as gone:
        url = gone.url()
    assert post(url).send(LETTER) == Outcome(MailState.WAITING, "connexion-ConnectionRefusedError")


def test_a_secret_is_only_told_over_tls_to_whom_one_knows() -> None:
    with PostOffice(certificate=CERTIFICATE, password="s3cret@:/") as office:
        known = f"?starttls=1&autorite={CERTIFICATE[0]}"
        right, wrong = "portail:s3cret%40%3A%2F@", "portail:faux@"
        assert post(office.url(right, known)).send(LETTER) == Outcome(MailState.SENT)
        refused = post(office.url(wrong, known)).send(LETTER)
        assert refused == Outcome(MailState.WAITING, "identification-535")
        unknown = post(office.url(right, "?starttls=1")).send(LETTER)
        assert unknown == Outcome(MailState.WAITING, "tls")
        assert len(office.office.letters) == 1


def test_a_server_without_tls_gets_no_letter_when_tls_is_wanted(office: PostOffice) -> None:
    assert post(office.url(query="?starttls=1")).send(LETTER) == Outcome(MailState.WAITING, "tls-0")
    assert office.office.letters == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mail.exemple.fr", "doit ressembler"),
        ("http://mail.exemple.fr", "doit ressembler"),
        ("smtp://mail.exemple.fr:x", "port"),
        ("smtp://nom:secret@mail.exemple.fr", "en clair"),
    ],
)
def test_a_bad_address_is_refused_before_anything_starts(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Server.of(url)


def test_good_addresses_are_read() -> None:
    assert Server.of("smtps://nom:a%40b@mail.exemple.fr") == Server(
        "mail.exemple.fr", 465, tls=True, name="nom", password="a@b"
    )
    assert Server.of("smtp://127.0.0.1").port == 25
    check_sender(SENDER)
    for typed in ("Polyphonie", "Polyphonie <pôle@exemple.fr>"):
        with pytest.raises(ValueError, match="PORTAL_MAIL_FROM"):
            check_sender(typed)


def test_no_letter_ever_leaves_the_demonstration(tmp_path: Path) -> None:
    settings = Settings(tmp_path, "k" * 48, smtp_url="smtp://127.0.0.1", mail_from=SENDER)
    assert post_of(settings) is not None
    assert post_of(replace(settings, demonstration=True)) is None
    assert post_of(replace(settings, smtp_url="")) is None
