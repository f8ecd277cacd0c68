"""From the bytes that a person sent to a file that can be kept and shown, through a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from portal.domain.documents.rules import Received
from portal.intake import worker
from portal.kernel.files.kinds import FileKind, Left, Refusal, RefusedFileError, Told

ROOT = Path(__file__).resolve().parents[2]
# On a machine that is busy with something else: the process bounds its own share of the processor more tightly.
CLEAN_SECONDS, SHOW_SECONDS, READ_SECONDS = 30.0, 15.0, 30.0
# Files opened at once: each may take much of the machine.
AT_ONCE = threading.BoundedSemaphore(2)
# The process knows nothing of this one: no key, no address of a database.
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


def received(content: bytes, limit: int) -> Received:
    """What was sent, cleaned; `limit` in bytes. Errors: RefusedFileError."""
    if len(content) > limit:
        raise RefusedFileError(Refusal.TOO_HEAVY)
    told, kept = _opened(worker.CLEAN, content, CLEAN_SECONDS)
    if len(kept) > 2 * limit:
        raise RefusedFileError(Refusal.TOO_HEAVY)
    try:
        shown, preview = _opened(worker.SHOW, kept, SHOW_SECONDS)
    except RefusedFileError:
        shown, preview = {}, b""
    return Received(
        kind=FileKind(told["kind"]),
        content=kept,
        preview=preview,
        words=str(shown.get("words", "")),
        left=frozenset(Left(one) for one in told["left"]),
        told=frozenset(Told(one) for one in told["told"]),
    )


def words(content: bytes) -> str:
    """The words of a file that is kept, for it to be found by them. Errors: RefusedFileError."""
    told, _made = _opened(worker.READ, content, READ_SECONDS)
    return str(told.get("words", ""))


def _opened(what: str, content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
    """What the process answers. Errors: RefusedFileError, also when it took too long or broke."""
    try:
        with AT_ONCE:
            done = _run(what, content, seconds)
    except subprocess.TimeoutExpired:
        raise RefusedFileError(Refusal.TOO_LONG) from None
    line, found, made = done.stdout.partition(b"\n")
    if done.returncode != 0 or not found:
        raise RefusedFileError(Refusal.BROKEN)
    told: dict[str, Any] = json.loads(line)
    if "refused" in told:
        raise RefusedFileError(Refusal(told["refused"]))
    return told, made


def _run(what: str, content: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    # The folder is ours to clear: a process that is stopped clears nothing.
    with tempfile.TemporaryDirectory(prefix="portail-") as folder:
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        return subprocess.run(  # noqa: S603 — our own module, nothing of the file in the command
            [sys.executable, "-m", "portal.intake.worker", what],
            input=content,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env=env | {"TMPDIR": folder, "TEMP": folder, "TMP": folder},
            check=False,
        )
