"""What the set-up says to the person at the keyboard: short French lines, one per step."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NBSP = "\u00a0"
SHOWN_LINES = 25


class SetupError(Exception):
    """A step that cannot be done.

    ``str(error)`` is one sentence that says what is missing and how to get it; ``details`` holds the
    last lines of the command that failed, if there was one.
    """

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = "\n".join(details.strip().splitlines()[-SHOWN_LINES:])


def prepare_output() -> None:
    """Write accents wherever possible, and never die of an accent where it is not."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)


def say(sentence: str = "") -> None:
    """Print one line at once."""
    print(sentence, flush=True)


def complain(error: SetupError) -> None:
    """Print the sentence of an error and what the failing command said, on the error stream."""
    if error.details:
        print(error.details, file=sys.stderr)
    print(str(error), file=sys.stderr, flush=True)


def french_seconds(seconds: float) -> str:
    """Turn 4.83 into « 4,8 s », with a no-break space."""
    return f"{seconds:.1f}".replace(".", ",") + f"{NBSP}s"


@contextmanager
def step(label: str) -> Iterator[None]:
    """Announce a step, then its duration. An interrupted or failed step says so."""
    print(f"· {label}… ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException as error:
        say("interrompu" if isinstance(error, KeyboardInterrupt) else "échec")
        raise
    say(french_seconds(time.monotonic() - start))
