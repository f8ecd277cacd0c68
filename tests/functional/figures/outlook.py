"""Everything that everybody can see of a contract at one moment: pages, files, live frames, notices."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html as lxml_html

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
CHANGING = re.compile(r"\b[0-9a-f]{32,}\b|\b[a-z2-7]{26}\b")


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
    """What each viewer reads at every address, and the frames of the space."""
    found = Outlook()
    paths = list(addresses(ids))
    for name in viewers:
        client = world.client(name)
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200:
                found.lines[name, path] = Counter(words(answer.get_data(), answer.mimetype))
    return found


def words(body: bytes, mimetype: str) -> Iterator[str]:
    """The lines that a person reads, without what is new at each reading."""
    if mimetype != "text/html":
        text = body.decode("utf-8", "replace") if mimetype.startswith("text/") or "json" in mimetype else ""
        yield from (CHANGING.sub("#", line) for line in text.splitlines())
        return
    page = lxml_html.document_fromstring(body)
    for gone in (one for path in SKIPPED for one in page.xpath(path)):
        gone.getparent().remove(gone) if gone.getparent() is not None else None
    for one in page.iter():
        for piece in (one.text, one.tail):
            if piece and piece.strip():
                yield CHANGING.sub("#", " ".join(piece.split()))
