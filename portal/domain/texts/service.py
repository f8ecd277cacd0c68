"""Verbs of a text: write it, revise it as a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.texts import following, negotiated, queries, rules
from portal.domain.texts.models import Paragraph, Text, TextVersion
from portal.kernel import clock, reasons
from portal.kernel import text as words
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import Register

MAX_TEXT = 20_000
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class NewWords:
    """The whole new text, the version that was on the screen, why it changes; `by_function` names who writes otherwise.

    `negotiated`: every party agreed to these words.
    """

    source: str
    version: int
    reason: str = ""
    by_function: str = ""
    negotiated: bool = False


def create(
    session: Session,
    item_id: str,
    register: Register,
    source: str,
    *,
    by_function: str,
    at: datetime | None = None,
) -> Text:
    """Write the first version of an item's text. Errors: InvalidError (`source`)."""
    text = Text(item_id=item_id, register=register, version=1)
    session.add(text)
    session.flush()
    _write(session, text, [], cleaned(source), by_function, "", None, at or clock.now())
    return text


def revise(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    register: Register,
    command: NewWords,
    *,
    spaces: tuple[str, ...] = (),
    at: datetime | None = None,
) -> Text:
    """Write a new version; contributions keep their anchor and their quote.

    `spaces` are told that the words changed.
    Errors: NotFoundError, RefusedError, StaleError, InvalidError (`source`, `reason`).
    """
    permits.require(person, Permission.TEXT_EDIT, ContractTarget(contract_id))
    return write_anew(session, person, contract_id, item_id, register, command, spaces=spaces, at=at)


def write_anew(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    register: Register,
    command: NewWords,
    *,
    spaces: tuple[str, ...] = (),
    at: datetime | None = None,
) -> Text:
    """The same for whoever was already found to hold the right to these words.

    Errors: NotFoundError, StaleError, InvalidError (`source`, `reason`).
    """
    text = session.scalar(select(Text).where(Text.item_id == item_id, Text.register == register))
    if text is None:
        raise NotFoundError
    old = queries.current(session, [item_id])[item_id, register]
    if text.version != command.version:
        raise StaleError(
            say("Quelqu’un a corrigé ce texte pendant que vous écriviez. Voici la version actuelle."),
            seen=command.version,
            current=old,
        )
    source = cleaned(command.source)
    if source == old.source:
        raise InvalidError({"source": [say("Vous n’avez rien changé.")]})
    told = reasons.offered(_reason(command.reason), "reason")
    now, function = at or clock.now(), command.by_function or function_of(person)
    following.settle(session, item_id, now)
    text.version += 1
    pairs = [(one.stable_id, one.source) for one in old.paragraphs]
    _write(session, text, pairs, source, function, told, person, now)
    if register is Register.PLAIN:
        following.rewritten(session, item_id, old, str(function), now)
    else:
        following.filled(session, item_id, str(function), now)
    if not command.negotiated:
        piece = negotiated.PIECES[register]
        negotiated.follow(
            session,
            person,
            negotiated.Rewritten(
                contract_id, item_id, None, piece, text.version, source, str(function), told, now
            ),
        )
    for space_id in spaces or (None,):
        journal.append(
            session,
            Fact(
                FactKind.TEXT_CHANGED,
                contract_id,
                item_id,
                group=person.group,
                participant_id=person.participant_id,
                content=source,
                space_id=space_id,
            ),
        )
    return text


def cleaned(source: str, field: str = "source") -> str:
    """The words of a text as they are kept. Errors: InvalidError (`field`)."""
    try:
        kept = words.clean_source(source, maximum=MAX_TEXT)
    except words.TextEmpty:
        problem = say("Écrivez le texte. Il ne peut pas être vide.")
    except words.TextTooLong:
        problem = say("Le texte est trop long (20 000 signes au plus).")
    else:
        if all(len(part) <= words.MAX_CHARACTERS for part in words.paragraphs(kept)):
            return kept
        problem = say(
            "Un des paragraphes est trop long (5 000 signes au plus). Coupez-le avec une ligne vide."
        )
    raise InvalidError({field: [problem]})


def _reason(raw: str) -> str:
    try:
        return words.typography(words.clean_source(raw, maximum=MAX_REASON))
    except words.TextEmpty:
        return ""
    except words.TextTooLong:
        problem = say(
            "Cette raison est trop longue (%(limit)s signes au plus).", limit=words.number(MAX_REASON)
        )
    raise InvalidError({"reason": [problem]})


def _write(
    session: Session,
    text: Text,
    old: list[tuple[str, str]],
    source: str,
    by_function: str,
    reason: str,
    person: Actor | None,
    at: datetime,
) -> None:
    parts = words.paragraphs(source)
    session.add(
        TextVersion(
            text_id=text.id,
            number=text.version,
            by_participant=person.participant_id if person else None,
            by_function=by_function,
            reason=reason,
            at=at,
        )
    )
    session.add_all(
        Paragraph(
            text_id=text.id,
            number=text.version,
            position=position,
            stable_id=stable_id,
            source=part,
            html=words.render(part),
            renderer=words.RENDERER_VERSION,
        )
        for position, (stable_id, part) in enumerate(zip(rules.follow(old, parts), parts, strict=True))
    )
    session.flush()
