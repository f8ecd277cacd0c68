"""The session behind a socket: read from the handshake's cookie, re-read at every event."""

from __future__ import annotations

from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.accounts import queries as accounts
from portal.domain.accounts import rules


def token_hash(environ: dict[str, Any], cookie_name: str) -> str | None:
    """The stored form of the session cookie in a handshake, or None without one."""
    try:
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return None
    if cookie_name not in cookies or not cookies[cookie_name].value:
        return None
    return rules.token_hash(cookies[cookie_name].value)


def account(session: Session, hashed: str | None, at: datetime) -> str | None:
    """The account signed in with this token now, or None when it has ended."""
    return None if hashed is None else accounts.session_account(session, hashed, at)


def ended(session: Session, hashes: list[str], at: datetime) -> set[str]:
    """Which of these tokens open nothing any more; one query."""
    return set(accounts.ended_tokens(session, hashes, at))
