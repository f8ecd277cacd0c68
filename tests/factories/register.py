"""Registers made in memory, exported as the portal does, and verified by the stand-alone program."""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.journal import rules as journal
from portal.domain.register import canonical
from portal.domain.register.canonical import Head, SealedLine
from portal.domain.register.rules import Shown
from portal.domain.register.sealing import Seal

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "verifier.py"
CONTRACT = "ktqv6h3m2zr5e7ydw4nbgs6c2a"
AT = "2026-11-22T14:00:00Z"
KINDS = ("contribution_published", "reaction_changed", "answer_given", "space_opened", "level_recorded")
GROUPS = ("families", "residents", "professionals", "management", "")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@cache
def verifier() -> ModuleType:
    """The program itself, loaded from its file."""
    spec = importlib.util.spec_from_file_location("verifier", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_seal(seed: int = 0) -> Seal:
    """A seal, always the same for a seed."""
    return Seal(Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big")))


def a_line(number: int, rng: Random, *, first_format: bool = False) -> journal.Line:
    """What a line may say; drawn from `rng`."""
    salt = rng.randbytes(32)
    day = f"2026-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    return journal.Line(
        CONTRACT,
        number,
        day if rng.random() < 0.6 else f"{day}T04:35:00Z",
        rng.choice(KINDS),
        rng.choice(GROUPS),
        "".join(rng.choice(LETTERS) for _ in range(26)),
        journal.seal(salt, "des mots" if rng.random() < 0.5 else ""),
        journal.seal(salt, "quelqu’un"),
        "" if first_format else journal.veil(salt),
    )


def chained(lines: list[journal.Line], shown: list[Shown] | None = None) -> tuple[list[SealedLine], Head]:
    """Lines with their hashes, and the head of the chain."""
    found, previous = [], journal.genesis(CONTRACT)
    for place, line in enumerate(lines):
        previous = journal.line_hash(line, previous)
        how = shown[place] if shown else list(Shown)[place % 3]
        found.append(SealedLine(line, previous, how))
    return found, Head(len(lines), previous)


def a_register(count: int, seed: int = 1) -> tuple[list[SealedLine], Head]:
    """So many lines, some of format 1, in every way of being shown."""
    rng = Random(seed)
    return chained([a_line(number, rng, first_format=number % 7 == 0) for number in range(1, count + 1)])


def an_export(lines: list[SealedLine], head: Head, seal: Seal | None = None) -> bytes:
    """The file."""
    return b"".join(canonical.document(CONTRACT, AT, head, lines, seal or a_seal()))


def fault(export: bytes) -> str | None:
    """What the program finds wrong in a file; None when it is intact."""
    program: Any = verifier()
    try:
        program.Reader(io.BytesIO(export)).check()
    except program.Altered as found:
        return str(found)
    return None
