"""Settings, read once from the environment into one typed object."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
# The heaviest document that may be attached, in megabytes, whatever the settings say.
HEAVIEST = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(RuntimeError):
    """A setting that cannot be accepted; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process runs with.

    `instance` holds the database and the key; `url` is the public address of the portal;
    `database_url` names PostgreSQL, or is empty for the SQLite file of the instance; `redis_url`
    names the bus between several processes, or is empty;
    `demonstration` opens « Entrer comme… »; `clock_file` lets tests move the time; `limits`
    multiplies how often one may ask (0: as often as one likes, refused to real people); `smtp_url` is
    where e-mails are handed over and `mail_from` in whose name (empty: no e-mail leaves);
    `document_megabytes` is how heavy one attached document may be.
    """

    instance: Path
    secret_key: str
    database_url: str = ""
    redis_url: str = ""
    url: str = "http://127.0.0.1:8000"
    demonstration: bool = False
    live_engine: str = "stock"
    testing: bool = False
    clock_file: bool = False
    limits: float | None = None
    smtp_url: str = ""
    mail_from: str = ""
    document_megabytes: int = 20

    @property
    def pace(self) -> float:
        """What every limit is multiplied by; tests that say nothing are not limited."""
        if self.limits is None:
            return 0.0 if self.testing else 1.0
        return self.limits

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.instance / "polyphonie.sqlite"

    @property
    def on_sqlite(self) -> bool:
        """Whether everything is in one file, for one process."""
        return not self.database_url

    @property
    def store(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.database}"

    @property
    def https(self) -> bool:
        """Whether people reach the portal over TLS."""
        return urlsplit(self.url).scheme == "https"

    @property
    def loopback(self) -> bool:
        """Whether the portal only speaks to this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    @property
    def cookie_name(self) -> str:
        """`__Host-` needs TLS; the plain name exists on this machine only."""
        return "__Host-polyphonie" if self.https else "polyphonie"


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds what is never in git."""
    return Path(environ.get("PORTAL_INSTANCE") or ROOT / "instance").resolve()


def database_address(url: str) -> str:
    """The address of PostgreSQL as the driver wants it, or nothing for SQLite. Errors: SettingsError."""
    scheme, found, rest = url.partition("://")
    if not url or scheme == "sqlite":
        if url:
            raise SettingsError(
                "DATABASE_URL désigne PostgreSQL. Pour SQLite, retirez ce réglage et choisissez PORTAL_INSTANCE."
            )
        return ""
    if not found or scheme not in POSTGRESQL:
        raise SettingsError("DATABASE_URL doit commencer par postgresql://.")
    return f"postgresql+psycopg://{rest}"


def from_environ(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process. Errors: SettingsError."""
    url = environ.get("PORTAL_URL") or "http://127.0.0.1:8000"
    settings = Settings(
        instance=instance_folder(environ),
        secret_key=environ.get("SECRET_KEY") or "",
        database_url=database_address(environ.get("DATABASE_URL") or ""),
        redis_url=environ.get("REDIS_URL") or "",
        url=url.rstrip("/"),
        demonstration=environ.get("PORTAL_MODE") == "demonstration",
        live_engine=environ.get("PORTAL_LIVE_ENGINE") or "stock",
        testing=environ.get("PORTAL_TESTING") == "1",
        clock_file=environ.get("PORTAL_MODE") != "production",
        limits=_limits(environ.get("PORTAL_LIMITS") or ""),
        smtp_url=environ.get("PORTAL_SMTP_URL") or "",
        mail_from=environ.get("PORTAL_MAIL_FROM") or "",
        document_megabytes=_megabytes(environ.get("PORTAL_DOCUMENT_MAX_MB") or ""),
    )
    if settings.limits == 0 and environ.get("PORTAL_MODE") == "production":
        raise SettingsError("PORTAL_LIMITS ne peut pas être 0 pour de vraies personnes.")
    if not settings.https and not settings.loopback:
        raise SettingsError("PORTAL_URL doit commencer par https:// (ou désigner cette machine).")
    return settings


def _megabytes(given: str) -> int:
    if not given:
        return 20
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= HEAVIEST):
        raise SettingsError(f"PORTAL_DOCUMENT_MAX_MB doit être un nombre entier, de 1 à {HEAVIEST}.")
    return int(given)


def _limits(given: str) -> float | None:
    if not given:
        return None
    try:
        limits = float(given)
    except ValueError:
        limits = -1.0
    if not 0 <= limits < float("inf"):
        raise SettingsError("PORTAL_LIMITS doit être un nombre positif, par exemple 2.")
    return limits
