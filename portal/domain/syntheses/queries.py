"""Reads of syntheses: what is being written, what is published, what it does not cite."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import paths
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.views import CardView
from portal.domain.figures import syntheses as counts
from portal.domain.figures.participation import Told
from portal.domain.spaces.models import Space
from portal.domain.syntheses import rules
from portal.domain.syntheses.models import (
    DRAFT,
    Synthesis,
    SynthesisCitation,
    SynthesisGrouping,
    SynthesisSection,
    SynthesisVersion,
)
from portal.domain.syntheses.rules import Part
from portal.domain.texts.changes import Change, word_changes
from portal.kernel.speech import Sentence
from portal.vocabulary import Audience, ContributionStatus

PAGE = 30


@dataclass(frozen=True, slots=True)
class DraftView:
    """A synthesis that is being written, as it is typed; `version` is 0 when nobody began."""

    version: int = 0
    parts: tuple[Part, ...] = ()
    cited: frozenset[str] = frozenset()
    under: Mapping[str, str] = field(default_factory=dict)
    published: int | None = None
    written_at: datetime | None = None
    written_by: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class CitationView:
    """What a synthesis cites; `stone` when its words are no longer to be read, and then no word is here."""

    number: int
    contribution_id: str
    who: str
    kind_label: str
    url: str
    quote: str
    stone: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class PieceView:
    """Rendered words, or a citation."""

    html: str = ""
    citation: CitationView | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as it is read."""

    heading: str
    pieces: tuple[PieceView, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One publication."""

    number: int
    at: datetime
    by_function: str
    reason: str


@dataclass(frozen=True, slots=True)
class SynthesisView:
    """A published synthesis. `versions` are all of them, the latest first; `changes` since the one before."""

    id: str
    space_id: str
    contract_id: str
    version: VersionView
    parts: tuple[PartView, ...]
    figures: Told
    versions: tuple[VersionView, ...]
    uncited: counts.Uncited
    changes: tuple[tuple[Change, ...], ...] = ()

    @property
    def latest(self) -> bool:
        """Whether it is the version that counts."""
        return self.version.number == self.versions[0].number


@dataclass(frozen=True, slots=True)
class ListedView:
    """A published synthesis in a list."""

    space_id: str
    question: str
    at: datetime
    number: int


def of_space(session: Session, space_id: str) -> Synthesis | None:
    """The synthesis of a space, published or not."""
    return session.scalar(select(Synthesis).where(Synthesis.space_id == space_id))


def draft(session: Session, space_id: str) -> DraftView:
    """What is being written, with its marks as they are typed; four questions."""
    row = of_space(session, space_id)
    if row is None:
        return DraftView()
    found = session.execute(
        select(SynthesisCitation, Contribution.status)
        .join(Contribution, Contribution.id == SynthesisCitation.contribution_id)
        .where(SynthesisCitation.synthesis_id == row.id, SynthesisCitation.number == DRAFT)
        .order_by(SynthesisCitation.section, SynthesisCitation.place)
    ).all()
    cited = [one for one, _status in found]
    shown = {one.contribution_id: status for one, status in found}
    by_part: dict[int, list[SynthesisCitation]] = {}
    for one in cited:
        by_part.setdefault(one.section, []).append(one)
    parts = tuple(
        Part(part.heading, _typed(part.source, by_part.get(part.place, []), shown))
        for part in _sections(session, row.id, DRAFT)
    )
    return DraftView(
        row.version,
        parts,
        frozenset(one.contribution_id for one in cited),
        groupings(session, row.id, DRAFT),
        row.published,
        row.written_at,
        Sentence(row.written_by),
        row.id,
    )


def preview(session: Session, space_id: str) -> tuple[PartView, ...]:
    """What is being written, as it will be read."""
    row = of_space(session, space_id)
    if row is None:
        return ()
    cited = _citations(session, row.id, DRAFT)
    return _parts(session, _sections(session, row.id, DRAFT), cited, readable=True)


def left_out(session: Session, written: DraftView, space_id: str, at: datetime) -> counts.Uncited:
    """What is published in a space and not cited in what is being written; one question."""
    return counts.uncited(session, written.id or None, DRAFT, space_id, at)


def groupings(session: Session, synthesis_id: str, number: int) -> dict[str, str]:
    """Why each contribution that is not cited is not, where that was said."""
    rows = session.execute(
        select(SynthesisGrouping.contribution_id, SynthesisGrouping.under).where(
            SynthesisGrouping.synthesis_id == synthesis_id, SynthesisGrouping.number == number
        )
    )
    return dict(rows.all())


def _typed(source: str, cited: Sequence[SynthesisCitation], shown: Mapping[str, ContributionStatus]) -> str:
    def told(number: int) -> str:
        one = cited[number - 1]
        # Words that nobody may read any more are not given back, not even to who wrote this.
        published = shown.get(one.contribution_id) is ContributionStatus.PUBLISHED
        return rules.mark(one.contribution_id, one.quote if published else "")

    return rules.put_together(source, told)


def published(
    session: Session, space_id: str, number: int | None = None, *, readable: bool = True
) -> SynthesisView | None:
    """A published synthesis, its last version unless told otherwise.

    `readable` says that who asks reads the space: else citations lead nowhere and say neither who spoke
    nor what kind of words it was.
    """
    row = of_space(session, space_id)
    if row is None or row.published is None:
        return None
    versions = _versions(session, row.id)
    chosen = next((one for one in versions if one.number == (number or row.published)), None)
    if chosen is None:
        return None
    cited = _citations(session, row.id, chosen.number)
    sections = _sections(session, row.id, chosen.number)
    return SynthesisView(
        row.id,
        row.space_id,
        row.contract_id,
        _version(chosen),
        _parts(session, sections, cited, readable=readable),
        Told.read(json.loads(chosen.figures)),
        tuple(_version(one) for one in versions),
        counts.uncited(session, row.id, chosen.number, row.space_id, chosen.at),
        _changes(session, row.id, chosen.number, sections),
    )


def listed(session: Session, contract_id: str) -> list[ListedView]:
    """The published syntheses of a contract, the latest first."""
    rows = session.execute(
        select(Synthesis.space_id, Space.question, SynthesisVersion.at, SynthesisVersion.number)
        .join(Space, Space.id == Synthesis.space_id)
        .join(
            SynthesisVersion,
            (SynthesisVersion.synthesis_id == Synthesis.id)
            & (SynthesisVersion.number == Synthesis.published),
        )
        .where(Synthesis.contract_id == contract_id)
        .order_by(SynthesisVersion.at.desc(), Synthesis.id)
    )
    return [ListedView(*row) for row in rows]


def uncited_page(
    session: Session, view: SynthesisView, *, after: str | None = None, size: int = PAGE
) -> tuple[tuple[tuple[CardView, str], ...], str | None]:
    """A page of what a version does not cite, with what it is taken up under, and where the next begins."""
    query = (
        select(Contribution.id, SynthesisGrouping.under)
        .outerjoin(
            SynthesisGrouping,
            (SynthesisGrouping.contribution_id == Contribution.id)
            & (SynthesisGrouping.synthesis_id == view.id)
            & (SynthesisGrouping.number == view.version.number),
        )
        .where(
            Contribution.space_id == view.space_id,
            Contribution.status == ContributionStatus.PUBLISHED,
            Contribution.published_at <= view.version.at,
            Contribution.id.not_in(_cited_ids(view.id, view.version.number)),
        )
    )
    if after is not None:
        start = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > start)
    rows = session.execute(query.order_by(Contribution.arrival).limit(size + 1)).all()
    page = rows[:size]
    known = contributions.cards_of(session, [row.id for row in page], Audience.READERS)
    following = page[-1].id if len(rows) > size else None
    return tuple((known[row.id], row.under or "") for row in page if row.id in known), following


def _cited_ids(synthesis_id: str, number: int) -> Any:
    return select(SynthesisCitation.contribution_id).where(
        SynthesisCitation.synthesis_id == synthesis_id, SynthesisCitation.number == number
    )


def _sections(session: Session, synthesis_id: str, number: int) -> list[SynthesisSection]:
    query = select(SynthesisSection).where(
        SynthesisSection.synthesis_id == synthesis_id, SynthesisSection.number == number
    )
    return list(session.scalars(query.order_by(SynthesisSection.place)))


def _citations(session: Session, synthesis_id: str, number: int) -> list[SynthesisCitation]:
    query = select(SynthesisCitation).where(
        SynthesisCitation.synthesis_id == synthesis_id, SynthesisCitation.number == number
    )
    return list(session.scalars(query.order_by(SynthesisCitation.section, SynthesisCitation.place)))


def _versions(session: Session, synthesis_id: str) -> list[SynthesisVersion]:
    query = select(SynthesisVersion).where(SynthesisVersion.synthesis_id == synthesis_id)
    return list(session.scalars(query.order_by(SynthesisVersion.number.desc())))


def _version(row: SynthesisVersion) -> VersionView:
    return VersionView(row.number, row.at, Sentence(row.by_function), row.reason)


def _parts(
    session: Session,
    sections: Sequence[SynthesisSection],
    cited: Sequence[SynthesisCitation],
    *,
    readable: bool,
) -> tuple[PartView, ...]:
    ids = [one.contribution_id for one in cited]
    cards = contributions.cards_of(session, ids, Audience.READERS) if ids else {}
    public = _public(session, cited)
    shown = {
        (one.section, one.place): _citation(number, one, cards.get(one.contribution_id), public, readable)
        for number, one in enumerate(cited, 1)
    }
    return tuple(
        PartView(
            part.heading,
            tuple(
                PieceView(citation=shown.get((part.place, place))) if place else PieceView(html)
                for html, place in rules.pieces(part.html)
            ),
        )
        for part in sections
    )


def _public(session: Session, cited: Sequence[SynthesisCitation]) -> Collection[tuple[str, int]]:
    """The versions of contributions that people could read."""
    ids = {one.contribution_id for one in cited}
    if not ids:
        return frozenset()
    rows = session.execute(
        select(ContributionVersion.contribution_id, ContributionVersion.number).where(
            ContributionVersion.contribution_id.in_(ids), ContributionVersion.public
        )
    ).all()
    return frozenset((row.contribution_id, row.number) for row in rows)


def _citation(
    number: int,
    one: SynthesisCitation,
    card: CardView | None,
    public: Collection[tuple[str, int]],
    readable: bool,  # noqa: FBT001 — what differs between two readers
) -> CitationView:
    """THE rule: words are told only while the contribution is published, in a version that was."""
    stone = (
        card is None
        or card.status != ContributionStatus.PUBLISHED
        or (one.contribution_id, one.version) not in public
    )
    named = card is not None and readable
    return CitationView(
        number,
        one.contribution_id if readable else "",
        card.who if named and card and not stone else "",
        card.kind_label if named and card and not stone else "",
        paths.contribution(one.contribution_id) if named else "",
        "" if stone else one.quote,
        stone,
        not stone and card is not None and card.version != one.version,
    )


def _changes(
    session: Session, synthesis_id: str, number: int, sections: Sequence[SynthesisSection]
) -> tuple[tuple[Change, ...], ...]:
    """What was written otherwise in the version before: citations are told by their place alone."""
    if number == 1:
        return ()
    before = _plain(_sections(session, synthesis_id, number - 1))
    return tuple(tuple(one) for one in word_changes(before, _plain(sections)))


def _plain(sections: Sequence[SynthesisSection]) -> str:
    texts = (f"{one.heading}\n\n{one.source}" for one in sections)
    return rules.put_together("\n\n".join(texts), lambda number: f"[{number}]")
