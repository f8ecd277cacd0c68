"""The server itself, as it is started for real people: a morning letter leaves, and a slow mail server holds nothing up."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.domain.notifications import service
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.kernel.unit_of_work import SqliteUnit
from portal.vocabulary import ContributionKind
from tests.factories.post_office import PostOffice
from tests.factories.world import a_contribution, a_house, a_space

ENTRY = Path(__file__).with_name("mail_server.py")
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
SLOW_SECONDS = 3.0


@pytest.fixture
def store_name() -> str:
    return "sqlite"


@pytest.fixture
def furnished(instance: Path) -> Path:
    """A house where somebody replied, and where everybody was told."""
    database = instance / "polyphonie.sqlite"
    database.chmod(0o600)
    unit = SqliteUnit(database)

    def build(session: Session) -> None:
        house = a_house(session, "Tilleuls", residents=1, families=1)
        a_space(session, house)
        root = a_contribution(session, house)
        a_contribution(session, house, "professional", kind=ContributionKind.REPLY, parent_id=root)

    unit(build)
    while unit(lambda session: service.follow(session, clock.now())):
        pass
    unit.close()
    return instance


def ahead() -> float:
    """How many seconds it is to nine in the morning, tomorrow."""
    now = clock.now()
    day = clock.paris(now).date() + timedelta(days=1)
    return (datetime(day.year, day.month, day.day, 9, tzinfo=PARIS) - now).total_seconds()


def started(instance: Path, office: PostOffice) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **os.environ,
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_SMTP_URL": office.url(),
        "PORTAL_MAIL_FROM": "Polyphonie <portail@exemple.fr>",
        "PYTHONPATH": str(ROOT),
        "SECONDS_AHEAD": str(ahead()),
    }
    with (instance / "sortie.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, ENTRY, "--port", str(port), "--production"], cwd=ROOT, env=environ, stderr=log
        )
    return process, f"http://127.0.0.1:{port}/sante"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        running.office.seconds = SLOW_SECONDS
        yield running


def health(url: str) -> float:
    """How long the portal takes to say that it is well."""
    begun = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.live
def test_letters_leave_one_by_one_while_pages_are_served(furnished: Path, office: PostOffice) -> None:
    process, url = started(furnished, office)
    try:
        wait(lambda: answers(url))
        wait(lambda: office.office.begun > 0)
        slowest = max(health(url) for _ in range(20))
        assert slowest < SLOW_SECONDS / 2, "a slow mail server holds a page up"
        assert len(office.office.letters) < 2
        wait(lambda: len(office.office.letters) >= 2)
    finally:
        process.terminate()
        process.wait(20)
    ids = [letter["Message-ID"] for letter in office.office.letters]
    assert len(ids) == len(set(ids))


def answers(url: str) -> bool:
    try:
        return health(url) > 0
    except OSError:
        return False


def wait(happened) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)
