"""The life of a contract as its pages read it: frozen shapes, with what follows from their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.lifecycle import laws, reports, rules
from portal.domain.lifecycle.laws import Law
from portal.domain.lifecycle.models import EndChoice, ReportLine, ReviewKind
from portal.domain.lifecycle.reports import Due, Ready
from portal.domain.lifecycle.rules import EndState, Length
from portal.kernel.speech import Sentence
from portal.vocabulary import ActKind, Stage


@dataclass(frozen=True, slots=True)
class SixthAct:
    """The formal act that gives a contract more than five years."""

    id: str
    kind: ActKind
    body: str
    held_on: date


@dataclass(frozen=True, slots=True)
class ContractDates:
    """When a contract is signed, counts and ends, and where it stands."""

    organisation_id: str
    signed_on: date | None
    starts_on: date
    ends_on: date
    stage: Stage
    sixth_act: SixthAct | None = None
    sixth_reference: str = ""
    version: int = 0

    @property
    def length(self) -> Length:
        """How long it lasts, as the law counts."""
        return rules.length(self.starts_on, self.ends_on)

    @property
    def lasting(self) -> Sentence:
        """How long it lasts, in words."""
        return rules.lasting(self.starts_on, self.ends_on)

    @property
    def lacks_act(self) -> bool:
        """Whether it goes beyond five years and nobody said by which act."""
        beyond = self.length in (Length.SIXTH, Length.BEYOND)
        return beyond and self.sixth_act is None and not self.sixth_reference


@dataclass(frozen=True, slots=True)
class PartyView:
    """Who signs the contract."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage with its dates; version 0 when nobody wrote any."""

    stage: Stage
    planned_from: date | None = None
    planned_to: date | None = None
    begun_on: date | None = None
    ended_on: date | None = None
    reopened_on: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """That a stage was opened again, and why."""

    stage: Stage
    ended_on: date
    reopened_on: date
    reason: str
    by_function: str


@dataclass(frozen=True, slots=True)
class AmendmentWords:
    """What an avenant says in one of its versions."""

    version: int
    number: int
    signed_on: date
    effective_on: date
    changes: str
    articles: str
    reason: str
    by_function: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An avenant as it reads now."""

    id: str
    now: AmendmentWords


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat of the committee: `partner` when it stands for no party of the contract."""

    id: str
    function: str
    party: str
    partner: bool
    version: int


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review; version 0 when nobody wrote anything of it."""

    kind: ReviewKind
    planned_on: date | None = None
    held_on: date | None = None
    meets_on: date | None = None
    met_on: date | None = None
    says: str = ""
    html: str = ""
    version: int = 0
    # Whether it said something else before.
    rewritten: bool = False

    @property
    def law(self) -> Law:
        """Why it is made."""
        return laws.MIDTERM if self.kind is ReviewKind.MIDTERM else laws.FINAL


@dataclass(frozen=True, slots=True)
class Wording:
    """What a review said before; who wrote it and when is not known of the oldest words."""

    version: int
    held_on: date | None
    html: str
    by_function: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of what is reported each year; `due_on` None when nothing is due any more."""

    id: str
    code: str
    label: str
    plain: str
    reporter: str
    recipient: str
    day: int
    month: int
    due_on: date | None
    last_sent_on: date | None
    set_aside: bool
    law: Law
    version: int

    @classmethod
    def of_ready(cls, ready: Ready, row: ReportLine | None, dates: ContractDates, today: date) -> LineView:
        """A ready line, as this contract changed it if it did."""
        due = Due(
            row.day if row else ready.due.day,
            row.month if row else ready.due.month,
            ready.due.first_after,
            ready.due.last_after,
        )
        return cls(
            id=row.id if row else "",
            code=ready.code,
            label=Sentence(row.label) if row else ready.label,
            plain=ready.plain,
            reporter=Sentence(row.reporter) if row else ready.reporter,
            recipient=Sentence(row.recipient) if row else ready.recipient,
            day=due.day,
            month=due.month,
            due_on=_due(due, dates, today, row),
            last_sent_on=row.last_sent_on if row else None,
            set_aside=row.set_aside if row else False,
            law=ready.law,
            version=row.version if row else 0,
        )

    @classmethod
    def own(cls, row: ReportLine, dates: ContractDates, today: date) -> LineView:
        """A line that the contract added."""
        return cls(
            id=row.id,
            code="",
            label=row.label,
            plain="",
            reporter=row.reporter,
            recipient=row.recipient,
            day=row.day,
            month=row.month,
            due_on=_due(Due(row.day, row.month), dates, today, row),
            last_sent_on=row.last_sent_on,
            set_aside=row.set_aside,
            law=laws.OWN_LINE,
            version=row.version,
        )


def _due(due: Due, dates: ContractDates, today: date, row: ReportLine | None) -> date | None:
    if row is not None and row.set_aside:
        return None
    sent = row.last_sent_on if row is not None else None
    return reports.next_due(due, today, dates.starts_on, dates.ends_on, last_sent_on=sent)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided about the end of the contract that `ends_on` tells."""

    number: int
    choice: EndChoice
    decided_on: date
    reason: str
    ends_on: date
    by_function: str


@dataclass(frozen=True, slots=True)
class PositionView:
    """What a party says in a disagreement."""

    party_id: str
    party: str
    words: str
    by_function: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """A disagreement with the positions that are written; `silent` are the parties that wrote none."""

    id: str
    about: str
    raised_on: date
    outcome: str
    settled_on: date | None
    settled_function: str
    positions: tuple[PositionView, ...]
    silent: tuple[str, ...]
    version: int

    def of(self, party_id: str | None) -> PositionView | None:
        """The position of a party."""
        return next((one for one in self.positions if one.party_id == party_id), None)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the direction must decide (`review` None) or review, and by when."""

    contract_id: str
    review: ReviewKind | None
    day: date


@dataclass(frozen=True, slots=True)
class Life:
    """The whole life of a contract, as it is known today."""

    dates: ContractDates
    today: date
    parties: tuple[PartyView, ...]
    stages: Mapping[Stage, StageView]
    reopenings: tuple[ReopeningView, ...]
    amendments: tuple[AmendmentView, ...]
    more_amendments: bool
    seats: tuple[SeatView, ...]
    reviews: Mapping[ReviewKind, ReviewView]
    lines: tuple[LineView, ...]
    decisions: tuple[DecisionView, ...]
    disagreements: tuple[DisagreementView, ...]
    more_disagreements: bool

    @property
    def decision(self) -> DecisionView | None:
        """The last decision about the end as it is dated now."""
        last = self.decisions[0] if self.decisions else None
        return last if last is not None and last.ends_on == self.dates.ends_on else None

    @property
    def signed_late(self) -> bool:
        """Whether it is to be signed after it began to count, as its stages are planned."""
        stage = self.stages[Stage.SIGNATURE]
        day = stage.planned_to or stage.planned_from
        return self.dates.signed_on is None and day is not None and day > self.dates.starts_on

    @property
    def prorogation_day(self) -> date:
        """The last day on which a party asks for prorogation."""
        return rules.prorogation_day(self.dates.ends_on)

    @property
    def end_state(self) -> EndState:
        """Where the decision about the end stands."""
        return rules.end_state(self.dates.ends_on, self.today, decided=self.decision is not None)

    @property
    def third_year(self) -> tuple[date, date] | None:
        """When the mid-term review comes; None when the contract has no third year."""
        return rules.third_year(self.dates.starts_on, self.dates.ends_on)

    @property
    def last_year(self) -> tuple[date, date]:
        """When the final review comes."""
        return rules.last_year(self.dates.ends_on)
