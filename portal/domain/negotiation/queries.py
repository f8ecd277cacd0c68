"""Reads of the negotiation: what everybody reads of it, and what signatories read in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.lifecycle.queries import parties_of
from portal.domain.lifecycle.views import PartyView
from portal.domain.negotiation import rules, subjects
from portal.domain.negotiation.models import (
    NegotiatedChange,
    Negotiation,
    NegotiationAgreement,
    NegotiationMessage,
    NegotiationPassage,
    NegotiationPoint,
    NegotiationPosition,
    NegotiationWording,
    Piece,
    PointState,
)
from portal.domain.negotiation.subjects import ADDRESSES, NOTHING, Subject
from portal.domain.negotiation.views import (
    ChangeView,
    PassageView,
    PointLine,
    PointView,
    SaidView,
    WordingView,
    ZoneView,
)
from portal.domain.organisations.models import Organisation
from portal.domain.texts.changes import word_changes
from portal.domain.texts.negotiated import left_of
from portal.domain.trames import queries as trames
from portal.kernel.speech import Sentence
from portal.vocabulary import ItemKind

# Zones told on the page of everybody; changes, points and messages of a page.
ZONES, CHANGES, POINTS, MESSAGES = 5, 20, 30, 30
# Changes looked through for the blocks of a trame.
BLOCKS = 200
_OPENER, _CLOSER = aliased(Organisation), aliased(Organisation)


def zones(session: Session, contract_id: str) -> list[ZoneView]:
    """The negotiations of a contract, the latest first, five at most; one question."""
    query = (
        select(Negotiation, _OPENER.name, _CLOSER.name)
        .join(_OPENER, _OPENER.id == Negotiation.opened_by)
        .outerjoin(_CLOSER, _CLOSER.id == Negotiation.closed_by)
        .where(Negotiation.contract_id == contract_id)
        .order_by(Negotiation.number.desc())
        .limit(ZONES)
        .execution_options(populate_existing=True)
    )
    return [
        ZoneView(
            row.id,
            row.number,
            row.opened_at,
            opener,
            Sentence(row.opened_function),
            row.closed_at,
            closer or "",
            Sentence(row.closed_function),
            row.outcome,
            row.version,
        )
        for row, opener, closer in session.execute(query)
    ]


def changes(
    session: Session, contract_id: str, *, before: str | None = None, size: int = CHANGES
) -> tuple[list[ChangeView], str | None]:
    """What negotiations changed, the latest first, and before which id the next page begins; one question."""
    query = _changes().where(NegotiatedChange.contract_id == contract_id)
    if before is not None:
        last = select(NegotiatedChange.at).where(NegotiatedChange.id == before).scalar_subquery()
        at = NegotiatedChange.at
        query = query.where(or_(at < last, and_(at == last, NegotiatedChange.id < before)))
    rows = session.execute(query.limit(size + 1)).all()
    found = [_change(*row) for row in rows[:size]]
    return found, found[-1].id if len(rows) > size else None


def of_blocks(session: Session, contract_id: str) -> dict[str, ChangeView]:
    """What negotiations changed last in each block of the trame; one question."""
    query = _changes().where(
        NegotiatedChange.contract_id == contract_id, NegotiatedChange.block_id.is_not(None)
    )
    found: dict[str, ChangeView] = {}
    for row, kind in session.execute(query.limit(BLOCKS)):
        found.setdefault(row.block_id or "", _change(row, kind))
    return found


def points(
    session: Session, contract_id: str, *, below: str | None = None, size: int = POINTS
) -> tuple[list[PointLine], str | None]:
    """Points of every negotiation, the latest first, and before which id the next page begins; four questions."""
    query = (
        select(NegotiationPoint, Organisation.name)
        .join(Organisation, Organisation.id == NegotiationPoint.organisation_id)
        .where(NegotiationPoint.contract_id == contract_id)
        .execution_options(populate_existing=True)
    )
    if below is not None:
        last = select(NegotiationPoint.at).where(NegotiationPoint.id == below).scalar_subquery()
        at = NegotiationPoint.at
        query = query.where(or_(at < last, and_(at == last, NegotiationPoint.id < below)))
    order = (NegotiationPoint.at.desc(), NegotiationPoint.id.desc())
    rows = session.execute(query.order_by(*order).limit(size + 1)).all()
    ids = [row.id for row, _name in rows[:size]]
    parties = [one.id for one in parties_of(session, contract_id)]
    given, last_number = agreements(session, ids), _last_numbers(session, ids)
    lines = [
        PointLine(
            row.id,
            row.number,
            row.title,
            row.state,
            row.ending,
            name,
            row.at,
            rules.is_agreed(parties, given.get(row.id, {}), last_number[row.id])
            if row.id in last_number
            else None,
        )
        for row, name in rows[:size]
    ]
    return lines, lines[-1].id if len(rows) > size else None


def point(
    session: Session, contract_id: str, point_id: str, *, before: int | None = None
) -> PointView | None:
    """One point of a contract, or None; as many questions whatever was said. `before`: messages below this number."""
    row = session.execute(
        select(NegotiationPoint, Organisation.name, Negotiation.closed_at)
        .join(Organisation, Organisation.id == NegotiationPoint.organisation_id)
        .join(Negotiation, Negotiation.id == NegotiationPoint.negotiation_id)
        .where(NegotiationPoint.id == point_id, NegotiationPoint.contract_id == contract_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    one, name, closed_at = row
    parties = parties_of(session, contract_id)
    positions = _said(session, NegotiationPosition, NegotiationPosition.point_id == point_id)
    spoken = {said.organisation_id for said in positions}
    messages, older = _messages(session, point_id, before)
    return PointView(
        id=one.id,
        number=one.number,
        title=one.title,
        state=one.state,
        ending=Sentence(one.ending),
        subject=_subject(session, one),
        party=name,
        by_function=Sentence(one.by_function),
        at=one.at,
        version=one.version,
        writable=closed_at is None,
        positions=positions,
        silent=tuple(party.name for party in parties if party.id not in spoken),
        messages=messages,
        older=older,
        wording=_wording(session, one, parties),
    )


def agreements(session: Session, point_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Which proposal each party agrees to, by point and party; one question."""
    found: dict[str, dict[str, int]] = {}
    query = select(NegotiationAgreement).where(NegotiationAgreement.point_id.in_(point_ids))
    for one in session.scalars(query):
        found.setdefault(one.point_id, {})[one.organisation_id] = one.number
    return found


def agreed_points(session: Session, contract_id: str, zone_id: str) -> list[str]:
    """The titles of the points still discussed whose words every party agreed to, not yet in the contract."""
    rows = session.execute(
        select(NegotiationPoint.id, NegotiationPoint.title, NegotiationWording.number)
        .join(NegotiationWording, NegotiationWording.point_id == NegotiationPoint.id)
        .where(
            NegotiationPoint.negotiation_id == zone_id,
            NegotiationPoint.state == PointState.OPEN,
            NegotiationWording.applied_at.is_(None),
        )
        .order_by(NegotiationPoint.number)
    ).all()
    given = agreements(session, {row.id for row in rows})
    parties = [one.id for one in parties_of(session, contract_id)]
    return [row.title for row in rows if rules.is_agreed(parties, given.get(row.id, {}), row.number)]


def passages(session: Session, point_id: str, number: int) -> list[NegotiationPassage]:
    """The passages of a proposal, the plain text first."""
    query = select(NegotiationPassage).where(
        NegotiationPassage.point_id == point_id, NegotiationPassage.number == number
    )
    return list(session.scalars(query.order_by(NegotiationPassage.piece)))


def words_at(session: Session, row: NegotiationPoint, piece: Piece, place: str) -> str | None:
    """What a passage that a point may change says now; None when it is not of its subject."""
    if piece is Piece.BLOCK:
        if row.block_id is None or row.block_id != place:
            return None
        written = trames.texts(session, row.contract_id).get(place)
        return written.source if written is not None else ""
    item = contracts.item(session, row.item_id) if row.item_id is not None else None
    text = item.text(rules.REGISTERS[piece]) if item is not None and item.withdrawn_at is None else None
    part = text.paragraph(place) if text is not None else None
    return part.source if part is not None else None


def _changes() -> Select[NegotiatedChange, ItemKind]:
    return (
        select(NegotiatedChange, Item.kind)
        .outerjoin(Item, Item.id == NegotiatedChange.item_id)
        .order_by(NegotiatedChange.at.desc(), NegotiatedChange.id.desc())
    )


def _change(row: NegotiatedChange, kind: ItemKind | None) -> ChangeView:
    address = f"trame#bloc-{row.block_id}" if row.block_id else ""
    if kind is not None:
        address = f"{ADDRESSES[kind]}/{row.item_id}"
    return ChangeView(
        row.id,
        row.title,
        row.piece,
        word_changes(row.before, row.after),
        row.reason,
        row.agreed_by,
        row.at,
        address,
        left_of(row),
        _comparison(row),
    )


def _comparison(row: NegotiatedChange) -> str:
    if row.block_id is not None:
        return f"versions/bloc/{row.block_id}?de={row.version}&a={row.left_version or row.version}"
    return f"sujets/{row.item_id}/texte/{row.piece.value}/historique?de={row.version}"


def _last_numbers(session: Session, point_ids: Sequence[str]) -> dict[str, int]:
    query = select(NegotiationWording.point_id, NegotiationWording.number).where(
        NegotiationWording.point_id.in_(point_ids)
    )
    # In their order: the last one of each point stays.
    return dict(session.execute(query.order_by(NegotiationWording.number)).all())


def _said(session: Session, table: Any, *conditions: Any) -> tuple[SaidView, ...]:
    query = (
        select(table, Organisation.name)
        .join(Organisation, Organisation.id == table.organisation_id)
        .where(*conditions)
        .order_by(table.at, Organisation.name)
        .execution_options(populate_existing=True)
    )
    return tuple(_view(row, name) for row, name in session.execute(query))


def _view(row: Any, name: str) -> SaidView:
    return SaidView(
        row.organisation_id,
        name,
        getattr(row, "words", ""),
        Sentence(row.by_function),
        row.at,
        getattr(row, "version", 1),
        getattr(row, "id", ""),
    )


def _messages(session: Session, point_id: str, before: int | None) -> tuple[tuple[SaidView, ...], int | None]:
    query = (
        select(NegotiationMessage, Organisation.name)
        .join(Organisation, Organisation.id == NegotiationMessage.organisation_id)
        .where(NegotiationMessage.point_id == point_id)
        .order_by(NegotiationMessage.number.desc())
        .limit(MESSAGES + 1)
    )
    if before is not None:
        query = query.where(NegotiationMessage.number < before)
    rows = session.execute(query).all()
    shown = rows[:MESSAGES]
    older = shown[-1][0].number if len(rows) > MESSAGES else None
    return tuple(_view(row, name) for row, name in reversed(shown)), older


def _subject(session: Session, row: NegotiationPoint) -> Subject:
    """What the point is about; what is gone since has no page any more."""
    if row.item_id:
        found = subjects.of_item(session, row.contract_id, row.item_id)
    elif row.block_id:
        found = subjects.of_block(session, row.contract_id, row.block_id)
    elif row.means_id:
        found = subjects.of_means(session, row.contract_id, row.means_id)
    else:
        return NOTHING
    gone = Subject(row.item_id, row.block_id, row.means_id)
    return found if found is not None else replace(gone, title="")


def _passage(session: Session, point: NegotiationPoint, part: NegotiationPassage) -> PassageView:
    now = words_at(session, point, part.piece, part.place)
    since = word_changes(part.before, now or "") if now != part.before else []
    told = word_changes(part.before, part.after)
    return PassageView(part.piece, part.place, part.before, part.after, told, now, since)


def _wording(session: Session, point: NegotiationPoint, parties: Sequence[PartyView]) -> WordingView | None:
    row = session.execute(
        select(NegotiationWording, Organisation.name)
        .join(Organisation, Organisation.id == NegotiationWording.organisation_id)
        .where(NegotiationWording.point_id == point.id)
        .order_by(NegotiationWording.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    one, name = row
    agreed = _said(
        session,
        NegotiationAgreement,
        NegotiationAgreement.point_id == point.id,
        NegotiationAgreement.number == one.number,
    )
    given = {said.organisation_id: said for said in agreed}
    return WordingView(
        one.number,
        one.reason,
        name,
        Sentence(one.by_function),
        one.at,
        one.applied_at,
        tuple(_passage(session, point, part) for part in passages(session, point.id, one.number)),
        given,
        tuple(party for party in parties if party.id not in given),
    )
