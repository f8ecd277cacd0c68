"""The server under test of tests/realtime, with one of our holes planted when `HOLE` names it."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import importlib.util  # noqa: E402 — patching comes first
import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

REALTIME = Path(__file__).resolve().parents[3] / "realtime"
sys.path.insert(0, str(REALTIME))
sys.path.insert(1, str(REALTIME.parents[1]))

found = importlib.util.spec_from_file_location("server_under_test", REALTIME / "entry.py")
server = importlib.util.module_from_spec(found)
found.loader.exec_module(server)

from portal import logs  # noqa: E402
from portal.config import from_environ  # noqa: E402
from tests.functional.rights.live import holes  # noqa: E402

if __name__ == "__main__":
    if os.environ.get("HOLE"):
        holes.PLANTS[os.environ["HOLE"]]()
    logs.configure()
    server.Server(from_environ(), "127.0.0.1", 0).run()
