"""Verbs of the findings: each party writes its own; none is deleted; numbers never change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties, signed
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract, Finding, Item, Leeway
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import states, validation
from portal.domain.diagnostic.models import FindingPlace
from portal.domain.diagnostic.typed import Checked, Typed, check, check_axis
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.texts import service as texts
from portal.domain.versions import keeping
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ItemKind

MAX_REASON = 300

MOVED_ON = say("Quelqu’un vient de changer ce constat. Voici ce qui est enregistré.")
GONE = say("Ce constat a été retiré du diagnostic. Voici ce qui est enregistré.")


def add(
    session: Session, person: Actor, contract_id: str, typed: Typed, *, at: datetime | None = None
) -> str:
    """Add a finding of one's party, with the next number; its id.

    Errors: RefusedError, InvalidError beside each field (`party` when nobody told for which authority one acts).
    """
    authority = party_of(session, person, contract_id)
    # One writer at a time: two findings never take the same number.
    session.get_one(Contract, contract_id, with_for_update=True)
    checked = check(session, contract_id, typed)
    last = select(func.max(Item.number)).where(Item.contract_id == contract_id, Item.kind == ItemKind.FINDING)
    row = Finding(
        contract_id=contract_id,
        number=(session.scalar(last) or 0) + 1,
        axis_id=checked.axis_id,
        by_authority_id=authority,
        **checked.row,
    )
    session.add(row)
    session.flush()
    session.add(Leeway(item_id=row.id, **checked.leeway))
    _put(session, row.id, checked.places)
    for register, words in checked.words.items():
        texts.create(session, row.id, register, words, by_function=function_of(person), at=at)
    keeping.keep(session, person, states.piece(contract_id, row.id), states.finding(session, row.id))
    _tell(session, person, FactKind.FINDING_ADDED, row, row.title)
    return row.id


def rewrite(
    session: Session,
    person: Actor,
    contract_id: str,
    finding_id: str,
    typed: Typed,
    seen: int,
    reason: str = "",
) -> None:
    """Write a finding of one's party anew; contributions keep the words that they spoke of.

    What the other parties said of it is to be looked at again; one's own party stands by its words.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    row, now = _own(session, person, contract_id, finding_id, seen)
    checked = check(session, contract_id, typed)
    why = check_reason(reason, "reason", MAX_REASON, optional=True)
    piece = states.piece(contract_id, finding_id)
    keeping.begin(session, piece, states.finding(session, finding_id))
    told = tuple(spaces.of_item(session, finding_id))
    said = [
        texts.write_anew(
            session,
            person,
            contract_id,
            finding_id,
            register,
            texts.NewWords(words, text.version, why),
            spaces=told,
        )
        for register, words in checked.words.items()
        if (text := now.text(register)) is not None and words != text.source
    ]
    if said:
        signed.require_reason(session, contract_id, why)
    other = _write(session, row, checked)
    moved = row.axis_id != checked.axis_id
    if not (said or other or moved):
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    row.axis_id = checked.axis_id
    row.version += int(other or moved)
    keeping.keep(session, person, piece, states.finding(session, finding_id), why)
    if said or other:
        validation.follow(session, person, finding_id, now.version)
    else:
        validation.keep(session, finding_id, now.version)
    # The pages of spaces hear once that words changed.
    _tell(session, person, FactKind.FINDING_CHANGED, row, row.title, () if said or not other else told)


def move(session: Session, person: Actor, contract_id: str, finding_id: str, axis_id: str, seen: int) -> None:
    """Put a finding of any party on another axis: its words stay, and what each party said of them.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`axis_id`).
    """
    permits.require(person, Permission.DIAGNOSTIC_WRITE, ContractTarget(contract_id))
    row, now = _standing(session, contract_id, finding_id)
    if now.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=now.version)
    check_axis(session, contract_id, axis_id)
    if axis_id == row.axis_id:
        raise InvalidError({"axis_id": [say("Ce constat est déjà sur cet axe.")]})
    piece = states.piece(contract_id, finding_id)
    keeping.begin(session, piece, states.finding(session, finding_id))
    row.axis_id, row.version = axis_id, row.version + 1
    keeping.keep(session, person, piece, states.finding(session, finding_id))
    validation.keep(session, finding_id, now.version)
    _tell(session, person, FactKind.FINDING_CHANGED, row, axis_id)


def withdraw(
    session: Session, person: Actor, contract_id: str, finding_id: str, reason: str, seen: int
) -> None:
    """Take a finding of one's party out of the diagnostic; it stays readable, and so does what was said about it.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`).
    """
    row, _now = _own(session, person, contract_id, finding_id, seen)
    why = check_reason(reason, "reason", MAX_REASON)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = clock.now(), function_of(person), why
    session.flush()
    told = tuple(spaces.of_item(session, finding_id))
    _tell(session, person, FactKind.FINDING_WITHDRAWN, row, why, told)


def restore(session: Session, person: Actor, contract_id: str, finding_id: str) -> None:
    """Put a withdrawn finding of one's party back, as it was. Errors: RefusedError, NotFoundError, StaleError."""
    row, now = _known(session, contract_id, finding_id)
    _require_own(session, person, now)
    if row.withdrawn_at is None:
        raise StaleError(MOVED_ON, seen="withdrawn", current=None)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = None, "", ""
    session.flush()
    told = tuple(spaces.of_item(session, finding_id))
    _tell(session, person, FactKind.FINDING_RESTORED, row, row.title, told)


def party_of(session: Session, person: Actor, contract_id: str) -> str | None:
    """The authority whose findings this person writes; None for the organisation.

    Errors: RefusedError, InvalidError (`party`) when nobody told for which authority an agent acts.
    """
    target = ContractTarget(contract_id)
    if permits.allows(person, Permission.DIAGNOSTIC_WRITE, target):
        return None
    permits.require(person, Permission.FINDING_ADD_AUTHORITY, target)
    authority = parties.acts_for(session, person)
    if authority is None:
        raise InvalidError({"party": [validation.FOR_NOBODY]})
    return authority


def require_words(session: Session, person: Actor, item: ItemView) -> None:
    """Refuse to change words of another party's finding; objectives are nobody's alone. Errors: RefusedError."""
    if item.kind is ItemKind.FINDING:
        _require_own(session, person, item)


def _own(
    session: Session, person: Actor, contract_id: str, finding_id: str, seen: int
) -> tuple[Item, ItemView]:
    permits.require(person, Permission.FINDING_WRITE, ContractTarget(contract_id))
    row, now = _standing(session, contract_id, finding_id)
    _require_own(session, person, now)
    if now.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=now.version)
    return row, now


def _standing(session: Session, contract_id: str, finding_id: str) -> tuple[Item, ItemView]:
    row, now = _known(session, contract_id, finding_id)
    if row.withdrawn_at is not None:
        raise StaleError(GONE, seen="standing", current=row.withdrawn_reason)
    return row, now


def _known(session: Session, contract_id: str, finding_id: str) -> tuple[Item, ItemView]:
    row = session.get(Item, finding_id, populate_existing=True)
    now = contracts.item(session, finding_id)
    if row is None or now is None or (row.contract_id, row.kind) != (contract_id, ItemKind.FINDING):
        raise NotFoundError
    return row, now


def _require_own(session: Session, person: Actor, now: ItemView) -> None:
    permits.require(person, Permission.FINDING_WRITE, ContractTarget(now.contract_id))
    owner = now.by_authority_id or session.get_one(Contract, now.contract_id).organisation_id
    if validation.of_person(session, person) == owner:
        return
    who = (
        say("La direction du contrat récrit les constats de l’organisme.")
        if now.by_authority_id is None
        else say("Les agents de cette autorité récrivent ses constats.")
    )
    raise RefusedError("party", say("Ce constat est celui d’une autre partie du contrat."), who)


def _write(session: Session, row: Item, checked: Checked) -> bool:
    """Write what is not in the texts; whether something of it changed."""
    before = frozenset(
        session.scalars(select(FindingPlace.establishment_id).where(FindingPlace.item_id == row.id))
    )
    leeway = session.get(Leeway, row.id)
    if leeway is None:
        leeway = Leeway(item_id=row.id, **dict.fromkeys(checked.leeway, ""))
        session.add(leeway)
    changed = before != checked.places
    for target, values in ((row, checked.row), (leeway, checked.leeway)):
        for name, value in values.items():
            changed = changed or getattr(target, name) != value
            setattr(target, name, value)
    if before != checked.places:
        session.execute(delete(FindingPlace).where(FindingPlace.item_id == row.id))
        _put(session, row.id, checked.places)
    return changed


def _put(session: Session, finding_id: str, places: frozenset[str]) -> None:
    session.add_all(FindingPlace(item_id=finding_id, establishment_id=one) for one in sorted(places))


def _tell(
    session: Session,
    person: Actor,
    kind: FactKind,
    row: Item,
    content: str,
    told: tuple[str, ...] = (),
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
