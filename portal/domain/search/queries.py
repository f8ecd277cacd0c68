"""What a person finds: among what they may read, asked again of what it stands for, never of the index alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.answers.models import Answer
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.contributions import queries as words
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.views import CardView
from portal.domain.diagnostic.models import FindingPlace
from portal.domain.documents.models import Document
from portal.domain.indicators.models import ContractIndicator
from portal.domain.objectives.models import Action, Branch, ObjectivePlace
from portal.domain.predecessors.models import FormerCommitment, Outcome
from portal.domain.search import rules, sources
from portal.domain.search.models import Kind, SearchEntry, SearchScope, SearchWord
from portal.domain.search.rules import Asked, Part, Term
from portal.domain.search.source import Source
from portal.domain.spaces import queries as spaces
from portal.domain.trames.models import BlockText
from portal.kernel.text import stems
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import Audience, ContributionStatus, ShownScope

PAGE = 10
# Further than that, nobody turns pages: one says more words.
MOST = 500
SPOKEN = (Kind.CONTRIBUTION, Kind.ANSWER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty values choose everything. `since` and `until`: instants, the second left out."""

    asked: Asked
    kinds: frozenset[Kind] = frozenset()
    place_id: str = ""
    contract_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def countable(self) -> bool:
        """Whether how many there are may be said: by place or by day, words are listed and not counted."""
        return not (self.place_id or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its title and some of its words, with what was looked for; `card` for words of people."""

    source: Source
    contract_title: str
    title: tuple[Part, ...]
    words: tuple[Part, ...]
    card: CardView | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results; `more` when there were too many to be counted, `after` where the next page begins."""

    hits: tuple[Hit, ...]
    counts: Mapping[Kind, int]
    number: int
    more: bool
    after: str | None


def find(
    session: Session,
    readers: Sequence[Actor],
    wanted: Wanted,
    now: datetime,
    *,
    after: str = "",
    size: int = PAGE,
) -> Found:
    """What these participants of one person find; a fixed number of queries, whatever is found.

    `after` is the object after which a page begins: one that is no longer found gives the first page.
    """
    scopes = readable(session, readers, now)
    if wanted.asked.empty or not scopes:
        return Found((), {}, 0, more=False, after=None)
    rows = session.execute(_statement(scopes, wanted)).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    start = next((place + 1 for place, row in enumerate(rows) if row.object_id == after), 0) if after else 0
    page = rows[start : start + size]
    counts = Counter(row.kind for row in rows) if wanted.countable else Counter[Kind]()
    return Found(
        _hits(session, page, wanted.asked),
        counts,
        len(rows),
        more,
        page[-1].object_id if len(rows) > start + size else None,
    )


def readable(session: Session, readers: Sequence[Actor], now: datetime) -> list[int]:
    """The scopes that these participants read now: the contract's own, and those of its spaces; three queries."""
    by_contract = {one.contract_id: one for one in readers}
    open_to: set[tuple[str, str]] = {
        (one.contract_id, "")
        for one in readers
        if permits.allows(one, Permission.CONTRACT_READ, ContractTarget(one.contract_id))
    }
    for space in spaces.of_contracts(session, sorted(by_contract), now):
        if permits.allows(by_contract[space.contract_id], Permission.SPACE_READ, space.target):
            open_to.add((space.contract_id, space.id))
    query = select(SearchScope.number, SearchScope.contract_id, SearchScope.space_id).where(
        SearchScope.contract_id.in_(sorted(by_contract))
    )
    return sorted(row.number for row in session.execute(query) if (row.contract_id, row.space_id) in open_to)


def _statement(scopes: Collection[int], wanted: Wanted) -> Select[Kind, str, str, str]:
    query = select(SearchEntry.kind, SearchEntry.object_id, SearchEntry.owner_id, SearchEntry.contract_id)
    weights: list[Any] = []
    # Whole words are looked up one after the other for the same entry; only what begins so is gathered first.
    for place, term in enumerate(sorted(wanted.asked.terms, key=lambda one: one.prefix)):
        if term.prefix:
            begun = _begun(scopes, term)
            query = query.join(begun, begun.c.entry == SearchEntry.id)
            weights.append(begun.c.weight)
        else:
            word = aliased(SearchWord, name=f"word_{place}")
            same = and_(word.scope == SearchEntry.scope, word.word == term.stem, word.entry == SearchEntry.id)
            query = query.join(word, same).where(word.scope.in_(scopes))
            weights.append(word.weight)
    query = query.where(or_(*_live()), *_chosen(wanted))
    for exact in wanted.asked.exact:
        query = query.where(SearchEntry.folded.contains(f" {exact} ", autoescape=True))
    score = sum(weights[1:], weights[0])
    return query.order_by(score.desc(), SearchEntry.at.desc(), SearchEntry.object_id).limit(MOST + 1)


def _begun(scopes: Collection[int], term: Term) -> Subquery:
    """The entries that have a word which begins so, among those scopes only, and what it weighs there."""
    begins = and_(SearchWord.word >= term.word, SearchWord.word < rules.beyond(term.word))
    query = select(SearchWord.entry, func.max(SearchWord.weight).label("weight")).where(
        SearchWord.scope.in_(scopes), or_(SearchWord.word.in_(sorted(stems.begun(term.word))), begins)
    )
    return query.group_by(SearchWord.entry).subquery("begun")


def _live() -> list[ColumnElement[bool]]:
    """What an entry stands for is still there, for all who read its scope, in the words that were looked up."""
    kind, here = SearchEntry.kind, SearchEntry.object_id
    item = exists().where(Item.id == SearchEntry.owner_id, Item.withdrawn_at.is_(None))
    published = exists().where(
        Contribution.id == SearchEntry.owner_id,
        Contribution.status == ContributionStatus.PUBLISHED,
        Contribution.erased.is_(False),
    )
    newer = exists().where(
        BlockText.contract_id == SearchEntry.contract_id,
        BlockText.block_id == here,
        BlockText.number > SearchEntry.version,
    )
    return [
        and_(kind.in_((Kind.OBJECTIVE, Kind.FINDING, Kind.PART)), item),
        and_(kind == Kind.ACTION, item, exists().where(Action.id == here, Action.removed_at.is_(None))),
        and_(
            kind == Kind.INDICATOR,
            exists().where(ContractIndicator.id == here, ContractIndicator.dropped_on.is_(None)),
        ),
        and_(kind == Kind.BLOCK, ~newer),
        and_(
            kind == Kind.BRANCH,
            exists().where(Branch.id == here, Branch.version == SearchEntry.version),
        ),
        and_(
            kind == Kind.COMMITMENT,
            exists().where(
                FormerCommitment.id == here,
                FormerCommitment.outcome != Outcome.ASIDE,
                FormerCommitment.version == SearchEntry.version,
            ),
        ),
        and_(
            kind == Kind.DOCUMENT,
            exists().where(
                Document.id == here, Document.removed_at.is_(None), Document.version == SearchEntry.version
            ),
        ),
        and_(
            kind == Kind.CONTRIBUTION,
            published,
            exists().where(Contribution.id == here, Contribution.shown_version == SearchEntry.version),
        ),
        and_(
            kind == Kind.ANSWER,
            published,
            exists().where(Answer.id == here, Answer.version == SearchEntry.version),
        ),
    ]


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.kinds:
        chosen.append(SearchEntry.kind.in_(sorted(wanted.kinds)))
    if wanted.contract_id:
        chosen.append(SearchEntry.contract_id == wanted.contract_id)
    if wanted.since is not None:
        chosen.append(SearchEntry.at >= wanted.since)
    if wanted.until is not None:
        chosen.append(SearchEntry.at < wanted.until)
    if wanted.place_id:
        chosen.append(or_(*_about(wanted.place_id)))
    return chosen


def _about(place_id: str) -> list[ColumnElement[bool]]:
    """What names an establishment, and words whose card names it: a label that was folded gives nothing away."""
    owner, spoken = SearchEntry.owner_id, SearchEntry.kind.in_(SPOKEN)
    return [
        exists().where(FindingPlace.item_id == owner, FindingPlace.establishment_id == place_id),
        exists().where(ObjectivePlace.item_id == owner, ObjectivePlace.establishment_id == place_id),
        and_(
            spoken,
            exists().where(
                Contribution.id == owner,
                Contribution.establishment_id == place_id,
                Contribution.shown_scope == ShownScope.ESTABLISHMENT,
            ),
        ),
        false(),
    ]


def _hits(session: Session, rows: Sequence[Any], asked: Asked) -> tuple[Hit, ...]:
    """The rows of a page as they read now; each kind is read once for all the contracts of the page."""
    contract_ids = sorted({row.contract_id for row in rows})
    titles = contracts.titles(session, contract_ids) if contract_ids else {}
    known: dict[tuple[str, Kind, str], Source] = {}
    for reader in sources.FAMILIES:
        kinds = sources.kinds_of(reader)
        ids = {row.owner_id for row in rows if row.kind in kinds}
        for one in reader(session, contract_ids, sorted(ids)) if ids else ():
            known[one.contract_id, one.kind, one.object_id] = one
    said = [row.owner_id for row in rows if row.kind in SPOKEN]
    cards = words.cards_of(session, sorted(set(said)), Audience.READERS) if said else {}
    found = [known.get((row.contract_id, row.kind, row.object_id)) for row in rows]
    return tuple(
        Hit(
            one,
            titles.get(row.contract_id, ""),
            rules.marked(one.title, asked),
            rules.snippet(one.texts, asked),
            cards.get(one.about_id) if one.about_id else None,
        )
        for row, one in zip(rows, found, strict=True)
        if one is not None and (not one.about_id or one.about_id in cards)
    )
