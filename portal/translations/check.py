"""What a catalogue lacks: every sentence of the product, found in its code, beside its translation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from portal.translations import build

PORTAL = build.HERE.parent
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "plural": (1, 2),
    "say": None,
}
# What only the person who installs the portal reads, on a terminal, is in French.
APART = {"setup", "demo", "static", "migrations"}
TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
# Sentences that stand in files of data: the ones of the product, one after the other.
DATA = ("domain/indicators/catalogue.toml", "domain/means/words.toml", "domain/glossary/words.toml")
DATA_SENTENCES = ("nom", "mot", "clair", "definition", "formule", "pourquoi")
# The models of trames: their titles and explanations.
TRAMES = "domain/trames/models"
TRAME_SENTENCES = ("titre", "source", "clair")
BLOCK_SENTENCES = ("titre", "clair")
PLACE = re.compile(r"%(?:\((\w+)\))?[#0\- +]*[\d*]*(?:\.\d+)?[sdrfi%]")

Key = str | tuple[str, ...]


@cache
def extracted(root: Path = PORTAL) -> dict[Key, str]:
    """Every sentence of the code, with the first place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted((*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt"))):
        place = path.relative_to(root)
        if place.parts[0] in APART or (path.suffix == ".txt" and place.parts[0] != "templates"):
            continue
        for line, key in _sentences(path):
            found.setdefault(key, f"{place}:{line}")
    for name in DATA:
        for key in _of_data(root / name):
            found.setdefault(key, name)
    for path in sorted((root / TRAMES).glob("*.toml")):
        for key in _of_trame(path):
            found.setdefault(key, f"{TRAMES}/{path.name}")
    return found


def _of_data(path: Path) -> Iterator[Key]:
    """The sentences of a file of data: those of each entry, of its parts, and what it says of a number."""
    (entries,) = tomllib.loads(path.read_text(encoding="utf-8")).values()
    for entry in entries:
        yield from (entry[name] for name in DATA_SENTENCES if name in entry)
        yield from entry.get("parts", {}).values()
        if "phrase" in entry:
            yield (entry["phrase_un"], entry["phrase"])


def _of_trame(path: Path) -> Iterator[Key]:
    """The sentences of a model of trame: its own, then those of each block."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    yield from (data[name] for name in TRAME_SENTENCES)
    for block in data.get("bloc", ()):
        yield from (block[name] for name in BLOCK_SENTENCES)


def _sentences(path: Path) -> Iterator[tuple[int, Key]]:
    method: Any = "python" if path.suffix == ".py" else babel_extract
    options = {} if path.suffix == ".py" else TEMPLATE_OPTIONS
    with path.open("rb") as file:
        for line, msgid, _remarks, _context in extract(method, file, KEYWORDS, (), options):
            if msgid:
                yield line, tuple(msgid) if isinstance(msgid, list | tuple) else msgid


def problems(code: str) -> list[str]:
    """Everything that keeps a catalogue from being complete, one line each."""
    return list(compare(extracted(), build.read(code)))


def compare(wanted: dict[Key, str], catalogue: Catalog) -> Iterator[str]:
    """Missing, empty, doubtful, useless or badly filled sentences."""
    known = {_key(message): message for message in catalogue if message.id}
    for key, place in wanted.items():
        message = known.get(key)
        if message is None:
            yield f"manque : {_first(key)!r} ({place})"
        else:
            yield from _faults(message, catalogue.num_plurals, place)
    yield from (f"inutile : {_first(key)!r}" for key in known if key not in wanted)
    yield from (f"abandonnée : {message.id!r}" for message in catalogue.obsolete.values())


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else tuple(message.id or ())


def _first(key: Key) -> str:
    return key if isinstance(key, str) else key[0]


def _faults(message: Message, plurals: int, place: str) -> Iterator[str]:
    key = _key(message)
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if message.fuzzy:
        yield f"à relire : {_first(key)!r} ({place})"
    if len(forms) != (1 if isinstance(key, str) else plurals):
        yield f"formes : {_first(key)!r} ({place})"
    if not all(form and form.strip() for form in forms):
        yield f"vide : {_first(key)!r} ({place})"
        return
    sources = (key,) if isinstance(key, str) else key
    for index, form in enumerate(forms):
        # Only the singular may do without its number: « Une contribution… ».
        expected = _places(sources[min(index, len(sources) - 1)])
        wanted = {"num"} if len(sources) > 1 and index == 0 else set()
        if _places(form) - wanted != expected - wanted:
            yield f"valeurs : {_first(key)!r} → {form!r} ({place})"


def _places(text: str) -> set[str]:
    return {found.group(1) or found.group(0) for found in PLACE.finditer(text)}
