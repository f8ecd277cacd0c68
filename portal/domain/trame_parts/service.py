"""Verbs of the parts of a trame: put into discussion, written together, taken into the trame, withdrawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract, Item, Leeway, TramePart
from portal.domain.contracts.queries import ItemView
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.organisations.models import Organisation
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.texts import service as texts
from portal.domain.trame_parts import queries, typed
from portal.domain.trame_parts.models import PartOfTrame
from portal.domain.trame_parts.typed import MAX_REASON, Opened, Written
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.domain.trames.models import BlockKind
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import Group, ItemKind, Register

ALREADY = say("Quelqu’un vient de mettre cette partie en discussion. Rien n’a été ajouté.")
BLOCK_MOVED = say("Quelqu’un a écrit dans ce bloc pendant que vous lisiez. Voici ce qui est enregistré.")
WORDS_MOVED = say("Quelqu’un a changé ces mots pendant que vous lisiez. Voici ce qui est enregistré.")
GONE = say("Cette partie a été retirée de la discussion. Voici ce qui est enregistré.")
NO_BLOCK = say("La trame du contrat n’a plus ce bloc. Rien n’a changé.")
LONGEST_NAME = 120


def open_(
    session: Session,
    person: Actor,
    contract_id: str,
    block_id: str,
    command: Opened,
    seen: int,
    *,
    at: datetime | None = None,
) -> str:
    """Put a block of the trame of the contract into discussion, once at a time; the id of the part.

    `seen` is the version of the block that was on the screen. The block itself says what it said.
    Errors: RefusedError, NotFoundError (no such block), StaleError, InvalidError beside each field.
    """
    permits.require(person, Permission.TRAME_DISCUSS, ContractTarget(contract_id))
    # One at a time: a block never has two discussions, two parts never the same number.
    session.get_one(Contract, contract_id, with_for_update=True)
    chosen = trames.chosen(session, contract_id)
    block = next((one for one in chosen.blocks if one.id == block_id), None) if chosen is not None else None
    if block is None or block.kind is BlockKind.TITLE:
        raise NotFoundError
    if block_id in queries.of_blocks(session, contract_id):
        raise StaleError(ALREADY, seen=seen, current=None)
    written = trames.texts(session, contract_id).get(block_id)
    number = written.number if written is not None else 0
    if number != seen:
        raise StaleError(BLOCK_MOVED, seen=seen, current=number)
    checked = typed.check_opened(command)
    last = select(func.max(Item.number)).where(
        Item.contract_id == contract_id, Item.kind == ItemKind.TRAME_PART
    )
    who, now = named(session, person), at or clock.now()
    row = TramePart(
        contract_id=contract_id,
        number=(session.scalar(last) or 0) + 1,
        axis=str(block.kind.label).capitalize(),
        title=str(block.title),
    )
    session.add(row)
    session.flush()
    leeway = Leeway(item_id=row.id, open=checked.open, open_by=who, decided=checked.decided)
    leeway.decided_by = who if checked.decided else ""
    session.add(leeway)
    for register, words in ((Register.TECHNICAL, checked.technical), (Register.PLAIN, checked.plain)):
        texts.create(session, row.id, register, words, by_function=who, at=now)
    session.add(
        PartOfTrame(item_id=row.id, contract_id=contract_id, block_id=block_id, by_function=who, at=now)
    )
    _tell(session, person, FactKind.TRAME_PART_OPENED, row, row.title)
    return row.id


def write(
    session: Session,
    person: Actor,
    contract_id: str,
    part_id: str,
    command: Written,
    *,
    at: datetime | None = None,
) -> None:
    """Write the words of a part anew, with a reason; what was said of the former ones keeps them.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (each field; `technical` when nothing changed).
    """
    permits.require(person, Permission.TRAME_DISCUSS, ContractTarget(contract_id))
    _row, now = _standing(session, contract_id, part_id)
    if _versions(now) != (command.technical_version, command.plain_version):
        raise StaleError(WORDS_MOVED, seen=command.technical_version, current=now.version)
    words, why = typed.check_written(command)
    changed = [
        (register, text.version, source)
        for register, source in words.items()
        if (text := now.text(register)) is not None and text.source != source
    ]
    if not changed:
        raise InvalidError({"technical": [say("Vous n’avez rien changé.")]})
    told, who = tuple(spaces.of_item(session, part_id)), named(session, person)
    for register, version, source in changed:
        new = texts.NewWords(source, version, why, who)
        texts.write_anew(session, person, contract_id, part_id, register, new, spaces=told, at=at)


def take(
    session: Session,
    person: Actor,
    contract_id: str,
    part_id: str,
    reason: str,
    *,
    seen_text: int,
    seen_block: int,
    at: datetime | None = None,
) -> None:
    """Write the words of a part as the next version of its block, with a reason; the discussion goes on.

    `seen_text` and `seen_block` are the versions of both that stood side by side.
    Errors: RefusedError, NotFoundError, StaleError when either moved or the trame has the block no more,
    InvalidError (`reason`, `source` when the block says these words already).
    """
    permits.require(person, Permission.TRAME_WRITE, ContractTarget(contract_id))
    session.get_one(Contract, contract_id, with_for_update=True)
    row, now = _standing(session, contract_id, part_id)
    why = check_reason(reason, "reason", MAX_REASON)
    text = now.technical
    if text is None or text.version != seen_text:
        raise StaleError(WORDS_MOVED, seen=seen_text, current=now.version)
    part = session.get_one(PartOfTrame, part_id)
    try:
        back = blocks.Back(None, why)
        blocks.write(session, person, contract_id, part.block_id, text.source, seen_block, at=at, back=back)
    except NotFoundError as gone:
        raise StaleError(NO_BLOCK, seen=seen_block, current=None) from gone
    part.taken_text, part.taken_number = text.version, seen_block + 1
    part.taken_by, part.taken_at = str(function_of(person)), at or clock.now()
    _tell(session, person, FactKind.TRAME_PART_TAKEN, row, text.source)


def withdraw(session: Session, person: Actor, contract_id: str, part_id: str, reason: str, seen: int) -> None:
    """End the discussion of a block, with a reason; its words and what was said of them stay readable.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`).
    """
    permits.require(person, Permission.TRAME_DISCUSS, ContractTarget(contract_id))
    row, now = _standing(session, contract_id, part_id)
    if now.version != seen:
        raise StaleError(WORDS_MOVED, seen=seen, current=now.version)
    why = check_reason(reason, "reason", MAX_REASON)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = clock.now(), function_of(person), why
    session.flush()
    _tell(session, person, FactKind.TRAME_PART_WITHDRAWN, row, why, tuple(spaces.of_item(session, part_id)))


def named(session: Session, person: Actor) -> str:
    """Who writes, as others read it: an agent by the authority, so that several of them are told apart."""
    authority = parties.acts_for(session, person) if person.group is Group.AUTHORITIES else None
    row = session.get(Organisation, authority) if authority is not None else None
    if row is None or len(row.name) > LONGEST_NAME:
        return str(function_of(person))
    return row.name


def _versions(now: ItemView) -> tuple[int, int]:
    return (now.technical.version if now.technical else 0, now.plain.version if now.plain else 0)


def _standing(session: Session, contract_id: str, part_id: str) -> tuple[Item, ItemView]:
    row = session.get(Item, part_id, populate_existing=True)
    now = contracts.item(session, part_id)
    if row is None or now is None or (row.contract_id, row.kind) != (contract_id, ItemKind.TRAME_PART):
        raise NotFoundError
    if row.withdrawn_at is not None:
        raise StaleError(GONE, seen="standing", current=row.withdrawn_reason)
    return row, now


def _tell(
    session: Session, person: Actor, kind: FactKind, row: Item, content: str, told: tuple[str, ...] = ()
) -> None:
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
