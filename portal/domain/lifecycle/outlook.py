"""What comes next in many contracts at once: ends to decide, reviews to make."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import rules
from portal.domain.lifecycle.models import EndDecision, Review, ReviewKind
from portal.domain.lifecycle.rules import EndState
from portal.domain.lifecycle.views import Expected


def decided(session: Session, contract_ids: Collection[str]) -> frozenset[str]:
    """The contracts whose end, as it is dated now, has its decision; one question for many."""
    query = (
        select(EndDecision.contract_id)
        .join(Contract, and_(Contract.id == EndDecision.contract_id, Contract.ends_on == EndDecision.ends_on))
        .where(EndDecision.contract_id.in_(contract_ids))
    )
    return frozenset(session.scalars(query.distinct()))


def expected(session: Session, contract_ids: Collection[str], today: date) -> list[Expected]:
    """What the direction of each contract must decide or review soon, or should have; one question for many."""
    settled = exists().where(EndDecision.contract_id == Contract.id, EndDecision.ends_on == Contract.ends_on)
    query = (
        select(Contract, settled, Review)
        .outerjoin(Review, Review.contract_id == Contract.id)
        .where(Contract.id.in_(contract_ids), Contract.starts_on <= today, Contract.ends_on >= today)
    )
    contracts: dict[str, tuple[Contract, bool]] = {}
    written: dict[tuple[str, ReviewKind], Review] = {}
    for row, done, review in session.execute(query.order_by(Contract.id)):
        contracts[row.id] = (row, done)
        if review is not None:
            written[row.id, review.kind] = review
    return [
        one
        for row, done in contracts.values()
        for one in (*_end_expected(row, today, decided=done), *_reviews_expected(row, written, today))
    ]


def _end_expected(row: Contract, today: date, *, decided: bool) -> Iterator[Expected]:
    if rules.end_state(row.ends_on, today, decided=decided) in (EndState.NEAR, EndState.LATE):
        yield Expected(row.id, None, rules.prorogation_day(row.ends_on))


def _reviews_expected(
    row: Contract, written: Mapping[tuple[str, ReviewKind], Review], today: date
) -> Iterator[Expected]:
    years = {
        ReviewKind.MIDTERM: rules.third_year(row.starts_on, row.ends_on),
        ReviewKind.FINAL: rules.last_year(row.ends_on),
    }
    for kind, year in years.items():
        review = written.get((row.id, kind))
        planned, held = (review.planned_on, review.held_on) if review else (None, None)
        last = year[1] if year else planned
        day = rules.review_expected(last, planned, today) if last else None
        if day is not None and held is None:
            yield Expected(row.id, kind, day)
