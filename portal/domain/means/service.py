"""Verbs of the means: a line is added, written, followed, taken away and put back; each former state stays, and can come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import Contract
from portal.domain.contracts.signed import is_promised
from portal.domain.diagnostic.validation import FOR_NOBODY
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.means import rules, sentences
from portal.domain.means.models import MeansLine, MeansVersion, MeansYear, Payer
from portal.domain.means.rules import Amounts
from portal.domain.means.typed import Money, Typed, TypedFollowUp, check, check_follow_up
from portal.domain.objectives.service import known
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_REASON = 300
# Of one objective.
MOST = 100
MOVED_ON = say("Quelqu’un vient de changer cette ligne d’argent. Voici ce qui est enregistré.")
GONE = say("Cette ligne d’argent a été retirée. Remettez-la d’abord.")
OWED = say("Le contrat est signé : dites pourquoi l’argent prévu change.")
NOTHING = say("Vous n’avez rien changé.")
FORMER = ("label", "establishment_id", "payer", "authority_id", "other", "lasting", "need")
WRITTEN = ("reason", "by_function", "at", "removed_at")


@dataclass(frozen=True, slots=True)
class Held:
    """A line as it is held to be written: its row, its amounts, its contract."""

    row: MeansLine
    amounts: Mapping[int, Amounts]
    contract: Contract

    @property
    def money(self) -> Money:
        """What the line says now."""
        return Money(**{name: getattr(self.row, name) for name in FORMER})

    @property
    def years(self) -> tuple[int, ...]:
        """The years that its form asks for."""
        return rules.asked(self.contract.starts_on, self.contract.ends_on, set(self.amounts))


def add(session: Session, person: Actor, contract_id: str, item_id: str, typed: Typed) -> str:
    """Add a line to an objective, the last one; its id.

    Errors: RefusedError, NotFoundError, InvalidError beside each field.
    """
    contract = _contract(session, person, contract_id)
    known(session, contract_id, item_id)
    years = rules.asked(contract.starts_on, contract.ends_on)
    money, planned = check(session, contract_id, typed, years)
    require_own(session, person, contract_id, money.payer, money.authority_id)
    last = session.scalar(select(func.max(MeansLine.number)).where(MeansLine.item_id == item_id)) or 0
    if last >= MOST:
        raise InvalidError({"label": [say("Un objectif a cent lignes d’argent au plus.")]})
    row = MeansLine(
        contract_id=contract_id,
        item_id=item_id,
        number=last + 1,
        version=1,
        reason=check_reason(typed.reason, "reason", MAX_REASON, optional=True),
        by_function=str(function_of(person)),
        at=clock.now(),
        until_year=0,
        **asdict(money),
    )
    session.add(row)
    session.flush()
    _put(session, row, {year: Amounts(amount) for year, amount in planned.items()})
    _tell(session, person, FactKind.MEANS_WRITTEN, row)
    return row.id


def write(session: Session, person: Actor, contract_id: str, line_id: str, typed: Typed, seen: int) -> None:
    """Write a line anew: whose money it is, for what, how much is planned each year.

    Once the contract is signed, what is planned changes with its reason.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError beside each field.
    """
    held = _standing(session, person, contract_id, line_id, seen)
    money, planned = check(session, contract_id, typed, held.years, held.row.establishment_id)
    require_own(session, person, contract_id, money.payer, money.authority_id)
    reason = check_reason(typed.reason, "reason", MAX_REASON, optional=True)
    empty = Amounts()
    amounts = {
        year: Amounts(planned[year], *astuple(held.amounts.get(year, empty))[1:]) for year in held.years
    }
    if money == held.money and _told(amounts) == held.amounts:
        raise InvalidError({"label": [NOTHING]})
    if is_promised(held.contract.stage, held.contract.signed_on):
        reasons.owed(reason, "reason", OWED)
    _turn(session, person, held, money, amounts, reason)
    _tell(session, person, FactKind.MEANS_WRITTEN, held.row)


def follow(
    session: Session, person: Actor, contract_id: str, line_id: str, typed: TypedFollowUp, seen: int
) -> None:
    """Write what was given, and what was spent: the latter by the direction only, whoever else leaves it as it is.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`given_2027`, `spent_2027`, `reason`, `beyond`).
    """
    held = _standing(session, person, contract_id, line_id, seen)
    told = check_follow_up(typed, held.years)
    why = check_reason(typed.reason, "reason", MAX_REASON, optional=True)
    amounts = {}
    for year, (one, two) in told.items():
        before = held.amounts.get(year, Amounts())
        amounts[year] = Amounts(before.planned, one, two if directs(person) else before.spent)
    if _told(amounts) == held.amounts:
        raise InvalidError({"reason": [NOTHING]})
    if typed.ask:
        _ask_overspent(held, amounts)
    _turn(session, person, held, held.money, amounts, why)
    _tell(session, person, FactKind.FOLLOW_UP_WRITTEN, held.row)


def _ask_overspent(held: Held, amounts: Mapping[int, Amounts]) -> None:
    """What stands already is not asked about again. Errors: InvalidError (`beyond`)."""
    told = {
        year: one
        for year, one in sorted(amounts.items())
        if one != held.amounts.get(year, Amounts()) and rules.overspent(one)
    }
    if told:
        raise InvalidError({"beyond": [sentences.overspent(told)]})


def remove(session: Session, person: Actor, contract_id: str, line_id: str, reason: str, seen: int) -> None:
    """Take a line away; it can be put back. A reason is owed once the contract is signed.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`).
    """
    held = _standing(session, person, contract_id, line_id, seen)
    owed = is_promised(held.contract.stage, held.contract.signed_on)
    why = check_reason(reason, "reason", MAX_REASON, optional=not owed)
    _turn(session, person, held, held.money, held.amounts, why)
    held.row.removed_at = clock.now()
    _tell(session, person, FactKind.MEANS_WRITTEN, held.row)


def restore(session: Session, person: Actor, contract_id: str, line_id: str, seen: int) -> None:
    """Put a line back, as it was. Errors: RefusedError, NotFoundError, StaleError."""
    held = _held(session, person, contract_id, line_id, seen)
    if held.row.removed_at is None:
        raise StaleError(MOVED_ON, seen="removed", current=None)
    _turn(session, person, held, held.money, held.amounts, "")
    held.row.removed_at = None
    _tell(session, person, FactKind.MEANS_WRITTEN, held.row)


def go_back(
    session: Session, person: Actor, contract_id: str, line_id: str, number: int, reason: str, seen: int
) -> None:
    """Write a former state of a line once more, as a new one; amounts spent stay for whoever may not write them.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`).
    """
    held = _standing(session, person, contract_id, line_id, seen)
    former = session.get(MeansVersion, (line_id, number))
    if former is None:
        raise NotFoundError
    require_own(session, person, contract_id, former.payer, former.authority_id)
    owed = is_promised(held.contract.stage, held.contract.signed_on)
    why = check_reason(reason, "reason", MAX_REASON, optional=not owed)
    money = Money(**{name: getattr(former, name) for name in FORMER})
    before = amounts_of(session, line_id, number)
    amounts = dict(before)
    if not directs(person):
        for year in {*before, *held.amounts}:
            then, now = before.get(year, Amounts()), held.amounts.get(year, Amounts())
            amounts[year] = Amounts(then.planned, then.given, now.spent)
    if money == held.money and _told(amounts) == held.amounts:
        raise InvalidError({"reason": [NOTHING]})
    _turn(session, person, held, money, amounts, why)
    _tell(session, person, FactKind.MEANS_WRITTEN, held.row)


def directs(person: Actor) -> bool:
    """Whether somebody writes all the money of the contract."""
    return permits.allows(person, Permission.MEANS_WRITE, ContractTarget(person.contract_id))


def require_own(
    session: Session, person: Actor, contract_id: str, payer: Payer, authority_id: str | None
) -> None:
    """Refuse an agent the money of anybody but their authority. Errors: RefusedError, InvalidError (`payer`)."""
    if directs(person):
        return
    permits.require(person, Permission.MEANS_AUTHORITY, ContractTarget(contract_id))
    authority = parties.acts_for(session, person)
    if authority is None:
        raise InvalidError({"payer": [FOR_NOBODY]})
    if (payer, authority_id) != (Payer.AUTHORITY, authority):
        raise RefusedError(
            "party",
            say("Cet argent n’est pas celui de votre autorité."),
            say("La direction du contrat l’écrit, ou l’autorité qui le donne."),
        )


def amounts_of(session: Session, line_id: str, version: int) -> dict[int, Amounts]:
    """The amounts of a line in one of its versions, year by year; one query."""
    rows = session.scalars(
        select(MeansYear)
        .where(MeansYear.line_id == line_id, MeansYear.version == version)
        .order_by(MeansYear.year)
    )
    return {one.year: Amounts(one.planned, one.given, one.spent) for one in rows}


def _contract(session: Session, person: Actor, contract_id: str) -> Contract:
    permits.require(person, Permission.MEANS_PART, ContractTarget(contract_id))
    return session.get_one(Contract, contract_id, with_for_update=True)


def _held(session: Session, person: Actor, contract_id: str, line_id: str, seen: int) -> Held:
    contract = _contract(session, person, contract_id)
    row = session.get(MeansLine, line_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    require_own(session, person, contract_id, row.payer, row.authority_id)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return Held(row, amounts_of(session, line_id, row.version), contract)


def _standing(session: Session, person: Actor, contract_id: str, line_id: str, seen: int) -> Held:
    held = _held(session, person, contract_id, line_id, seen)
    if held.row.removed_at is not None:
        raise StaleError(GONE, seen="standing", current=None)
    return held


def _turn(
    session: Session,
    person: Actor,
    held: Held,
    money: Money,
    amounts: Mapping[int, Amounts],
    reason: str,
) -> None:
    """Keep the line as it was, then write its next version."""
    row = held.row
    former = {name: getattr(row, name) for name in (*FORMER, *WRITTEN)}
    session.add(MeansVersion(line_id=row.id, number=row.version, **former))
    for name, value in asdict(money).items():
        setattr(row, name, value)
    row.version, row.reason = row.version + 1, reason
    row.by_function, row.at = str(function_of(person)), clock.now()
    _put(session, row, amounts)


def _put(session: Session, row: MeansLine, amounts: Mapping[int, Amounts]) -> None:
    told = _told(amounts)
    session.add_all(
        MeansYear(line_id=row.id, version=row.version, year=year, **asdict(one)) for year, one in told.items()
    )
    row.until_year = rules.until(told)


def _told(amounts: Mapping[int, Amounts]) -> dict[int, Amounts]:
    """The years of which something is told."""
    return {year: one for year, one in amounts.items() if one != Amounts()}


def _tell(session: Session, person: Actor, kind: FactKind, row: MeansLine) -> None:
    session.flush()
    told = amounts_of(session, row.id, row.version)
    years = (f"{year}: {one.planned} {one.given} {one.spent}" for year, one in told.items())
    journal.append(
        session,
        Fact(
            kind,
            row.contract_id,
            row.id,
            group=person.group,
            participant_id=person.participant_id,
            content="\n".join((row.label, *years)),
        ),
    )
