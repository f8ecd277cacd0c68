"""The documents of the demonstration: small files made here, received as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.demo.acts import one_line
from portal.demo.reading import word
from portal.domain.documents import service
from portal.domain.documents.models import Subject
from portal.domain.documents.rules import Presented, Received
from portal.domain.documents.service import Place
from portal.domain.documents.subjects import ITEMS
from portal.kernel.files.kinds import FileKind, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play

# A corridor with its eight rooms, and a line under it.
PLAN = """
#set page(width: 460pt, height: 240pt, margin: 24pt, fill: rgb("#faf7f0"))
#set text(size: 12pt, fill: rgb("#1e1e1e"))
#let room(number) = rect(width: 100%, height: 100%, stroke: 2pt + rgb("#3c3c3c"), inset: 8pt)[#number]
#let hall(colour) = rect(width: 100%, height: 100%, stroke: none, fill: colour)
#grid(
  columns: (1fr,) * 4, rows: (60pt, 34pt, 60pt),
  ..(1, 2, 3, 4).map(room),
  hall(none), grid.cell(colspan: 2, hall(rgb("#d6e6da"))), hall(none),
  ..(5, 6, 7, 8).map(room),
)
#sys.inputs.at("words")
"""


def attach(play: Play, loaded: Loaded, entries: Iterable[Mapping[str, Any]]) -> None:
    """Attach these documents, each on its day, with the version that came after where there is one."""
    for entry in entries:
        person = play.people[entry["par"]].actor
        found = service.attach(
            play.session,
            person,
            _place(loaded, entry),
            Presented(entry["nom"], entry["phrase"]),
            _made(entry["genre"], entry["contenu"]),
            at=play.moment(entry["jour"], entry["heure"]),
        )
        after = entry.get("remplace")
        if after:
            file, at = _made(entry["genre"], after["contenu"]), play.moment(after["jour"], after["heure"])
            service.replace(play.session, person, loaded.contract_id, found, file, after["raison"], 1, at=at)


def _place(loaded: Loaded, entry: Mapping[str, Any]) -> Place:
    subject = word(Subject, entry["sur"])
    if subject in ITEMS:
        return Place(loaded.contract_id, subject, loaded.items[ITEMS[subject], entry["cle"]])
    return Place(loaded.contract_id, subject, entry.get("objet", loaded.contract_id))


def _made(kind: str, words: str) -> Received:
    """A file of this kind that says these words, cleaned and shown as one that somebody sends."""
    # Ours, so opened here; heavy, and only the demonstration makes files.
    from portal.intake import worker

    made = {"pdf": one_line, "image": _plan}.get(kind, _plain)(words.strip())
    told, content = worker.clean(made)
    shown, preview = worker.show(content)
    return Received(
        FileKind(told["kind"]),
        content,
        preview,
        str(shown["words"]),
        told=frozenset(Told(one) for one in told["told"]),
    )


def _plain(words: str) -> bytes:
    return f"{words}\n".encode()


def _plan(words: str) -> bytes:
    import typst

    made: bytes = typst.compile(
        PLAN.encode(), format="png", ppi=144.0, sys_inputs={"words": words}, ignore_system_fonts=True
    )
    return made
