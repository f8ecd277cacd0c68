"""What is typed of the means, checked as a whole: all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import ContractEstablishment
from portal.domain.means import rules
from portal.domain.means.models import Lasting, Need, Payer
from portal.domain.means.rules import Amounts
from portal.domain.objectives.typed import Faults
from portal.kernel import clock
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import say

MAX_LABEL, MAX_OTHER = 200, 120
MAX_CLAUSE, MAX_REASON, MAX_BY = 200, 600, 160
HOW = say("Écrivez un nombre entier d’euros, par exemple 12 000.")
TOO_MUCH = say("C’est trop grand : écrivez 999 999 999 au plus, en euros.")
NO_CENTS = say("Écrivez des euros entiers, sans les centimes.")
NOT_YET = say("Cette année n’a pas commencé : laissez vide.")
PLANNED, GIVEN, SPENT = "planned", "given", "spent"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a line. `payer` is the id of an authority or the value of a `Payer`; no establishment stands for all."""

    label: str
    payer: str
    lasting: Lasting | None
    need: Need | None
    other: str = ""
    establishment_id: str = ""
    planned: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TypedFollowUp:
    """What was typed of a follow-up, year by year; `ask` wants an amount spent that is greater than what was given to be asked about."""

    given: Mapping[int, str]
    spent: Mapping[int, str]
    reason: str = ""
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """What a line is, as it is kept."""

    label: str
    establishment_id: str | None
    payer: Payer
    authority_id: str | None
    other: str
    lasting: Lasting
    need: Need


@dataclass(frozen=True, slots=True)
class TypedMove:
    """What was typed of a reallocation; an empty amount is no amount.

    `ask` wants a sum that is greater than the money written there to be asked about.
    """

    from_id: str
    to_id: str
    year: int | None
    amount: str
    payer: str
    clause: str
    reason: str
    decided_by: str
    decided_on: date | None
    other: str = ""
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """The same as it is kept."""

    from_id: str
    to_id: str
    year: int
    amount: int
    payer: Payer
    authority_id: str | None
    other: str
    clause: str
    reason: str
    decided_by: str
    decided_on: date


def check(
    session: Session, contract_id: str, typed: Typed, years: Collection[int], kept: str | None = None
) -> tuple[Money, dict[int, int | None]]:
    """A line and what is planned in each of these years; `kept` is the establishment that it was at before.

    Errors: InvalidError, all fields at once (`planned_2027` for a year).
    """
    faults = Faults()
    label = faults.read(check_line, typed.label, "label", MAX_LABEL)
    payer, authority_id, other = _payer(faults, session, contract_id, typed.payer, typed.other)
    site = typed.establishment_id or None
    if site not in (None, kept) and site not in _sites(session, contract_id):
        faults.complain("establishment_id", say("Choisissez un établissement dans la liste."))
    if typed.lasting is None:
        faults.complain("lasting", say("Dites si cet argent revient chaque année."))
    if typed.need is None:
        faults.complain("need", say("Dites s’il faut payer chaque année, ou une seule fois."))
    planned = {year: _amount(faults, typed.planned.get(year, ""), PLANNED, year) for year in years}
    faults.refuse()
    lasting, need = typed.lasting or Lasting.ONE_OFF, typed.need or Need.ONCE
    return Money(label, site, payer, authority_id, other, lasting, need), planned


def check_follow_up(typed: TypedFollowUp, years: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """What was given and spent in each of these years. Errors: InvalidError (`given_2027`, `spent_2027`)."""
    faults = Faults()
    found = {
        year: (
            _amount(faults, typed.given.get(year, ""), GIVEN, year),
            _amount(faults, typed.spent.get(year, ""), SPENT, year),
        )
        for year in years
    }
    now = clock.today().year
    for year, amounts in found.items():
        for name, amount in zip((GIVEN, SPENT), amounts, strict=True):
            if amount is not None and year > now:
                faults.complain(f"{name}_{year}", NOT_YET)
    faults.refuse()
    return found


def check_move(
    session: Session, contract_id: str, typed: TypedMove, years: Collection[int], *, undoes: bool = False
) -> Move:
    """A reallocation; one that undoes another may move nothing. Errors: InvalidError, all fields at once."""
    faults, sites = Faults(), _sites(session, contract_id, left=True)
    for name in ("from_id", "to_id"):
        if getattr(typed, name) not in sites:
            faults.complain(name, say("Choisissez un établissement dans la liste."))
    if typed.from_id in sites and typed.from_id == typed.to_id:
        faults.complain("to_id", say("L’argent va d’un établissement vers un autre : choisissez-en deux."))
    if typed.year not in years:
        faults.complain("year", say("Choisissez une année dans la liste."))
    amount = _read(faults, typed.amount, "amount")
    if amount is None or (not amount and not undoes):
        faults.complain("amount", say("Écrivez la somme déplacée, par exemple 12 000."))
    payer, authority_id, other = _payer(faults, session, contract_id, typed.payer, typed.other)
    clause = faults.read(check_line, typed.clause, "clause", MAX_CLAUSE)
    decided_by = faults.read(check_line, typed.decided_by, "decided_by", MAX_BY)
    reason = faults.read(check_reason, typed.reason, "reason", MAX_REASON)
    today = clock.today()
    if typed.decided_on is None:
        faults.complain("decided_on", say("Écrivez une date, par exemple 31/12/2027."))
    elif typed.decided_on > today:
        faults.complain(
            "decided_on", say("Cette date n’est pas encore venue. Écrivez le jour de la décision.")
        )
    faults.refuse()
    return Move(
        typed.from_id,
        typed.to_id,
        typed.year or 0,
        amount or 0,
        payer,
        authority_id,
        other,
        clause,
        reason,
        decided_by,
        typed.decided_on or today,
    )


def amounts(planned: int | None, told: tuple[int | None, int | None]) -> Amounts:
    """The three amounts of a year."""
    return Amounts(planned, *told)


def _payer(
    faults: Faults, session: Session, contract_id: str, chosen: str, name: str
) -> tuple[Payer, str | None, str]:
    if chosen in parties.authorities(session, contract_id):
        return Payer.AUTHORITY, chosen, ""
    if chosen == Payer.OTHER.value:
        return Payer.OTHER, None, faults.read(check_line, name, "other", MAX_OTHER)
    if chosen != Payer.OWN.value:
        faults.complain("payer", say("Dites de qui vient cet argent."))
    return Payer.OWN, None, ""


def _amount(faults: Faults, typed: str, name: str, year: int) -> int | None:
    return _read(faults, typed, f"{name}_{year}")


def _read(faults: Faults, typed: str, name: str) -> int | None:
    try:
        return rules.read(typed)
    except rules.TooMuchError:
        faults.complain(name, TOO_MUCH)
        return None
    except rules.AmountError:
        faults.complain(name, NO_CENTS if rules.has_cents(typed) else HOW)
        return None


def _sites(session: Session, contract_id: str, *, left: bool = False) -> frozenset[str]:
    query = select(ContractEstablishment.establishment_id).where(
        ContractEstablishment.contract_id == contract_id
    )
    if not left:
        query = query.where(ContractEstablishment.left_on.is_(None))
    return frozenset(session.scalars(query))
