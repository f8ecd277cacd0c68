"""Everything that everybody can see of a contract at one moment: pages, files, live frames, notices."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce

from lxml import etree
from lxml import html as lxml_html
from pypdf import PdfReader

from tests.conftest import World
from tests.guards.route_list import FILE

# Whose eyes: one of each kind of right. Who acts in a test is never among them.
VIEWERS = (
    "resident_4",
    "family_4",
    "professional",
    "staff_rep",
    "board",
    "authority",
    "director",
    "moderator",
)
PARAMETER = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>")
CHOICE = re.compile(r"<any\(([a-z,-]+)\):[a-z_]+>")
# What tells nothing about persons of a contract, or is different at each reading.
LEFT_OUT = {
    "/static/<path:filename>": "files",
    "/composants": "invented examples",
    "/courriels/arreter/<jeton>": "from an e-mail",
    "/sante": "for a machine",
}
# One viewer's own block, what is new at each reading, or machinery.
SKIPPED = ("//script", "//style", "//input[@type='hidden']", "//head")
# One address, several readings of it.
ASKED = {
    "/construction": ("etablissement", "establishment_id"),
    "/demandes": ("etablissement", "establishment_id"),
    "/dossier-cvs": ("etablissement", "establishment_id"),
    "/equilibre": ("espace", "space_id"),
}
# How many lines the register has stands on every document: one line to take away here, and it is compared too.
CHAIN = (re.compile(r"ligne [0-9\u202f\u00a0 ]*[0-9]"),)
# Its table and its fingerprint, which a paper breaks where the digits fall: all of it, up to what is read next.
CHAIN_TABLE, CHAIN_END, CHAIN_ROWS = "La tête du registre ce jour-là", "ouvrez la page", 8
# Where the words stand in an office file.
OFFICE = re.compile(r"word/document\.xml|xl/sharedStrings\.xml|xl/worksheets/.+\.xml|content\.xml")
CHANGING = re.compile(r'\b[0-9a-f]{32,}\b|\b[a-z2-7]{26}\b|"fait":"[^"]*"')


@dataclass
class Outlook:
    """Lines of words by who reads them and where."""

    lines: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def differs(self, other: Outlook) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
        """Where another moment shows something else: the lines that went, and those that came."""
        found = {}
        for place in sorted(self.lines.keys() | other.lines.keys()):
            before, after = self.lines.get(place, Counter()), other.lines.get(place, Counter())
            if before != after:
                found[place] = (sorted((before - after).elements()), sorted((after - before).elements()))
        return found


def addresses(ids: dict[str, list[str]]) -> Iterator[str]:
    """Every address that answers GET, for each of the things that are named."""
    for route in json.loads(FILE.read_text(encoding="utf-8")):
        path, method = route.split(" ")
        if method != "GET" or path in LEFT_OUT:
            continue
        yield from _filled(path, ids)


def _filled(path: str, ids: dict[str, list[str]]) -> Iterator[str]:
    choice = CHOICE.search(path)
    if choice is not None:
        for one in choice[1].split(","):
            yield from _filled(path.replace(choice[0], one, 1), ids)
        return
    name = PARAMETER.search(path)
    if name is None:
        yield path
        return
    for one in ids.get(name[1], []):
        yield from _filled(path.replace(name[0], one, 1), ids)


def look(world: World, ids: dict[str, list[str]], viewers: tuple[str, ...] = VIEWERS) -> Outlook:
    """What each viewer reads at every address, in every file, and the frames of the space."""
    found = Outlook()
    paths = [one for path in addresses(ids) for one in (path, *asked(path, ids))]
    for name in viewers:
        client = world.client(name)
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200:
                told = words(answer.get_data(), answer.mimetype)
                found.lines[name, path] = Counter(without_chain(list(told)))
    return found


def asked(path: str, ids: dict[str, list[str]]) -> Iterator[str]:
    """The same address, of one establishment or of one space."""
    for end, (name, noun) in ASKED.items():
        if path.endswith(end):
            yield from (f"{path}?{name}={one}" for one in ids.get(noun, []))


def without_chain(lines: list[str]) -> Iterator[str]:
    """The lines without how far the register goes."""
    left = 0
    for line in lines:
        if left and CHAIN_END not in line:
            left -= 1
            continue
        left = 0
        if line.startswith(CHAIN_TABLE):
            left = CHAIN_ROWS
        else:
            yield reduce(lambda told, known: known.sub("ligne #", told), CHAIN, line)


def words(body: bytes, mimetype: str) -> Iterator[str]:
    """The lines that a person reads, without what is new at each reading."""
    for line in _read(body, mimetype):
        if line.strip():
            yield CHANGING.sub("#", " ".join(line.split()))


def _read(body: bytes, mimetype: str) -> Iterator[str]:
    if mimetype == "application/pdf":
        yield from "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(body)).pages).splitlines()
    elif "officedocument" in mimetype or "opendocument" in mimetype:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            for name in filter(OFFICE.fullmatch, file.namelist()):
                yield from (str(one) for one in etree.fromstring(file.read(name)).itertext())
    elif mimetype == "text/html":
        # A part of a page may hold nothing.
        yield from _page(body) if body.strip() else ()
    elif mimetype.startswith("text/") or "json" in mimetype:
        yield from body.decode("utf-8").splitlines()


def _page(body: bytes) -> Iterator[str]:
    page = lxml_html.document_fromstring(body)
    for gone in (one for path in SKIPPED for one in page.xpath(path)):
        gone.getparent().remove(gone) if gone.getparent() is not None else None
    for one in page.iter():
        yield from (piece for piece in (one.text, one.tail) if piece)
