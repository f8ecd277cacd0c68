"""An accessible PDF (PDF/UA-1) from plain data, by Typst.

The words of people are data of the document: they go in as JSON and are never read as Typst's own marks.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from portal.documents.fonts import fonts
from portal.documents.letters import all_printable
from portal.documents.plain import Data

PAPER = Path(__file__).with_name("paper.typ").read_bytes()
STANDARD: Any = ["ua-1"]


def pdf(data: Data, folder: Path) -> bytes:
    """The file; `folder` keeps what is made once. Errors: TypstError, when the file would not conform."""
    return _made(_fitted(data, folder), folder, format="pdf", pdf_standards=STANDARD)


def _fitted(data: Data, folder: Path) -> Data:
    """The document on as many pages as it may have, without the last words quoted in its first part if need be."""
    if data["pages"] is None:
        return data
    while pages(data, folder) > data["pages"]:
        first, *others = data["sections"]
        quotes = [number for number, one in enumerate(first["blocks"]) if one["kind"] == "quote"]
        if not quotes:
            break
        kept = [one for number, one in enumerate(first["blocks"]) if number != quotes[-1]]
        data = {**data, "sections": [{**first, "blocks": kept}, *others]}
    return data


def pages(data: Data, folder: Path) -> int:
    """How many pages it has."""
    known, names = fonts(folder)
    compiler = typst.Compiler(
        PAPER, font_paths=known, ignore_system_fonts=True, sys_inputs=_inputs(data, names)
    )
    return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def picture(data: Data, bars: Data, folder: Path) -> bytes:
    """One picture of a document alone, as PNG, for files that cannot draw it."""
    return _made({**data, "picture": bars, "sections": []}, folder, format="png", ppi=160.0)


def _made(data: Data, folder: Path, **how: Any) -> bytes:
    known, names = fonts(folder)
    year, month, day = data["day"]
    made: bytes = typst.compile(
        PAPER,
        font_paths=known,
        ignore_system_fonts=True,
        sys_inputs=_inputs(data, names),
        timestamp=datetime(year, month, day, tzinfo=UTC),
        **how,
    )
    return made


def _inputs(data: Data, names: tuple[str, ...]) -> dict[str, str]:
    drawn = all_printable(data, data["words"]["sign"])
    return {"data": json.dumps({**drawn, "fonts": list(names)}, ensure_ascii=False)}
