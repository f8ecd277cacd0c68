"""Headers of every answer, in one table, and who may post.

The table is applied around the whole application, so that errors, static files and
the live engine's own answers carry it too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, has_request_context, request

from portal.config import LOOPBACK
from portal.kernel.errors import RefusedError
from portal.kernel.speech import say

NONCE = "portal.csp_nonce"
SEALED = "portal.csp_sealed"
# A file that somebody sent: wherever it is opened, it runs nothing, fetches nothing and is nobody's page.
FILE_POLICY = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CACHE_HASHED = "public, max-age=31536000, immutable"
CACHE_STATIC = "public, max-age=3600"
CACHE_NONE = "no-store, private"
HSTS = "max-age=31536000; includeSubDomains"
PERMISSIONS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_PAGES = frozenset({"same-origin", "none"})
OTHER_SITE_CODE = "autre-site"
OTHER_SITE = say(
    "Ce formulaire a été envoyé depuis une autre page que celles du portail. Rien n’a été enregistré. "
    "Ouvrez la page dans le portail, puis recommencez."
)

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]


def init_security(app: Flask) -> None:
    """Put the headers on every answer; refuse forms sent from other sites.

    Call it after the live engine is bound, so that its answers are covered too.
    """
    # A form may stay open for an afternoon: its token lives as long as its session.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.context_processor(lambda: {"csp_nonce": csp_nonce()})
    app.before_request(_refuse_other_sites)
    app.wsgi_app = SecurityHeaders(app, app.wsgi_app)  # type: ignore[method-assign]


def csp_nonce() -> str:
    """The nonce of this answer's scripts; the same for the whole request."""
    if not has_request_context():
        return ""
    drawn: list[str] = request.environ.setdefault(NONCE, [])
    if not drawn:
        drawn.append(secrets.token_urlsafe(18))
    return drawn[0]


def seal_answer() -> None:
    """Put this answer under the policy of files that somebody sent."""
    request.environ.setdefault(SEALED, []).append(True)


def content_policy(portal_url: str, nonce: str) -> str:
    """The content security policy of one answer."""
    connect = " ".join(["'self'", *socket_origins(portal_url)])
    script = f"'nonce-{nonce}'" if nonce else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src {connect}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types portal",
        )
    )


def allowed_origins(portal_url: str) -> list[str]:
    """The origins from which pages may talk to the portal; both names of the loopback."""
    parts = urlsplit(portal_url)
    if parts.hostname not in LOOPBACK:
        return [f"{parts.scheme}://{parts.netloc}"]
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{host}{port}" for host in ("127.0.0.1", "localhost")]


def socket_origins(portal_url: str) -> list[str]:
    """The same, as WebSocket origins."""
    return [f"ws{origin.removeprefix('http')}" for origin in allowed_origins(portal_url)]


class SecurityHeaders:
    """WSGI layer that sets the table on whatever the application answers."""

    def __init__(self, app: Flask, inner: Any) -> None:
        self.inner = inner
        self.url = str(app.config.get("PORTAL_URL") or "http://127.0.0.1")
        self.static = f"{app.static_url_path}/"
        self.fixed: Headers = [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", ", ".join(f"{name}=()" for name in PERMISSIONS)),
            ("X-Frame-Options", "DENY"),
        ]
        if self.url.startswith("https://"):
            self.fixed.append(("Strict-Transport-Security", HSTS))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with our headers."""
        # A list, because layers in between copy the environment.
        nonce: list[str] = environ.setdefault(NONCE, [])
        environ.setdefault(SEALED, [])

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, self._dress(environ, nonce, status, headers), *rest)

        answer: Iterable[bytes] = self.inner(environ, start)
        return answer

    def _dress(self, environ: dict[str, Any], nonce: list[str], status: str, headers: Headers) -> Headers:
        policy = FILE_POLICY if environ.get(SEALED) else content_policy(self.url, "".join(nonce[:1]))
        ours = [
            *self.fixed,
            ("Content-Security-Policy", policy),
            ("Cache-Control", self._cache(environ.get("PATH_INFO", ""), status)),
        ]
        names = {name.lower() for name, _ in ours} | {"server", "expires", "pragma"}
        return [(name, value) for name, value in headers if name.lower() not in names] + ours

    def _cache(self, path: str, status: str) -> str:
        if not path.startswith(self.static) or not status.startswith(("200", "206", "304")):
            return CACHE_NONE
        return CACHE_HASHED if path.startswith(f"{self.static}dist/") else CACHE_STATIC


def from_other_site() -> bool:
    """Whether the browser says that another site sends this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OWN_PAGES
    # An older browser tells its origin only, or « null » where it was asked to tell nothing.
    origin = request.headers.get("Origin", "null")
    own = {request.host_url.rstrip("/"), *current_app.config["PORTAL_ORIGINS"]}
    return origin != "null" and origin not in own


def _refuse_other_sites() -> None:
    if request.method not in SAFE_METHODS and from_other_site():
        raise RefusedError(OTHER_SITE_CODE, OTHER_SITE)
