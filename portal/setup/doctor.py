"""``portail.py doctor``: what is here, what is missing, how to get it."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import socket
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from portal.setup import database, front, machine, nginx, python_env
from portal.setup.commands import first_line, run_quietly
from portal.setup.speech import NBSP, SetupError, say

if TYPE_CHECKING:
    from pathlib import Path

    from portal.setup.python_env import Environment

GIGABYTE = 10**9
DISK_WANTED = 2 * GIGABYTE
DISK_NEEDED = GIGABYTE // 2
SQLITE_WANTED = (3, 35)


class Finding(NamedTuple):
    """One line of the report; ``advice`` is empty when all is well."""

    label: str
    state: str
    advice: str = ""
    blocks: bool = False


def report(env: Environment) -> int:
    """Print what was found; 1 if something stands in the way of ``portail.py run``, else 0."""
    findings = [
        python(),
        environment(env),
        uv(env),
        *node_and_npm(env),
        chromium(),
        sqlite(),
        *shared(),
        nginx_found(),
        disk(env),
        *instance(env),
    ]
    for finding in findings:
        mark = "!!" if finding.blocks else "à voir" if finding.advice else "ok"
        say(f"{mark:>6}  {finding.label}{NBSP}: {finding.state}")
        if finding.advice:
            say(f"        {finding.advice}")
    return 1 if any(finding.blocks for finding in findings) else 0


def python() -> Finding:
    """The Python that runs us, and whether it can make environments."""
    state = f"{platform.python_version()} ({sys.executable})"
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        if machine.can_install_packages():
            return Finding("Python", state, "Il manque ensurepip, que portail.py installera.")
        advice = f"Il manque ensurepip. À taper{NBSP}: sudo apt-get install {machine.venv_package()}"
        return Finding("Python", state, advice, blocks=True)
    return Finding("Python", state)


def environment(env: Environment) -> Finding:
    """The state of .venv."""
    stamps = env.stamps
    fresh = stamps.is_fresh("environnement", python_env.identity(env)) and env.python.exists()
    if not fresh:
        return Finding("Environnement .venv", "absent ou à refaire", "portail.py run le fera.")
    sets = {"run": "portail", "test": "essais"}
    ready = [
        word
        for name, word in sets.items()
        if stamps.is_fresh(f"dependances-{name}", python_env.dependencies_key(env, name))
    ]
    if not ready:
        return Finding("Environnement .venv", "dépendances à installer", "portail.py run le fera.")
    return Finding("Environnement .venv", "à jour (" + ", ".join(ready) + ")")


def uv(env: Environment) -> Finding:
    """The installer."""
    version = first_line((env.python, "-m", "uv", "--version")) if env.stamps.read("uv") else ""
    if version:
        return Finding("uv", version)
    return Finding("uv", "absent", "Sera installé avec les dépendances, sinon pip le remplace.")


def node_and_npm(env: Environment) -> list[Finding]:
    """The tools of the front end, of the machine or fetched."""
    found = machine.find_system_node()
    node = front.Node(*found) if found else front.fetched_node(env)
    if node is None:
        advice = f"Sera pris sur PyPI. Sinon, sur Debian{NBSP}: sudo apt-get install nodejs npm"
        return [Finding(f"Node {machine.OLDEST_NODE} ou plus récent, et npm", "absents", advice)]
    return [
        Finding("Node", f"{first_line((node.executable, '--version'))} ({node.executable})"),
        Finding("npm", first_line((*node.npm, "--version", "--silent"))),
    ]


def chromium() -> Finding:
    """The browser of the tests; the portal itself needs none."""
    try_install = machine.can_install_packages()
    found = machine.find_chromium()
    if found:
        return Finding("Chromium (essais)", f"{browser_version(found)} ({found})")
    advice = "portail.py test l’installera." if try_install else "Sur Debian : sudo apt-get install chromium"
    return Finding("Chromium (essais)", "absent", advice.replace(" :", f"{NBSP}:"))


def browser_version(path: str) -> str:
    """What the browser says of itself; Windows opens a window instead of answering."""
    if os.name == "nt":
        return "présent"
    try:
        answer = run_quietly((path, "--version"), "")
    except SetupError:
        return "présent, mais ne répond pas"
    match = re.search(r"[A-Z][\w ]+ \d+(\.\d+)+", answer)
    return match[0] if match else "présent"


def sqlite() -> Finding:
    """The SQLite library that Python brings."""
    if sqlite3.sqlite_version_info < SQLITE_WANTED:
        wanted = ".".join(map(str, SQLITE_WANTED))
        return Finding(
            "SQLite", sqlite3.sqlite_version, f"Il faut SQLite {wanted} ou plus récent.", blocks=True
        )
    return Finding("SQLite", sqlite3.sqlite_version)


def shared() -> list[Finding]:
    """The database and the bus of several processes, where they are named."""
    names = {"DATABASE_URL": ("PostgreSQL", 5432), "REDIS_URL": ("Valkey", 6379)}
    return [service(label, name, port) for name, (label, port) in names.items()]


def service(label: str, name: str, default_port: int) -> Finding:
    """Whether what a variable names takes calls; nothing but host and port is shown."""
    given = os.environ.get(name)
    if not given:
        return Finding(label, f"pas demandé ({name} est vide)")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "127.0.0.1", parts.port or default_port
    except ValueError:
        return Finding(label, f"{name} ne se lit pas", f"Corrigez {name}.", blocks=True)
    try:
        with closing(socket.create_connection((host, port), timeout=3)):
            return Finding(label, f"répond ({host}, port {port})")
    except OSError:
        advice = f"Démarrez-le, ou corrigez {name}."
        return Finding(label, f"ne répond pas ({host}, port {port})", advice, blocks=True)


def nginx_found() -> Finding:
    """What stands in front of several processes; one alone needs none."""
    found = nginx.find()
    if found:
        return Finding("nginx (plusieurs processus)", f"{nginx.version(found)} ({found})")
    advice = f"Pour portail.py serve --workers 2, sur Debian{NBSP}: sudo apt-get install nginx"
    return Finding("nginx (plusieurs processus)", "absent", advice)


def disk(env: Environment) -> Finding:
    """Room left where the portal is."""
    free = machine.free_disk(env.root)
    state = f"{free / GIGABYTE:.1f}".replace(".", ",") + f"{NBSP}Go libres"
    if free < DISK_WANTED:
        advice = f"Prévoyez 2{NBSP}Go pour l’installation complète."
        return Finding("Disque", state, advice, blocks=free < DISK_NEEDED)
    return Finding("Disque", state)


def instance(env: Environment) -> list[Finding]:
    """The instance folder and the database in it."""
    folder = database.instance_folder(env)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return [Finding("Instance", str(folder), "Ce dossier n’est pas accessible en écriture.", blocks=True)]
    return [Finding("Instance", str(folder) + ("" if folder.exists() else " (sera créée)")), base(folder)]


def base(folder: Path) -> Finding:
    """Whether a database is there and whole."""
    verdicts = {path.name: database.quick_check(path) or "illisible" for path in database.files(folder)}
    if not verdicts:
        return Finding("Base de données", "pas encore créée")
    state = ", ".join(
        f"{name} (" + verdict.replace("ok", "intacte", 1) + ")" for name, verdict in verdicts.items()
    )
    if all(verdict == "ok" for verdict in verdicts.values()):
        return Finding("Base de données", state)
    return Finding("Base de données", state, "Restaurez la dernière sauvegarde de l’instance.", blocks=True)
