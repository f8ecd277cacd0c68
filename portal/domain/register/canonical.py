"""The sealed export, byte by byte: « format d’export 1 » of docs/registre.md. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.domain.journal import rules as journal
from portal.domain.register.rules import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from portal.domain.journal.rules import Line
    from portal.domain.register.sealing import Seal

FORMAT = "polyphonie-export-1"
SIGNED_TAG = "polyphonie-export"


@dataclass(frozen=True, slots=True)
class Head:
    """How far a register goes: the number and the hash of its last line."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A line with its hash, and how much of it may be told."""

    line: Line
    hash: str
    shown: Shown


def compact(values: dict[str, object]) -> bytes:
    """One line of the file: no space, the order of the document, UTF-8, a line feed."""
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def header(contract_id: str, made_at: str, head: Head) -> bytes:
    """The first line."""
    return compact(
        {
            "format": FORMAT,
            "contrat": contract_id,
            "fait": made_at,
            "lignes": head.seq,
            "tete": head.hash,
        }
    )


def exported(one: SealedLine) -> bytes:
    """A line as it is exported. A line of format 1 cannot be folded: it is whole."""
    line = one.line
    told: dict[str, object] = {"n": line.seq}
    if not line.veil or one.shown is Shown.WHOLE:
        told |= {
            "date": line.at,
            "sorte": line.kind,
            "groupe": line.group,
            "objet": line.object,
            "contenu": line.digest,
            "personne": line.commit,
        }
        if line.veil:
            told["voile"] = line.veil
    elif one.shown is Shown.UNGROUPED:
        told |= {"date": line.at, "sorte": line.kind, "objet": line.object, "repli": journal.inner(line)}
    else:
        told["scelle"] = journal.body(line)
    return compact({**told, "empreinte": one.hash})


def signed_bytes(contract_id: str, made_at: str, head: Head, file_digest: str) -> bytes:
    """What is signed: the head of the chain, and the digest of every byte before the last line."""
    return journal.encode((SIGNED_TAG, FORMAT, contract_id, made_at, str(head.seq), head.hash, file_digest))


def document(
    contract_id: str, made_at: str, head: Head, lines: Iterable[SealedLine], seal: Seal
) -> Iterator[bytes]:
    """The whole file, piece by piece: header, lines, signature. Keeps one line in memory."""
    digest = hashlib.sha256()
    first = header(contract_id, made_at, head)
    digest.update(first)
    yield first
    for one in lines:
        piece = exported(one)
        digest.update(piece)
        yield piece
    message = signed_bytes(contract_id, made_at, head, digest.hexdigest())
    yield compact({"cle": seal.public.id, "publique": seal.public.hex, "signature": seal.sign(message)})
