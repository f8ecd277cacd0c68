"""The letters of the pages on paper too: the built web font, as the kind of file that Typst reads."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from portal.logs import get_logger

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
MANIFEST_NAME = "fonts/atkinson-hyperlegible-next.woff2"
OURS, INSIDE = "Atkinson Hyperlegible Next", "Libertinus Serif"
log = get_logger("portal.documents")


@cache
def fonts(folder: Path) -> tuple[typst.Fonts, tuple[str, ...]]:
    """The fonts to draw with and their names, best first; converted once into `folder`.

    Without the built pages (which the portal can do without) the font inside Typst remains.
    """
    source = _built()
    if source is None:
        return typst.Fonts(include_system_fonts=False), (INSIDE,)
    try:
        place = _converted(source, folder)
    except OSError as error:
        log.warning("documents.font", error=type(error).__name__)
        return typst.Fonts(include_system_fonts=False), (INSIDE,)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(place)]), (OURS, INSIDE)


def _built() -> Path | None:
    try:
        manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
        entry = manifest[MANIFEST_NAME]
    except (OSError, ValueError, KeyError):
        return None
    file = DIST / (entry["file"] if isinstance(entry, dict) else entry)
    return file if file.is_file() else None


def _converted(source: Path, folder: Path) -> Path:
    """The folder that holds the converted font; made beside, then renamed: processes may start together."""
    name = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    place = folder / f"lettres-{name}"
    file = place / "lettres.ttf"
    if not file.exists():
        place.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place, suffix=".tmp")
        with os.fdopen(handle, "wb") as written:
            font = TTFont(source)
            font.flavor = None
            font.save(written)
        Path(beside).replace(file)
    return place
