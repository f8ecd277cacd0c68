"""The documents of the demonstration: small files made here, received as any other."""

from __future__ import annotations

import io
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

PAPER, WALL, INK = (250, 247, 240), (60, 60, 60), (30, 30, 30)
WIDTH, HEIGHT, ROOMS = 900, 420, 8


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
    """A drawing of a corridor with its rooms, and a line under it."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    side = (WIDTH - 80) // (ROOMS // 2)
    for number in range(ROOMS):
        left, top = 40 + side * (number % (ROOMS // 2)), 40 if number < ROOMS // 2 else 220
        pen.rectangle((left, top, left + side, top + 120), outline=WALL, width=4)
        pen.text((left + 16, top + 16), str(number + 1), fill=INK)
    pen.rectangle((40 + side, 160, 40 + side * 3, 220), fill=(214, 230, 218), outline=WALL, width=4)
    pen.text((40, HEIGHT - 50), words, fill=INK)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
