"""Running other programs, quietly unless they fail."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from portal.setup.speech import SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def run_quietly(
    command: Sequence[str | Path],
    sentence: str,
    *,
    cwd: Path | None = None,
    extra: Mapping[str, str] | None = None,
) -> str:
    """Run a command and return what it printed.

    Raises SetupError with ``sentence`` (what the reader is told) if it fails or does not exist.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupError(sentence, str(error)) from error
    if done.returncode != 0:
        raise SetupError(sentence, done.stdout)
    return done.stdout


def first_line(command: Sequence[str | Path]) -> str:
    """The first line a command prints, or an empty string if it does not work."""
    try:
        lines = run_quietly(command, "").splitlines()
    except SetupError:
        return ""
    return lines[0].strip() if lines else ""
