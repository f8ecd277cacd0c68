"""How often one may open pages and send forms: one table, by account and by address.

A whole house shares one address, so an address may do much more than an account. Pages that are read and forms that are sent
have counts of their own: whoever sends quickly goes on reading. Nobody meets them by hand, even cell after cell in a grid.
Coming in has its own count of failed attempts, and going out is never refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request
from flask import session as flask_session
from flask_limiter import ApplicationLimit, Limiter

from portal import pace

READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
ACCOUNT, ADDRESS = "compte", "adresse"
# Who is asked, in these, is not yet known; and what a machine or a page asks by itself is not limited.
FREE_ENDPOINTS = frozenset(
    {None, "static", "health.health", "accounts.sign_in", "accounts.enter_as", "accounts.sign_out"}
)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests of these methods in a minute, for each account or each address."""

    name: str
    methods: tuple[str, ...]
    by: str
    per_minute: int

    def key(self, app: Flask) -> str:
        """Who is counted; empty when nobody is signed in and accounts are counted."""
        value = pace.place(request.remote_addr or "") if self.by == ADDRESS else _account()
        return pace.sealed(app, self.by, value) if value else ""


TABLE = (
    Rate("lecture", READING, ACCOUNT, 600),
    Rate("lecture", READING, ADDRESS, 12_000),
    Rate("ecriture", WRITING, ACCOUNT, 120),
    Rate("ecriture", WRITING, ADDRESS, 2_400),
)


def init_limits(app: Flask) -> None:
    """Count every request of `app` before anything else is done with it."""
    by = pace.scale(app)
    if not by:
        return
    limiter = Limiter(
        key_func=lambda: "",
        application_limits=[_limit(app, rate, by) for rate in TABLE],
        strategy="sliding-window-counter",
        storage_uri=f"{pace.SCHEME}://",
        storage_options={"redis_url": app.config["SETTINGS"].redis_url},
        fail_on_first_breach=True,
        headers_enabled=False,
    )
    limiter.request_filter(lambda: request.endpoint in FREE_ENDPOINTS)
    limiter.init_app(app)
    pace.share(app, limiter.storage)


def _limit(app: Flask, rate: Rate, by: float) -> ApplicationLimit:
    return ApplicationLimit(
        f"{pace.widened(rate.per_minute, by)}/minute",
        key_function=lambda: rate.key(app),
        scope=f"{rate.name}:{rate.by}",
        methods=rate.methods,
        exempt_when=lambda: not rate.key(app),
    )


def _account() -> str:
    account = getattr(flask_session, "account", None)
    return str(account.id) if account is not None else ""
