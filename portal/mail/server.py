"""Where letters are handed over, read from one setting before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from portal.config import LOOPBACK

PORTS = {"smtp": 25, "smtps": 465}
# RFC 5321 without its extensions: what smtplib can say to any server.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed over: `smtp(s)://name:password@host:port?starttls=1&autorite=file`."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    name: str = ""
    password: str = ""
    authority: str | None = None

    @classmethod
    def of(cls, url: str) -> Server:
        """Read an address. Errors: ValueError that says how to mend it."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("PORTAL_SMTP_URL doit ressembler à smtp://nom:secret@serveur:587?starttls=1.")
        asked = parse_qs(parts.query)
        try:
            port = parts.port or PORTS[parts.scheme]
        except ValueError:
            raise ValueError("Le port de PORTAL_SMTP_URL doit être un nombre.") from None
        server = cls(
            parts.hostname,
            port,
            tls=parts.scheme == "smtps",
            starttls=asked.get("starttls", ["0"])[0] == "1",
            name=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            authority=asked.get("autorite", [None])[0],
        )
        if server.name and not server.tls and not server.starttls and server.host not in LOOPBACK:
            raise ValueError(
                "PORTAL_SMTP_URL enverrait un mot de passe en clair. Ajoutez ?starttls=1, ou choisissez smtps://."
            )
        return server


def is_carried(address: str) -> bool:
    """Whether every mail server takes this as an address: a name and a domain, of plain signs."""
    return ADDRESS.fullmatch(address) is not None


def check_sender(typed: str) -> None:
    """Refuse what is not an address with its domain. Errors: ValueError."""
    if not is_carried(parseaddr(typed)[1]):
        raise ValueError("PORTAL_MAIL_FROM doit être une adresse, par exemple portail@exemple.fr.")
