"""The receipt of a contribution: a short code that proves that its line is in the register. Pure.

24 signs: the number of the line (30 bits), the beginning of its hash (80 bits), and 10 bits
that find a slip of the finger. Nothing in it tells who wrote.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TAG = b"polyphonie-recu"
SEQ_BITS, HASH_BITS, CHECK_BITS = 30, 80, 10
LENGTH = (SEQ_BITS + HASH_BITS + CHECK_BITS) // 5
HASH_DIGITS = HASH_BITS // 4
GROUP = 4
# What a hand writes for what it read.
_MENDED = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a code says: a line by its number, and how its hash begins."""

    seq: int
    hash_start: str


def code(seq: int, line_hash: str) -> str:
    """The code of a line, in six groups of four signs. Errors: ValueError beyond 2³⁰ lines."""
    if not 0 < seq < 1 << SEQ_BITS:
        raise ValueError("no receipt for this number")
    start = line_hash[:HASH_DIGITS]
    value = ((seq << HASH_BITS | int(start, 16)) << CHECK_BITS) | _check(seq, start)
    signs = "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def complete(typed: str) -> bool:
    """Whether a typed code has all its signs: one that is no code all the same has a wrong one."""
    return len(_signs(typed)) == LENGTH


def read(typed: str) -> Receipt | None:
    """What a typed code says; None when it is no code: a sign is missing or wrong."""
    signs = _signs(typed)
    if len(signs) != LENGTH or any(sign not in _VALUES for sign in signs):
        return None
    value = 0
    for sign in signs:
        value = value << 5 | _VALUES[sign]
    check = value & (1 << CHECK_BITS) - 1
    start = f"{value >> CHECK_BITS & (1 << HASH_BITS) - 1:0{HASH_DIGITS}x}"
    seq = value >> CHECK_BITS + HASH_BITS
    return Receipt(seq, start) if seq and check == _check(seq, start) else None


def _signs(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_MENDED)


def _check(seq: int, start: str) -> int:
    digest = hashlib.sha256(TAG + seq.to_bytes(4, "big") + bytes.fromhex(start)).digest()
    return int.from_bytes(digest[:2], "big") >> 16 - CHECK_BITS
