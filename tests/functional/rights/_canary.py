"""Every text of the other contract is replaced by a mark of its own, then searched in all that we receive."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urljoin, urlsplit

from lxml import html
from sqlalchemy import String, Table, Text, text
from sqlalchemy.orm import Session

from portal.domain.answers.models import Answer
from portal.domain.contracts.models import Indicator
from portal.domain.moderation.models import Decision, ModerationDecision
from portal.domain.notifications.models import Notice
from portal.kernel.base import Base
from portal.kernel.ids import is_id
from portal.vocabulary import NoticeKind

from ._arena import Arena, Somebody
from ._filled import fill
from ._proofs import live_lines
from ._table import Line

MARK = re.compile(rb"kanari\d{5}x")
ID = re.compile(rb"(?<![a-z2-7])[a-z2-7]{26}(?![a-z2-7])")
# Columns that hold no words: what a column says is read by the machine, a mark would only break it.
WORDLESS = {
    "journal_line": "sealed: the database refuses to change it",
    "journal_head": "the end of a chain",
    "quiet_line": "sealed: the database refuses to change it",
    "audience_frame": "names of facts and ids",
    "lease": "a process",
    "directory_edition": "the national directory, the same for all contracts",
    "directory_site": "the same",
    "search_paper": "the words of files, written by a task: tests/functional/search says who finds by them",
    "search_word": "stems, read from entries whose words are marked",
    "session_row": "JSON of our own",
    "file_import.body": "the same: the name of the file is marked",
    "operation": "addresses and digests",
    "contribution.provenance": "a code",
    "account.password_hash": "never read but by the password check",
    "notice.mark": "ids of what a notice comes from",
    "mail.error": "a code",
    "document.object_id": "an id, or the name of a stage",
    "document_file.left": "codes",
    "document_file.told": "codes",
}
QUERIES = {
    "/espaces/<space_id>/sujets/<item_id>": ("apres={words}", "avant={words}"),
    "/espaces/<space_id>/sujets/<item_id>/moi": ("apres={words}", "avant={words}"),
    "/espaces/<space_id>/sujets/<item_id>/contribuer": ("passage={paragraph}&registre=clair&type=comment",),
    "/contrats/<contract_id>/mes-contributions": ("avant={words}",),
    "/contrats/<contract_id>/registre": ("sujet={item}", "sorte=paroles&groupe=families", "avant=5"),
    "/contributions/<contribution_id>/fil": ("apres={words}",),
    "/espaces/<space_id>/moderation": ("apres={words}", "sans-reponse={words}"),
    "/espaces/<space_id>/reponses/suivante": ("apres={words}",),
    "/espaces/<space_id>/niveaux": ("groupe=residents",),
}
FORMS = {
    "/espaces/<space_id>/sujets/<item_id>/contribuer": {
        "kind": "comment", "body": "Ici.", "paragraph": "{paragraph}", "register": "clair", "version": "1",
    },
    "/contrats/<contract_id>/espaces/nouveau": {"step": "3", "items": "{item}", "object": "diagnostic"},
}  # fmt: skip


@dataclass
class Marked:
    """What belongs to the other contract: how many marks were written, and its ids."""

    marks: int
    tables: set[str]
    ids: set[str]
    paragraph: str


def columns(table: Table) -> list[str]:
    """Columns of words: text that is neither a key, nor an id, nor a closed list."""
    if table.name in WORDLESS:
        return []
    return [
        column.name
        for column in table.columns
        if type(column.type) in (String, Text)
        and not column.primary_key
        and not column.foreign_keys
        and f"{table.name}.{column.name}" not in WORDLESS
        and getattr(column.type, "length", None) not in (26, 64)
    ]


def belonging(raw: sqlite3.Connection, contract_id: str) -> tuple[set[str], dict[str, list[int]]]:
    """Ids and rows that hang on a contract, found by following ids from row to row."""
    ids, rows = {contract_id}, {}
    while True:
        before = len(ids)
        for table in Base.metadata.sorted_tables:
            rows[table.name] = []
            # A table that is its own index: its rows have no number, and no id of ours stands in one.
            if not table.dialect_options["sqlite"]["with_rowid"]:
                continue
            for rowid, *values in raw.execute(f'SELECT rowid, * FROM "{table.name}"'):
                held = {
                    part
                    for value in values
                    if isinstance(value, str)
                    for part in value.split(":")
                    if is_id(part)
                }
                if held & ids:
                    rows[table.name].append(rowid)
                    ids |= held
        if len(ids) == before:
            return ids, rows


def furnish(arena: Arena) -> None:
    """Give the other contract what only some contracts have: an answer, a decision, an indicator."""
    words, director = arena.words["other"], arena.other["director"].id
    by = {"by_participant": director, "by_function": "la direction", "at": arena.now}
    with Session(arena.engine) as session, session.begin():
        # Marks are written over words, which the database refuses to anybody else.
        session.execute(text("DROP TRIGGER IF EXISTS words_not_edited"))
        session.add(
            Answer(
                contribution_id=words, answered_version=1, source="Oui.", html="<p>Oui.</p>", renderer=1, **by
            )
        )
        session.add(ModerationDecision(contribution_id=words, number=1, decision=Decision.APPROVED, **by))
        session.add(
            Notice(
                participant_id=director,
                kind=NoticeKind.ANSWERED,
                mark="ligne:1",
                contract_id=arena.other.contract_id,
                space_id=arena.other.space_id,
                contribution_id=words,
                at=arena.now,
            )
        )
        session.add(
            Indicator(item_id=arena.other.objectives[0], position=1, label="Repas", initial="2", target="3")
        )
        session.flush()
        fill(session, arena, _without_words(arena))


def _without_words(arena: Arena) -> list[Table]:
    """Tables of words where the other contract has nothing yet."""
    raw = sqlite3.connect(arena.database, timeout=20)
    try:
        _, rows = belonging(raw, arena.other.contract_id)
    finally:
        raw.close()
    mine = {"answer", "moderation_decision", "notice", "indicator", "database_mark"}
    empty = [table for table in Base.metadata.sorted_tables if columns(table) and not rows[table.name]]
    return [table for table in empty if table.name not in mine]


def mark(arena: Arena) -> Marked:
    """Write a mark of its own in every text of the other contract."""
    furnish(arena)
    raw = sqlite3.connect(arena.database, timeout=20)
    ours, _ = belonging(raw, arena.ours.contract_id)
    ids, rows = belonging(raw, arena.other.contract_id)
    assert not ours & ids, "the two contracts share something"
    number, tables = 0, set()
    for table in Base.metadata.sorted_tables:
        for rowid, name in product(rows[table.name], columns(table)):
            number += 1
            raw.execute(
                f'UPDATE "{table.name}" SET "{name}" = ? WHERE rowid = ?', (f"kanari{number:05d}x", rowid)
            )
            tables.add(table.name)
    paragraph = raw.execute(
        "SELECT p.stable_id FROM paragraph p JOIN text t ON t.id = p.text_id WHERE t.item_id = ?",
        (arena.other.items[0],),
    ).fetchone()[0]
    raw.commit()
    raw.close()
    return Marked(number, tables, ids, paragraph)


def leaks(
    arena: Arena, marked: Marked, somebody: Somebody, lines: list[Line] | None = None
) -> tuple[list[str], int]:
    """Open every address and every link; return what leaked, and how many answers were searched."""
    found: list[str] = []
    waiting = [
        "/",
        *_addresses(arena, marked, [line for line in lines or live_lines(arena) if line.method == "GET"]),
    ]
    seen = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = arena.ask(somebody, "GET", path)
        found += _search(path, response.get_data() + repr(list(response.headers)).encode(), marked)
        waiting += _links(path, response)
    for path, fields in _forms(arena, marked, lines or live_lines(arena)):
        seen.add(path)
        response = arena.ask(somebody, "POST", path, fields)
        found += _search(
            path + repr(fields), response.get_data() + repr(list(response.headers)).encode(), marked
        )
    return found, len(seen)


def _search(asked: str, received: bytes, marked: Marked) -> Iterator[str]:
    for leak in sorted(set(MARK.findall(received))):
        yield f"{asked}: {leak.decode()}"
    for one in {one.decode() for one in ID.findall(received)}:
        if one in marked.ids and one not in asked:
            yield f"{asked}: the id {one}"


def _links(path: str, response: object) -> Iterator[str]:
    status, headers = response.status_code, response.headers  # type: ignore[attr-defined]
    targets = [headers["Location"]] if "Location" in headers else []
    if status == 200 and headers.get("Content-Type", "").startswith("text/html"):
        said = response.get_data(as_text=True)  # type: ignore[attr-defined]
        # A part of a page may hold nothing.
        targets += html.document_fromstring(said).xpath("//a/@href") if said.strip() else []
    for target in targets:
        parts = urlsplit(urljoin(f"http://localhost{path}", target))
        if parts.netloc == "localhost" and not parts.path.startswith("/static"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _named(arena: Arena) -> dict[str, list[str]]:
    houses = (arena.ours, arena.other)
    return {
        "contract_id": [house.contract_id for house in houses],
        "space_id": [house.space_id for house in houses],
        "item_id": [house.items[0] for house in houses] + [house.objectives[0] for house in houses],
        "contribution_id": list(arena.words.values()),
        "appeal_id": list(arena.appeals.values()),
        "act_id": list(arena.acts.values()),
        "establishment_id": [house.establishment_id for house in houses],
        "indicator_id": list(arena.indicators.values()),
        "finding_id": [house.items[0] for house in houses],
        "axis_id": [house.axis_id for house in houses],
        "survey_id": [one["survey_id"] for one in arena.surveys.values()],
        "question_id": [one["question_id"] for one in arena.surveys.values()],
        **{
            name: [arena.lives[where][name] for where in ("ours", "other")]
            for name in (
                "amendment_id",
                "seat_id",
                "line_id",
                "disagreement_id",
                "trame_id",
                "block_id",
                "point_id",
                "part_id",
            )
        },
        **{
            name: [arena.aims[where][name] for where in ("ours", "other")]
            for name in ("objective_id", "action_id", "branch_id", "means_id", "decision_id", "commitment_id")
        },
        "modele": ["ehpad"],
        "sorte": ["objectif"],
        "piece_id": [arena.aims[where]["objective_id"] for where in ("ours", "other")],
        "document_id": [arena.papers[where]["document_id"] for where in ("ours", "other")],
        "import_id": list(arena.imports.values()),
        "etape": ["diagnostic", "milieu"],
        "bilan": ["milieu", "fin"],
        "ligne": ["errd"],
        "registre": ["clair", "technique"],
        "genre": ["jsonl", "csv", "ods"],
        "fichier": ["pdf", "docx"],
        "forme": ["csv", "docx"],
        "slug": ["personne"],
        "jeton": ["jamais-envoye"],
        "notice_id": ["a" * 26],
    }


def _addresses(arena: Arena, marked: Marked, lines: list[Line]) -> Iterator[str]:
    named = _named(arena)
    for line in lines:
        for values in product(*(named[name] for name in line.names)):
            path = line.address
            for name, value in zip(line.names, values, strict=True):
                path = path.replace(f"<{name}>", value)
            yield path
            for query in QUERIES.get(line.address, ()):
                asked = query.format(
                    words=arena.words["other"], paragraph=marked.paragraph, item=arena.other.items[0]
                )
                yield f"{path}?{asked}"


def _forms(arena: Arena, marked: Marked, lines: list[Line]) -> Iterator[tuple[str, dict[str, str]]]:
    for line in {one.address: one for one in lines if one.method == "POST" and one.address in FORMS}.values():
        for path in _addresses(arena, marked, [line]):
            fields = FORMS[line.address]
            yield (
                path.split("?")[0],
                {
                    name: value.format(paragraph=marked.paragraph, item=arena.other.items[0])
                    for name, value in fields.items()
                },
            )
