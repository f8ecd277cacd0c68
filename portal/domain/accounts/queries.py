"""Reads about accounts and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account, SessionRow
from portal.kernel import clock
from portal.kernel.prepared import Statement


@dataclass(frozen=True, slots=True)
class AccountView:
    """A person who may sign in, as pages may name them to themselves.

    `language` is None as long as the browser decides; `comfort` is read by `domain.accounts.comfort`.
    """

    id: str
    email: str
    name: str
    persona: str | None
    language: str | None = None
    comfort: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares; `password_hash` is None when there is no password."""

    account_id: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is alive, with its account."""

    account: AccountView
    data: str
    created_at: datetime
    seen_at: datetime


_accounts, _sessions = Account.__table__, SessionRow.__table__
_SESSION = Statement(
    select(
        _accounts.c.id,
        _accounts.c.email,
        _accounts.c.name,
        _accounts.c.persona,
        _accounts.c.language,
        _accounts.c.comfort,
        _sessions.c.data,
        _sessions.c.created_at,
        _sessions.c.seen_at,
    )
    .select_from(_sessions.join(_accounts))
    .where(
        _sessions.c.token_hash == bindparam("token_hash"),
        _sessions.c.ended_at.is_(None),
        _sessions.c.expires_at > bindparam("at"),
        _accounts.c.disabled_at.is_(None),
    )
)


def session_account(session: Session, token_hash: str, at: datetime) -> str | None:
    """The account id when the session is alive and the account not disabled."""
    row = _SESSION.first(session, token_hash=token_hash, at=at)
    return None if row is None else str(row.id)


def open_session(session: Session, token_hash: str, at: datetime) -> OpenSession | None:
    """The whole of a session that is alive, in one query; else None."""
    row = _SESSION.first(session, token_hash=token_hash, at=at)
    return None if row is None else OpenSession(AccountView(*row[:6]), *row[6:])


def account(session: Session, account_id: str) -> AccountView | None:
    """An account that is not disabled."""
    return _view(session, Account.id == account_id)


def account_by_email(session: Session, email: str) -> AccountView | None:
    """The same, by its normalised address."""
    return _view(session, Account.email == email)


def credentials(session: Session, email: str) -> Credentials | None:
    """What to compare for a normalised address; None when unknown or disabled."""
    query = select(Account.id, Account.password_hash).where(
        Account.email == email, Account.disabled_at.is_(None)
    )
    row = session.execute(query).first()
    return None if row is None else Credentials(*row)


def personas(session: Session) -> list[AccountView]:
    """The people of the demonstration, in the order in which they were made."""
    query = (
        select(Account.id, Account.email, Account.name, Account.persona)
        .where(Account.persona.is_not(None), Account.disabled_at.is_(None))
        .order_by(Account.created_at, Account.persona)
    )
    return [AccountView(*row) for row in session.execute(query)]


def persona(session: Session, slug: str) -> AccountView | None:
    """One of them, by what stands before the @ of the address."""
    found = [view for view in personas(session) if view.email.partition("@")[0] == slug]
    return found[0] if found else None


def ended_tokens(session: Session, hashes: Iterable[str], at: datetime | None = None) -> set[str]:
    """Those of the given token hashes that open nothing any more at this instant (now).

    Ended, expired, disabled and unknown sessions are all ended.
    """
    wanted, moment = set(hashes), at or clock.now()
    alive: set[str] = set()
    for some in _slices(sorted(wanted), 500):
        query = (
            select(SessionRow.token_hash)
            .join(Account)
            .where(
                SessionRow.token_hash.in_(some),
                SessionRow.ended_at.is_(None),
                SessionRow.expires_at > moment,
                Account.disabled_at.is_(None),
            )
        )
        alive.update(session.scalars(query))
    return wanted - alive


def _view(session: Session, condition: ColumnElement[bool]) -> AccountView | None:
    query = select(
        Account.id, Account.email, Account.name, Account.persona, Account.language, Account.comfort
    ).where(condition, Account.disabled_at.is_(None))
    row = session.execute(query).first()
    return None if row is None else AccountView(*row)


def _slices(values: list[str], size: int) -> list[list[str]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
