"""Reads of trames: the models and the authorities' own, and the sheet of a contract; as many questions for any number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority, ContractEstablishment, Item
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.lifecycle.models import CommitteeSeat
from portal.domain.organisations.models import Organisation
from portal.domain.trames import rules
from portal.domain.trames.catalogue import Block, models
from portal.domain.trames.models import (
    BlockText,
    ContractTrame,
    Filling,
    Trame,
    TrameBlock,
    TrameVersion,
    TrameVersionBlock,
)
from portal.domain.trames.views import BlockView, Chosen, Filled, Sheet, TextView, TrameView, VersionView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, plural, say
from portal.vocabulary import ItemKind

# Versions that a list holds, words of a block, words kept aside.
SHOWN, FORMER, ASIDE = 20, 20, 100
NOTHING: tuple[Block, ...] = ()


def trames(session: Session, contract_id: str) -> list[TrameView]:
    """The trames of the authorities that sign a contract, by authority and title; one question."""
    query = (
        _trames()
        .join(ContractAuthority, ContractAuthority.organisation_id == Trame.organisation_id)
        .where(ContractAuthority.contract_id == contract_id)
        .order_by(Organisation.name, Trame.title, Trame.id)
    )
    return [_trame(*row) for row in session.execute(query)]


def trame(session: Session, contract_id: str, trame_id: str) -> TrameView | None:
    """One of them; None when there is none, or when its authority does not sign this contract."""
    query = (
        _trames()
        .join(ContractAuthority, ContractAuthority.organisation_id == Trame.organisation_id)
        .where(ContractAuthority.contract_id == contract_id, Trame.id == trame_id)
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).first()
    return None if row is None else _trame(*row)


def draft(session: Session, trame_id: str) -> tuple[Block, ...]:
    """The blocks as the authority adapts them, in their order."""
    return _blocks(session, select(TrameBlock).where(TrameBlock.trame_id == trame_id), TrameBlock.position)


def published(session: Session, version_id: str | None) -> tuple[Block, ...]:
    """The blocks of a published version; none for None."""
    if version_id is None:
        return NOTHING
    query = select(TrameVersionBlock).where(TrameVersionBlock.version_id == version_id)
    return _blocks(session, query, TrameVersionBlock.position)


def versions(session: Session, trame_id: str, *, below: int | None = None) -> list[VersionView]:
    """The published versions of a trame, the latest first, twenty and one more when there are; one question."""
    query = select(TrameVersion).where(TrameVersion.trame_id == trame_id)
    if below is not None:
        query = query.where(TrameVersion.number < below)
    rows = session.scalars(query.order_by(TrameVersion.number.desc()).limit(SHOWN + 1))
    return [version_view(one) for one in rows]


def chosen(session: Session, contract_id: str) -> Chosen | None:
    """The trame of a contract with its blocks; None when none was chosen; three questions."""
    row = session.get(ContractTrame, contract_id, populate_existing=True)
    if row is None:
        return None
    if row.trame_version_id is None:
        model = models()[row.model]
        return Chosen(
            model.title,
            model.source,
            row.model,
            None,
            None,
            "",
            0,
            None,
            row.chosen_on,
            Sentence(row.by_function),
            row.version,
            model.blocks,
        )
    version, owner, name = session.execute(
        select(TrameVersion, Trame, Organisation.name)
        .join(Trame, Trame.id == TrameVersion.trame_id)
        .join(Organisation, Organisation.id == Trame.organisation_id)
        .where(TrameVersion.id == row.trame_version_id)
    ).one()
    last = session.scalar(
        select(TrameVersion)
        .where(TrameVersion.trame_id == owner.id, TrameVersion.number > version.number)
        .order_by(TrameVersion.number.desc())
        .limit(1)
    )
    return Chosen(
        version.title,
        models()[owner.model].source,
        owner.model,
        version.id,
        owner.id,
        name,
        version.number,
        version.published_on,
        row.chosen_on,
        Sentence(row.by_function),
        row.version,
        published(session, version.id),
        version_view(last) if last is not None else None,
    )


def sheet(session: Session, contract_id: str) -> Sheet | None:
    """The contract as its trame lays it out; None when no trame was chosen; eleven questions at most."""
    found = chosen(session, contract_id)
    if found is None:
        return None
    written, held = texts(session, contract_id), filled(session, contract_id)
    called = rules.names(found.blocks)
    blocks = tuple(_block_view(one, called.get(one.id), held, written) for one in found.blocks)
    kept = {one.block_id: one.title for one in written.values() if one.source}
    aside = rules.gone(kept, {one.id for one in found.blocks})
    return Sheet(found, blocks, tuple(written[one] for one in aside[:ASIDE]))


def texts(session: Session, contract_id: str) -> dict[str, TextView]:
    """What is written in each block, in its latest version; one question."""
    last = (
        select(BlockText.block_id, func.max(BlockText.number).label("number"))
        .where(BlockText.contract_id == contract_id)
        .group_by(BlockText.block_id)
        .subquery()
    )
    query = (
        select(BlockText)
        .join(last, and_(last.c.block_id == BlockText.block_id, last.c.number == BlockText.number))
        .where(BlockText.contract_id == contract_id)
        .execution_options(populate_existing=True)
    )
    return {one.block_id: _text(one) for one in session.scalars(query)}


def former(session: Session, contract_id: str, block_id: str) -> list[TextView]:
    """The versions of the words of a block, the latest first, twenty at most; one question."""
    query = (
        select(BlockText)
        .where(BlockText.contract_id == contract_id, BlockText.block_id == block_id)
        .order_by(BlockText.number.desc())
        .limit(FORMER)
    )
    return [_text(one) for one in session.scalars(query)]


def filled(session: Session, contract_id: str) -> dict[Filling, Filled]:
    """What the portal already holds of a contract for the blocks of a trame; five questions."""
    return {
        kind: one
        for kind, one in (
            (Filling.PERIMETER, _perimeter(session, contract_id)),
            (Filling.DIAGNOSTIC, _diagnostic(session, contract_id)),
            (Filling.OBJECTIVES, _objectives(session, contract_id)),
            (Filling.LIFE, _life(session, contract_id)),
            (Filling.FOLLOW_UP, _committee(session, contract_id)),
        )
        if one is not None
    }


def version_view(row: TrameVersion) -> VersionView:
    """What is read of a version."""
    return VersionView(row.id, row.number, row.title, row.told, row.published_on)


def _perimeter(session: Session, contract_id: str) -> Filled | None:
    here = select(ContractEstablishment.establishment_id).where(
        ContractEstablishment.contract_id == contract_id, ContractEstablishment.left_on.is_(None)
    )
    number = len(session.scalars(here).all())
    if not number:
        return None
    told = plural(
        "%(num)s établissement ou service est dans le périmètre.",
        "%(num)s établissements et services sont dans le périmètre.",
        number,
    )
    return Filled(told, "perimetre")


def _diagnostic(session: Session, contract_id: str) -> Filled | None:
    axes = diagnostic.axes(session, contract_id)
    number = sum(sum(one.kinds.values()) for one in axes)
    if not number:
        return None
    told = plural(
        "%(num)s constat est dans le diagnostic partagé.",
        "%(num)s constats sont dans le diagnostic partagé.",
        number,
    )
    return Filled(told, "diagnostic")


def _objectives(session: Session, contract_id: str) -> Filled | None:
    standing = select(Item.id).where(
        Item.contract_id == contract_id, Item.kind == ItemKind.OBJECTIVE, Item.withdrawn_at.is_(None)
    )
    number = len(session.scalars(standing).all())
    if not number:
        return None
    told = plural("%(num)s objectif est écrit.", "%(num)s objectifs sont écrits.", number)
    return Filled(told, "objectifs")


def _life(session: Session, contract_id: str) -> Filled:
    row = session.get_one(Contract, contract_id)
    told = say(
        "Le contrat va du %(start)s au %(end)s.", start=day_label(row.starts_on), end=day_label(row.ends_on)
    )
    return Filled(told, "vie")


def _committee(session: Session, contract_id: str) -> Filled | None:
    sitting = select(CommitteeSeat.id).where(
        CommitteeSeat.contract_id == contract_id, CommitteeSeat.left_on.is_(None)
    )
    number = len(session.scalars(sitting).all())
    if not number:
        return None
    told = plural(
        "%(num)s fonction siège au comité de suivi.", "%(num)s fonctions siègent au comité de suivi.", number
    )
    return Filled(told, "vie")


def _block_view(
    block: Block, name: Sentence | None, held: Mapping[Filling, Filled], written: Mapping[str, TextView]
) -> BlockView:
    text, own = written.get(block.id, TextView(block.id)), held.get(block.filling)
    state = rules.state(block.kind, filled=own is not None, written=bool(text.source))
    return BlockView(block, name, own, text, state)


def _trames() -> Select[Trame, str, TrameVersion]:
    last = (
        select(func.max(TrameVersion.number))
        .where(TrameVersion.trame_id == Trame.id)
        .correlate(Trame)
        .scalar_subquery()
    )
    return (
        select(Trame, Organisation.name, TrameVersion)
        .join(Organisation, Organisation.id == Trame.organisation_id)
        .outerjoin(TrameVersion, and_(TrameVersion.trame_id == Trame.id, TrameVersion.number == last))
    )


def _trame(row: Trame, authority: str, last: TrameVersion | None) -> TrameView:
    latest = version_view(last) if last is not None else None
    return TrameView(row.id, row.title, row.model, row.organisation_id, authority, row.version, latest)


def _blocks(session: Session, query: Select[Any], place: Any) -> tuple[Block, ...]:
    rows = session.scalars(query.order_by(place).execution_options(populate_existing=True))
    return tuple(
        Block(one.block_id, one.kind, one.title, one.plain, one.filling, one.binding) for one in rows
    )


def _text(row: BlockText) -> TextView:
    return TextView(
        row.block_id, row.number, row.title, row.source, row.html, Sentence(row.by_function), row.at
    )
