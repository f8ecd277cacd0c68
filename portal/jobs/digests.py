"""The morning e-mails: made by a job, carried by a postman outside any unit of work.

Three steps, each on disk before the next: the row of the day (one a day and account, by
constraint), its claim by one process, what became of it. A process that falls between claim
and answer leaves a doubt, and a doubt is never sent again: « peut-être » rather than twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import gevent
import structlog
from flask import Flask
from gevent.threadpool import ThreadPool
from sqlalchemy.orm import Session

from portal.domain.notifications import mails
from portal.domain.notifications.mails import Claimed, Outcome
from portal.jobs.runner import Job
from portal.kernel import clock
from portal.kernel.units import Unit
from portal.mail.letters import digest
from portal.mail.port import Post
from portal.vocabulary import MailState

PREPARE_SECONDS = 30.0
FORGET_SECONDS = 3_600.0
ROUND_SECONDS = 5.0
# So many letters leave between two looks at anything else.
LETTERS_A_ROUND = 200

log = structlog.get_logger(__name__)


def jobs() -> list[Job]:
    """What makes the e-mails of the day, and forgets old ones."""
    return [
        Job("courriels", PREPARE_SECONDS, prepare),
        Job("vieux-courriels", FORGET_SECONDS, mails.forget),
    ]


def start(app: Flask, unit: Unit, post: Post | None) -> None:
    """Start the postman of this process; without a post, tell the operator that no e-mail leaves."""
    if post is None:
        log.info("mail.off")
        return
    Postman(app, unit, post).start()


def prepare(session: Session, at: datetime) -> bool:
    """Make the e-mails of the day; tell the operator of those that nobody knows the end of."""
    for mail_id in mails.doubt(session, at):
        log.error("mail.doubtful", mail=mail_id, code="interrompu")
    return mails.prepare(session, at)


class Postman:
    """Carries, one by one, the e-mails that wait; several processes may each have one.

    Letters are carried in a thread: a slow server holds nothing up.
    """

    def __init__(self, app: Flask, unit: Unit, post: Post, now: Callable[[], datetime] = clock.now) -> None:
        self._app = app
        self._unit = unit
        self._post = post
        self._now = now
        self._pool = ThreadPool(1)
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Carry until stopped, in a greenlet of its own."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._for_ever)

    def stop(self) -> None:
        """End after the letter under way."""
        greenlet, self._greenlet = self._greenlet, None
        if greenlet is not None:
            greenlet.join()
        self._pool.kill()

    def round(self) -> int:
        """Carry what waits now; how many letters were tried."""
        tried = 0
        while tried < LETTERS_A_ROUND:
            claimed = self._unit(lambda session: mails.claim(session, self._now()))
            if claimed is None:
                break
            self._carry(claimed)
            tried += 1
        return tried

    def _for_ever(self) -> None:
        while self._greenlet is not None:
            try:
                self.round()
            except Exception:
                # The database may be away for a while: what was claimed becomes a doubt by itself.
                log.exception("mail.round_failed")
            gevent.sleep(ROUND_SECONDS)

    def _carry(self, claimed: Claimed) -> None:
        outcome = self._sent(claimed)
        state = self._unit(lambda session: mails.settle(session, claimed.id, outcome, self._now()))
        if state in (MailState.FAILED, MailState.DOUBTFUL):
            log.error("mail.not_sent", mail=claimed.id, state=state.value, code=outcome.code)
        elif state is MailState.WAITING:
            log.warning("mail.later", mail=claimed.id, attempts=claimed.attempts, code=outcome.code)

    def _sent(self, claimed: Claimed) -> Outcome:
        try:
            with self._app.app_context():
                letter = digest(claimed, self._app.config["PORTAL_URL"])
        except Exception:
            log.exception("mail.not_written", mail=claimed.id)
            return Outcome(MailState.WAITING, "redaction")
        try:
            outcome: Outcome = self._pool.apply(self._post.send, (letter,))
        except Exception as error:
            # Nobody knows how far it went.
            log.exception("mail.broke", mail=claimed.id)
            return Outcome(MailState.DOUBTFUL, type(error).__name__)
        return outcome
