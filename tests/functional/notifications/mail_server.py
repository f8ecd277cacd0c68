"""The product's own server, at another time of day: `SECONDS_AHEAD` from now."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 — patching comes first
import sys  # noqa: E402
from datetime import UTC, datetime, timedelta  # noqa: E402

from portal import serveur  # noqa: E402
from portal.kernel.clock import Clock  # noqa: E402

AHEAD = timedelta(seconds=float(os.environ["SECONDS_AHEAD"]))

if __name__ == "__main__":
    Clock.now = lambda _self: datetime.now(UTC) + AHEAD  # type: ignore[method-assign]
    sys.exit(serveur.main(sys.argv[1:]))
