"""Reads of versioned texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from portal.domain.texts import negotiated
from portal.domain.texts.models import Paragraph, Text, TextVersion
from portal.domain.texts.negotiated import Negotiated
from portal.kernel import text as words
from portal.kernel.speech import Sentence
from portal.vocabulary import Register

VERSIONS = 10


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """One paragraph: its stable id, its words."""

    stable_id: str
    source: str
    html: str

    @property
    def plain(self) -> str:
        """The words on one line, for quotes."""
        return words.plain(self.source)


@dataclass(frozen=True, slots=True)
class TextView:
    """A text at one version; when a negotiation changed its words (None if none did, or if they changed since), and why.

    `negotiated` is what is to be said of it, whether these words stand or not.
    """

    item_id: str
    register: Register
    version: int
    paragraphs: tuple[ParagraphView, ...]
    negotiated_at: datetime | None = None
    negotiated_reason: str = ""
    negotiated: Negotiated | None = None

    @property
    def source(self) -> str:
        """The whole text, as it is corrected."""
        return "\n\n".join(paragraph.source for paragraph in self.paragraphs)

    @property
    def ids(self) -> tuple[str, ...]:
        """The stable ids of its paragraphs, in order."""
        return tuple(one.stable_id for one in self.paragraphs)

    def paragraph(self, stable_id: str) -> ParagraphView | None:
        """The paragraph with this stable id, if this version has it."""
        return next((one for one in self.paragraphs if one.stable_id == stable_id), None)


def paragraph(
    session: Session, item_id: str, register: Register, stable_id: str, version: int
) -> ParagraphView | None:
    """One paragraph as it stood in one version of an item's text."""
    row = session.scalar(
        select(Paragraph)
        .join(Text, Text.id == Paragraph.text_id)
        .where(
            Text.item_id == item_id,
            Text.register == register,
            Paragraph.stable_id == stable_id,
            Paragraph.number == version,
        )
    )
    return None if row is None else ParagraphView(row.stable_id, row.source, row.html)


def current(session: Session, item_ids: Sequence[str] | Select[str]) -> dict[tuple[str, Register], TextView]:
    """The current version of every text of these items; one query."""
    rows = session.execute(
        select(Text, Paragraph)
        .join(Paragraph, and_(Paragraph.text_id == Text.id, Paragraph.number == Text.version))
        .where(Text.item_id.in_(item_ids))
        .order_by(Text.id, Paragraph.position)
    )
    heads, parts = _gathered(rows)
    known = [head.item_id for head in heads.values() if head.negotiated_at is not None]
    agreed = negotiated.of_texts(session, known) if known else {}
    return {key: _text(head, parts[key], agreed.get(key)) for key, head in heads.items()}


def _text(head: Text, parts: Iterable[ParagraphView], agreed: Negotiated | None) -> TextView:
    held = agreed if agreed is not None and agreed.left is None else None
    return TextView(
        head.item_id,
        head.register,
        head.version,
        tuple(parts),
        held.at if held is not None else None,
        held.reason if held is not None else "",
        agreed,
    )


def _gathered(
    rows: Iterable[tuple[Text, Paragraph]],
) -> tuple[dict[tuple[str, Register], Text], dict[tuple[str, Register], list[ParagraphView]]]:
    heads: dict[tuple[str, Register], Text] = {}
    parts: dict[tuple[str, Register], list[ParagraphView]] = {}
    for head, part in rows:
        key = (head.item_id, head.register)
        heads[key] = head
        parts.setdefault(key, []).append(ParagraphView(part.stable_id, part.source, part.html))
    return heads, parts


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in the history of a text."""

    number: int
    by_function: str
    reason: str
    at: datetime
    paragraphs: tuple[ParagraphView, ...]


def history(
    session: Session, item_id: str, register: Register, *, before: int | None = None, size: int = VERSIONS
) -> list[VersionView]:
    """Versions of a text with their words, the latest first; only those below `before` when it is given."""
    text = session.scalar(select(Text).where(Text.item_id == item_id, Text.register == register))
    if text is None:
        return []
    query = select(TextVersion).where(TextVersion.text_id == text.id)
    if before is not None:
        query = query.where(TextVersion.number < before)
    versions = list(session.scalars(query.order_by(TextVersion.number.desc()).limit(size)))
    parts: dict[int, list[ParagraphView]] = {}
    for part in session.scalars(
        select(Paragraph)
        .where(Paragraph.text_id == text.id, Paragraph.number.in_([row.number for row in versions]))
        .order_by(Paragraph.number, Paragraph.position)
    ):
        parts.setdefault(part.number, []).append(ParagraphView(part.stable_id, part.source, part.html))
    return [
        VersionView(
            row.number, Sentence(row.by_function), row.reason, row.at, tuple(parts.get(row.number, ()))
        )
        for row in versions
    ]


def sources(
    session: Session, item_id: str, numbers: Iterable[tuple[Register, int]]
) -> dict[tuple[Register, int], str]:
    """The words of several versions of the texts of an item; one query."""
    wanted = set(numbers)
    if not wanted:
        return {}
    rows = session.execute(
        select(Text.register, Paragraph.number, Paragraph.source)
        .join(Text, Text.id == Paragraph.text_id)
        .where(Text.item_id == item_id, Paragraph.number.in_({number for _register, number in wanted}))
        .order_by(Paragraph.number, Paragraph.position)
    )
    parts: dict[tuple[Register, int], list[str]] = {}
    for register, number, source in rows:
        parts.setdefault((register, number), []).append(source)
    return {key: "\n\n".join(some) for key, some in parts.items() if key in wanted}
