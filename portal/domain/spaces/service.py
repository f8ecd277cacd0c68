"""Verbs of a space: create, open, pause, resume, end, correct; closing is in answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.facts import Fact, FactKind
from portal.domain.involvement import queries as records
from portal.domain.involvement import service as involvement
from portal.domain.involvement.models import Involvement
from portal.domain.journal import epochs
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import asked, queries, reading, rules
from portal.domain.spaces.models import Space, SpaceItem, SpacePause
from portal.kernel import clock, lines
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import Group, Level, ModerationMode, Phase, SpaceObject

# A job holds few contracts at a time: people write meanwhile.
CONTRACTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class NewSpace:
    """What the assistant gathers in three steps."""

    object: SpaceObject
    question: str
    introduction: str
    opens_at: datetime
    ends_at: datetime
    answer_days: int
    moderation: ModerationMode
    item_ids: tuple[str, ...]
    levels: dict[Group, Level]
    authorities_read_words: bool = False
    # Why each group has its level, where it is told.
    level_reasons: Mapping[Group, str] = field(default_factory=dict)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class SpaceCorrection:
    """What may be corrected afterwards."""

    question: str
    introduction: str
    ends_at: datetime
    answer_days: int
    moderation: ModerationMode
    reason: str = ""


def create(
    session: Session, person: Actor, contract_id: str, command: NewSpace, *, at: datetime | None = None
) -> Space:
    """Create a space as a draft, with its items and levels.

    Errors: RefusedError, InvalidError (dates, items, levels).
    """
    now = at or clock.now()
    permits.require(person, Permission.SPACE_CREATE, ContractTarget(contract_id))
    rules.check_dates(command.opens_at, command.ends_at, now)
    rules.check_delay(command.answer_days)
    if not command.item_ids:
        raise InvalidError({"items": [say("Choisissez au moins un sujet.")]})
    if not set(command.item_ids) <= set(contracts.item_ids(session, contract_id, command.object.item_kind)):
        raise NotFoundError
    if not command.levels:
        raise InvalidError({"levels": [say("Donnez un niveau à au moins un groupe.")]})
    if Level.COCONSTRUCTION in command.levels.values():
        raise InvalidError({"levels": [say("Le quatrième niveau n’est pas encore proposé ici.")]})
    space = Space(
        id=command.id,
        contract_id=contract_id,
        object=command.object,
        question=lines.check_line(command.question, "question", rules.MAX_QUESTION),
        introduction=lines.check_line(
            command.introduction, "introduction", rules.MAX_INTRODUCTION, optional=True
        ),
        opens_at=command.opens_at,
        ends_at=command.ends_at,
        answer_days=command.answer_days,
        moderation=command.moderation,
        authorities_read_words=command.authorities_read_words,
        phase=Phase.DRAFT,
        created_by=person.participant_id,
        created_at=now,
    )
    session.add(space)
    session.flush()
    session.add_all(
        SpaceItem(space_id=space.id, item_id=item_id, position=position)
        for position, item_id in enumerate(dict.fromkeys(command.item_ids))
    )
    asked.first(session, space, person)
    reading.remember(session, space, person, now)
    told = f"{space.question} {reading.told(space.authorities_read_words)}"
    journal.append(session, _fact(FactKind.SPACE_CREATED, space, person, told))
    # A group left out does not take part, whatever the contract's default says.
    first: dict[Group, Level | None] = {group: command.levels.get(group) for group in Group}
    involvement.set_first(session, person, contract_id, space.id, first, why=command.level_reasons, at=now)
    return space


def open_(session: Session, person: Actor, space_id: str, *, version: int | None = None) -> Space:
    """Announce the space, or open it when its date has come."""
    space = _decide(session, person, space_id, Permission.SPACE_OPEN, version)
    now = clock.now()
    rules.check_dates(space.opens_at, space.ends_at, now)
    if space.opens_at <= now:
        return _move(session, space, Phase.OPEN, FactKind.SPACE_OPENED, person)
    return _move(session, space, Phase.ANNOUNCED, FactKind.SPACE_ANNOUNCED, person)


def pause(
    session: Session, person: Actor, space_id: str, reason: str, *, version: int | None = None
) -> Space:
    """Suspend contributions, with a reason that everyone reads."""
    space = _decide(session, person, space_id, Permission.SPACE_PAUSE, version)
    if not reason.strip():
        raise InvalidError({"reason": [say("Écrivez la raison de la pause. Tout le monde pourra la lire.")]})
    space.pause_reason = lines.check_reason(reason, "reason", rules.MAX_INTRODUCTION)
    return _move(session, space, Phase.PAUSED, FactKind.SPACE_PAUSED, person, space.pause_reason)


def resume(session: Session, person: Actor, space_id: str, *, version: int | None = None) -> Space:
    """Open again after a pause."""
    space = _decide(session, person, space_id, Permission.SPACE_RESUME, version)
    space.pause_reason = ""
    return _move(session, space, Phase.OPEN, FactKind.SPACE_RESUMED, person)


def end(session: Session, person: Actor, space_id: str, reason: str, *, version: int | None = None) -> Space:
    """End contributions before the announced date, with a reason that everyone reads; duties go on.

    Errors: RefusedError, StaleError, InvalidError (`reason`).
    """
    space = _decide(session, person, space_id, Permission.SPACE_END, version)
    now = clock.now()
    _note_end(space, now, reason)
    space.ends_at = min(space.ends_at, now)
    return _move(session, space, Phase.ANSWERING, FactKind.SPACE_ANSWERING, person, space.end_reason)


def correct(
    session: Session, person: Actor, space_id: str, command: SpaceCorrection, *, version: int
) -> Space:
    """Correct question, introduction, end and delay; another end opens the space again.

    Once people were told, the delay grows no more (each group is asked for more time), and another end
    needs a reason that everyone reads.
    Errors: RefusedError, StaleError, InvalidError.
    """
    space = _decide(session, person, space_id, Permission.SPACE_CONFIGURE, version)
    moved = command.ends_at != space.ends_at
    if moved:
        rules.check_dates(space.opens_at, command.ends_at, clock.now())
    rules.check_delay(command.answer_days)
    if space.phase is not Phase.DRAFT:
        rules.check_promise(space.answer_days, command.answer_days)
        space.promise_note = _promise_note(session, space, command) or space.promise_note
        _note_end(space, command.ends_at, command.reason)
    asked.change(session, space, person, command.question)
    space.introduction = lines.check_line(
        command.introduction, "introduction", rules.MAX_INTRODUCTION, optional=True
    )
    space.ends_at = command.ends_at
    space.answer_days = command.answer_days
    space.moderation = command.moderation
    phase = Phase.OPEN if moved and space.phase is Phase.ANSWERING else space.phase
    kind = FactKind.SPACE_OPENED if phase is not space.phase else FactKind.SPACE_CORRECTED
    content = f"{space.question} {space.promise_note} {space.end_reason}".strip()
    return _move(session, space, phase, kind, person, content)


def _note_end(space: Space, ends_at: datetime, reason: str) -> None:
    """Keep the end that people were told, a day, and why it comes before. Errors: InvalidError (`reason`)."""
    announced = space.announced_until or space.ends_at
    if not rules.on_an_earlier_day(ends_at, announced):
        space.announced_until, space.end_reason = None, ""
    elif rules.on_an_earlier_day(ends_at, space.ends_at):
        if not reason.strip():
            raise InvalidError(
                {
                    "reason": [
                        say(
                            "La fin viendrait plus tôt qu’annoncé. Écrivez la raison. Tout le monde pourra la lire."
                        )
                    ]
                }
            )
        space.announced_until = announced
        space.end_reason = lines.check_reason(reason, "reason", rules.MAX_INTRODUCTION)


def _promise_note(session: Session, space: Space, command: SpaceCorrection) -> str:
    """What everyone reads when the answer comes later than promised. Errors: InvalidError (`reason`)."""
    where = contracts.department(session, space.contract_id)
    before = rules.promised_day(space.ends_at, space.answer_days, where)
    after = rules.promised_day(command.ends_at, command.answer_days, where)
    if after <= before:
        return ""
    if not command.reason.strip():
        raise InvalidError(
            {
                "reason": [
                    say(
                        "La réponse arriverait plus tard que promis. Écrivez la raison. Tout le monde pourra la lire."
                    )
                ]
            }
        )
    reason = lines.check_reason(command.reason, "reason", rules.MAX_INTRODUCTION)
    return (
        f"La réponse était promise avant le {day_label(before)}. "
        f"Elle est maintenant promise avant le {day_label(after)}. Raison\N{NO-BREAK SPACE}: {reason}"
    )


def close(session: Session, person: Actor, space: Space, broken_promise: str) -> Space:
    """Write the closing that `answers` has allowed; the promise unkept stays visible."""
    space.broken_promise = broken_promise
    space.closed_at = clock.now()
    if broken_promise:
        journal.append(session, _fact(FactKind.PROMISE_BROKEN, space, person, broken_promise))
    return _move(session, space, Phase.CLOSED, FactKind.SPACE_CLOSED, person)


def record_level(
    session: Session, person: Actor, space_id: str, command: involvement.NewLevel, *, seen: int
) -> Involvement:
    """Record the level of a group in a space; `seen` is how many records the group had on the screen.

    Errors: RefusedError, StaleError when somebody recorded one meanwhile, InvalidError.
    """
    space = _decide(session, person, space_id, Permission.LEVEL_RECORD, None)
    known = records.of_group(session, space.contract_id, space_id, command.group)
    if len(known) != seen:
        raise StaleError(
            say("Quelqu’un vient d’enregistrer un niveau pour ce groupe. Voici l’état actuel."),
            seen=seen,
            current=known,
        )
    if command.level is Level.COCONSTRUCTION:
        raise InvalidError({"level": [say("Le quatrième niveau n’est pas encore proposé ici.")]})
    reason = lines.check_line(command.reason, "reason", rules.MAX_INTRODUCTION, optional=True)
    return involvement.record(session, person, space.contract_id, space_id, replace(command, reason=reason))


def decided(
    session: Session, person: Actor, space_id: str, permission: Permission, version: int | None
) -> Space:
    """The space, once the actor may do this to it in the state that was seen."""
    return _decide(session, person, space_id, permission, version)


def note(
    session: Session, space: Space, kind: FactKind, person: Actor, content: str, *, about: str = ""
) -> Space:
    """Write a change of the space that is not one of its phase: rooms are entered anew.

    `about` is the row that keeps what changed, when there is one.
    """
    return _move(session, space, space.phase, kind, person, content, about=about)


def advance_due(session: Session, at: datetime) -> bool:
    """Open announced spaces and end open ones whose date has come."""
    is_due = or_(
        (Space.phase == Phase.ANNOUNCED) & (Space.opens_at <= at),
        Space.phase.in_((Phase.OPEN, Phase.PAUSED)) & (Space.ends_at <= at),
    )
    concerned = select(Space.contract_id).where(is_due).distinct().limit(CONTRACTS_AT_ONCE)
    contract_ids = list(session.scalars(concerned))
    journal.hold(session, *contract_ids)
    due = list(
        session.scalars(
            select(Space)
            .where(Space.contract_id.in_(contract_ids), is_due)
            .order_by(Space.contract_id, Space.id)
            .limit(100)
        )
    )
    for space in due:
        phase = rules.phase_at(space.phase, space.opens_at, space.ends_at, at)
        _move(session, space, phase, _by_date(phase), None)
    return bool(due)


def _by_date(phase: Phase) -> FactKind:
    return FactKind.SPACE_OPENED if phase is Phase.OPEN else FactKind.SPACE_ANSWERING


def _decide(
    session: Session, person: Actor, space_id: str, permission: Permission, version: int | None
) -> Space:
    space = session.get(Space, space_id)
    if space is None:
        raise NotFoundError
    seen = queries.view_of(session, space, clock.now())
    if version is not None and version != space.version:
        raise StaleError(
            say("Quelqu’un vient de modifier cet espace. Voici son état actuel."), seen=version, current=seen
        )
    permits.require(person, permission, seen.target)
    if seen.phase is not space.phase:
        # The date came before the job: its own line is written before this act's.
        _move(session, space, seen.phase, _by_date(seen.phase), None)
    return space


def _move(
    session: Session,
    space: Space,
    phase: Phase,
    kind: FactKind,
    person: Actor | None,
    content: str = "",
    *,
    about: str = "",
) -> Space:
    _note_pause(session, space, phase, person)
    space.phase = phase
    space.version += 1
    session.flush()
    epochs.raise_epoch(session, space.id)
    journal.append(session, replace(_fact(kind, space, person, content), object_id=about or space.id))
    session.refresh(space)
    return space


def _note_pause(session: Session, space: Space, phase: Phase, person: Actor | None) -> None:
    """Keep the history of pauses: answers are due later by as much."""
    now = clock.now()
    if space.phase is Phase.PAUSED and phase is not Phase.PAUSED:
        lasting = (SpacePause.space_id == space.id, SpacePause.until.is_(None))
        session.execute(update(SpacePause).where(*lasting).values(until=min(now, space.ends_at)))
    elif phase is Phase.PAUSED and space.phase is not Phase.PAUSED:
        function = function_of(person) if person else ""
        session.add(SpacePause(space_id=space.id, since=now, reason=space.pause_reason, by_function=function))


def _fact(kind: FactKind, space: Space, person: Actor | None, content: str = "") -> Fact:
    return Fact(
        kind,
        space.contract_id,
        space.id,
        group=person.group if person else None,
        participant_id=person.participant_id if person else None,
        content=content,
        space_id=space.id,
    )
