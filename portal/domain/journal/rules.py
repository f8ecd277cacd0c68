"""Formats 1 and 2 of the journal, byte by byte (docs/registre.md). Pure."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from portal.domain.facts import TimePrecision
from portal.kernel.clock import paris

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE_FORMAT = "1"
VEILED_FORMAT = "2"
GENESIS_TAG = "polyphonie-registre"
VEIL_TAG = "polyphonie-voile"
SALT_LENGTH = 32
DAY_LENGTH = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says, apart from its hash. Without a veil it is of format 1."""

    contract_id: str
    seq: int
    at: str
    kind: str
    group: str
    object: str
    digest: str
    commit: str
    veil: str = ""


def new_salt() -> bytes:
    """A fresh random salt, for one line only."""
    return secrets.token_bytes(SALT_LENGTH)


def encode(fields: Iterable[str]) -> bytes:
    """Each field as UTF-8, preceded by its length in 4 bytes, big-endian."""
    parts = []
    for field in fields:
        raw = field.encode("utf-8")
        parts.append(len(raw).to_bytes(4, "big"))
        parts.append(raw)
    return b"".join(parts)


def genesis(contract_id: str) -> str:
    """The head of a chain that has no line yet."""
    return hashlib.sha256(encode((GENESIS_TAG, LINE_FORMAT, contract_id))).hexdigest()


def seal(salt: bytes, text: str | None) -> str:
    """The salted digest of a content or of a participant's id; '' for nothing."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest() if text else ""


def veil(salt: bytes) -> str:
    """What nobody can guess in a line: it hides the rest of what is folded. Not the salt, and kept."""
    return hashlib.sha256(salt + VEIL_TAG.encode("ascii")).hexdigest()


def moment_text(at: datetime, precision: TimePrecision) -> str:
    """An aware instant as a line tells it: a day in Paris, or a second in UTC."""
    if precision is TimePrecision.DAY:
        return paris(at).strftime("%Y-%m-%d")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(written: str) -> date:
    """The day in Paris of what a line tells as its moment."""
    if len(written) == DAY_LENGTH:
        return date.fromisoformat(written)
    return paris(datetime.fromisoformat(written)).date()


def line_hash(line: Line, previous: str) -> str:
    """The hash of a line after `previous`, the hash of the line before or the genesis."""
    if line.veil:
        return _digest(VEILED_FORMAT, line.contract_id, str(line.seq), body(line), previous)
    return hashlib.sha256(
        encode(
            (
                LINE_FORMAT,
                line.contract_id,
                str(line.seq),
                line.at,
                line.kind,
                line.group,
                line.object,
                line.digest,
                line.commit,
                previous,
            )
        )
    ).hexdigest()


def together(contract_id: str, lines: Iterable[Line]) -> str:
    """What a line that seals others has for content: each hashed after the one before, from the origin."""
    last = genesis(contract_id)
    for line in lines:
        last = line_hash(line, last)
    return last


def inner(line: Line) -> str:
    """What hides the group, the content and the person of a line of format 2."""
    return _digest(VEILED_FORMAT, line.group, line.digest, line.commit, line.veil)


def body(line: Line) -> str:
    """What hides everything that a line of format 2 says; the chain is checked with it alone."""
    return _digest(VEILED_FORMAT, line.at, line.kind, line.object, inner(line))


def _digest(*fields: str) -> str:
    return hashlib.sha256(encode(fields)).hexdigest()
