"""A real SMTP server on this machine, in a thread, which misbehaves when a test asks."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# Made for these tests, for this machine only: it proves who nobody is.
DATA = Path(__file__).resolve().parents[1] / "data" / "post"
CERTIFICATE = (DATA / "certificate.pem", DATA / "key.pem")
OK = "250 OK"
DROPPED = "dropped"


class Office:
    """What arrived (`letters`), and what to say next: at RCPT (`to_address`), after DATA (`to_content`).

    `begun` counts the letters taken, `seconds` is how long it thinks about each.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.to_address: deque[str] = deque()
        self.to_content: deque[str] = deque()
        self.begun = 0
        self.seconds = 0.0

    async def handle_EHLO(  # noqa: N802 — the name is the library's
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 — the name is the library's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = self.to_address.popleft() if self.to_address else OK
        if said == OK:
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 — the name is the library's
        self.begun += 1
        await asyncio.sleep(self.seconds)
        said = self.to_content.popleft() if self.to_content else OK
        if said in (OK, DROPPED):
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        if said == DROPPED:
            # The letter is in the box; the answer never comes.
            assert server.transport is not None
            server.transport.abort()
            return OK
        return said


class _Anywhere(Controller):
    """A server on the port that the system gives."""

    def _create_server(self) -> Any:
        taken = socket.create_server((self.hostname, 0))
        self.port = taken.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=taken)


class PostOffice:
    """The server: start it with `with`; `url` is how a portal names it."""

    def __init__(self, *, certificate: tuple[Path, Path] | None = None, password: str | None = None) -> None:
        self.office = Office()
        self._certificate = certificate
        options: dict[str, Any] = {}
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            options |= {"tls_context": context, "require_starttls": True}
        if password is not None:
            options |= {
                "authenticator": lambda *asked: AuthResult(success=_same(asked[-1], password), handled=False),
                "auth_required": True,
                "auth_require_tls": certificate is not None,
            }
        self._controller = _Anywhere(self.office, hostname="127.0.0.1", **options)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def url(self, person: str = "", query: str = "") -> str:
        """Its address, with what comes before the host and after the port."""
        return f"smtp://{person}127.0.0.1:{self._controller.port}{query}"


def _same(asked: Any, password: str) -> bool:
    return isinstance(asked, LoginPassword) and asked.password == password.encode()
