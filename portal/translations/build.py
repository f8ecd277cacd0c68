"""Compiles a catalogue, at the build or at its first use; `python -m portal.translations.build` checks it first."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
OTHERS = ("en",)


def source(code: str) -> Path:
    """The catalogue as people write it."""
    return HERE / code / "LC_MESSAGES" / "messages.po"


def read(code: str) -> Catalog:
    """The sentences of a language with their remarks. Errors: OSError, PoFileError."""
    with source(code).open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def compiled(code: str) -> bytes:
    """The sentences of a language as machines read them."""
    made = io.BytesIO()
    write_mo(made, read(code))
    return made.getvalue()


def sentences(code: str) -> GNUTranslations:
    """The sentences of a language, from the compiled file when it is as new as its source."""
    path = source(code).with_suffix(".mo")
    with suppress(OSError):
        if path.stat().st_mtime_ns >= source(code).stat().st_mtime_ns:
            with path.open("rb") as file:
                return GNUTranslations(file)
    content = compiled(code)
    keep(path, content)
    return GNUTranslations(io.BytesIO(content))


def keep(path: Path, content: bytes) -> None:
    """Write the compiled file, whole or not at all; where nobody may write, it is made again each time."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        part.write_bytes(content)
        part.replace(path)


def main() -> int:
    """Refuse an incomplete catalogue, then compile. The code for the shell."""
    from portal.translations.check import problems

    found = [f"{code} : {problem}" for code in OTHERS for problem in problems(code)]
    for line in found:
        sys.stderr.write(f"{line}\n")
    if found:
        sys.stderr.write(f"{len(found)} problème(s) de traduction.\n")
        return 1
    for code in OTHERS:
        keep(source(code).with_suffix(".mo"), compiled(code))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
