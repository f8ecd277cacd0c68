"""Reads of the life of a contract: as many questions for ten avenants as for sixty."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.acts.models import FormalAct
from portal.domain.contracts.models import Contract
from portal.domain.contracts.parties import signatories
from portal.domain.lifecycle import reports
from portal.domain.lifecycle.models import (
    Amendment,
    AmendmentVersion,
    CommitteeSeat,
    ContractLife,
    ContractStage,
    Disagreement,
    DisagreementPosition,
    EndDecision,
    ReportLine,
    Review,
    ReviewKind,
    ReviewVersion,
    StageReopening,
)
from portal.domain.lifecycle.views import (
    AmendmentView,
    AmendmentWords,
    ContractDates,
    DecisionView,
    DisagreementView,
    Life,
    LineView,
    PartyView,
    PositionView,
    ReopeningView,
    ReviewView,
    SeatView,
    SixthAct,
    StageView,
    Wording,
)
from portal.domain.organisations.models import Organisation
from portal.kernel.speech import Sentence
from portal.vocabulary import Stage

PAGE, SHOWN, MANY = 20, 10, 60


def life(session: Session, contract_id: str, today: date) -> Life:
    """All of the life of a contract that its page shows; twelve questions."""
    dates = contract_dates(session, contract_id)
    parties = parties_of(session, contract_id)
    amendments, more_amendments = page_of_amendments(session, contract_id, size=SHOWN)
    disagreements, more_disagreements = page_of_disagreements(session, contract_id, parties, size=SHOWN)
    return Life(
        dates=dates,
        today=today,
        parties=parties,
        stages=stages(session, contract_id),
        reopenings=reopenings(session, contract_id),
        amendments=tuple(amendments),
        more_amendments=more_amendments is not None,
        seats=seats(session, contract_id, parties),
        reviews=reviews(session, contract_id),
        lines=lines(session, contract_id, dates, today),
        decisions=decisions(session, contract_id),
        disagreements=tuple(disagreements),
        more_disagreements=more_disagreements is not None,
    )


def contract_dates(session: Session, contract_id: str) -> ContractDates:
    """The dates of a contract, its stage, and the act of its sixth year; one question."""
    row, life_row, act = session.execute(
        select(Contract, ContractLife, FormalAct)
        .outerjoin(ContractLife, ContractLife.contract_id == Contract.id)
        .outerjoin(FormalAct, FormalAct.id == ContractLife.sixth_act_id)
        .where(Contract.id == contract_id)
        .execution_options(populate_existing=True)
    ).one()
    return ContractDates(
        row.organisation_id,
        row.signed_on,
        row.starts_on,
        row.ends_on,
        row.stage,
        None if act is None or act.taken_back_at else SixthAct(act.id, act.kind, act.body, act.held_on),
        life_row.sixth_reference if life_row else "",
        life_row.version if life_row else 0,
    )


def parties_of(session: Session, contract_id: str) -> tuple[PartyView, ...]:
    """Who signs: the organisation first, then the authorities by name; one question."""
    query = (
        select(Organisation.id, Organisation.name, Contract.organisation_id)
        .join(Contract, Contract.id == contract_id)
        .where(Organisation.id.in_(signatories(contract_id)))
    )
    found = [(own != id_, name, id_) for id_, name, own in session.execute(query)]
    return tuple(PartyView(id_, name) for _, name, id_ in sorted(found))


def stages(session: Session, contract_id: str) -> Mapping[Stage, StageView]:
    """Every stage, in order, with its dates if somebody wrote them; one question."""
    rows = session.scalars(
        select(ContractStage)
        .where(ContractStage.contract_id == contract_id)
        .execution_options(populate_existing=True)
    )
    known = {
        one.stage: StageView(
            one.stage,
            one.planned_from,
            one.planned_to,
            one.begun_on,
            one.ended_on,
            one.reopened_on,
            one.version,
        )
        for one in rows
    }
    return {stage: known.get(stage, StageView(stage)) for stage in Stage}


def reopenings(
    session: Session, contract_id: str, stage: Stage | None = None, size: int = PAGE
) -> tuple[ReopeningView, ...]:
    """The last times that a stage was opened again, the latest first; one question."""
    query = select(StageReopening).where(StageReopening.contract_id == contract_id)
    if stage is not None:
        query = query.where(StageReopening.stage == stage)
    order = (StageReopening.reopened_on.desc(), StageReopening.id.desc())
    return tuple(
        ReopeningView(one.stage, one.ended_on, one.reopened_on, one.reason, Sentence(one.by_function))
        for one in session.scalars(query.order_by(*order).limit(size))
    )


def page_of_amendments(
    session: Session, contract_id: str, *, below: int | None = None, size: int = PAGE
) -> tuple[list[AmendmentView], int | None]:
    """A page of avenants, the highest number first, and below which number the next begins; one question."""
    query = select(Amendment).where(Amendment.contract_id == contract_id)
    if below is not None:
        query = query.where(Amendment.number < below)
    rows = list(session.scalars(query.order_by(Amendment.number.desc()).limit(size + 1)))
    more = rows[size - 1].number if len(rows) > size else None
    return [_amendment(one) for one in rows[:size]], more


def amendment(session: Session, contract_id: str, amendment_id: str) -> AmendmentView | None:
    """One avenant of a contract, or None."""
    row = session.get(Amendment, amendment_id, populate_existing=True)
    return None if row is None or row.contract_id != contract_id else _amendment(row)


def former(session: Session, ids: Collection[str]) -> dict[str, list[AmendmentWords]]:
    """The former versions of avenants, the latest first; one question."""
    query = (
        select(AmendmentVersion)
        .where(AmendmentVersion.amendment_id.in_(ids))
        .order_by(AmendmentVersion.version.desc())
    )
    found: dict[str, list[AmendmentWords]] = {}
    for one in session.scalars(query):
        found.setdefault(one.amendment_id, []).append(_words(one))
    return found


def next_number(session: Session, contract_id: str) -> int:
    """The number that the next avenant has by itself."""
    query = select(Amendment.number).where(Amendment.contract_id == contract_id)
    return (session.scalar(query.order_by(Amendment.number.desc()).limit(1)) or 0) + 1


def seats(session: Session, contract_id: str, parties: Sequence[PartyView]) -> tuple[SeatView, ...]:
    """The seats of the committee today, party by party; one question."""
    names = {one.id: one.name for one in parties}
    query = select(CommitteeSeat).where(
        CommitteeSeat.contract_id == contract_id, CommitteeSeat.left_on.is_(None)
    )
    rows = session.scalars(query.limit(MANY))
    found = [
        SeatView(
            one.id,
            one.function,
            one.partner or names.get(one.organisation_id or "", ""),
            bool(one.partner),
            one.version,
        )
        for one in rows
    ]
    order = list(names.values())
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.partner,
                order.index(one.party) if one.party in order else len(order),
                one.party,
                one.function,
                one.id,
            ),
        )
    )


def reviews(session: Session, contract_id: str) -> Mapping[ReviewKind, ReviewView]:
    """Both reviews, as far as they are written; two questions."""
    rows = session.scalars(
        select(Review).where(Review.contract_id == contract_id).execution_options(populate_existing=True)
    )
    former = select(ReviewVersion.kind).where(ReviewVersion.contract_id == contract_id)
    rewritten = set(session.scalars(former.distinct()))
    known = {
        one.kind: ReviewView(
            one.kind,
            one.planned_on,
            one.held_on,
            one.meets_on,
            one.met_on,
            one.says,
            one.html,
            one.version,
            one.kind in rewritten,
        )
        for one in rows
    }
    return {kind: known.get(kind, ReviewView(kind)) for kind in ReviewKind}


def wordings(
    session: Session, contract_id: str, kind: ReviewKind, *, below: int | None = None, size: int = PAGE
) -> tuple[list[Wording], int | None]:
    """What a review said before, the latest first, and below which version the next page begins; one question."""
    query = select(ReviewVersion).where(ReviewVersion.contract_id == contract_id, ReviewVersion.kind == kind)
    if below is not None:
        query = query.where(ReviewVersion.version < below)
    rows = list(session.scalars(query.order_by(ReviewVersion.version.desc()).limit(size + 1)))
    more = rows[size - 1].version if len(rows) > size else None
    return [Wording(one.version, one.held_on, one.html, one.by_function, one.at) for one in rows[:size]], more


def lines(session: Session, contract_id: str, dates: ContractDates, today: date) -> tuple[LineView, ...]:
    """What is reported each year, the next due first; what is set aside comes last; one question."""
    rows = session.scalars(
        select(ReportLine)
        .where(ReportLine.contract_id == contract_id)
        .order_by(ReportLine.id)
        .limit(MANY)
        .execution_options(populate_existing=True)
    ).all()
    written = {one.code: one for one in rows if one.code}
    found = [LineView.of_ready(one, written.get(one.code), dates, today) for one in reports.READY]
    found += [LineView.own(one, dates, today) for one in rows if not one.code]
    return tuple(sorted(found, key=lambda one: (one.set_aside, one.due_on or date.max, one.label)))


def decisions(session: Session, contract_id: str) -> tuple[DecisionView, ...]:
    """What was decided about the end, the latest first; one question."""
    query = select(EndDecision).where(EndDecision.contract_id == contract_id)
    return tuple(
        DecisionView(
            one.number, one.choice, one.decided_on, one.reason, one.ends_on, Sentence(one.by_function)
        )
        for one in session.scalars(query.order_by(EndDecision.number.desc()).limit(PAGE))
    )


def page_of_disagreements(
    session: Session,
    contract_id: str,
    parties: Sequence[PartyView] | None = None,
    *,
    before: str | None = None,
    size: int = PAGE,
) -> tuple[list[DisagreementView], str | None]:
    """A page of disagreements, the latest first, and before which id the next begins; one question to three."""
    query = select(Disagreement).where(Disagreement.contract_id == contract_id)
    if before is not None:
        last = select(Disagreement.raised_on).where(Disagreement.id == before).scalar_subquery()
        query = query.where(
            or_(Disagreement.raised_on < last, and_(Disagreement.raised_on == last, Disagreement.id < before))
        )
    order = (Disagreement.raised_on.desc(), Disagreement.id.desc())
    rows = list(session.scalars(query.order_by(*order).limit(size + 1)))
    shown = rows[:size]
    if not shown:
        return [], None
    if parties is None:
        parties = parties_of(session, contract_id)
    said = _positions(session, [one.id for one in shown], parties)
    more = shown[-1].id if len(rows) > size else None
    return [_disagreement(one, said.get(one.id, ()), parties) for one in shown], more


def disagreement(session: Session, contract_id: str, disagreement_id: str) -> DisagreementView | None:
    """One disagreement of a contract with every position, or None."""
    row = session.get(Disagreement, disagreement_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        return None
    parties = parties_of(session, contract_id)
    said = _positions(session, [row.id], parties)
    return _disagreement(row, said.get(row.id, ()), parties)


def _positions(
    session: Session, ids: Sequence[str], parties: Sequence[PartyView]
) -> dict[str, tuple[PositionView, ...]]:
    query = (
        select(DisagreementPosition, Organisation.name)
        .join(Organisation, Organisation.id == DisagreementPosition.organisation_id)
        .where(DisagreementPosition.disagreement_id.in_(ids))
        .execution_options(populate_existing=True)
    )
    order = {one.id: place for place, one in enumerate(parties)}
    found: dict[str, list[PositionView]] = {}
    for row, name in session.execute(query):
        found.setdefault(row.disagreement_id, []).append(
            PositionView(row.organisation_id, name, row.words, Sentence(row.by_function), row.at, row.version)
        )
    return {
        key: tuple(sorted(some, key=lambda one: (order.get(one.party_id, len(order)), one.party)))
        for key, some in found.items()
    }


def _disagreement(
    row: Disagreement, said: Sequence[PositionView], parties: Sequence[PartyView]
) -> DisagreementView:
    spoken = {one.party_id for one in said}
    return DisagreementView(
        row.id,
        row.about,
        row.raised_on,
        row.outcome,
        row.settled_on,
        Sentence(row.settled_function),
        tuple(said),
        tuple(one.name for one in parties if one.id not in spoken),
        row.version,
    )


def _amendment(row: Amendment) -> AmendmentView:
    return AmendmentView(row.id, _words(row))


def _words(row: Amendment | AmendmentVersion) -> AmendmentWords:
    return AmendmentWords(
        version=row.version,
        number=row.number,
        signed_on=row.signed_on,
        effective_on=row.effective_on,
        changes=row.changes,
        articles=row.articles,
        reason=row.reason,
        by_function=Sentence(row.by_function),
        at=row.at,
    )
