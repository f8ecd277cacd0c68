"""Verbs of a contribution: send, correct, withdraw, react."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions import rules
from portal.domain.contributions.models import Contribution, ContributionVersion, Reaction
from portal.domain.facts import Fact, FactKind
from portal.domain.figures import queries as figures
from portal.domain.journal import service as journal
from portal.domain.spaces import queries as spaces
from portal.kernel import clock, prepared, text
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContributionTarget
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    ModerationMode,
    ReactionValue,
)

_ANSWER = table("answer", column("contribution_id"))


@dataclass(frozen=True, slots=True)
class NewContribution:
    """What a form sends: kind, words, how the author is shown, and about what."""

    kind: ContributionKind
    item_id: str
    words: rules.Words
    display: Display = Display.GROUP
    name: str | None = None
    parent_id: str | None = None
    anchor: rules.Anchor | None = None
    id: str = field(default_factory=new_id)


def submit(
    session: Session, person: Actor, space_id: str, command: NewContribution, *, at: datetime | None = None
) -> Contribution:
    """Send a contribution; published at once or pending, as the space moderates.

    Errors: NotFoundError, RefusedError (level, phase), InvalidError (words).
    """
    now = at or clock.now()
    space = spaces.view(session, space_id, now)
    if space is None or not spaces.has_item(session, space_id, command.item_id):
        raise NotFoundError
    permits.require(person, rules.PERMISSION_OF[command.kind], space.target)
    parent = _parent(session, person, space, command, now)
    words = rules.check_words(command.kind, command.words)
    status = rules.first_status(space.moderation)
    published = status is ContributionStatus.PUBLISHED
    count = figures.headcount(session, person.contract_id, person.group, person.establishment_id)
    by_name = command.display is Display.NAME and bool(command.name)
    row = Contribution(
        id=command.id,
        contract_id=space.contract_id,
        space_id=space_id,
        item_id=command.item_id,
        root_id=(parent.root_id or parent.id) if parent else None,
        parent_id=parent.id if parent else None,
        kind=command.kind,
        status=status,
        participant_id=person.participant_id,
        group=person.group,
        establishment_id=person.establishment_id,
        display=Display.NAME if by_name else Display.GROUP,
        shown_scope=rules.shown_scope(person.group, count.in_establishment, count.in_group),
        shown_name=command.name if by_name else None,
        anchor_register=command.anchor.register if command.anchor else None,
        anchor_paragraph=command.anchor.paragraph if command.anchor else None,
        anchor_version=command.anchor.version if command.anchor else None,
        anchor_quote=command.anchor.quote if command.anchor else None,
        shown_version=1 if published else None,
        pending=not published,
        created_at=now,
        sent_at=now,
        published_at=now if published else None,
    )
    prepared.put(session, row)
    prepared.add(session, ContributionVersion, _version(row.id, 1, words, now, public=published))
    kind = FactKind.CONTRIBUTION_PUBLISHED if published else FactKind.CONTRIBUTION_SUBMITTED
    journal.append(session, fact(kind, row, person, words.source))
    return row


def _parent(
    session: Session, person: Actor, space: spaces.SpaceView, command: NewContribution, now: datetime
) -> Contribution | None:
    if command.kind is not ContributionKind.REPLY:
        return None
    parent = by_id(session, command.parent_id or "")
    if parent is None or parent.space_id != space.id or parent.item_id != command.item_id:
        raise NotFoundError
    permits.require(person, Permission.REPLY, target_of(session, parent, space, now))
    return parent


def correct(
    session: Session,
    person: Actor,
    contribution_id: str,
    words: rules.Words,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Contribution:
    """Write a new version; it waits for approval where words are read before publication.

    `version` is the one that was on the screen. Errors: NotFoundError, RefusedError,
    InvalidError (words, or nothing changed), StaleError when it was corrected since.
    """
    now = at or clock.now()
    row, space = located(session, person, contribution_id, Permission.CORRECT, now)
    if version is not None and version != row.version:
        raise StaleError(
            say("Vous avez déjà corrigé ces mots sur une autre page. Voici votre dernière version."),
            seen=version,
            current=row.version,
        )
    cleaned = rules.check_words(row.kind, words)
    last = session.get_one(ContributionVersion, (row.id, row.version))
    if (last.source, last.reason_source) == (cleaned.source, cleaned.reason):
        raise InvalidError(
            {"body": [say("Vous n’avez rien changé. Modifiez votre texte, ou revenez en arrière.")]}
        )
    first = row.shown_version is None
    row.version += 1
    row.sent_at = now
    row.pending = space.moderation is ModerationMode.BEFORE
    if not row.pending:
        row.shown_version = row.version
        row.status = ContributionStatus.PUBLISHED
        row.published_at = row.published_at or now
    written = _version(row.id, row.version, cleaned, now, public=not row.pending)
    session.add(ContributionVersion(**written))
    session.flush()
    shown = FactKind.CONTRIBUTION_PUBLISHED if first else FactKind.CONTRIBUTION_CORRECTED
    kind = FactKind.CORRECTION_SUBMITTED if row.pending else shown
    journal.append(session, fact(kind, row, person, cleaned.source))
    return row


def withdraw(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> Contribution:
    """Take one's words back; their place stays. Errors: NotFoundError, RefusedError."""
    row, _ = located(session, person, contribution_id, Permission.WITHDRAW, at or clock.now())
    never_public = row.shown_version is None
    row.status = ContributionStatus.WITHDRAWN
    row.pending = False
    session.flush()
    kind = FactKind.PENDING_WITHDRAWN if never_public else FactKind.CONTRIBUTION_WITHDRAWN
    journal.append(session, fact(kind, row, person))
    return row


def react(
    session: Session,
    person: Actor,
    contribution_id: str,
    value: ReactionValue | None,
    *,
    at: datetime | None = None,
) -> Contribution:
    """Set, change or (None) take back one's reaction. Errors: NotFoundError, RefusedError."""
    row, _ = located(session, person, contribution_id, Permission.REACT, at or clock.now())
    known = session.get(Reaction, (row.id, person.participant_id))
    before = figures.reactions(session, [row.id])
    if (known.value if known else None) == value:
        return row
    if known is not None and value is None:
        session.delete(known)
    elif known is not None and value is not None:
        known.value = value
    elif value is not None:
        session.add(
            Reaction(
                contribution_id=row.id,
                participant_id=person.participant_id,
                institutional=person.group.institutional,
                value=value,
            )
        )
    session.flush()
    told = fact(FactKind.REACTION_CHANGED, row, person)
    if figures.reactions(session, [row.id]) == before:
        # A frame that changes no figure would let small numbers be counted by their frames.
        told = replace(told, space_id=None)
    journal.append(session, told)
    return row


def by_id(session: Session, contribution_id: str) -> Contribution | None:
    """The row of a contribution, or None."""
    return session.scalar(select(Contribution).where(Contribution.id == contribution_id))


def located(
    session: Session, person: Actor, contribution_id: str, permission: Permission, now: datetime
) -> tuple[Contribution, spaces.SpaceView]:
    """The contribution and its space, once the actor may do this to it now."""
    row = by_id(session, contribution_id)
    space = spaces.view(session, row.space_id, now) if row is not None else None
    if row is None or space is None:
        raise NotFoundError
    target = target_of(session, row, space, now)
    permits.require(person, permission, permits.lifted(permission, target))
    return row, space


def target_of(
    session: Session, row: Contribution, space: spaces.SpaceView, now: datetime
) -> ContributionTarget:
    """What rights about a contribution depend on, read in this transaction."""
    answered = session.scalar(select(_ANSWER.c.contribution_id).where(_ANSWER.c.contribution_id == row.id))
    return ContributionTarget(
        space=space.target,
        contribution_id=row.id,
        author_id=row.participant_id,
        kind=row.kind,
        status=row.status,
        answered=answered is not None,
        age=now - row.created_at,
        public=row.shown_version is not None,
    )


def fact(kind: FactKind, row: Contribution, person: Actor, content: str = "") -> Fact:
    """The fact that something happened to a contribution."""
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=person.group,
        participant_id=person.participant_id,
        content=content,
        space_id=row.space_id,
        author_id=row.participant_id,
    )


def _version(
    contribution_id: str, number: int, words: rules.Words, at: datetime, *, public: bool
) -> dict[str, object]:
    return {
        "contribution_id": contribution_id,
        "number": number,
        "source": words.source,
        "html": text.render(words.source),
        "reason_source": words.reason,
        "reason_html": text.render(words.reason) if words.reason else "",
        "renderer": text.RENDERER_VERSION,
        "public": public,
        "at": at,
    }
