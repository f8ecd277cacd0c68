"""Verbs of a contract: it chooses a trame, moves to a newer version, and writes its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import signed
from portal.domain.contracts.models import Contract, ContractAuthority
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.texts.negotiated import Rewritten, follow
from portal.domain.texts.negotiated_models import Piece
from portal.domain.texts.service import cleaned
from portal.domain.trames import queries, rules
from portal.domain.trames.catalogue import Block, models
from portal.domain.trames.models import BlockKind, BlockText, ContractTrame, Trame, TrameVersion
from portal.kernel import clock
from portal.kernel import text as words
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_REASON = 300
CHANGED = say("Quelqu’un vient de choisir une autre trame. Voici ce qui est enregistré.")
WRITTEN = say("Quelqu’un a écrit dans ce bloc pendant que vous écriviez. Voici ce qui est enregistré.")


@dataclass(frozen=True, slots=True)
class Back:
    """Why a block says other words, and its former version that is brought back, None for none; `agreed` by every party."""

    number: int | None
    why: str
    agreed: bool = False


def choose(session: Session, person: Actor, contract_id: str, choice: str, seen: int) -> None:
    """Write the contract in a trame: `choice` names a model, or a version published by an authority that signs.

    Every text stays; those of blocks that the trame does not have are kept aside.
    Errors: RefusedError, StaleError, InvalidError (`choice`).
    """
    permits.require(person, Permission.TRAME_CHOOSE, ContractTarget(contract_id))
    session.get_one(Contract, contract_id, with_for_update=True)
    row = session.get(ContractTrame, contract_id, populate_existing=True)
    if seen != (row.version if row is not None else 0):
        raise StaleError(CHANGED, seen=seen, current=row.version if row is not None else 0)
    if blocks_of(session, contract_id, choice) is None:
        raise InvalidError({"choice": [say("Choisissez une des trames proposées.")]})
    model = choice if choice in models() else ""
    version_id = None if model else choice
    if row is not None and (row.model, row.trame_version_id) == (model, version_id):
        raise InvalidError({"choice": [say("Le contrat s’écrit déjà dans cette trame.")]})
    if row is None:
        row = ContractTrame(contract_id=contract_id, version=0)
        session.add(row)
    row.model, row.trame_version_id, row.version = model, version_id, row.version + 1
    row.chosen_on, row.by_function = clock.today(), str(function_of(person))
    _tell(session, person, FactKind.TRAME_CHOSEN, contract_id, version_id or contract_id, choice)


def blocks_of(session: Session, contract_id: str, choice: str) -> tuple[Block, ...] | None:
    """The blocks of what a contract may choose; None when it may not. An empty trame lays out nothing."""
    if choice in models():
        return models()[choice].blocks
    allowed = (
        select(TrameVersion.id)
        .join(Trame, Trame.id == TrameVersion.trame_id)
        .join(ContractAuthority, ContractAuthority.organisation_id == Trame.organisation_id)
        .where(TrameVersion.id == choice, ContractAuthority.contract_id == contract_id)
    )
    return queries.published(session, choice) if session.scalar(allowed) is not None else None


def changes(session: Session, contract_id: str, choice: str) -> tuple[list[Sentence], list[str]] | None:
    """What would change in the contract with this choice, in words, and the titles of words that would be kept aside.

    None when the contract may not choose it.
    """
    after = blocks_of(session, contract_id, choice)
    if after is None:
        return None
    now = queries.chosen(session, contract_id)
    told = rules.differences(now.blocks, after) if now is not None else []
    held = {one.block_id: one.title for one in queries.texts(session, contract_id).values() if one.source}
    return told, [held[one] for one in rules.gone(held, {one.id for one in after})]


def write(
    session: Session,
    person: Actor,
    contract_id: str,
    block_id: str,
    source: str,
    seen: int,
    *,
    at: datetime | None = None,
    back: Back | None = None,
) -> None:
    """Write the words of a block, plain text with light marks; nothing takes them out. Former versions stay.

    Errors: RefusedError, NotFoundError (the trame has no such block), StaleError, InvalidError (`source`, `reason`
    owed when these words were negotiated).
    """
    permits.require(person, Permission.TRAME_WRITE, ContractTarget(contract_id))
    write_anew(session, person, contract_id, block_id, source, seen, at=at, back=back)


def write_anew(
    session: Session,
    person: Actor,
    contract_id: str,
    block_id: str,
    source: str,
    seen: int,
    *,
    at: datetime | None = None,
    back: Back | None = None,
) -> str:
    """The same for whoever was already found to hold the right to these words; what the block is called.

    Errors: NotFoundError, StaleError, InvalidError (`source`, `reason`).
    """
    session.get_one(Contract, contract_id, with_for_update=True)
    chosen = queries.chosen(session, contract_id)
    block = next((one for one in chosen.blocks if one.id == block_id), None) if chosen is not None else None
    if block is None or block.kind is BlockKind.TITLE:
        raise NotFoundError
    now = queries.texts(session, contract_id).get(block_id)
    number, before = (now.number, now.source) if now is not None else (0, "")
    if number != seen:
        raise StaleError(WRITTEN, seen=seen, current=number)
    kept = cleaned(source) if source.strip() else ""
    if kept == before:
        told = say("Vous n’avez rien changé.") if before else say("Écrivez quelques mots ici.")
        raise InvalidError({"source": [told]})
    moment, function, why = at or clock.now(), str(function_of(person)), _why(back)
    session.add(
        BlockText(
            contract_id=contract_id,
            block_id=block_id,
            number=number + 1,
            title=str(block.title),
            source=kept,
            html="".join(words.render(part) for part in words.paragraphs(kept)) if kept else "",
            renderer=words.RENDERER_VERSION,
            by_function=function,
            at=moment,
            reason=why,
            restores=back.number if back else None,
        )
    )
    if back is None or not back.agreed:
        signed.require_reason(session, contract_id, why)
        written = Rewritten(contract_id, None, block_id, Piece.BLOCK, number + 1, kept, function, why, moment)
        follow(session, person, written)
    _tell(session, person, FactKind.TRAME_BLOCK_WRITTEN, contract_id, block_id, kept)
    return str(block.title)


def _why(back: Back | None) -> str:
    return check_reason(back.why, "reason", MAX_REASON, optional=True) if back is not None else ""


def _tell(
    session: Session, person: Actor, kind: FactKind, contract_id: str, object_id: str, content: str
) -> None:
    session.flush()
    journal.append(
        session,
        Fact(
            kind,
            contract_id,
            object_id,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
