"""Words proposed in the negotiation: proposed, agreed by each party, put into the contract with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import validation
from portal.domain.facts import FactKind
from portal.domain.lifecycle.queries import parties_of
from portal.domain.lifecycle.writing import Fields, require_seen, tell
from portal.domain.negotiation import queries, rules, service
from portal.domain.negotiation.models import (
    NegotiatedChange,
    NegotiationAgreement,
    NegotiationPassage,
    NegotiationPoint,
    NegotiationWording,
    Piece,
    PointState,
)
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.texts import service as texts
from portal.domain.texts.models import Text
from portal.domain.texts.negotiated import Rewritten, supersede
from portal.domain.texts.queries import TextView
from portal.domain.texts.service import NewWords, cleaned
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.kernel import clock
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind, Register

MAX_REASON = 400
MOVED_ON = say(
    "Quelqu’un vient de changer cette proposition. La voici : relisez-la avant de dire si vous êtes d’accord."
)
WORDS_MOVED = say(
    "Les mots du contrat ont changé depuis cette proposition. Proposez-les de nouveau, d’après ce qui est écrit maintenant."
)
READ_MOVED = say(
    "Les mots du contrat ont changé pendant que vous écriviez. Les voici\u00a0: reprenez-les dans votre proposition."
)
NO_WORDING = say("Aucun mot n’est proposé sur ce point.")
APPLIED = say("Ces mots sont déjà dans le contrat.")
IN_CONTRACT = say("Les mots convenus sont dans le contrat.")


@dataclass(frozen=True, slots=True)
class Typed:
    """The words proposed: for each piece its place (a paragraph, a block) and what it would say; why, for everybody.

    `read` is the mark of the words of the contract that were on the screen, for each piece.
    """

    words: Mapping[Piece, tuple[str, str]]
    reason: str
    read: Mapping[Piece, str] = field(default_factory=dict)


def propose(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    typed: Typed,
    seen: int,
    *,
    at: datetime | None = None,
) -> int:
    """Propose words for a point, or others instead; its number. One's own party agrees by proposing, no other one.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`, `clair`, `technique`, `bloc`).
    """
    inside = service.enter(session, person, contract_id)
    point = service.discussed(session, inside, point_id)
    last = latest(session, point_id)
    number = last.number if last is not None else 0
    require_seen(seen, number, MOVED_ON)
    fields = Fields()
    reason = fields.reason("reason", typed.reason, MAX_REASON)
    _require_read(session, point, typed)
    passages = [
        (piece, place, before, after)
        for piece, (place, words) in typed.words.items()
        for before, after in (_passage(session, point, piece, place, words, fields),)
        if before != after
    ]
    if not passages and not fields.errors:
        first = next(iter(typed.words), Piece.PLAIN).value
        fields.wrong(first, say("Changez au moins un des passages : rien n’est encore proposé."))
    fields.done()
    now, number = at or clock.now(), number + 1
    session.add(
        NegotiationWording(
            point_id=point_id,
            number=number,
            reason=reason,
            organisation_id=inside.party,
            by_function=str(function_of(person)),
            at=now,
        )
    )
    session.add_all(
        NegotiationPassage(
            point_id=point_id, number=number, piece=piece, place=place, before=before, after=after
        )
        for piece, place, before, after in passages
    )
    session.execute(delete(NegotiationAgreement).where(NegotiationAgreement.point_id == point_id))
    session.flush()
    _agree(session, person, point_id, inside.party, number, now)
    return number


def agree(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    seen: int,
    *,
    agrees: bool = True,
    at: datetime | None = None,
) -> None:
    """Say that one's own party agrees to the words proposed, or no longer does; `seen` is the number of the proposal.

    Errors: RefusedError, NotFoundError, StaleError when the proposal changed, was applied, or there is none, and when it
    was written for other words than those of now.
    """
    inside = service.enter(session, person, contract_id)
    point = service.discussed(session, inside, point_id)
    last = _standing(session, point_id, seen)
    if agrees:
        _require_words(session, point, last)
    held = session.get(NegotiationAgreement, (point_id, inside.party), populate_existing=True)
    if held is not None:
        session.delete(held)
        session.flush()
    if agrees:
        _agree(session, person, point_id, inside.party, last.number, at or clock.now())


def apply(
    session: Session,
    person: Actor,
    contract_id: str,
    point_id: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Put into the contract the words that every party agreed to; each reads « modifié en négociation » with its reason.

    Errors: RefusedError, NotFoundError, StaleError when the proposal or the words of the contract moved,
    InvalidError (`agreements`) while a party has not agreed, or once the contract is signed.
    """
    inside = service.enter(session, person, contract_id, Permission.NEGOTIATION_APPLY)
    point = service.discussed(session, inside, point_id)
    last = _standing(session, point_id, seen)
    parties = parties_of(session, contract_id)
    given = queries.agreements(session, [point_id]).get(point_id, {})
    if not rules.is_agreed([one.id for one in parties], given, last.number):
        told = say("Il manque l’accord d’une partie : ces mots ne peuvent pas encore entrer dans le contrat.")
        raise InvalidError({"agreements": [told]})
    if rules.is_signed(inside.contract.stage, inside.contract.signed_on):
        raise InvalidError({"agreements": [rules.SIGNED]})
    now, names = at or clock.now(), ", ".join(one.name for one in parties)
    passages = queries.passages(session, point_id, last.number)
    if point.block_id is not None:
        changes = [_write_block(session, person, point, one, last.reason, now) for one in passages]
    else:
        changes = _write_item(session, person, point, passages, last.reason, now)
    for one in changes:
        one.contract_id, one.reason, one.agreed_by, one.at = contract_id, last.reason, names, now
        one.item_id, one.block_id = point.item_id, point.block_id
    session.add_all(changes)
    last.applied_at = now
    service.end(session, person, point, PointState.SETTLED, str(IN_CONTRACT))
    about = point.item_id or contract_id
    words = [one.after for one in changes]
    tell(session, person, contract_id, FactKind.WORDING_CHANGED_IN_NEGOTIATION, about, last.reason, *words)


def latest(session: Session, point_id: str) -> NegotiationWording | None:
    """The words proposed for a point as they are now."""
    query = select(NegotiationWording).where(NegotiationWording.point_id == point_id)
    return session.scalar(
        query.order_by(NegotiationWording.number.desc()).limit(1).execution_options(populate_existing=True)
    )


def mark(words: str) -> str:
    """What tells these words from any others, for a form."""
    return sha256(words.encode()).hexdigest()[:16]


def _require_read(session: Session, point: NegotiationPoint, typed: Typed) -> None:
    """Errors: StaleError when the words of the contract are no longer those that were on the screen."""
    for piece, read in typed.read.items():
        place, _words = typed.words.get(piece, ("", ""))
        now = queries.words_at(session, point, piece, place)
        if now is not None and mark(now) != read:
            raise StaleError(READ_MOVED, seen=read, current=now)


def _require_words(session: Session, point: NegotiationPoint, last: NegotiationWording) -> None:
    """Errors: StaleError when the contract says something else now than what the proposal would change."""
    for one in queries.passages(session, point.id, last.number):
        now = queries.words_at(session, point, one.piece, one.place)
        if now != one.before:
            raise StaleError(WORDS_MOVED, seen=one.before, current=now)


def _standing(session: Session, point_id: str, seen: int) -> NegotiationWording:
    last = latest(session, point_id)
    if last is None:
        raise StaleError(NO_WORDING, seen=seen, current=0)
    require_seen(seen, last.number, MOVED_ON)
    if last.applied_at is not None:
        raise StaleError(APPLIED, seen=seen, current=last.number)
    return last


def _agree(session: Session, person: Actor, point_id: str, party: str, number: int, at: datetime) -> None:
    session.add(
        NegotiationAgreement(
            point_id=point_id,
            organisation_id=party,
            number=number,
            by_function=str(function_of(person)),
            at=at,
        )
    )
    session.flush()


def _passage(
    session: Session, point: NegotiationPoint, piece: Piece, place: str, words: str, fields: Fields
) -> tuple[str, str]:
    """What the passage says now, and what is proposed. Errors: InvalidError (the piece) when it is not of this point."""
    before = queries.words_at(session, point, piece, place)
    if before is None:
        raise InvalidError({piece.value: [WORDS_MOVED]})
    return before, fields.words(lambda: cleaned(words, piece.value))


def _write_item(
    session: Session,
    person: Actor,
    point: NegotiationPoint,
    passages: list[NegotiationPassage],
    reason: str,
    at: datetime,
) -> list[NegotiatedChange]:
    """A new version of each text of the subject; what parties said of a finding holds for the words they agreed to."""
    item_id = point.item_id or ""
    item = contracts.item(session, item_id)
    if item is None or item.withdrawn_at is not None:
        raise StaleError(WORDS_MOVED, seen=None, current=None)
    told = tuple(spaces.of_item(session, item_id))
    # The technical words first: the plain ones that were agreed with them are for those of now.
    in_turn = sorted(passages, key=lambda one: rules.REGISTERS[one.piece] is Register.PLAIN)
    changes = [_write_text(session, person, point, item, one, reason, told, at) for one in in_turn]
    if item.kind is ItemKind.FINDING:
        validation.keep(session, item_id, item.version)
    return changes


def _write_text(
    session: Session,
    person: Actor,
    point: NegotiationPoint,
    item: ItemView,
    one: NegotiationPassage,
    reason: str,
    told: tuple[str, ...],
    at: datetime,
) -> NegotiatedChange:
    register = rules.REGISTERS[one.piece]
    text: TextView | None = item.text(register)
    whole = None
    if text is not None:
        pairs = [(part.stable_id, part.source) for part in text.paragraphs]
        whole = rules.replaced(pairs, one.place, one.before, one.after)
    if text is None or whole is None:
        raise StaleError(WORDS_MOVED, seen=None, current=None)
    command = NewWords(whole, text.version, rules.told(reason), negotiated=True)
    row: Text = texts.write_anew(
        session, person, point.contract_id, item.id, register, command, spaces=told, at=at
    )
    row.negotiated_at, row.negotiated_reason = at, reason
    now = Rewritten(
        point.contract_id, item.id, None, one.piece, row.version, whole, "", rules.told(reason), at
    )
    supersede(session, one.place, now)
    return NegotiatedChange(
        piece=one.piece,
        place=one.place,
        version=row.version,
        title=item.title,
        before=one.before,
        after=one.after,
    )


def _write_block(
    session: Session,
    person: Actor,
    point: NegotiationPoint,
    one: NegotiationPassage,
    reason: str,
    at: datetime,
) -> NegotiatedChange:
    now = trames.texts(session, point.contract_id).get(one.place)
    if (now.source if now is not None else "") != one.before:
        raise StaleError(WORDS_MOVED, seen=None, current=None)
    seen = now.number if now is not None else 0
    agreed = blocks.Back(None, "", agreed=True)
    title = blocks.write_anew(
        session, person, point.contract_id, one.place, one.after, seen, at=at, back=agreed
    )
    written = Rewritten(
        point.contract_id, None, one.place, one.piece, seen + 1, one.after, "", rules.told(reason), at
    )
    supersede(session, one.place, written)
    return NegotiatedChange(
        piece=one.piece, place=one.place, version=seen + 1, title=title, before=one.before, after=one.after
    )
