"""``portail.py test``: every check as a named step; all run, the whole fails if one failed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from portal.setup import front, machine, nginx, python_env, services
from portal.setup.speech import NBSP, SetupError, complain, french_seconds, say, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from portal.setup.python_env import Environment

SUMMARY = "PORTAL_TEST_SUMMARY"
BROWSER = "PORTAL_TEST_BROWSER"
# As many as the smallest machine has processors: a third made every test slower and the whole no shorter.
WORKERS = "2"


class Result(NamedTuple):
    """The outcome of one check."""

    label: str
    passed: bool
    seconds: float

    def __str__(self) -> str:
        """One line of the summary."""
        return f"{'réussi' if self.passed else 'ÉCHEC '}  {self.label} ({french_seconds(self.seconds)})"


def prepare(env: Environment, *, with_browser: bool) -> str | None:
    """Install what the checks need; the path of the browser if one is wanted. Raises SetupError."""
    python_env.ensure(env, "test")
    if nginx.find() is None and machine.can_install_packages():
        machine.install_nginx()
    nginx.require()
    return find_browser() if with_browser else None


@contextmanager
def real_services(env: Environment) -> Iterator[dict[str, str]]:
    """The addresses of a real PostgreSQL and a real Valkey, for as long as the block. Raises SetupError.

    A run that is told to end (SIGTERM, a closed terminal) ends them too.
    """
    folder = env.folder / "run"
    packages = services.site_packages(env.folder)
    with ExitStack() as running:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                number = getattr(signal, name)
                before = signal.signal(number, lambda told, _frame: sys.exit(128 + told))
                running.callback(signal.signal, number, before)
        addresses = {}
        with step("PostgreSQL et Valkey pour les essais"):
            addresses[services.DATABASE_URL] = running.enter_context(services.postgresql(folder, packages))
            addresses[services.REDIS_URL] = running.enter_context(services.valkey(folder, packages))
        yield addresses


def run_all(
    env: Environment,
    browser: str | None,
    build: Result,
    pytest_args: Sequence[str],
    addresses: Mapping[str, str] | None = None,
) -> int:
    """Run every check, pytest last; 0 if all passed, ``build`` included.

    ``addresses`` are those of the services that the tests may use.
    """
    surroundings = {**test_surroundings(env, browser), **(addresses or {})}
    results = [build]
    results += [run_check(env, label, command, surroundings) for label, command in checks(env)]
    passed = run_pytest(env, results, surroundings, browser_marks(browser) + list(pytest_args))
    return 0 if passed and all(result.passed for result in results) else 1


def find_browser() -> str:
    """The browser of the tests, named on its own line. Raises SetupError."""
    browser = machine.require_chromium()
    say(f"· Navigateur des essais{NBSP}: {browser}")
    return browser


def test_surroundings(env: Environment, browser: str | None) -> dict[str, str]:
    """The variables that tests see: their own temporary folder, the browser, the mark of a test.

    What Python compiled is kept, whatever the machine says: a run starts some two hundred servers.
    """
    temporary = env.folder / "run"
    temporary.mkdir(parents=True, exist_ok=True)
    mine = {"PORTAL_TEST": "1", "TMPDIR": str(temporary), BROWSER: "1" if browser else "0"}
    mine |= {"PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **mine, **({"CHROMIUM": browser} if browser else {})}


def browser_marks(browser: str | None) -> list[str]:
    """Without a browser its tests are left out by name, and pytest counts them as deselected."""
    return [] if browser else ["-m", "not browser"]


def build(env: Environment) -> Result:
    """The front end, as a step like the others."""
    start = time.monotonic()
    try:
        front.ensure(env)
        front.ensure_packages(env)
    except SetupError as error:
        complain(error)
        return Result("habillage", passed=False, seconds=time.monotonic() - start)
    return Result("habillage", passed=True, seconds=time.monotonic() - start)


def checks(env: Environment) -> list[tuple[str, list[str]]]:
    """Label and command of each check but pytest, in the order they run."""
    python = [str(env.python), "-m"]
    node = node_executable(env)
    return [
        ("style (ruff check)", [*python, "ruff", "check", "."]),
        ("mise en forme (ruff format)", [*python, "ruff", "format", "--check", "."]),
        ("types Python (mypy)", [*python, "mypy"]),
        ("règles d’import (import-linter)", [str(env.scripts / "lint-imports")]),
        ("traductions (Babel)", [*python, "portal.translations.build"]),
        ("types JavaScript (tsc)", [node, str(front.typescript(env.root)), "--noEmit"]),
        ("essais JavaScript (node)", [node, "--test", *javascript_tests(env.root)]),
    ]


def node_executable(env: Environment) -> str:
    """Node's path, or its bare name: then the step fails and says that it is missing."""
    try:
        return front.ensure_node(env).executable
    except SetupError:
        return "node"


def javascript_tests(root: Path) -> list[str]:
    """Every test file by name (a folder means something else from one Node to the next)."""
    folder = root / "tests" / "js"
    return sorted(str(path.relative_to(root)) for path in folder.rglob("*.test.mjs"))


def run_check(env: Environment, label: str, command: list[str], surroundings: dict[str, str]) -> Result:
    """Run one check with its output shown only when it fails."""
    start = time.monotonic()
    try:
        with step(label):
            capture(env, command, surroundings)
    except SetupError as error:
        say(str(error))
        return Result(label, passed=False, seconds=time.monotonic() - start)
    return Result(label, passed=True, seconds=time.monotonic() - start)


def capture(env: Environment, command: list[str], surroundings: dict[str, str]) -> None:
    """Run a command; raises SetupError whose sentence is all that it printed."""
    if command[-1] == "--test":
        message = f"Aucun essai trouvé dans tests/js{NBSP}: rien n’a été vérifié."
        raise SetupError(message)
    try:
        done = subprocess.run(
            command,
            cwd=env.root,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        message = f"{command[0]} ne peut pas être lancé{NBSP}: {error}"
        raise SetupError(message) from error
    if done.returncode != 0:
        raise SetupError(done.stdout.strip() or f"Code de sortie {done.returncode}.")


def run_pytest(
    env: Environment, results: list[Result], surroundings: dict[str, str], args: list[str]
) -> bool:
    """Run pytest, whose closing line stays the last: it prints our summary just above."""
    summary = env.folder / "run" / f"resume-{os.getpid()}.txt"
    summary.write_text("\n".join(str(result) for result in results), encoding="utf-8")
    say("· essais Python et navigateur (pytest)")
    command = [
        str(env.python),
        "-m",
        "pytest",
        "-p",
        "tests.bootstrap.closing",
        "-n",
        WORKERS,
        "--dist",
        "loadfile",
        # In our order (tests/bootstrap/closing.py), not by number of tests.
        "--no-loadscope-reorder",
    ]
    try:
        done = subprocess.run(
            [*command, *args], cwd=env.root, env={**surroundings, SUMMARY: str(summary)}, check=False
        )
        if summary.exists():
            say(summary.read_text(encoding="utf-8"))
    finally:
        summary.unlink(missing_ok=True)
    return done.returncode == 0
