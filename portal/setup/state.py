"""What is already done, remembered so that the next start costs nothing.

A stamp is written (temporary file, then rename) only after its step has succeeded. A step in
progress leaves a mark, so that an interruption is seen at the next start.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

STATE_FOLDER = ".portail"
LOCK = "verrou"


def digest(paths: Iterable[Path], *words: str) -> str:
    """SHA-256 over the names and contents of files (a folder stands for all it holds) and words."""
    sum_ = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.parent.name != "__pycache__":
                sum_.update(f"\0{file.relative_to(path.parent).as_posix()}\0".encode())
                sum_.update(hashlib.sha256(file.read_bytes()).digest())
    return sum_.hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Write beside the file, then rename: a reader sees the old content or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


class Stamps:
    """The stamps of one checkout, in ``.venv/.portail``."""

    def __init__(self, environment: Path) -> None:
        self.folder = environment / STATE_FOLDER

    def is_fresh(self, name: str, key: str) -> bool:
        """Whether the step ``name`` last succeeded with this very key."""
        return self.read(name) == key and not self.was_interrupted(name)

    def read(self, name: str) -> str:
        """The key of the last success, or an empty string."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except OSError:
            return ""

    def was_interrupted(self, name: str) -> bool:
        """Whether a run of this step began and never ended."""
        return self._mark(name).exists()

    def begin(self, name: str) -> None:
        """Mark the step as in progress; until ``succeed`` it counts as half-made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mark(name).touch()
        (self.folder / name).unlink(missing_ok=True)

    def succeed(self, name: str, key: str) -> None:
        """Record the success, then lift the mark."""
        write_atomically(self.folder / name, key)
        self._mark(name).unlink(missing_ok=True)

    def forget(self, *kept: str) -> None:
        """Every step is to be done again, but for those whose names are given."""
        for path in self.folder.glob("*"):
            if path.name.removesuffix(".en-cours") not in {LOCK, *kept}:
                path.unlink(missing_ok=True)

    def _mark(self, name: str) -> Path:
        return self.folder / f"{name}.en-cours"


@contextmanager
def exclusive(stamps: Stamps, when_waiting: Callable[[], None]) -> Iterator[None]:
    """Let one set-up at a time work in this folder; the system frees the lock if we die.

    Without file locks (Windows) nothing is held.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    stamps.folder.mkdir(parents=True, exist_ok=True)
    with (stamps.folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            when_waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
