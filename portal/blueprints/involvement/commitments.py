"""« Qui participe, et jusqu’où »: each level with who decided it and what it promises, and the whole history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from portal import paths
from portal.blueprints._guards import Asked
from portal.blueprints.contracts.pages import dates
from portal.domain.answers.rules import owed_in_full, owed_of_synthesis
from portal.domain.contracts.queries import ContractView
from portal.domain.involvement import queries as involvement
from portal.domain.involvement import rules
from portal.domain.involvement.queries import RecordView, Standing
from portal.domain.proposals import service as proposals
from portal.domain.proposals.service import ProposalView
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import reading
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import is_id
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.vocabulary import ORGANISER, Group, Level, Phase

# What fits on the printed page of a contract; what is older has pages of its own.
HISTORY = 200
NOTHING_ELSE = Standing()


@dataclass(frozen=True, slots=True)
class LevelLine:
    """The level of one group somewhere: since when, by whom, why, what it opens and owes."""

    group: Group
    level: Level | None
    since: datetime | None
    by: str
    reason: str
    default: bool
    owed: tuple[Sentence, ...]
    # Authorities where they read the synthesis of a space, and not its words.
    synthesis_only: bool = False

    @property
    def acts(self) -> tuple[str, ...]:
        """What the level opens, what the lower ones open first."""
        if self.synthesis_only:
            return (say("lire la synthèse, une fois publiée"),)
        return tuple(one.acts for one in Level if self.level and one <= self.level)


@dataclass(frozen=True, slots=True)
class Place:
    """The contract's default, or one space, with the level of each group."""

    id: str
    question: str
    url: str
    dates: str
    can_record: bool
    lines: tuple[LevelLine, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a record, or a proposal with what became of it."""

    at: datetime
    id: str
    where: str
    record: RecordView | None = None
    proposal: ProposalView | None = None
    standing: Standing = NOTHING_ELSE


def commitments_page(asked: Asked, contract: ContractView) -> str:
    """The engagements de participation of a contract; on paper the whole history is unfolded."""
    session = db.session()
    views = [
        one
        for one in spaces.of_contracts(session, [asked.contract_id], asked.now)
        if one.phase is not Phase.DRAFT or permits.allows(asked.actor, Permission.SPACE_READ, one.target)
    ]
    questions = {one.id: one.question for one in views}
    records = [
        one
        for one in involvement.history(session, asked.contract_id)
        if one.space_id is None or one.space_id in questions
    ]
    before = request.args.get("avant", "")
    history, older = _history(asked, records, questions, before if is_id(before) else None)
    return render_template(
        "contracts/commitments.html",
        contract=contract,
        places=[*_default(records, asked.now), *_spaces(asked, views, records)],
        history=history,
        older=older,
        later=is_id(before),
        can_propose=Permission.LEVEL_PROPOSE in asked.can,
    )


def _counting(records: Iterable[RecordView], space_id: str | None, at: datetime) -> dict[Group, RecordView]:
    """The record that counts for each group in a space, or for the whole contract (None)."""
    return rules.counting([one for one in records if one.space_id in (None, space_id)], at)


def _default(records: Sequence[RecordView], now: datetime) -> list[Place]:
    found = _counting(records, None, now)
    return [Place("", "", "", "", can_record=False, lines=_lines(found, None))] if found else []


def _spaces(asked: Asked, views: Sequence[SpaceView], records: Sequence[RecordView]) -> list[Place]:
    return [
        Place(
            one.id,
            one.question,
            paths.space(one.id),
            dates(one),
            permits.allows(asked.actor, Permission.LEVEL_RECORD, one.target),
            _lines(_counting(records, one.id, asked.now), one.id, words_told=one.target.words_told),
            reading.told(one.target.words_told),
        )
        for one in views
        if one.phase is not Phase.DRAFT
    ]


def _lines(
    found: dict[Group, RecordView], space_id: str | None, *, words_told: bool = True
) -> tuple[LevelLine, ...]:
    return tuple(
        _line(group, found.get(group), space_id, reads=words_told or group is not Group.AUTHORITIES)
        for group in Group
    )


def _line(group: Group, record: RecordView | None, space_id: str | None, *, reads: bool) -> LevelLine:
    if record is None:
        return LevelLine(group, None, None, "", "", default=False, owed=())
    owed = owed_in_full(record.level) if record.level and group is not ORGANISER else ()
    if not reads:
        owed = owed_of_synthesis(record.level)
    inherited = space_id is not None and record.space_id is None
    return LevelLine(
        group,
        record.level,
        record.effective_at,
        record.by_function,
        record.reason,
        inherited,
        owed,
        synthesis_only=not reads,
    )


def _history(
    asked: Asked, records: Sequence[RecordView], questions: dict[str, str], before: str | None
) -> tuple[list[Entry], str | None]:
    """A page of what was decided and proposed, the latest first, and after which entry the next one begins."""
    decided = [
        Entry(
            one.recorded_at,
            one.id,
            questions.get(one.space_id or "", ""),
            one,
            standing=involvement.standing(one, records, asked.now),
        )
        for one in records
    ]
    start = _place(asked.contract_id, before, decided)
    proposed = [
        Entry(one.at, one.id, questions.get(one.space_id or "", ""), proposal=one)
        for one in proposals.told(db.session(), asked.contract_id, questions, before=start, size=HISTORY + 1)
    ]
    found = [one for one in decided if start is None or (one.at, one.id) < start] + proposed
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    return found[:HISTORY], found[HISTORY - 1].id if len(found) > HISTORY else None


def _place(contract_id: str, entry_id: str | None, decided: Sequence[Entry]) -> tuple[datetime, str] | None:
    """Where an entry stands: a record that is known, or else a proposal. Errors: NotFoundError."""
    if entry_id is None:
        return None
    known = next((one.at for one in decided if one.id == entry_id), None)
    at = known or proposals.made_at(db.session(), contract_id, entry_id)
    if at is None:
        raise NotFoundError
    return at, entry_id
