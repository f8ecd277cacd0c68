"""The server: `python -m portal.serveur`. One process that serves, on gunicorn and gevent.

Everything that must not be started is refused here, before any page is served.
"""

from __future__ import annotations

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import argparse
import gc
import logging
import os
import secrets
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker

from portal import logs
from portal.config import LOOPBACK, Settings, SettingsError, from_environ
from portal.database import state_of
from portal.kernel.clock import CLOCK_FILE
from portal.kernel.engines import AlreadyServedError, SingleWriter
from portal.mail import server as mail_server

KEY_FILE = "cle"
KEY_BYTES = 32
FEW_SIGNS = 10
LOCK_PATIENCE_SECONDS = 5.0
GC_THRESHOLD = 10_000
EVERYBODY = ("0.0.0.0", "::", "")  # noqa: S104 — named to be refused

log = logs.get_logger("portal.serveur")


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Check, then serve until told to stop. Returns 2 when the start is refused."""
    options = parse(arguments)
    os.umask(0o077)
    logs.configure()
    try:
        settings = prepare(options, environ)
        writer = hold(settings)
    except (SettingsError, AlreadyServedError) as error:
        print(f"Le portail ne démarre pas.\n{error}", file=sys.stderr)  # noqa: T201
        return 2
    with writer:
        Server(settings, options.host, options.port).run()
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m portal.serveur", description="Sert le portail.")
    parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (cette machine, sauf demande)")
    parser.add_argument("--port", type=int, default=8000, help="port d’écoute")
    parser.add_argument("--production", action="store_true", help="sert de vraies personnes")
    parser.add_argument(
        "--demo-ouverte", action="store_true", help="montre la démonstration hors de cette machine"
    )
    return parser.parse_args(arguments)


def prepare(options: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    """The settings of this start. Errors: SettingsError, which says what to mend."""
    mode = "production" if options.production else "demonstration"
    url = environ.get("PORTAL_URL") or _own_url(options)
    settings = from_environ({**environ, "PORTAL_MODE": mode, "PORTAL_URL": url})
    if options.production:
        _check_production(settings, environ)
    elif options.host not in LOOPBACK and not options.demo_ouverte:
        raise SettingsError(
            "La démonstration ne s’ouvre que sur cette machine : chacun peut y entrer à la place de chacun. "
            "Pour la montrer ailleurs, ajoutez --demo-ouverte."
        )
    _check_mail(settings)
    _check_database(settings)
    if options.production:
        return settings
    return replace(settings, secret_key=settings.secret_key or demonstration_key(settings.instance))


def hold(settings: Settings) -> AbstractContextManager[object]:
    """Take the SQLite file for this server; PostgreSQL is shared, and nothing is taken.

    A server just killed may need a moment to let its file go. Errors: AlreadyServedError.
    """
    if not settings.on_sqlite:
        return nullcontext()
    writer = SingleWriter(settings.database)
    deadline = time.monotonic() + LOCK_PATIENCE_SECONDS
    while True:
        try:
            writer.hold()
        except AlreadyServedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return writer


def demonstration_key(instance: Path) -> str:
    """The key of a demonstration, drawn once and kept in the instance folder."""
    file = instance / KEY_FILE
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()


def _own_url(options: argparse.Namespace) -> str:
    if options.production:
        raise SettingsError(
            "Indiquez l’adresse publique du portail dans PORTAL_URL, par exemple https://cpom.exemple.fr."
        )
    if options.host in EVERYBODY:
        raise SettingsError(
            "Indiquez dans PORTAL_URL l’adresse à laquelle on ouvrira la démonstration, "
            "par exemple https://demo.exemple.fr."
        )
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"http://{host}:{options.port}"


def _check_mail(settings: Settings) -> None:
    if not settings.smtp_url:
        return
    try:
        mail_server.Server.of(settings.smtp_url)
        mail_server.check_sender(settings.mail_from)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _check_production(settings: Settings, environ: Mapping[str, str]) -> None:
    key = settings.secret_key
    if len(key.encode()) < KEY_BYTES or len(set(key)) < FEW_SIGNS:
        raise SettingsError(
            "Indiquez dans SECRET_KEY une clé d’au moins 32 octets, tirée au hasard. "
            'Cette commande en donne une : python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if (settings.instance / CLOCK_FILE).exists():
        raise SettingsError(
            f"Le fichier « {CLOCK_FILE} » déplace l’heure du portail : il ne sert qu’aux essais. "
            "Retirez-le du dossier de l’instance."
        )
    for name in ("FLASK_DEBUG", "PORTAL_TESTING"):
        if environ.get(name, "0") not in ("", "0"):
            raise SettingsError(f"Retirez {name} : ce réglage ne sert qu’aux essais.")


def _check_file(settings: Settings) -> None:
    file = settings.database
    if not file.is_file():
        raise SettingsError("La base de données n’existe pas encore. Lancez : python -m portal.cli migrer")
    if not settings.demonstration and file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise SettingsError(
            f"Tous les comptes de cette machine peuvent lire la base de données. Lancez : chmod 600 {file.name}"
        )


def _check_database(settings: Settings) -> None:
    if settings.on_sqlite:
        _check_file(settings)
    production = not settings.demonstration
    state = state_of(settings.store)
    if not state.up_to_date:
        raise SettingsError("La base de données n’est pas à jour. Lancez : python -m portal.cli migrer")
    if production and state.demonstration:
        raise SettingsError(
            "Cette base de données est celle de la démonstration : de vraies personnes n’y ont pas leur "
            f"place. {_elsewhere(settings)}."
        )
    if not production and state.real:
        raise SettingsError(
            "Cette base de données contient de vraies données : la démonstration n’y entre pas. "
            f"{_elsewhere(settings)}, ou servez-la avec : portail.py serve"
        )


def _elsewhere(settings: Settings) -> str:
    if settings.on_sqlite:
        return "Choisissez un autre dossier dans PORTAL_INSTANCE"
    return "Choisissez une autre base dans DATABASE_URL"


class QuietLogger(Logger):
    """Gunicorn's words in our lines: no access log, no handler of its own."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to the root logger."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.access_log.disabled = True


class Worker(GeventWorker):
    """The one worker; told to stop, it lets sockets go so that pages come back to the next."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Finish what is being answered, then end."""
        super().handle_exit(sig, frame)
        gevent.spawn(_release_sockets)


class OneWorkerArbiter(Arbiter):
    """The master of exactly one worker; a closed terminal stops it."""

    def handle_hup(self) -> None:
        """Stop, as SIGTERM does."""
        raise StopIteration

    def handle_ttin(self) -> None:
        """Refuse a second worker: two would write to one SQLite."""
        log.warning("second_worker_refused")

    def handle_ttou(self) -> None:
        """Keep the only worker."""

    def handle_usr2(self) -> None:
        """Refuse a second master, for the same reason."""
        log.warning("second_worker_refused")


class Server(BaseApplication):
    """Gunicorn, set from `Settings` and nothing else: no file, no environment."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self.settings = settings
        self.host, self.port = host, port
        super().__init__(prog="portail")

    def load_config(self) -> None:
        """The whole configuration."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        for name, value in {
            "bind": f"{host}:{self.port}",
            "worker_class": Worker,
            "workers": 1,
            "worker_connections": 4000,
            "keepalive": 3,
            "graceful_timeout": 10,
            "timeout": 60,
            "logger_class": QuietLogger,
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "polyphonie",
            "umask": 0o077,
            "post_worker_init": _start_background,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, built in the worker."""
        from werkzeug.middleware.proxy_fix import ProxyFix

        from portal.app import create_app

        app = create_app(self.settings)
        if proxies := _proxies():
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # how Flask takes middleware
        return app

    def run(self) -> None:
        """Serve until told to stop."""
        OneWorkerArbiter(self).run()


def _proxies() -> int:
    return int(os.environ.get("PORTAL_PROXIES") or 0)


def settle_memory() -> None:
    """What the start made stays for good: the collector need not walk it at every request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


def _start_background(worker: Any) -> None:
    from portal.app import start_background

    start_background(worker.wsgi)
    settle_memory()
    log.info("ready", pid=worker.pid, host=urlsplit(worker.app.settings.url).hostname, port=worker.app.port)


def _release_sockets() -> None:
    from portal.extensions import socketio

    if socketio.server is not None:
        socketio.server.eio.disconnect()


if __name__ == "__main__":
    sys.exit(main())
