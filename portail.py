#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One command for everything: ``python3 portail.py`` sets the portal up and runs it.

Only the standard library is used here; see docs/adr/0001-portail-py.md.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Le portail demande Python 3.11 ou plus récent : celui-ci est trop ancien.".replace(" :", "\u00a0:")
    )

import argparse
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from portal.setup import checks, doctor, front, languages, python_env, server, workers
from portal.setup.speech import NBSP, SetupError, complain, prepare_output, say
from portal.setup.state import exclusive

ENV = python_env.Environment(ROOT)
DEFAULT_PORT = 8000


def command_run(options: argparse.Namespace) -> int:
    """Set up, migrate, seed the demonstration, serve."""
    flags = ["--demo-ouverte"] if options.demo_ouverte else []
    return set_up_and_serve(options, seed=True, flags=flags)


def command_serve(options: argparse.Namespace) -> int:
    """Set up, migrate, serve for real; a demonstration database is refused."""
    workers.check(options.workers)
    return set_up_and_serve(options, seed=False, flags=["--production"], count=options.workers)


def set_up_and_serve(options: argparse.Namespace, *, seed: bool, flags: list[str], count: int = 1) -> int:
    """Everything from a bare checkout to a server that answers."""
    port = server.choose_port(options.host, options.port)
    os.environ["PORTAL_MODE"] = "demonstration" if seed else "production"
    with exclusive(ENV.stamps, say_waiting):
        python_env.ensure(ENV, "run")
        dress()
        server.prepare_database(ENV, seed=seed)
    if count > 1:
        return workers.serve(ENV, options.host, port, count, flags)
    return server.serve(ENV, options.host, port, flags)


def dress() -> None:
    """Build the front end if it can be built: without it pages and forms still work."""
    try:
        front.ensure(ENV)
    except SetupError as error:
        complain(error)
        say("Le portail démarre sans son habillage. Les pages et les formulaires fonctionnent.")


def command_build(_options: argparse.Namespace) -> int:
    """Build the front end and the languages only."""
    with exclusive(ENV.stamps, say_waiting):
        built = front.ensure(ENV)
        python_env.ensure(ENV, "run")
        built = languages.ensure(ENV) or built
    say("L’habillage est prêt." if built else "L’habillage était déjà à jour.")
    return 0


def command_doctor(_options: argparse.Namespace) -> int:
    """Say what is here and what is missing."""
    return doctor.report(ENV)


def command_verifier(options: argparse.Namespace) -> int:
    """Verify a register without starting a server."""
    with exclusive(ENV.stamps, say_waiting):
        python_env.ensure(ENV, "run")
    files = [os.path.abspath(options.fichier)] if options.fichier else []
    return subprocess.run(
        [ENV.python, "-m", "portal.cli", "verifier", *files], cwd=ROOT, check=False
    ).returncode


def command_test(options: argparse.Namespace) -> int:
    """Set up and run every check."""
    with exclusive(ENV.stamps, say_waiting):
        browser = checks.prepare(ENV, with_browser=not options.sans_navigateur)
        build = checks.build(ENV)
    with checks.real_services(ENV) as addresses:
        return checks.run_all(ENV, browser, build, options.pytest, addresses)


def say_waiting() -> None:
    """Another portail.py holds the folder."""
    say("Une autre commande portail.py prépare ce dossier. Elle d’abord, puis celle-ci.")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; no command means ``run``."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in {"-h", "--help"}):
        arguments = ["run", *arguments]
    parser = argparse.ArgumentParser(prog="portail.py", description="Installe, lance et vérifie le portail.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="commande")
    run = commands.add_parser("run", help="installe ce qui manque et lance la démonstration (par défaut)")
    run.add_argument(
        "--demo-ouverte", action="store_true", help="montre la démonstration au-delà de cette machine"
    )
    serve = commands.add_parser("serve", help="lance le portail pour de vrai, sans démonstration")
    for served in (run, serve):
        served.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1 par défaut)")
        served.add_argument("--port", type=int, default=DEFAULT_PORT, help="port d’écoute (8000 par défaut)")
    serve.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="nombre de processus, derrière un nginx local (1 par défaut ; PostgreSQL et Valkey au-delà)".replace(
            " ;", f"{NBSP};"
        ),
    )
    commands.add_parser("build", help="construit l’habillage (CSS, JavaScript)")
    commands.add_parser("doctor", help="dit ce qui est là, ce qui manque et comment l’obtenir")
    verifier = commands.add_parser("verifier", help="vérifie le registre, sans lancer de serveur")
    verifier.add_argument(
        "fichier", nargs="?", help="base ou export à vérifier (par défaut, la base de l’instance)"
    )
    test = commands.add_parser("test", help="installe ce qu’il faut et lance tous les essais")
    test.add_argument(
        "--sans-navigateur", action="store_true", help="laisse de côté les essais dans un navigateur"
    )
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"arguments inconnus{NBSP}: {' '.join(rest)}")
    options.pytest = [word for word in rest if word != "--"]
    return options


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code of the whole."""
    prepare_output()
    options = parse(arguments)
    handlers = {
        "run": command_run,
        "serve": command_serve,
        "build": command_build,
        "doctor": command_doctor,
        "verifier": command_verifier,
        "test": command_test,
    }
    try:
        return handlers[options.command](options)
    except SetupError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        say("\nInterrompu. Relancez la même commande : elle reprendra où il faut.".replace(" :", f"{NBSP}:"))
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
