"""Reads about accounts and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account, SessionRow
from portal.kernel import clock


@dataclass(frozen=True, slots=True)
class AccountView:
    """A person who may sign in, as pages may name them to themselves."""

    id: str
    email: str
    name: str
    persona: str | None


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


def session_account(session: Session, token_hash: str, at: datetime) -> str | None:
    """The account id when the session is alive and the account not disabled."""
    query = select(SessionRow.account_id).join(Account).where(*_alive(token_hash, at))
    return session.scalar(query)


def open_session(session: Session, token_hash: str, at: datetime) -> OpenSession | None:
    """The whole of a session that is alive, in one query; else None."""
    query = (
        select(
            Account.id,
            Account.email,
            Account.name,
            Account.persona,
            SessionRow.data,
            SessionRow.created_at,
            SessionRow.seen_at,
        )
        .join(Account)
        .where(*_alive(token_hash, at))
    )
    row = session.execute(query).first()
    return None if row is None else OpenSession(AccountView(*row[:4]), *row[4:])


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


def any_account(session: Session) -> bool:
    """Whether somebody has an account at all."""
    return session.scalar(select(Account.id).limit(1)) is not None


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


def _alive(token_hash: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.token_hash == token_hash,
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > at,
        Account.disabled_at.is_(None),
    )


def _view(session: Session, condition: ColumnElement[bool]) -> AccountView | None:
    query = select(Account.id, Account.email, Account.name, Account.persona).where(
        condition, Account.disabled_at.is_(None)
    )
    row = session.execute(query).first()
    return None if row is None else AccountView(*row)


def _slices(values: list[str], size: int) -> list[list[str]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
