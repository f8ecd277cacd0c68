"""Verbs of an authority: it copies a model, adapts its blocks, and publishes a version."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import ContractAuthority
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.trames import queries, rules
from portal.domain.trames.catalogue import models
from portal.domain.trames.models import Trame, TrameBlock, TrameVersion, TrameVersionBlock
from portal.domain.trames.typed import MAX_NAME, MAX_TOLD, BlockTyped, check_block
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MOST_TRAMES, MOST_BLOCKS = 30, 80
COLUMNS = ("block_id", "position", "kind", "title", "plain", "filling", "binding")

MOVED_ON = say("Quelqu’un vient de changer cette trame. Voici ce qui est enregistré.")
FOR_NOBODY = say(
    "Le portail ne sait pas encore pour quelle autorité vous agissez sur ce contrat. "
    "Demandez à la personne qui gère le portail de vous y rattacher."
)


def copy(session: Session, person: Actor, contract_id: str, model: str, title: str) -> str:
    """Copy a model for one's authority; the id of the new trame, of which nothing is published yet.

    Errors: RefusedError, NotFoundError (no such model), InvalidError (`title`).
    """
    permits.require(person, Permission.TRAME_COPY, ContractTarget(contract_id))
    if model not in models():
        raise NotFoundError
    authority = parties.acts_for(session, person)
    if authority is None:
        raise InvalidError({"title": [FOR_NOBODY]})
    name = check_line(title, "title", MAX_NAME)
    _check_name(session, authority, name)
    row = Trame(organisation_id=authority, title=name, model=model, created_at=clock.now())
    session.add(row)
    session.flush()
    session.add_all(
        TrameBlock(
            trame_id=row.id,
            block_id=one.id,
            position=place,
            kind=one.kind,
            title=str(one.title),
            plain=str(one.plain),
            filling=one.filling,
            binding=one.binding,
        )
        for place, one in enumerate(models()[model].blocks, 1)
    )
    session.flush()
    return row.id


def rename(session: Session, person: Actor, contract_id: str, trame_id: str, title: str, seen: int) -> None:
    """Give a trame another name. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`title`)."""
    row = _own(session, person, contract_id, trame_id, seen)
    name = check_line(title, "title", MAX_NAME)
    if name == row.title:
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    _check_name(session, row.organisation_id, name, MOST_TRAMES + 1)
    row.title = name
    _touched(session, row)


def add_block(
    session: Session, person: Actor, contract_id: str, trame_id: str, typed: BlockTyped, seen: int
) -> str:
    """Add a block at the end; its id. Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field."""
    row = _own(session, person, contract_id, trame_id, seen)
    columns = check_block(typed)
    places = session.scalars(select(TrameBlock.position).where(TrameBlock.trame_id == trame_id)).all()
    if len(places) >= MOST_BLOCKS:
        raise InvalidError({"title": [say("Une trame a quatre-vingts blocs au plus.")]})
    block = TrameBlock(trame_id=trame_id, block_id=new_id(), position=max(places, default=0) + 1, **columns)
    session.add(block)
    _touched(session, row)
    return block.block_id


def change_block(
    session: Session,
    person: Actor,
    contract_id: str,
    trame_id: str,
    block_id: str,
    typed: BlockTyped,
    seen: int,
) -> None:
    """Write a block anew; words that contracts hold in it follow.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    row = _own(session, person, contract_id, trame_id, seen)
    block = _block(session, trame_id, block_id)
    columns = check_block(typed)
    if all(getattr(block, name) == value for name, value in columns.items()):
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    for name, value in columns.items():
        setattr(block, name, value)
    _touched(session, row)


def move_block(
    session: Session,
    person: Actor,
    contract_id: str,
    trame_id: str,
    block_id: str,
    up: bool,  # noqa: FBT001 — one way or the other
    seen: int,
) -> None:
    """Change the place of a block with the one before it (`up`) or after it; at the end nothing changes.

    Errors: RefusedError, NotFoundError, StaleError.
    """
    row = _own(session, person, contract_id, trame_id, seen)
    block = _block(session, trame_id, block_id)
    beside = select(TrameBlock).where(TrameBlock.trame_id == trame_id)
    if up:
        beside = beside.where(TrameBlock.position < block.position).order_by(TrameBlock.position.desc())
    else:
        beside = beside.where(TrameBlock.position > block.position).order_by(TrameBlock.position)
    other = session.scalar(beside.limit(1))
    if other is None:
        return
    block.position, other.position = other.position, block.position
    _touched(session, row)


def remove_block(
    session: Session, person: Actor, contract_id: str, trame_id: str, block_id: str, seen: int
) -> None:
    """Take a block out of what will be published; contracts keep what they wrote. Errors: as `move_block`."""
    row = _own(session, person, contract_id, trame_id, seen)
    session.delete(_block(session, trame_id, block_id))
    _touched(session, row)


def restore(session: Session, person: Actor, contract_id: str, trame_id: str, seen: int) -> None:
    """Put the blocks back as the last published version has them.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`told`) when nothing was published.
    """
    row = _own(session, person, contract_id, trame_id, seen)
    last = _last(session, trame_id)
    if last is None:
        raise InvalidError({"told": [say("Rien n’est encore publié de cette trame.")]})
    session.execute(delete(TrameBlock).where(TrameBlock.trame_id == trame_id))
    kept = session.scalars(select(TrameVersionBlock).where(TrameVersionBlock.version_id == last.id)).all()
    session.add_all(
        TrameBlock(trame_id=trame_id, **{name: getattr(one, name) for name in COLUMNS}) for one in kept
    )
    row.title = last.title
    _touched(session, row)


def publish(session: Session, person: Actor, contract_id: str, trame_id: str, told: str, seen: int) -> str:
    """Publish the trame as it is now, with the next number, today; the id of the version.

    `told` says in a sentence what changed. The contract where the agent acts keeps the line of it.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`told`).
    """
    row = _own(session, person, contract_id, trame_id, seen)
    why = check_reason(told, "told", MAX_TOLD)
    last, blocks = _last(session, trame_id), queries.draft(session, trame_id)
    if not blocks:
        raise InvalidError({"told": [say("Ajoutez au moins un bloc avant de publier.")]})
    if last is not None and last.title == row.title:
        before = queries.published(session, last.id)
        if not rules.differences(before, blocks):
            raise InvalidError({"told": [say("Rien n’a changé depuis la version publiée.")]})
    version = TrameVersion(
        trame_id=trame_id,
        number=last.number + 1 if last is not None else 1,
        title=row.title,
        told=why,
        published_on=clock.today(),
    )
    session.add(version)
    session.flush()
    rows = session.scalars(select(TrameBlock).where(TrameBlock.trame_id == trame_id)).all()
    session.add_all(
        TrameVersionBlock(version_id=version.id, **{name: getattr(one, name) for name in COLUMNS})
        for one in rows
    )
    _touched(session, row)
    journal.append(
        session,
        Fact(
            FactKind.TRAME_PUBLISHED,
            contract_id,
            version.id,
            group=person.group,
            participant_id=person.participant_id,
            content=why,
        ),
    )
    return version.id


def require_own(session: Session, person: Actor, contract_id: str, trame_id: str) -> None:
    """Refuse who does not act for the authority of a trame. Errors: RefusedError, NotFoundError."""
    permits.require(person, Permission.TRAME_ADAPT, ContractTarget(contract_id))
    row = session.get(Trame, trame_id)
    if row is None or not _signs(session, contract_id, row.organisation_id):
        raise NotFoundError
    if parties.acts_for(session, person) != row.organisation_id:
        raise RefusedError(
            "party",
            say("Cette trame est celle d’une autre autorité."),
            say("Ses agents l’adaptent. Vous pouvez copier un modèle pour la vôtre."),
        )


def _own(session: Session, person: Actor, contract_id: str, trame_id: str, seen: int) -> Trame:
    require_own(session, person, contract_id, trame_id)
    # Agents write from several contracts: one at a time on a trame.
    row = session.get_one(Trame, trame_id, with_for_update=True, populate_existing=True)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row


def _signs(session: Session, contract_id: str, organisation_id: str) -> bool:
    return session.get(ContractAuthority, (contract_id, organisation_id)) is not None


def _block(session: Session, trame_id: str, block_id: str) -> TrameBlock:
    row = session.get(TrameBlock, (trame_id, block_id), populate_existing=True)
    if row is None:
        raise NotFoundError
    return row


def _last(session: Session, trame_id: str) -> TrameVersion | None:
    query = select(TrameVersion).where(TrameVersion.trame_id == trame_id)
    return session.scalar(query.order_by(TrameVersion.number.desc()).limit(1))


def _check_name(session: Session, authority: str, name: str, most: int = MOST_TRAMES) -> None:
    query = select(Trame.title).where(Trame.organisation_id == authority)
    known = [one.casefold() for one in session.scalars(query)]
    if len(known) > most - 1:
        raise InvalidError({"title": [say("Une autorité garde trente trames au plus.")]})
    if name.casefold() in known:
        raise InvalidError({"title": [say("Une autre trame de votre autorité a déjà ce nom.")]})


def _touched(session: Session, row: Trame) -> None:
    row.version += 1
    session.flush()
