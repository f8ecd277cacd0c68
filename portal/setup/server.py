"""Preparing the database and running the server, until it is told to stop."""

from __future__ import annotations

import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.setup import database
from portal.setup.commands import run_quietly
from portal.setup.speech import NBSP, SetupError, french_seconds, say, step
from portal.setup.state import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.setup.python_env import Environment

READY_WITHIN = 60.0
STOP_WITHIN = 20.0


def choose_port(host: str, port: int) -> int:
    """Check that the address is free; port 0 asks the system for one. Raises SetupError if taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            message = (
                f"L’adresse {host}, port {port}, n’est pas libre. Essayez un autre port, "
                f"par exemple{NBSP}: python3 portail.py --port {port + 1}"
            )
            raise SetupError(message) from error
        return int(probe.getsockname()[1])


def prepare_database(env: Environment, *, seed: bool) -> None:
    """Bring the database to the present structure, and fill an empty one with the demonstration.

    Nothing is started when neither the code nor the database has changed hands since the last time.
    """
    name = f"base-{digest([], str(database.instance_folder(env)))[:12]}" + ("-demonstration" if seed else "")
    if env.stamps.is_fresh(name, database_key(env)):
        return
    cli = (env.python, "-m", "portal.cli")
    env.stamps.begin(name)
    with step("Mise à jour de la base de données"):
        run_quietly((*cli, "migrer"), "La base de données n’a pas pu être mise à jour.", cwd=env.root)
    if seed:
        with step("Contrat de démonstration"):
            run_quietly(
                (*cli, "semer"), "Le contrat de démonstration n’a pas pu être installé.", cwd=env.root
            )
    env.stamps.succeed(name, database_key(env))


def database_key(env: Environment) -> str:
    """The code that made the database, and which database it is, at which migration."""
    if os.environ.get("DATABASE_URL"):
        return "asked of PostgreSQL each time: " + str(time.time_ns())
    found = database.identity(database.instance_folder(env))
    if not found:
        return "never the same: " + str(time.time_ns())
    code = env.root / "portal"
    parts = [path for path in code.iterdir() if path.name not in {"static", "templates", "setup"}]
    return digest(sorted(parts), *found)


def serve(env: Environment, host: str, port: int, options: Sequence[str]) -> int:
    """Run the server, print its address once it answers, pass signals on; return its exit code."""
    start = time.monotonic()
    command = [str(env.python), "-m", "portal.serveur", "--host", host, "--port", str(port), *options]
    server = subprocess.Popen(command, cwd=env.root)
    told: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        told.append(number)
        server.send_signal(number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), pass_on)
    if wait_until_ready(server, host, port, told):
        say(f"· Serveur… {french_seconds(time.monotonic() - start)}")
        say(f"\nLe portail est prêt{NBSP}: {address(host, port)}  (Ctrl+C pour l’arrêter)")
    elif server.poll() is None and not told:
        say(f"Le serveur est lancé, mais /sante ne répond pas encore après {READY_WITHIN:.0f}{NBSP}secondes.")
    code = wait_for_end(server, told)
    if told:
        say("\nLe portail est arrêté.")
        return 0 if code in (0, -told[0], 128 + told[0]) else code
    return code


def address(host: str, port: int) -> str:
    """What to type in a browser: the public address if there is one, else this machine's."""
    shown = f"[{host}]" if ":" in host else host
    return os.environ.get("PORTAL_URL") or f"http://{shown}:{port}/"


def wait_until_ready(server: subprocess.Popen[bytes], host: str, port: int, told: list[int]) -> bool:
    """Ask /sante until it answers 200; False if the server ends, is told to stop, or time is out."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None and not told:
        if is_healthy(reachable(host), port):
            return True
        time.sleep(0.05)
    return False


def reachable(host: str) -> str:
    """Where to knock: « every address » is not one, the machine itself answers for it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "::1" if ":" in host else "127.0.0.1"


def is_healthy(host: str, port: int) -> bool:
    """Whether /sante answers 200, asked by the name under which the portal is known."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    public = urlsplit(os.environ.get("PORTAL_URL", "")).netloc
    try:
        connection.request("GET", "/sante", headers={"Host": public} if public else {})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for_end(server: subprocess.Popen[bytes], told: list[int]) -> int:
    """Wait for the server; once told to stop it has twenty seconds to finish what it is answering."""
    while not told:
        with suppress(subprocess.TimeoutExpired):
            return server.wait(0.2)
    try:
        return server.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()
