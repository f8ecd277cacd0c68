"""The files of the national directory that wait to be read, in the folder of the instance."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO


def place(instance: Path, edition_id: str) -> Path:
    """Where the file of an edition waits to be read."""
    return instance / "repertoire" / f"{edition_id}.csv"


def keep(instance: Path, edition_id: str, file: IO[bytes]) -> None:
    """Copy a file to where it will be read."""
    target = place(instance, edition_id)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    file.seek(0)
    with target.open("wb") as written:
        shutil.copyfileobj(file, written)
