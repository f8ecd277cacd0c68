"""What each case sets anew in our contract: levels, the phase of the space, the state of the words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.domain.answers.models import Answer
from portal.domain.contributions.models import Contribution
from portal.domain.imports.models import FileImport
from portal.domain.involvement.models import Involvement
from portal.domain.moderation.models import Decision, ModerationDecision
from portal.domain.spaces.models import Space
from portal.kernel.ids import new_id
from portal.vocabulary import ContributionStatus, Group, Level, ModerationRule, Phase
from tests.unit.policy.personas import levels_for

from ._table import Situation

if TYPE_CHECKING:
    from ._arena import Arena, Somebody

DAY = timedelta(days=1)


def put_levels(session: Session, arena: Arena, group: Group, level: int) -> None:
    """An older record that no longer counts, the one in force, a later one that does not count yet."""
    session.execute(delete(Involvement).where(Involvement.contract_id == arena.ours.contract_id))
    rows = []
    for one, wanted in levels_for(group, Level(level) if level else None).items():
        rows += [_record(arena, one, _another(wanted), -2 * DAY), _record(arena, one, wanted, -DAY)]
    for one in Group:
        later = _another(Level(level)) if one is group and level else Level.COCONSTRUCTION
        rows.append(_record(arena, one, later, DAY))
    session.execute(insert(Involvement), rows)


def _another(level: Level) -> Level:
    return Level.INFORMATION if level is Level.COCONSTRUCTION else Level.COCONSTRUCTION


def _record(arena: Arena, group: Group, level: Level, from_: timedelta) -> dict[str, Any]:
    return {
        "id": new_id(),
        "contract_id": arena.ours.contract_id,
        "space_id": arena.ours.space_id,
        "group": group,
        "level": level,
        "effective_at": arena.now + from_,
        "recorded_at": arena.now - 3 * DAY,
        "by_function": "la direction",
        "reason": "",
        "applied": True,
    }


def put_space(session: Session, arena: Arena, situation: Situation) -> None:
    """Our space in its phase, reached by its dates when the situation says so."""
    begun = situation.phase not in (Phase.DRAFT, Phase.ANNOUNCED)
    over = situation.phase in (Phase.ANSWERING, Phase.CLOSED)
    written = situation.phase
    if situation.by_date:
        written = {Phase.OPEN: Phase.ANNOUNCED, Phase.ANSWERING: Phase.OPEN}[situation.phase]
    session.execute(
        update(Space)
        .where(Space.id == arena.ours.space_id)
        .values(
            phase=written,
            version=1,
            opens_at=arena.now + (-10 * DAY if begun else DAY),
            ends_at=arena.now + (-DAY if over else 30 * DAY),
        )
    )


def put_words(session: Session, arena: Arena, somebody: Somebody, situation: Situation) -> None:
    """Our contribution in its state, with its answer or the decision it takes."""
    words = arena.words["ours"]
    pending = situation.state is ContributionStatus.PENDING
    unseen = pending or situation.state is ContributionStatus.REFUSED
    session.execute(
        update(Contribution)
        .where(Contribution.id == words)
        .values(
            status=situation.state,
            pending=pending,
            shown_version=None if unseen else 1,
            participant_id=somebody.participant_id if situation.own else arena.ours["family_0"].id,
            created_at=arena.now - situation.age,
        )
    )
    session.execute(delete(Answer).where(Answer.contribution_id == words))
    session.execute(delete(ModerationDecision).where(ModerationDecision.contribution_id == words))
    if situation.answered:
        session.add(_answer(words, arena))
    if situation.state in (ContributionStatus.REFUSED, ContributionStatus.HIDDEN):
        session.add(_decision(words, arena, Decision(situation.state.value)))


def put_imports(session: Session, arena: Arena, somebody: Somebody, situation: Situation) -> None:
    """Our file that is taken up: by this person, or by somebody who left."""
    session.execute(
        update(FileImport)
        .where(FileImport.id == arena.imports["ours"])
        .values(
            participant_id=somebody.participant_id if situation.own else arena.ours["family_0"].id,
            written_at=None,
        )
    )


def _answer(words: str, arena: Arena) -> Answer:
    return Answer(
        contribution_id=words,
        answered_version=1,
        source="Merci.",
        html="<p>Merci.</p>",
        renderer=1,
        by_participant=arena.ours["director"].id,
        by_function="la direction",
        at=arena.now,
    )


def _decision(words: str, arena: Arena, decision: Decision) -> ModerationDecision:
    return ModerationDecision(
        contribution_id=words,
        number=1,
        decision=decision,
        rule=ModerationRule.NAMES_SOMEONE,
        sentence="Ces mots désignent quelqu’un.",
        by_participant=arena.ours["director"].id,
        by_function="la direction",
        at=arena.now,
    )
