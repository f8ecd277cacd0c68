"""Verbs of the two texts: say which paragraphs say the same thing, keep plain words that are right, record an approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import service as diagnostic
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.plain import queries, rules
from portal.domain.plain.models import EasyReadApproval
from portal.domain.plain.queries import Reading
from portal.domain.plain.rules import Standing
from portal.domain.texts import following
from portal.domain.texts.models import ParagraphPair, Text, TextPairing, TextVersion
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import Register

MAX_PLACE = 160


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody says of a reading by people concerned: when, where, and that there were several of them."""

    held_on: date | None
    place: str
    several: bool


MOVED_ON = say(
    "Un des deux textes, ou ce qui les relie, a changé pendant ce temps. Voici ce qui est enregistré."
)

FIRST = say(
    "Le texte technique a changé : un passage simple est à revoir. Relisez-le d’abord, gardez-le ou récrivez-le, puis revenez enregistrer "
    "l’approbation."
)


def require_words(session: Session, person: Actor, item: ItemView) -> None:
    """Refuse to look after the plain words of another party. Errors: RefusedError."""
    permits.require(person, Permission.PLAIN_REVIEW, ContractTarget(item.contract_id))
    if item.by_authority_id is None:
        permits.require(person, Permission.TEXT_EDIT, ContractTarget(item.contract_id))
    diagnostic.require_words(session, person, item)


def pair(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    typed: Mapping[int, str],
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Say which plain paragraphs say each technical one: `typed` are their numbers, by the number of the technical one.

    Links that stay keep what they were right for.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`passage_1`, …).
    """
    now = _held(session, person, contract_id, item_id, seen)
    plain = now.item.plain.ids if now.item.plain is not None else ()
    technical = now.item.technical.ids if now.item.technical is not None else ()
    wanted, errors = set[tuple[str, str]](), dict[str, list[str]]()
    for number, name in enumerate(technical, 1):
        field = f"passage_{number}"
        try:
            told = rules.numbers(typed.get(number, ""), len(plain), field)
        except InvalidError as error:
            errors |= error.errors
            continue
        wanted |= {(name, plain[one - 1]) for one in told}
    if errors:
        raise InvalidError(errors)
    before = set(now.links)
    if wanted == before and now.pairing_version:
        raise InvalidError({"passage_1": [say("Vous n’avez rien changé.")]})
    moment, function = at or clock.now(), str(function_of(person))
    following.settle(session, item_id, moment)
    head = session.get(TextPairing, item_id)
    if head is None or now.item.technical is None:
        raise NotFoundError
    for one, other in before - wanted:
        session.execute(
            delete(ParagraphPair).where(
                ParagraphPair.item_id == item_id,
                ParagraphPair.technical_id == one,
                ParagraphPair.plain_id == other,
            )
        )
    following.link(session, item_id, sorted(wanted - before), now.item.technical.version, function, moment)
    head.version, head.by_function, head.at = head.version + 1, function, moment
    _tell(session, person, FactKind.PLAIN_PAIRED, now.item, now.item.title)


def keep(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    key: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Say that the plain words of a passage, read again, are still right for its technical words.

    Errors: RefusedError, NotFoundError, StaleError (they are not to review any more).
    """
    now = _held(session, person, contract_id, item_id, seen)
    passage = now.passage(key)
    if passage is None or passage.standing is not Standing.TO_REVIEW or now.item.technical is None:
        raise StaleError(MOVED_ON, seen=seen, current=now.version)
    rows = session.scalars(
        select(ParagraphPair).where(
            ParagraphPair.item_id == item_id, ParagraphPair.technical_id.in_(passage.passage.technical)
        )
    )
    for row in rows:
        row.technical_version, row.read_again = now.item.technical.version, True
        row.by_function, row.at = str(function_of(person)), at or clock.now()
    head = session.get_one(TextPairing, item_id)
    head.version += 1
    _tell(session, person, FactKind.PLAIN_REVIEWED, now.item, " ".join(one.source for one in passage.plain))


def approve(
    session: Session,
    person: Actor,
    contract_id: str,
    item_id: str,
    told: Read,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Record that people concerned read the plain text as it is now, and approved it.

    Neither who they are nor how many: at least two, which whoever records it says.
    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`first` while a passage is to review, `held_on`, `place`, `several`).
    """
    permits.require(person, Permission.FALC_RECORD, ContractTarget(contract_id))
    now = _standing(session, contract_id, item_id, seen)
    if now.item.plain is None:
        raise NotFoundError
    if now.to_review:
        raise InvalidError({"first": [FIRST]})
    day, where = _checked(told, written_on(session, item_id, now.item.plain.version))
    last = select(func.max(EasyReadApproval.number)).where(EasyReadApproval.item_id == item_id)
    session.add(
        EasyReadApproval(
            item_id=item_id,
            number=(session.scalar(last) or 0) + 1,
            plain_version=now.item.plain.version,
            held_on=day,
            place=where,
            by_function=str(function_of(person)),
            at=at or clock.now(),
        )
    )
    _tell(session, person, FactKind.FALC_RECORDED, now.item, now.item.plain.source)


def take_back(session: Session, person: Actor, contract_id: str, item_id: str, number: int) -> None:
    """Take back an approval that was recorded by mistake; its row stays.

    Errors: RefusedError, NotFoundError, StaleError (it does not stand, or does no more).
    """
    permits.require(person, Permission.FALC_RECORD, ContractTarget(contract_id))
    item = _item(session, contract_id, item_id)
    row = session.get(EasyReadApproval, (item_id, number), populate_existing=True)
    if row is None or row.taken_back_at is not None:
        raise StaleError(MOVED_ON, seen=number, current=None)
    row.taken_back_at, row.taken_back_by = clock.now(), str(function_of(person))
    _tell(session, person, FactKind.FALC_TAKEN_BACK, item, item.title)


def written_on(session: Session, item_id: str, version: int) -> date | None:
    """The day in Paris when this version of the plain text was written; nobody can have approved it before."""
    at = session.scalar(
        select(TextVersion.at)
        .join(Text, Text.id == TextVersion.text_id)
        .where(Text.item_id == item_id, Text.register == Register.PLAIN, TextVersion.number == version)
    )
    return clock.paris(at).date() if at is not None else None


def _checked(told: Read, written: date | None) -> tuple[date, str]:
    errors: dict[str, list[str]] = {}
    if told.held_on is None:
        errors["held_on"] = [say("Écrivez une date, par exemple 31/12/2027.")]
    elif told.held_on > clock.today():
        errors["held_on"] = [say("Cette date n’est pas encore passée. Écrivez le jour de la relecture.")]
    elif written is not None and told.held_on < written:
        errors["held_on"] = [
            say(
                "Ces mots ont été écrits le %(day)s : l’accord ne peut pas être plus ancien.",
                day=day_label(written),
            )
        ]
    try:
        where = check_line(told.place, "place", MAX_PLACE)
    except InvalidError as error:
        where, errors = "", errors | error.errors
    if not told.several:
        errors["several"] = [
            say("Cochez cette case si c’est bien le cas. Sinon, le texte ne peut pas être dit facile à lire.")
        ]
    if errors or told.held_on is None:
        raise InvalidError(errors)
    return told.held_on, where


def _held(session: Session, person: Actor, contract_id: str, item_id: str, seen: int) -> Reading:
    permits.require(person, Permission.PLAIN_REVIEW, ContractTarget(contract_id))
    now = _standing(session, contract_id, item_id, seen)
    require_words(session, person, now.item)
    return now


def _standing(session: Session, contract_id: str, item_id: str, seen: int) -> Reading:
    item = _item(session, contract_id, item_id)
    if item.withdrawn_at is not None:
        raise StaleError(diagnostic.GONE, seen=seen, current=None)
    now = queries.reading(session, item)
    if now.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=now.version)
    return now


def _item(session: Session, contract_id: str, item_id: str) -> ItemView:
    item = contracts.item(session, item_id)
    if item is None or item.contract_id != contract_id:
        raise NotFoundError
    return item


def _tell(session: Session, person: Actor, kind: FactKind, item: ItemView, content: str) -> None:
    session.flush()
    journal.append(
        session,
        Fact(
            kind,
            item.contract_id,
            item.id,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
