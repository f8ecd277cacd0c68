"""The process that opens one file: bytes in, one line of what was found and bytes out. `python -m portal.intake.worker`.

Started for one file and ended with it; what it may use of the machine is bounded before the first byte is read.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from portal.kernel.files import office, plain, recognition
from portal.kernel.files.kinds import OFFICE, PICTURES, FileKind, RefusedFileError, Told

CLEAN, SHOW, READ = "clean", "show", "read"
WORDS, WHOLE, PAGES = 2000, 200_000, 400
# Bytes of memory, seconds of processor, bytes of a file that is written.
MEMORY, SECONDS, WRITTEN = 1536 * 1024 * 1024, {CLEAN: 12, SHOW: 6, READ: 12}, 64 * 1024 * 1024

Answer = tuple[dict[str, Any], bytes]


def clean(content: bytes) -> Answer:
    """What the file is, and the same without what tells of its author. Errors: RefusedFileError."""
    kind = recognition.recognised(content)
    left, told = frozenset[str](), frozenset[str]()
    if kind in OFFICE:
        kind, parts = office.looked_at(content)
        content, left = office.cleaned(kind, parts)
    elif kind in PICTURES:
        from portal.intake import pictures

        kind, content, told = pictures.cleaned(kind, content)
    elif kind is FileKind.PDF:
        from portal.intake import papers

        content, left, told = papers.cleaned(content)
    else:
        kind, content, told = _plain(content)
    return {"kind": kind, "left": sorted(left), "told": sorted(told)}, content


def show(content: bytes) -> Answer:
    """A small picture of a file that was cleaned, and its first words; each empty when there is none."""
    kind = recognition.recognised(content)
    if kind in PICTURES:
        from portal.intake import pictures

        return {"words": ""}, pictures.small(kind, content)
    if kind in OFFICE:
        return {"words": office.words(*office.looked_at(content), WORDS)}, b""
    if kind is FileKind.PDF:
        from portal.intake import papers

        return {"words": papers.words(content, WORDS)}, papers.first_page(content)
    return {"words": content.decode("utf-8", "replace")[:WORDS]}, b""


def read(content: bytes) -> Answer:
    """The words of a file that was cleaned, as many as one may look for; empty when it has none."""
    kind = recognition.recognised(content)
    if kind in PICTURES:
        return {"words": ""}, b""
    if kind in OFFICE:
        return {"words": office.words(*office.looked_at(content), WHOLE)}, b""
    if kind is FileKind.PDF:
        from portal.intake import papers

        return {"words": papers.words(content, WHOLE, PAGES)}, b""
    return {"words": content.decode("utf-8", "replace")[:WHOLE]}, b""


ACTS = {CLEAN: clean, SHOW: show, READ: read}


def _plain(content: bytes) -> tuple[FileKind, bytes, frozenset[Told]]:
    words = plain.decoded(content)
    kind, delimiter = plain.kind(words)
    told = frozenset[Told]()
    if kind is FileKind.CSV:
        words, found = plain.table(words, delimiter)
        told = frozenset({Told.FORMULAS} if found else ())
    return kind, words.encode(), told


def _bounded(seconds: int) -> None:
    """What this process may use, where the machine can say so."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Read one file, answer, end."""
    what = sys.argv[1] if sys.argv[1] in ACTS else CLEAN
    _bounded(SECONDS[what])
    content = sys.stdin.buffer.read()
    try:
        told, made = ACTS[what](content)
    except RefusedFileError as error:
        told, made = {"refused": error.refusal}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
