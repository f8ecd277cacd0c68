"""Verbs of e-mails: one row a day and account, claimed before it leaves, settled after.

Nothing is sent here: who sends claims a row, lets the unit of work end, sends, and settles.
A process that falls in between leaves a row that is « peut-être arrivé », never sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.accounts.rules import token_hash
from portal.domain.notifications import queries, rules
from portal.domain.notifications.models import Mail, MailStop, Notice, NoticeSetting
from portal.domain.notifications.queries import NoticeView
from portal.domain.participants.models import Participant, Seat
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import new_token
from portal.vocabulary import Cadence, MailState, NoticeChoiceKind, NoticeKind

ACCOUNTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Claimed:
    """An e-mail that one process alone may send now; `stop` is the token that ends them."""

    id: str
    address: str
    language: str | None
    attempts: int
    stop: str
    notices: tuple[NoticeView, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: SENT, DOUBTFUL, FAILED (for good) or WAITING (may be tried again).

    `code` names the reason for the operator, without any person.
    """

    state: MailState
    code: str = ""


def prepare(session: Session, at: datetime) -> bool:
    """Make some of the e-mails of the day that are due now; True when accounts were looked at.

    They tell what came before this morning: whatever the day brings, it waits for tomorrow.
    """
    done = 0
    for row in session.execute(_candidates(at)):
        quiet = rules.Quiet() if row.quiet_from is None else rules.Quiet(row.quiet_from, row.quiet_until)
        if rules.is_due(quiet, at) and done < ACCOUNTS_AT_ONCE:
            _prepare_one(session, row.id, at)
            done += 1
    return done > 0


def doubt(session: Session, at: datetime) -> list[str]:
    """Give up waiting for attempts whose process fell: perhaps they arrived. Their ids."""
    lost = select(Mail).where(Mail.state == MailState.SENDING, Mail.next_at <= at)
    # Whoever writes what became of one has its row: it is not lost.
    found = list(session.scalars(lost.with_for_update(skip_locked=True)))
    for mail in found:
        mail.state, mail.error = MailState.DOUBTFUL, "interrompu"
    return [mail.id for mail in found]


def claim(session: Session, at: datetime) -> Claimed | None:
    """Take one e-mail to send; None when nothing waits. Never empty, never in quiet hours."""
    for mail in session.scalars(_waiting(at)):
        if mail.day != paris(at).date():
            _settle(session, mail, Outcome(MailState.FAILED, rules.DAY_OVER), at)
            continue
        if queries.setting(session, mail.account_id).quiet.holds(at):
            mail.next_at = at + rules.LATER
            continue
        found = _claim_one(session, mail, at)
        if found is not None:
            return found
    return None


def settle(session: Session, mail_id: str, outcome: Outcome, at: datetime) -> MailState:
    """Write what became of an attempt; the state that it leaves.

    An attempt that was given up meanwhile is not opened again: the operator may have handed
    its notices back already.
    """
    mail = session.get_one(Mail, mail_id, with_for_update=True)
    if mail.state is not MailState.SENDING:
        return mail.state
    return _settle(session, mail, outcome, at)


def hand_back(session: Session, mail_id: str) -> None:
    """Let the notices of an e-mail that failed, or perhaps did, go with the next one.

    Errors: NotFoundError when there is no such e-mail, or it is not one of these.
    """
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None or mail.state not in (MailState.FAILED, MailState.DOUBTFUL):
        raise NotFoundError("Aucun courriel en échec ou en doute ne porte ce numéro.")
    mail.state, mail.error = MailState.FAILED, "rendu"
    _release(session, mail)


def stop(session: Session, token: str) -> bool:
    """End the e-mails of the account to which this token was sent; False when nobody knows it."""
    row = session.get(MailStop, token_hash(token))
    if row is None:
        return False
    save_setting(session, row.account_id, Cadence.NONE)
    return True


def knows_stop(session: Session, token: str) -> bool:
    """Whether a token was sent to somebody."""
    return session.get(MailStop, token_hash(token)) is not None


def save_setting(
    session: Session, account_id: str, cadence: Cadence, quiet: rules.Quiet | None = None
) -> None:
    """Keep how an account wants its e-mails; the hours stay when they are not given."""
    # Two clicks at once: the second waits here, then finds the row of the first.
    session.get(Account, account_id, with_for_update={"key_share": True})
    row = session.get(NoticeSetting, account_id, populate_existing=True)
    if row is None:
        hours = quiet or rules.Quiet()
        session.add(
            NoticeSetting(
                account_id=account_id, cadence=cadence, quiet_from=hours.from_, quiet_until=hours.until
            )
        )
        return
    row.cadence = cadence
    if quiet is not None:
        row.quiet_from, row.quiet_until = quiet.from_, quiet.until


def forget(session: Session, at: datetime) -> bool:
    """Remove old e-mails and tokens; True when there were some."""
    mails = session.scalars(select(Mail.id).where(Mail.at < at - rules.KEPT_MAILS).limit(500)).all()
    session.execute(delete(Mail).where(Mail.id.in_(mails)))
    old = select(MailStop.token_hash).where(MailStop.at < at - rules.KEPT_STOPS).limit(500)
    stops = session.scalars(old).all()
    session.execute(delete(MailStop).where(MailStop.token_hash.in_(stops)))
    return bool(mails or stops)


def troubled(session: Session) -> list[Mail]:
    """What the operator should look at: failed or perhaps arrived, the latest first."""
    query = select(Mail).where(Mail.state.in_((MailState.FAILED, MailState.DOUBTFUL)))
    return list(session.scalars(query.order_by(Mail.at.desc(), Mail.id)))


def _candidates(at: datetime) -> Select[str, int, int]:
    """The accounts that have something new since, and no e-mail of today."""
    news = exists().where(
        Seat.account_id == Account.id,
        Participant.id == Seat.participant_id,
        Participant.left_at.is_(None),
        Notice.participant_id == Seat.participant_id,
        *_news(at),
    )
    mailed = exists().where(Mail.account_id == Account.id, Mail.day == paris(at).date())
    return (
        select(Account.id, NoticeSetting.quiet_from, NoticeSetting.quiet_until)
        .outerjoin(NoticeSetting, NoticeSetting.account_id == Account.id)
        .where(
            Account.disabled_at.is_(None),
            NoticeSetting.cadence.is_distinct_from(Cadence.NONE),
            news,
            ~mailed,
        )
        .order_by(Account.id)
    )


def _news(at: datetime) -> tuple[Any, ...]:
    return (
        Notice.read_at.is_(None),
        Notice.mailed_on.is_(None),
        Notice.at < rules.cutoff(at),
        Notice.at >= at - rules.MAILED_WITHIN,
    )


def _prepare_one(session: Session, account_id: str, at: datetime) -> None:
    rows = _notices(session, account_id, *_news(at))
    today = paris(at).date()
    for row in rows:
        row.mailed_on = today
    if _refused_before(session, account_id) or not _tellable(session, account_id, rows, at):
        return
    session.add(Mail(account_id=account_id, day=today, state=MailState.WAITING, next_at=at, at=at))
    session.flush()


def _notices(session: Session, account_id: str, *conditions: Any) -> list[Notice]:
    query = select(Notice).where(Notice.participant_id.in_(queries.seats(account_id)), *conditions)
    return list(session.scalars(query.order_by(Notice.at, Notice.id)))


def _tellable(session: Session, account_id: str, rows: list[Notice], at: datetime) -> tuple[NoticeView, ...]:
    """Those that may still be read, of spaces and threads that are not muted."""
    chosen = queries.own_choices(session, account_id)
    muted = {key for key, choice in chosen.items() if choice is NoticeChoiceKind.MUTED}
    return tuple(
        one
        for one in queries.readable(session, account_id, rows, at)
        if one.kind in rules.NEVER_MUTED or not {(one.participant_id, about) for about in _about(one)} & muted
    )


def _about(one: NoticeView) -> tuple[str | None, ...]:
    """What may be muted of a notice: its space or its thread, its contract when Monday tells of it."""
    monday = one.kind is NoticeKind.TO_LOOK_AT
    return (one.place.contract_id,) if monday else (one.place.space_id, one.place.thread_id)


def _refused_before(session: Session, account_id: str) -> bool:
    last = list(
        session.scalars(
            select(Mail).where(Mail.account_id == account_id).order_by(Mail.day.desc()).limit(rules.REFUSALS)
        )
    )
    refused = [one for one in last if one.error.startswith(rules.REFUSED_ADDRESS)]
    return len(refused) == rules.REFUSALS


def _waiting(at: datetime) -> Select[Mail]:
    """What may be tried now; another process's are passed over."""
    return (
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.next_at <= at)
        .order_by(Mail.next_at, Mail.id)
        .limit(ACCOUNTS_AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _claim_one(session: Session, mail: Mail, at: datetime) -> Claimed | None:
    account = session.get_one(Account, mail.account_id)
    rows = _notices(session, mail.account_id, Notice.mailed_on == mail.day, Notice.read_at.is_(None))
    notices = _tellable(session, mail.account_id, rows, at)
    wanted = queries.setting(session, mail.account_id).cadence is not Cadence.NONE
    if not notices or not wanted or account.disabled_at is not None:
        # Everything was read meanwhile, or nobody wants it any more.
        session.delete(mail)
        session.flush()
        return None
    mail.state = MailState.SENDING
    mail.attempts += 1
    mail.next_at = at + rules.SENDING_PATIENCE
    token = new_token()
    session.add(MailStop(token_hash=token_hash(token), account_id=mail.account_id, at=at))
    session.flush()
    return Claimed(mail.id, account.email, account.language, mail.attempts, token, notices)


def _settle(session: Session, mail: Mail, outcome: Outcome, at: datetime) -> MailState:
    mail.state, mail.error = outcome.state, outcome.code
    if outcome.state is MailState.SENT:
        mail.sent_at = at
    elif outcome.state is MailState.WAITING and rules.given_up(mail.attempts):
        mail.state = MailState.FAILED
    elif outcome.state is MailState.WAITING:
        mail.next_at = rules.next_attempt(mail.attempts, at)
    if mail.state is MailState.FAILED:
        _release(session, mail)
    session.flush()
    return mail.state


def _release(session: Session, mail: Mail) -> None:
    """Nobody read them in this e-mail: they may go with another one."""
    session.execute(
        update(Notice)
        .where(
            Notice.participant_id.in_(queries.seats(mail.account_id)),
            Notice.mailed_on == mail.day,
            Notice.read_at.is_(None),
        )
        .values(mailed_on=None)
    )
