from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from portal.setup.python_env import Environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Path:
    """The checkout under test."""
    return ROOT


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    """An empty checkout with lists of dependencies that hold nothing."""
    (tmp_path / "requirements").mkdir()
    for name in ("run", "test", "uv", "node"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("", encoding="utf-8")
    return Environment(tmp_path)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Environments made so far; making one costs nothing here."""
    from portal.setup import python_env

    calls: list[Path] = []

    def make(env: Environment) -> None:
        calls.append(env.folder)
        env.scripts.mkdir(parents=True)
        env.python.symlink_to(sys.executable)

    monkeypatch.setattr(python_env, "try_venv", make)
    return calls


FAKE_CLI = """
import os, pathlib, sqlite3, sys
log = pathlib.Path(os.environ["FAKE_LOG"])
instance = pathlib.Path(os.environ["PORTAL_INSTANCE"])
if sys.argv[1] == "migrer" and not os.environ.get("FAKE_EXIT"):
    instance.mkdir(exist_ok=True)
    base = sqlite3.connect(instance / "base.sqlite")
    base.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
    base.execute("INSERT INTO alembic_version VALUES ('1')")
    base.commit()
with log.open("a") as file:
    print("cli", *sys.argv[1:], os.environ.get("PORTAL_MODE", ""), file=file)
sys.exit(int(os.environ.get("FAKE_EXIT", "0")))
"""

FAKE_SERVER = """
import http.server, os, pathlib, signal, sys, time

def finish(*_):
    time.sleep(1.5)
    with pathlib.Path(os.environ["FAKE_LOG"]).open("a") as file:
        print("serveur finished", file=file)
    os._exit(0)

if os.environ.get("FAKE_SLOW_END"):
    signal.signal(signal.SIGTERM, finish)
with pathlib.Path(os.environ["FAKE_LOG"]).open("a") as file:
    print("serveur", *sys.argv[1:], file=file)
if os.environ.get("FAKE_EXIT"):
    sys.exit(int(os.environ["FAKE_EXIT"]))

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/sante" else 404)
        self.end_headers()
    def log_message(self, *args):
        pass

host, port = sys.argv[2], int(sys.argv[4])
http.server.HTTPServer((host, port), Health).serve_forever()
"""


FAKE_BUILD = """
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('portal/static/dist', { recursive: true });
writeFileSync('portal/static/dist/manifest.json', '{}');
"""


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the real set-up and a portal that only notes what it is asked."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "portail.py", tree)
    shutil.copytree(ROOT / "portal" / "setup", tree / "portal" / "setup")
    (tree / "portal" / "cli.py").write_text(FAKE_CLI, encoding="utf-8")
    (tree / "portal" / "serveur.py").write_text(FAKE_SERVER, encoding="utf-8")
    package = {"name": "fake", "version": "1.0.0", "lockfileVersion": 3, "packages": {}}
    for name in ("package.json", "package-lock.json"):
        (tree / name).write_text(json.dumps(package), encoding="utf-8")
    (tree / "build.mjs").write_text(FAKE_BUILD, encoding="utf-8")
    (tree / "requirements").mkdir()
    for name in ("run", "test", "uv", "node"):
        (tree / "requirements" / f"{name}.txt").write_text("", encoding="utf-8")
    return tree
