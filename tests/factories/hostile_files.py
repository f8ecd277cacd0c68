"""Files that nobody should send, each by the name of its harm, and the doors at which they knock."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from lxml import html as lxml_html
from sqlalchemy import select

from portal.kernel.ids import new_id
from tests.factories import sent_files as sent

FORMULA = "=cmd|' /C calc'!A0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048


def nested() -> bytes:
    """An archive in an archive in an archive."""
    inner = sent.packed({"a.txt": "a" * sent.MEGABYTE})
    for depth in range(5):
        inner = sent.packed({f"{depth}.zip": inner})
    return inner


# What is sent, and the ending of its name: it lies as often as not.
KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("pdf", lambda: b""),
    "fifty megabytes": ("pdf", lambda: b"%PDF-1.7" + b"\0" * (50 * sent.MEGABYTE)),
    "bomb in a text": (
        "docx",
        lambda: sent.with_parts(sent.a_docx(), {"word/media/a.bin": b"\0" * (120 * sent.MEGABYTE)}),
    ),
    "bomb in a table": (
        "xlsx",
        lambda: sent.with_parts(sent.an_xlsx(), {"xl/worksheets/sheet1.xml": b" " * (120 * sent.MEGABYTE)}),
    ),
    "archives in archives": ("docx", nested),
    "thousands of parts": ("docx", lambda: sent.packed({f"word/{n}.xml": "" for n in range(6000)})),
    "words that multiply": ("docx", lambda: sent.with_parts(sent.a_docx(), {"word/document.xml": sent.LAUGHS})),
    "macros in a text": ("docx", sent.docm),
    "macros in a table": ("xlsx", lambda: sent.with_parts(sent.an_xlsx(), {"xl/vbaProject.bin": b"\0"})),
    "old format": ("docx", lambda: OLE),
    "locked": ("pdf", lambda: sent.a_pdf(password="secret")),
    "page as a document": ("pdf", lambda: b"<!doctype html><script>alert(1)</script>"),
    "drawing with a script": ("pdf", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "program as a document": ("pdf", lambda: b"MZ\x90\0" + b"\0" * 4096),
    "program as a table": ("csv", lambda: b"MZ\x90\0" + b"\0" * 4096),
    "cut archive": ("docx", lambda: sent.a_docx()[:2000]),
    "picture of billions of points": ("png", lambda: sent.declared_png(60_000, 60_000)),
    "formulas": ("csv", f"Poste;Montant\n{FORMULA};=1+1\n".encode),
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """Where files are sent under a contract: the field, what goes with it, the id of the field's error."""

    path: str
    field: str
    more: dict[str, str] = field(default_factory=dict)


DOORS = {
    "documents": Door("documents/du-contrat/joindre", "document", {"title": "Plan", "summary": "Le plan des travaux."}),
    "imports": Door("reprises", "file"),
    "acts": Door(
        "actes/nouveau",
        "document",
        {
            "sorte": "avis-cvs", "held_on": "2026-03-02", "body_name": "CVS", "stage": "diagnostic",
            "outcome": "favorable", "source": "Des mots à garder.",
        },
    ),
    "directory": Door("repertoire", "file"),
}  # fmt: skip


def made(kind: str) -> tuple[str, bytes]:
    """A name and the bytes that go with it."""
    ending, content = KINDS[kind]
    return f"plan.{ending}", content()


def knock(client: Any, contract_id: str, door: Door, name: str, content: bytes) -> Any:
    """The answer to a file that is sent at a door, as its page would."""
    data = {
        "csrf_token": client.token,
        "op_id": new_id(),
        **door.more,
        door.field: (io.BytesIO(content), name, "application/pdf"),
    }
    return client.post(f"/contrats/{contract_id}/{door.path}", data=data)


def told(answer: Any, door: Door) -> str:
    """What is said beside the field; what the page says where it has none."""
    tree = lxml_html.document_fromstring(answer.get_data(as_text=True))
    found = tree.xpath(f"//*[@id='{door.field}-erreur']") or tree.xpath("//main")
    return re.sub(r"[ \t\n]+", " ", found[0].text_content()).strip()


def answered(
    world: Any, door: Door, kind: str, expected: tuple[int, str], tables: Sequence[type[Any]]
) -> None:
    """A door answers to a hostile file as it is expected to; what it refuses is in none of the tables."""
    status, words = expected
    answer = knock(world.client("director"), world.ours.contract_id, door, *made(kind))
    kept = world.read(lambda s: sum(len(s.scalars(select(table)).all()) for table in tables))
    assert answer.status_code == status
    if status == HTTPStatus.SEE_OTHER:
        assert kept
        return
    assert words in told(answer, door)
    assert kept == 0
