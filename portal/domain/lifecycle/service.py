"""Verbs of the dates and the stages of a contract; the stage of the contract follows its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.acts.models import FormalAct
from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.lifecycle import rules
from portal.domain.lifecycle.models import Amendment, ContractLife, ContractStage, StageReopening
from portal.domain.lifecycle.rules import Length, StageDates
from portal.domain.lifecycle.writing import Fields, begin, require_seen, tell
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import Stage

MAX_REFERENCE = 200


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a contract as typed, and the act that gives it more than five years."""

    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    sixth_act_id: str = ""
    sixth_reference: str = ""


@dataclass(frozen=True, slots=True)
class StageTyped:
    """When a stage is planned and when it took place, as typed."""

    planned_from: date | None = None
    planned_to: date | None = None
    begun_on: date | None = None
    ended_on: date | None = None


def write_dates(session: Session, person: Actor, contract_id: str, typed: Dates, seen: int) -> None:
    """Write when the contract is signed, counts and ends; any length that exists is taken.

    Errors: RefusedError, StaleError, InvalidError; beyond five years (CASF L313-11) new dates want their act.
    """
    contract = begin(session, person, contract_id)
    life = session.get(ContractLife, contract_id, populate_existing=True)
    require_seen(seen, life.version if life else 0)
    reference = _checked_dates(session, contract, typed)
    if life is None:
        life = ContractLife(contract_id=contract_id, version=0)
        session.add(life)
    contract.signed_on = typed.signed_on
    contract.starts_on = typed.starts_on or contract.starts_on
    contract.ends_on = typed.ends_on or contract.ends_on
    life.sixth_act_id, life.sixth_reference = typed.sixth_act_id or None, reference
    life.version += 1
    days = (typed.signed_on, typed.starts_on, typed.ends_on, typed.sixth_act_id, reference)
    tell(session, person, contract_id, FactKind.LIFE_DATES_CHANGED, contract_id, *days)


def _checked_dates(session: Session, contract: Contract, typed: Dates) -> str:
    """The reference of the act. Errors: InvalidError."""
    fields, today = Fields(), clock.today()
    fields.day("signed_on", typed.signed_on, today=None if typed.signed_on == contract.signed_on else today)
    if typed.signed_on is None and _amended(session, contract.id):
        fields.wrong(
            "signed_on",
            say("Un avenant est signé : le contrat l’est donc aussi. Écrivez le jour de sa signature."),
        )
    fields.day("starts_on", typed.starts_on, owed=True)
    fields.day("ends_on", typed.ends_on, owed=True)
    reference = fields.line("sixth_reference", typed.sixth_reference, MAX_REFERENCE, optional=True)
    if typed.sixth_act_id and not _is_act(session, contract.id, typed.sixth_act_id):
        fields.wrong("sixth_act_id", say("Choisissez un acte de ce contrat."))
    if typed.starts_on and typed.ends_on and not fields.errors:
        if typed.ends_on <= typed.starts_on:
            fields.wrong("ends_on", say("La fin du contrat doit venir après son début."))
        elif not (typed.sixth_act_id or reference) and _wants_act(contract, typed.starts_on, typed.ends_on):
            fields.wrong(
                "sixth_reference",
                say(
                    "Au-delà de cinq ans, dites quel acte le permet : choisissez-le, ou écrivez ses références."
                ),
            )
    fields.done()
    return reference


def _wants_act(contract: Contract, starts_on: date, ends_on: date) -> bool:
    """Whether these dates go beyond five years and were not there already."""
    same = (starts_on, ends_on) == (contract.starts_on, contract.ends_on)
    return not same and rules.length(starts_on, ends_on) in (Length.SIXTH, Length.BEYOND)


def _amended(session: Session, contract_id: str) -> bool:
    return (
        session.scalar(select(Amendment.id).where(Amendment.contract_id == contract_id).limit(1)) is not None
    )


def _is_act(session: Session, contract_id: str, act_id: str) -> bool:
    act = session.get(FormalAct, act_id)
    return act is not None and act.contract_id == contract_id and act.taken_back_at is None


def write_stage(
    session: Session, person: Actor, contract_id: str, stage: Stage, typed: StageTyped, seen: int
) -> None:
    """Write when a stage is planned and takes place. Errors: RefusedError, StaleError, InvalidError."""
    contract = begin(session, person, contract_id)
    row = session.get(ContractStage, (contract_id, stage), populate_existing=True)
    require_seen(seen, row.version if row else 0)
    _check_stage(row, typed)
    if row is None:
        row = ContractStage(contract_id=contract_id, stage=stage, version=0)
        session.add(row)
    cleared = stage if row.begun_on is not None and typed.begun_on is None else None
    row.planned_from, row.planned_to = typed.planned_from, typed.planned_to
    row.begun_on, row.ended_on = typed.begun_on, typed.ended_on
    if row.begun_on is None or row.ended_on is not None:
        row.reopened_on = None
    row.version += 1
    _follow(session, contract, cleared)
    days = (typed.planned_from, typed.planned_to, typed.begun_on, typed.ended_on)
    tell(session, person, contract_id, FactKind.STAGE_CHANGED, contract_id, stage.value, *days)


def _check_stage(row: ContractStage | None, typed: StageTyped) -> None:
    fields, today = Fields(), clock.today()
    fields.day("planned_from", typed.planned_from)
    fields.day("planned_to", typed.planned_to)
    fields.day("begun_on", typed.begun_on, today=today)
    fields.day("ended_on", typed.ended_on, today=today)
    late = say("La fin doit venir après le début.")
    fields.order(typed.planned_from, typed.planned_to, "planned_to", late)
    fields.order(typed.begun_on, typed.ended_on, "ended_on", late)
    if typed.ended_on is not None and typed.begun_on is None:
        fields.wrong("begun_on", say("Écrivez aussi quand cette étape a commencé."))
    if row is not None and row.ended_on is not None and typed.ended_on is None:
        fields.wrong(
            "ended_on",
            say("Cette étape est terminée. Pour la reprendre, rouvrez-la plus bas, en disant pourquoi."),
        )
    fields.done()


def reopen_stage(
    session: Session, person: Actor, contract_id: str, stage: Stage, on: date | None, reason: str, seen: int
) -> None:
    """Open again a stage that had ended. Errors: RefusedError, StaleError, InvalidError (`on`, `reason`)."""
    contract = begin(session, person, contract_id)
    row = session.get(ContractStage, (contract_id, stage), populate_existing=True)
    require_seen(seen, row.version if row is not None and row.ended_on is not None else 0)
    fields = Fields()
    told = fields.reason("reason", reason)
    fields.day("on", on, today=clock.today(), owed=True)
    if row is None or row.ended_on is None or on is None:
        fields.wrong("on", say("Seule une étape terminée se rouvre."))
        fields.done()
        return
    fields.order(row.ended_on, on, "on", say("Elle se rouvre après le jour où elle s’est terminée."))
    fields.done()
    session.add(
        StageReopening(
            contract_id=contract_id,
            stage=stage,
            ended_on=row.ended_on,
            reopened_on=on,
            reason=told,
            by_function=function_of(person),
            at=clock.now(),
        )
    )
    row.ended_on, row.reopened_on, row.version = None, on, row.version + 1
    _follow(session, contract, None)
    tell(session, person, contract_id, FactKind.STAGE_REOPENED, contract_id, stage.value, on, told)


def _follow(session: Session, contract: Contract, cleared: Stage | None) -> None:
    session.flush()
    rows = session.scalars(select(ContractStage).where(ContractStage.contract_id == contract.id)).all()
    written = [StageDates(one.stage, one.begun_on, one.ended_on, one.reopened_on) for one in rows]
    contract.stage = rules.current(contract.stage, written, cleared=cleared)
