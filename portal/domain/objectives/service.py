"""Verbs of an objective: it is added, written anew, put at its place, and told how far it is; its number never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts import signed
from portal.domain.contracts.models import Contract, Indicator, Item, Leeway, Objective
from portal.domain.contracts.queries import ItemView
from portal.domain.contracts.signed import is_promised
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.objectives import rules, states, tree
from portal.domain.objectives.models import (
    News,
    ObjectiveFinding,
    ObjectiveIndicator,
    ObjectivePlace,
    ObjectiveSheet,
    Priority,
    Progress,
    State,
)
from portal.domain.objectives.typed import LINKS, NOTES, Checked, Typed, check
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.texts import service as texts
from portal.domain.versions import keeping
from portal.kernel import clock, reasons
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import ItemKind

MAX_REASON = 300
MOVED_ON = say("Quelqu’un vient de changer cet objectif. Voici ce qui est enregistré.")
OWED = say("Le contrat est signé : dites pourquoi ce qui était prévu est adapté.")


@dataclass(frozen=True, slots=True)
class Held:
    """An objective as it is held to be written: its row, its sheet, how it reads, its contract."""

    row: Item
    sheet: ObjectiveSheet
    now: ItemView
    contract: Contract


def add(session: Session, person: Actor, contract_id: str, typed: Typed) -> str:
    """Add an objective with the next number, the last at its place; its id.

    Errors: RefusedError, InvalidError beside each field.
    """
    tree.hold(session, person, contract_id)
    checked = check(session, contract_id, typed)
    last = select(func.max(Item.number)).where(
        Item.contract_id == contract_id, Item.kind == ItemKind.OBJECTIVE
    )
    row = Objective(
        contract_id=contract_id, number=(session.scalar(last) or 0) + 1, axis="", title=checked.title
    )
    session.add(row)
    session.flush()
    sheet = ObjectiveSheet(item_id=row.id, state=State.NOT_STARTED, rank=0)
    session.add_all([sheet, Leeway(item_id=row.id, **checked.leeway)])
    _fill(session, sheet, checked)
    _lines(session, row.id, checked)
    for register, words in checked.words.items():
        texts.create(session, row.id, register, words, by_function=function_of(person))
    kept = states.objective(session, contract_id, row.id)
    keeping.keep(session, person, states.objective_piece(contract_id, row.id), kept)
    tell(session, person, FactKind.OBJECTIVE_WRITTEN, row, row.title)
    return row.id


def rewrite(
    session: Session, person: Actor, contract_id: str, item_id: str, typed: Typed, seen: int, reason: str = ""
) -> None:
    """Write an objective anew; contributions keep the words that they spoke of.

    What people were promised changes only with its reason, once the contract is signed; before, a reason is kept when there is one.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    held = _held(session, person, contract_id, item_id, seen)
    piece = states.objective_piece(contract_id, item_id)
    keeping.begin(session, piece, states.objective(session, contract_id, item_id))
    checked = check(session, contract_id, typed)
    before, after = held.sheet.expected, str(checked.sheet["expected"])
    why = _why(held, reason, adapted=bool(before) and before != after)
    told = tuple(spaces.of_item(session, item_id))
    said = [
        texts.write_anew(
            session,
            person,
            contract_id,
            item_id,
            register,
            texts.NewWords(words, text.version, why),
            spaces=told,
        )
        for register, words in checked.words.items()
        if (text := held.now.text(register)) is not None and words != text.source
    ]
    if said:
        signed.require_reason(session, contract_id, why)
    other = _write(session, held, checked)
    if not (said or other):
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    held.row.version += int(other)
    keeping.keep(session, person, piece, states.objective(session, contract_id, item_id), why)
    if before and before != after and why:
        keep(session, person, item_id, News.ADAPTED, why, was_label=before)
        tell(session, person, FactKind.PLAN_ADAPTED, held.row, why)
    # The pages of spaces hear once that words changed.
    tell(session, person, FactKind.OBJECTIVE_WRITTEN, held.row, held.row.title, () if said else told)


def move(session: Session, person: Actor, contract_id: str, item_id: str, up: bool, seen: int) -> None:  # noqa: FBT001 — one way or the other
    """Change its place with the objective before it (`up`) or after it under the same objectif stratégique.

    Errors: RefusedError, NotFoundError, StaleError.
    """
    held = _held(session, person, contract_id, item_id, seen)
    beside = list(_beside(session, contract_id, held.sheet.branch_id))
    at = next(number for number, one in enumerate(beside) if one.item_id == item_id)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(beside):
        return
    beside[at], beside[other] = beside[other], beside[at]
    for number, one in enumerate(beside, 1):
        one.rank = number
    held.row.version += 1
    tell(session, person, FactKind.OBJECTIVE_WRITTEN, held.row, held.row.title)


def progress(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    state: State | None,
    words: str,
    seen: int,
) -> None:
    """Tell how far an objective is; what was told before stays in its history.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`state`, `words`).
    """
    held = _held(session, person, contract_id, item_id, seen)
    if state is None:
        raise InvalidError({"state": [say("Dites où en est cet objectif.")]})
    owed = rules.must_explain(held.sheet.state, state)
    why = check_reason(words, "words", MAX_REASON, optional=not owed)
    if state is held.sheet.state and not why:
        raise InvalidError({"words": [say("Dites ce qui a avancé, ou changez l’état.")]})
    held.sheet.state, held.sheet.state_at = state, clock.now()
    held.row.version += 1
    keep(session, person, item_id, News.TOLD, why, state=state)
    tell(session, person, FactKind.PROGRESS_TOLD, held.row, state.value)


def known(session: Session, contract_id: str, item_id: str) -> tuple[Item, ItemView]:
    """An objective of a contract, that stands. Errors: NotFoundError."""
    row, now = session.get(Item, item_id, populate_existing=True), contracts.item(session, item_id)
    if row is None or now is None or (row.contract_id, row.kind) != (contract_id, ItemKind.OBJECTIVE):
        raise NotFoundError
    return row, now


def keep(
    session: Session,
    person: Actor,
    item_id: str,
    news: News,
    words: str,
    **more: Any,
) -> None:
    """Write one line of the history of an objective; `more` holds columns of `Progress`."""
    line = Progress(
        item_id=item_id, news=news, words=words, by_function=function_of(person), at=clock.now(), **more
    )
    session.add(line)


def tell(
    session: Session, person: Actor, kind: FactKind, row: Item, content: str, told: tuple[str, ...] = ()
) -> None:
    """Write the journal, for the spaces that must hear of it."""
    session.flush()
    for space_id in told or (None,):
        journal.append(
            session,
            Fact(
                kind,
                row.contract_id,
                row.id,
                group=person.group,
                participant_id=person.participant_id,
                content=content,
                space_id=space_id,
            ),
        )


def sheet_of(session: Session, item_id: str) -> ObjectiveSheet:
    """The sheet of an objective; one that was written before there were sheets receives its own."""
    sheet = session.get(ObjectiveSheet, item_id, populate_existing=True)
    if sheet is None:
        sheet = ObjectiveSheet(
            item_id=item_id,
            rank=0,
            expected="",
            priority=Priority.NEXT,
            state=State.NOT_STARTED,
            **dict.fromkeys((*LINKS, *NOTES), ""),
        )
        session.add(sheet)
    return sheet


def _held(session: Session, person: Actor, contract_id: str, item_id: str, seen: int) -> Held:
    contract = tree.hold(session, person, contract_id)
    row, now = known(session, contract_id, item_id)
    if now.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=now.version)
    return Held(row, sheet_of(session, item_id), now, contract)


def _why(held: Held, reason: str, *, adapted: bool) -> str:
    why = check_reason(reason, "reason", MAX_REASON, optional=True)
    if adapted and is_promised(held.contract.stage, held.contract.signed_on):
        reasons.owed(why, "reason", OWED)
    return why


def _write(session: Session, held: Held, checked: Checked) -> bool:
    """Write what is not in the texts; whether something of it changed."""
    leeway = session.get(Leeway, held.row.id)
    if leeway is None:
        leeway = Leeway(item_id=held.row.id, **dict.fromkeys(checked.leeway, ""))
        session.add(leeway)
    changed = held.row.title != checked.title
    held.row.title = checked.title
    for name, value in checked.leeway.items():
        changed = changed or getattr(leeway, name) != value
        setattr(leeway, name, value)
    return any((changed, _fill(session, held.sheet, checked), _lines(session, held.row.id, checked)))


def _fill(session: Session, sheet: ObjectiveSheet, checked: Checked) -> bool:
    """Write the sheet and what hangs on it; whether something changed."""
    moves = sheet.branch_id != checked.sheet["branch_id"]
    changed = False
    for name, value in checked.sheet.items():
        changed = changed or getattr(sheet, name) != value
        setattr(sheet, name, value)
    if moves or not sheet.rank:
        session.flush()
        last = select(func.max(ObjectiveSheet.rank)).where(
            ObjectiveSheet.branch_id == sheet.branch_id, ObjectiveSheet.item_id != sheet.item_id
        )
        sheet.rank = (session.scalar(last) or 0) + 1
    for (model, column), wanted in zip(LINKED, checked.links, strict=True):
        changed = _link(session, sheet.item_id, model, column, wanted) or changed
    return changed


LINKED: tuple[tuple[Any, str], ...] = (
    (ObjectivePlace, "establishment_id"),
    (ObjectiveFinding, "finding_id"),
    (ObjectiveIndicator, "indicator_id"),
)


def _link(session: Session, item_id: str, model: Any, column: str, wanted: frozenset[str]) -> bool:
    query = select(getattr(model, column)).where(model.item_id == item_id)
    if frozenset(session.scalars(query)) == wanted:
        return False
    session.execute(delete(model).where(model.item_id == item_id))
    session.add_all(model(item_id=item_id, **{column: one}) for one in sorted(wanted))
    return True


def _lines(session: Session, item_id: str, checked: Checked) -> bool:
    """Write the lines of indicators of the objective; whether something of them changed."""
    rows = list(
        session.scalars(select(Indicator).where(Indicator.item_id == item_id).order_by(Indicator.position))
    )
    now = [_parts(one) for one in rows]
    if now == [dict(one) for one in checked.lines]:
        return False
    for row in rows:
        session.delete(row)
    session.flush()
    session.add_all(
        Indicator(item_id=item_id, position=position, **line) for position, line in enumerate(checked.lines)
    )
    return True


def _parts(row: Indicator) -> Mapping[str, str]:
    return {"label": row.label, "initial": row.initial, "target": row.target, "yearly": row.yearly}


def _beside(session: Session, contract_id: str, branch_id: str | None) -> Iterable[ObjectiveSheet]:
    same: ColumnElement[bool] = (
        ObjectiveSheet.branch_id == branch_id if branch_id else ObjectiveSheet.branch_id.is_(None)
    )
    return session.scalars(
        select(ObjectiveSheet)
        .join(Item, Item.id == ObjectiveSheet.item_id)
        .where(Item.contract_id == contract_id, same)
        .order_by(ObjectiveSheet.rank, Item.number)
    )
