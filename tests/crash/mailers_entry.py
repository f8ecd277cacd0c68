"""One of several processes that make and carry the e-mails of a morning, on one PostgreSQL.

`python mailers_entry.py INSTANCE SMTP POINT FAULT`: says « ready », then waits for a line with the instant
at which it is nine o'clock; from there time passes ten times as fast. It works until it is killed: by
another hand, or by its own at a point.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mail_entry import Point

from portal.app import create_app
from portal.config import Settings, database_address
from portal.domain.notifications import mails
from portal.domain.notifications.models import Mail
from portal.extensions import unit
from portal.jobs import digests
from portal.jobs.runner import Runner
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.mail.server import Server
from portal.mail.smtp import SmtpPost

SPEED = 10
PAUSE_SECONDS = 0.03
# So that a morning is made in several pieces, and letters leave while others are being made.
ACCOUNTS_AT_ONCE = 6


def unlocked() -> None:
    """The planted fault: whoever looks for a letter passes over nobody's."""
    waiting, claim_one = mails._waiting, mails._claim_one

    def without(at: datetime) -> Select[Mail]:
        query = waiting(at)
        query._for_update_arg = None
        return query

    def slow(*arguments: Any) -> Any:
        time.sleep(0.1)
        return claim_one(*arguments)

    mails._waiting, mails._claim_one = without, slow


def nine(begun: float) -> Callable[[], datetime]:
    """The clock of tomorrow morning."""
    day = clock.paris(datetime.fromtimestamp(begun, PARIS)).date() + timedelta(days=1)
    opening = datetime(day.year, day.month, day.day, 9, tzinfo=PARIS)
    return lambda: opening + timedelta(seconds=(time.time() - begun) * SPEED)


def dies_at(point: Point) -> None:
    """Once a piece of the morning is on disk; or when a letter is claimed and nothing of it has left."""
    prepare, claim_one = digests.prepare, mails._claim_one

    def piece(session: Session, at: datetime) -> bool:
        if point.pieces:
            point("prepared")
        did = prepare(session, at)
        point.pieces += did
        return did

    def claimed(*arguments: Any) -> Any:
        point.claimed += 1
        return claim_one(*arguments)

    digests.prepare, mails._claim_one = piece, claimed


def main(instance: str, smtp: str, wanted: str, fault: str) -> None:
    """Prepare and carry, over and over."""
    point = Point(wanted)
    point.pieces = point.claimed = 0
    if fault:
        unlocked()
    mails.ACCOUNTS_AT_ONCE = ACCOUNTS_AT_ONCE
    digests.PREPARE_SECONDS = 0.5 * SPEED
    dies_at(point)
    settings = Settings(
        instance=Path(instance),
        secret_key="k" * 48,
        database_url=database_address(os.environ["DATABASE_URL"]),
        testing=True,
    )
    app = create_app(settings)
    post = SmtpPost(Server.of(smtp), "Polyphonie <portail@exemple.fr>")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    now = nine(float(sys.stdin.readline()))
    runner = Runner(unit.bound, digests.jobs(), now=now)
    postman = digests.Postman(app, unit, post, now=now)
    sent = postman._sent

    def sends(claimed: mails.Claimed) -> mails.Outcome:
        if point.claimed > 2:
            point("claimed")
        return sent(claimed)

    postman._sent = sends  # type: ignore[method-assign]
    while True:
        runner.tick()
        postman.round()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
