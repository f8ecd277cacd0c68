"""The models of trames, from their files of data.

Sources: arrêté du 3 mars 2017 (EHPAD, CASF L313-12, IV ter), arrêté du 25 octobre 2019 (CHRS, L313-11-2), CASF L313-12-2
(handicap, SSIAD) and L313-11-1 (aide à domicile). A block that was not read in its source says so.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from portal.domain.trames.models import BlockKind, Filling
from portal.kernel.speech import Sentence

FOLDER = Path(__file__).with_name("models")
EMPTY = "vide"
NAMES = ("ehpad", "chrs", "handicap", "domicile", EMPTY)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a trame. `sure` is False when a model took it from usage, not from the text that it names."""

    id: str
    kind: BlockKind
    title: str
    plain: str
    filling: Filling
    binding: bool
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Model:
    """A model that an authority copies, or that a contract follows as it is."""

    name: str
    title: Sentence
    source: Sentence
    plain: Sentence
    blocks: tuple[Block, ...]


@cache
def models() -> Mapping[str, Model]:
    """Every model by its name; read once."""
    return {name: _model(name) for name in NAMES}


def block_id(code: str) -> str:
    """The id of a block of the models: the same block has the same id in all of them, so that words follow it."""
    return base64.b32encode(sha256(f"bloc:{code}".encode()).digest()[:16]).decode("ascii").rstrip("=").lower()


def _model(name: str) -> Model:
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    blocks = tuple(_block(row) for row in data.get("bloc", ()))
    return Model(name, Sentence(data["titre"]), Sentence(data["source"]), Sentence(data["clair"]), blocks)


def _block(row: Mapping[str, Any]) -> Block:
    return Block(
        block_id(row["code"]),
        BlockKind(row["genre"]),
        Sentence(row["titre"]),
        Sentence(row["clair"]),
        Filling(row["contenu"]),
        row.get("opposable", False),
        row.get("sure", False),
    )
