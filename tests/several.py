"""Several processes behind nginx, run on this very Python: `python -m tests.several PORT COUNT [FLAG…]`."""

from __future__ import annotations

import sys
from pathlib import Path

from portal.setup import workers
from portal.setup.python_env import Environment
from portal.setup.speech import SetupError, complain

ROOT = Path(__file__).resolve().parents[1]


class Here(Environment):
    """This checkout, with the Python of the tests as its own."""

    @property
    def python(self) -> Path:
        """The Python that runs us."""
        return Path(sys.executable)


def main(port: str, count: str, *flags: str) -> int:
    """Serve until told to stop."""
    try:
        workers.check(int(count))
        return workers.serve(Here(ROOT), "127.0.0.1", int(port), int(count), flags)
    except SetupError as error:
        complain(error)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
