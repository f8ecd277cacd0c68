"""Ways of changing an export: each gives other bytes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random


def _byte(export: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(export))
    return export[:at] + bytes([export[at] ^ rng.randrange(1, 256)]) + export[at + 1 :]


def _dropped_byte(export: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(export))
    return export[:at] + export[at + 1 :]


def _added_byte(export: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(export) + 1)
    return export[:at] + bytes([rng.randrange(256)]) + export[at:]


def _removed_line(export: bytes, rng: Random) -> bytes:
    lines = export.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def _repeated_line(export: bytes, rng: Random) -> bytes:
    lines = export.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


def _swapped_lines(export: bytes, rng: Random) -> bytes:
    lines = export.splitlines(keepends=True)
    one, other = rng.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _truncated(export: bytes, rng: Random) -> bytes:
    return export[: rng.randrange(len(export))]


MUTATIONS: dict[str, Callable[[bytes, Random], bytes]] = {
    "byte": _byte,
    "dropped": _dropped_byte,
    "added": _added_byte,
    "removed": _removed_line,
    "repeated": _repeated_line,
    "swapped": _swapped_lines,
    "truncated": _truncated,
}


def mutated(export: bytes, kind: str, rng: Random) -> bytes:
    """The export changed in one way; never the same bytes."""
    while True:
        changed = MUTATIONS[kind](export, rng)
        if changed != export:
            return changed
