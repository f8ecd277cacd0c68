"""A row of the other contract in every table of words that has none: whatever a later noun keeps is looked for too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Table, insert, select
from sqlalchemy.orm import Session

from portal.domain.indicators.models import Exact
from portal.kernel.base import Base
from portal.kernel.columns import Rung, UtcDateTime, Word
from portal.kernel.ids import new_id

from ._arena import Arena

Known = dict[tuple[str, str], Any]


def fill(session: Session, arena: Arena, tables: list[Table]) -> None:
    """Write one row in each of these tables, which come in the order of their keys, in the other contract."""
    known = _known(session, arena)
    for table in tables:
        _write(session, arena, table, known)


def _write(session: Session, arena: Arena, table: Table, known: Known) -> None:
    for key in table.foreign_keys:
        target = key.column
        named = (target.table.name, target.name)
        if named not in known and target.table is not table and not _there(session, target, known):
            _write(session, arena, target.table, known)
    row = {column.name: _value(column, known, arena) for column in table.columns}
    session.execute(insert(table).values(row))
    for column in table.primary_key.columns:
        known.setdefault((table.name, column.name), row[column.name])


def _there(session: Session, column: Column[Any], known: Known) -> bool:
    """Whether the table has a row of theirs to point at, which is then known."""
    theirs = [
        held == known[key.column.table.name, "id"]
        for held in column.table.columns
        for key in held.foreign_keys
        if held.name in ("contract_id", "space_id")
    ]
    found = session.scalar(select(column).where(*theirs).limit(1))
    if found is not None:
        known[column.table.name, column.name] = found
    return found is not None


def _known(session: Session, arena: Arena) -> Known:
    house = arena.other
    texts = Base.metadata.tables["text"]
    decisions = Base.metadata.tables["moderation_decision"]
    answers = Base.metadata.tables["answer"]
    contracts = Base.metadata.tables["contract"]
    acts = Base.metadata.tables["formal_act"]
    words = arena.words["other"]
    return {
        ("contract", "id"): house.contract_id,
        ("space", "id"): house.space_id,
        ("item", "id"): house.items[0],
        ("participant", "id"): house["family"].id,
        ("contribution", "id"): words,
        ("establishment", "id"): house.establishment_id,
        ("organisation", "id"): session.scalar(
            select(contracts.c.organisation_id).where(contracts.c.id == house.contract_id)
        ),
        ("objective_action", "id"): arena.aims["other"]["action_id"],
        ("objective_branch", "id"): arena.aims["other"]["branch_id"],
        ("means_line", "id"): arena.aims["other"]["means_id"],
        ("reallocation", "id"): arena.aims["other"]["decision_id"],
        ("document", "id"): arena.papers["other"]["document_id"],
        ("document_file", "id"): session.scalar(select(Base.metadata.tables["document_file"].c.id).limit(1)),
        ("formal_act", "id"): arena.acts["other"],
        ("act_record", "id"): session.scalar(
            select(acts.c.record_id).where(acts.c.id == arena.acts["other"])
        ),
        ("survey", "id"): arena.surveys["other"]["survey_id"],
        ("survey_question", "id"): arena.surveys["other"]["question_id"],
        ("text", "id"): session.scalar(select(texts.c.id).where(texts.c.item_id == house.items[0])),
        ("answer", "id"): session.scalar(select(answers.c.id).where(answers.c.contribution_id == words)),
        ("moderation_decision", "id"): session.scalar(
            select(decisions.c.id).where(decisions.c.contribution_id == words)
        ),
    }


def _value(column: Column[Any], known: Known, arena: Arena) -> Any:
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return known.get((target.table.name, target.name))
    if isinstance(column.type, Word | Rung):
        return next(iter(column.type.words))
    plain = {UtcDateTime: arena.now, Date: date(2026, 11, 22), Boolean: False, Integer: 1, Exact: Decimal(1)}
    for kind, value in plain.items():
        if isinstance(column.type, kind):
            return value
    if getattr(column.type, "length", None) == len(new_id()):
        return arena.other["director"].id if column.name != "id" else new_id()
    return "mots"
