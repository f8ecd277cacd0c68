"""Reads of both texts, passage by passage, and of what is to write or to review; as many questions for any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.contracts.queries import ItemView
from portal.domain.plain import rules
from portal.domain.plain.models import EasyReadApproval
from portal.domain.plain.rules import Held, Standing
from portal.domain.texts import pairing
from portal.domain.texts.changes import same_words
from portal.domain.texts.models import Paragraph, ParagraphPair, Text, TextPairing
from portal.domain.texts.pairing import Link, Passage
from portal.domain.texts.queries import ParagraphView, TextView
from portal.kernel.speech import Sentence
from portal.vocabulary import Register

PAGE = 20


@dataclass(frozen=True, slots=True)
class PassageView:
    """Paragraphs that say the same thing, on both sides, and who last read the plain ones again."""

    passage: Passage
    plain: tuple[ParagraphView, ...]
    technical: tuple[ParagraphView, ...]
    standing: Standing
    read_by: Sentence | None = None
    read_at: datetime | None = None

    @property
    def is_same(self) -> bool:
        """Whether both sides say the same words: they are read once."""
        plain, technical = ("\n\n".join(one.source for one in side) for side in (self.plain, self.technical))
        return bool(plain) and same_words(plain, technical)

    @property
    def key(self) -> str:
        """How a form names it: its first technical paragraph, or its first plain one."""
        return (*self.passage.technical, *self.passage.plain)[0]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An approval by people concerned: of which version of the plain text, when, where, recorded by which function."""

    number: int
    plain_version: int
    held_on: date
    place: str
    by_function: Sentence
    at: datetime


@dataclass(frozen=True)
class Reading:
    """Both texts of an item beside each other."""

    item: ItemView
    passages: tuple[PassageView, ...]
    links: Mapping[Link, Held]
    pairing_version: int
    approval: ApprovalView | None

    @property
    def version(self) -> int:
        """The number of its state: words, links."""
        return self.item.version + self.pairing_version

    @cached_property
    def to_review(self) -> tuple[PassageView, ...]:
        """The passages whose technical words changed since the plain ones were written or read again."""
        return tuple(one for one in self.passages if one.standing is Standing.TO_REVIEW)

    @cached_property
    def to_write(self) -> tuple[PassageView, ...]:
        """The passages that nothing says in plain words."""
        return tuple(one for one in self.passages if one.standing is Standing.TO_WRITE)

    @property
    def easy(self) -> bool:
        """Whether the plain text is, word for word, the one that people concerned approved."""
        plain = self.item.plain
        return (
            self.approval is not None and plain is not None and self.approval.plain_version == plain.version
        )

    def passage(self, key: str) -> PassageView | None:
        """The passage that a form named."""
        return next((one for one in self.passages if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of subjects; `after` is the last one of it when there are more."""

    readings: tuple[Reading, ...]
    after: str | None


def reading(session: Session, item: ItemView) -> Reading:
    """Both texts of one item; two questions."""
    return readings(session, [item])[item.id]


def readings(session: Session, items: Sequence[ItemView]) -> dict[str, Reading]:
    """Both texts of several items; two questions."""
    ids = [one.id for one in items]
    versions, links = _links(session, ids)
    approvals = _approvals(session, ids)
    return {
        one.id: _reading(one, versions.get(one.id), links.get(one.id, {}), approvals.get(one.id))
        for one in items
    }


def listed(session: Session, contract_id: str, after: str | None, *, whole: bool) -> Page:
    """Twenty subjects of a contract that have something to write or to review, or all of them (`whole`).

    By kind then number, after the subject `after`; five questions at most.
    """
    query = select(Item.id).where(Item.contract_id == contract_id, Item.withdrawn_at.is_(None))
    if not whole:
        query = query.where(waiting())
    last = session.get(Item, after) if after else None
    if last is not None and last.contract_id == contract_id:
        query = query.where(
            or_(Item.kind > last.kind, and_(Item.kind == last.kind, Item.number > last.number))
        )
    ids = list(session.scalars(query.order_by(Item.kind, Item.number).limit(PAGE + 1)))
    shown = ids[:PAGE]
    known = {one.id: one for one in contracts.items(session, shown)} if shown else {}
    found = readings(session, list(known.values())) if known else {}
    return Page(tuple(found[one] for one in shown), shown[-1] if len(ids) > PAGE else None)


def awaited(session: Session, contract_ids: Sequence[str]) -> list[str]:
    """The contracts where words of the organisation wait to be written or reviewed; one question."""
    query = (
        select(Item.contract_id)
        .where(
            Item.contract_id.in_(contract_ids),
            Item.withdrawn_at.is_(None),
            Item.by_authority_id.is_(None),
            waiting(),
        )
        .distinct()
        .order_by(Item.contract_id)
    )
    return list(session.scalars(query))


def waiting() -> ColumnElement[bool]:
    """Whether an item has a technical paragraph without plain words, or whose plain words are to review."""
    technical, plain = aliased(Text), aliased(Text)
    now, said, was = aliased(Paragraph), aliased(Paragraph), aliased(Paragraph)
    here = and_(technical.item_id == Item.id, technical.register == Register.TECHNICAL)
    beside = and_(plain.item_id == Item.id, plain.register == Register.PLAIN)
    of_now = and_(now.text_id == technical.id, now.number == technical.version)
    # A link counts while its plain paragraph still stands.
    linked = (
        select(ParagraphPair.plain_id)
        .join(plain, and_(plain.item_id == ParagraphPair.item_id, plain.register == Register.PLAIN))
        .join(
            said,
            and_(
                said.text_id == plain.id,
                said.number == plain.version,
                said.stable_id == ParagraphPair.plain_id,
            ),
        )
        .where(ParagraphPair.item_id == technical.item_id, ParagraphPair.technical_id == now.stable_id)
    )
    other = linked.outerjoin(
        was,
        and_(
            was.text_id == technical.id,
            was.number == ParagraphPair.technical_version,
            was.stable_id == ParagraphPair.technical_id,
        ),
    ).where(or_(was.source.is_(None), was.source != now.source))
    paired = exists(select(TextPairing.item_id).where(TextPairing.item_id == Item.id))
    passage = select(now.stable_id).join(technical, of_now).where(here)
    return and_(
        exists(select(technical.id).where(here)),
        or_(
            ~exists(select(plain.id).where(beside)),
            and_(paired, exists(passage.where(or_(~linked.exists(), other.exists())).correlate(Item))),
        ),
    )


def _links(
    session: Session, ids: Sequence[str]
) -> tuple[dict[str, TextPairing], dict[str, dict[Link, Held]]]:
    rows = session.execute(
        select(TextPairing, ParagraphPair, Paragraph.source)
        .outerjoin(ParagraphPair, ParagraphPair.item_id == TextPairing.item_id)
        .outerjoin(Text, and_(Text.item_id == TextPairing.item_id, Text.register == Register.TECHNICAL))
        .outerjoin(
            Paragraph,
            and_(
                Paragraph.text_id == Text.id,
                Paragraph.number == ParagraphPair.technical_version,
                Paragraph.stable_id == ParagraphPair.technical_id,
            ),
        )
        .where(TextPairing.item_id.in_(ids))
        .execution_options(populate_existing=True)
    )
    heads: dict[str, TextPairing] = {}
    links: dict[str, dict[Link, Held]] = {}
    for head, pair, was in rows:
        heads[head.item_id] = head
        if pair is not None:
            held = Held(was, pair.read_again, pair.by_function, pair.at)
            links.setdefault(head.item_id, {})[pair.technical_id, pair.plain_id] = held
    return heads, links


def _approvals(session: Session, ids: Sequence[str]) -> dict[str, ApprovalView]:
    one, last = aliased(EasyReadApproval), aliased(EasyReadApproval)
    latest = (
        select(func.max(last.number))
        .where(last.item_id == one.item_id, last.taken_back_at.is_(None))
        .correlate(one)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(one)
        .where(one.item_id.in_(ids), one.number == latest)
        .execution_options(populate_existing=True)
    )
    return {
        row.item_id: ApprovalView(
            row.number, row.plain_version, row.held_on, row.place, Sentence(row.by_function), row.at
        )
        for row in rows
    }


def _reading(
    item: ItemView, head: TextPairing | None, links: dict[Link, Held], approval: ApprovalView | None
) -> Reading:
    plain, technical = _ids(item.plain), _ids(item.technical)
    if head is None:
        sources = {one.stable_id: one.source for one in item.technical.paragraphs} if item.technical else {}
        links = {
            link: Held(sources[link[0]], False, "", None)  # noqa: FBT003
            for link in pairing.by_order(technical, plain)
        }
    standing = pairing.standing(links, technical, plain)
    links = {link: links[link] for link in standing}
    known = {one.stable_id: one for text in (item.plain, item.technical) if text for one in text.paragraphs}
    held: dict[str, list[Held]] = {}
    for link in standing:
        held.setdefault(link[0], []).append(links[link])
    found = tuple(_passage(one, known, held) for one in pairing.passages(standing, technical, plain))
    return Reading(item, found, links, head.version if head is not None else 0, approval)


def _passage(
    passage: Passage, known: Mapping[str, ParagraphView], links: Mapping[str, Sequence[Held]]
) -> PassageView:
    technical = tuple(known[one] for one in passage.technical)
    held = [(name, one) for name in passage.technical for one in links.get(name, ())]
    state = rules.standing(passage, held, {one.stable_id: one.source for one in technical})
    read = [(one.at, one.by_function) for _, one in held if one.read_again and one.at is not None]
    at, by = max(read) if read and state is Standing.RIGHT else (None, "")
    plain = tuple(known[one] for one in passage.plain)
    return PassageView(passage, plain, technical, state, Sentence(by) if by else None, at)


def _ids(text: TextView | None) -> tuple[str, ...]:
    return text.ids if text is not None else ()
