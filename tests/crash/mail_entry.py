"""A process that tells people and sends letters once, killed at a point that its arguments name.

`python mail_entry.py INSTANCE DAYS POINT FAULT`: letters that « arrived » are lines of a file,
written and synced before the answer, as a mail server keeps them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.app import create_app
from portal.config import Settings
from portal.domain.notifications import mails, queries, service
from portal.domain.notifications.mails import Outcome
from portal.domain.notifications.models import NoticeCursor
from portal.extensions import unit
from portal.jobs import digests
from portal.kernel import clock
from portal.mail.port import Letter
from portal.vocabulary import MailState

POINTS = (
    "noticed", "followed", "preparing", "prepared", "claiming", "claimed", "sending", "delivered", "settling",
    "settled",
)  # fmt: skip


class Point:
    """Where this process is killed."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted

    def __call__(self, name: str) -> None:
        if name == self.wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    def within(self, name: str, fn: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with a point at its end: inside the unit of work, before COMMIT."""

        def run(*arguments: Any) -> Any:
            result = fn(*arguments)
            self(name)
            return result

        return run


class FilePost:
    """A mail server whose box is a file."""

    def __init__(self, box: Path, point: Point) -> None:
        self.box, self.point = box, point

    def send(self, letter: Letter) -> Outcome:
        self.point("sending")
        with self.box.open("a", encoding="utf-8") as box:
            box.write(json.dumps({"id": letter.id, "to": letter.to}) + "\n")
            box.flush()
            os.fsync(box.fileno())
        self.point("delivered")
        return Outcome(MailState.SENT)


def cursor_apart(point: Point) -> None:
    """The planted fault: the cursor moves in a unit of its own, before anybody is told."""
    follow = service.follow

    def ahead(session: Session, at: Any) -> bool:
        contract_id = next(iter(queries.behind(session)), None)
        if contract_id is None:
            return False
        cursor = session.get(NoticeCursor, contract_id)
        before = cursor.seq if cursor else 0
        lines = queries.lines_after(session, contract_id, before, service.LINES_AT_ONCE)
        session.merge(NoticeCursor(contract_id=contract_id, seq=lines[-1].seq))
        pending.append((contract_id, before))
        return True

    def behind(session: Session, at: Any) -> bool:
        contract_id, before = pending.pop()
        session.merge(NoticeCursor(contract_id=contract_id, seq=before))
        session.flush()
        return follow(session, at)

    pending: list[tuple[str, int]] = []

    def apart(session: Session, at: Any) -> bool:
        return behind(session, at) if pending else ahead(session, at)

    service.follow = apart


def main(instance: str, days: str, wanted: str, fault: str) -> None:
    """Follow to the end, prepare the e-mails of a day, carry them."""
    point = Point(wanted)
    if fault:
        cursor_apart(point)
    folder = Path(instance)
    app = create_app(Settings(instance=folder, secret_key="k" * 48, testing=True))
    at = clock.now()
    morning = clock.paris(at).replace(hour=9) + timedelta(days=int(days))
    follow = point.within("noticed", service.follow) if not fault else service.follow
    while unit(lambda session: follow(session, at)):
        point("followed")
    unit(point.within("preparing", lambda session: digests.prepare(session, morning)))
    point("prepared")
    mails.claim = point.within("claiming", mails.claim)
    mails.settle = point.within("settling", mails.settle)
    post = FilePost(folder / "boite.txt", point)
    postman = digests.Postman(app, unit, post, now=lambda: morning)
    sent = postman._sent
    postman._sent = lambda claimed: (point("claimed"), sent(claimed))[1]  # type: ignore[method-assign]
    postman.round()
    point("settled")
    postman.stop()
    unit.bound.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
