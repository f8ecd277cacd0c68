"""The pieces whose versions people read: what each is made of, what it says now, how it is written again by its own noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal import paths
from portal.domain.contracts import perimeter, site_states
from portal.domain.contracts.models import ContractEstablishment, Item
from portal.domain.diagnostic import service as diagnostic
from portal.domain.diagnostic import states as finding_states
from portal.domain.indicators import queries as indicators
from portal.domain.indicators import service as indicator_service
from portal.domain.indicators import states as indicator_states
from portal.domain.indicators.models import Axis, ContractIndicator, Direction, Unit
from portal.domain.objectives import actions, service, states, tree
from portal.domain.objectives.models import Action, Branch
from portal.domain.trames import block_states
from portal.domain.trames import service as trames
from portal.domain.versions import keeping
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.models import PieceKind
from portal.domain.versions.shapes import Field, State
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class Return:
    """A state to bring back: who, which piece, what it will say, why, from which version on the screen, of which number."""

    person: Actor
    piece: Piece
    state: State
    why: str
    seen: int
    number: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of piece. `fixed` are the fields that a return leaves as they are."""

    fields: tuple[Field, ...]
    permission: Permission
    now: Callable[[Session, Piece], Kept | None]
    restore: Callable[[Session, Return], None]
    page: Callable[[Session, Piece], str]
    fixed: frozenset[str] = frozenset()


def now(session: Session, piece: Piece) -> Kept | None:
    """What a piece of the contract says now; None when there is no such piece any more."""
    return KINDS[piece.kind].now(session, piece)


def hold_item(session: Session, item: Item) -> None:
    """Before the words of a finding or an objective change: what they say now will still be known."""
    if item.kind is not ItemKind.TRAME_PART:
        keeping.begin(session, *_item(session, item))


def keep_item(session: Session, person: Actor, item: Item, why: str) -> None:
    """After the words of a finding or an objective changed; those of a part of the trame are only its two texts."""
    if item.kind is not ItemKind.TRAME_PART:
        keeping.keep(session, person, *_item(session, item), why)


def _item(session: Session, item: Item) -> tuple[Piece, Kept]:
    if item.kind is ItemKind.FINDING:
        return finding_states.piece(item.contract_id, item.id), finding_states.finding(session, item.id)
    kept = states.objective(session, item.contract_id, item.id)
    return states.objective_piece(item.contract_id, item.id), kept


def _objective(session: Session, piece: Piece) -> Kept | None:
    known = _of(session, piece, ItemKind.OBJECTIVE)
    return states.objective(session, piece.contract_id, piece.id) if known else None


def _finding(session: Session, piece: Piece) -> Kept | None:
    return finding_states.finding(session, piece.id) if _of(session, piece, ItemKind.FINDING) else None


def _of(session: Session, piece: Piece, kind: ItemKind) -> bool:
    row = session.get(Item, piece.id)
    return row is not None and (row.contract_id, row.kind) == (piece.contract_id, kind)


def _action(session: Session, piece: Piece) -> Kept | None:
    row = session.get(Action, piece.id)
    item = session.get(Item, row.item_id) if row is not None else None
    held = row is not None and item is not None and item.contract_id == piece.contract_id
    return states.action(row) if row is not None and held else None


def _branch(session: Session, piece: Piece) -> Kept | None:
    row = session.get(Branch, piece.id)
    return states.branch(row) if row is not None and row.contract_id == piece.contract_id else None


def _indicator(session: Session, piece: Piece) -> Kept | None:
    row = session.get(ContractIndicator, piece.id)
    held = row is not None and row.contract_id == piece.contract_id
    return indicator_states.indicator(row) if row is not None and held else None


def _site(session: Session, piece: Piece) -> Kept | None:
    link = session.get(ContractEstablishment, (piece.contract_id, piece.id))
    return site_states.site(session, link) if link is not None else None


def _restore_objective(session: Session, back: Return) -> None:
    piece, typed = back.piece, states.to_typed(back.state)
    # Words of before may not say yet what changes for people.
    typed = replace(typed, unsaid=not typed.expected)
    service.rewrite(session, back.person, piece.contract_id, piece.id, typed, back.seen, back.why)


def _restore_finding(session: Session, back: Return) -> None:
    piece, typed = back.piece, finding_states.to_typed(back.state)
    diagnostic.rewrite(session, back.person, piece.contract_id, piece.id, typed, back.seen, back.why)


def _restore_action(session: Session, back: Return) -> None:
    piece, typed = back.piece, states.to_typed_action(back.state, back.why)
    actions.write(session, back.person, piece.contract_id, piece.id, typed, back.seen)


def _restore_branch(session: Session, back: Return) -> None:
    piece, title, plain = back.piece, str(back.state["title"]), str(back.state["plain"])
    tree.change(session, back.person, piece.contract_id, piece.id, title, plain, back.seen, back.why)


def _restore_indicator(session: Session, back: Return) -> None:
    piece, words = back.piece, indicator_states.words_of(back.state)
    running = [one.id for one in indicators.followed(session, piece.contract_id)]
    own = indicator_service.Own(
        words["label"],
        words["plain"],
        words["formula"],
        next((one for one in Unit if one.value == words["unit"]), None),
        next((one for one in Direction if one.value == words["direction"]), None),
        next((one for one in Axis if str(int(one)) == words["axis"]), None),
        bool(words["cost"]),
    )
    place = running.index(piece.id) + 1 if piece.id in running else len(running) + 1
    typed = indicator_service.Settings(place, words["target"], words["target_year"], own)
    indicator_service.settle(session, back.person, piece.contract_id, piece.id, typed, back.seen, back.why)


def _restore_site(session: Session, back: Return) -> None:
    piece, words = back.piece, site_states.words_of(back.state)
    typed = perimeter.Site(
        words["name"],
        words["finess_et"],
        words["category_code"],
        site_states.places(words["places_before"]),
        site_states.places(words["places_after"]),
        words["change"],
        words["phone"],
        words["hours"],
    )
    perimeter.change(session, back.person, piece.contract_id, piece.id, typed, back.seen, back.why)


def _restore_block(session: Session, back: Return) -> None:
    piece, source = back.piece, str(back.state["source"])
    again = trames.Back(back.number, back.why)
    trames.write(session, back.person, piece.contract_id, piece.id, source, back.seen, back=again)


def _page(*parts: str) -> Callable[[Session, Piece], str]:
    def page(_session: Session, piece: Piece) -> str:
        named = (part.format(id=piece.id) for part in parts)
        return "/".join((paths.contract(piece.contract_id), *named))

    return page


def _action_page(session: Session, piece: Piece) -> str:
    row = session.get(Action, piece.id)
    here = f"{paths.contract(piece.contract_id)}/objectifs"
    return f"{here}/{row.item_id}#action-{row.id}" if row is not None else here


KINDS: Mapping[PieceKind, Kind] = {
    PieceKind.OBJECTIVE: Kind(
        states.SHEET, Permission.OBJECTIVE_WRITE, _objective, _restore_objective, _page("objectifs", "{id}")
    ),
    PieceKind.ACTION: Kind(
        states.ACTION,
        Permission.OBJECTIVE_WRITE,
        _action,
        _restore_action,
        _action_page,
        frozenset({"removed"}),
    ),
    PieceKind.BRANCH: Kind(
        states.BRANCH,
        Permission.OBJECTIVE_WRITE,
        _branch,
        _restore_branch,
        _page("objectifs"),
        frozenset({"removed"}),
    ),
    PieceKind.FINDING: Kind(
        finding_states.FINDING,
        Permission.FINDING_WRITE,
        _finding,
        _restore_finding,
        _page("diagnostic", "constats", "{id}"),
    ),
    PieceKind.INDICATOR: Kind(
        indicator_states.INDICATOR,
        Permission.INDICATOR_WRITE,
        _indicator,
        _restore_indicator,
        _page("indicateurs", "{id}"),
        frozenset({"followed"}),
    ),
    PieceKind.SITE: Kind(
        site_states.SITE,
        Permission.PERIMETER_WRITE,
        _site,
        _restore_site,
        _page("perimetre#site-{id}"),
        frozenset({"left_on", "left_reason"}),
    ),
    PieceKind.BLOCK: Kind(
        block_states.BLOCK,
        Permission.TRAME_WRITE,
        block_states.block,
        _restore_block,
        _page("trame#bloc-{id}"),
    ),
}
