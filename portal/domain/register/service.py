"""Verbs of the register: send its head to the parties, erase a person's words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.service import by_id, located
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.journal.models import JournalHead, JournalLine, JournalSalt
from portal.domain.journal.rules import day_of
from portal.domain.moderation import danger
from portal.domain.moderation.models import Appeal, AppealAside, AppealState, ModerationDecision, Report
from portal.domain.participants.models import Operation
from portal.domain.participants.queries import actor_of, function_of
from portal.domain.register.models import Erasure
from portal.domain.register.rules import FAMILIES, Family
from portal.domain.syntheses.models import SynthesisCitation
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ContributionStatus, Display

EVERY = timedelta(days=7)
# Other units wait while a piece is written.
AT_ONCE = 20
AUTHOR = say("La personne qui a écrit")
DIRECTION_FIRST = say(
    "La direction note d’abord qui a été prévenu. Revenez ensuite : sa proposition vous attend."
)
OPERATOR = say("L’exploitation du portail, sur demande écrite")
# Their salts seal other people's acts: the organiser's own words, who reacted.
KEPT_SALTS = tuple(kind.value for kind in (*FAMILIES[Family.ANSWERS], FactKind.REACTION_CHANGED))


def send_head(session: Session, person: Actor, *, at: datetime | None = None) -> int:
    """Send the head of the register to the parties; the number of the line that says so.

    Errors: RefusedError for who may not, or when it was sent today already.
    """
    now = at or clock.now()
    permits.require(person, Permission.REGISTER_SEND, ContractTarget(person.contract_id))
    last = last_sent(session, person.contract_id)
    if last is not None and day_of(last.at) == paris(now).date():
        raise RefusedError(
            "deja-envoyee",
            say("La tête du registre a déjà été envoyée aujourd’hui."),
            say("Vous pourrez l’envoyer de nouveau demain."),
        )
    return journal.append(session, _sent(person.contract_id, person))


def send_weekly(session: Session, at: datetime) -> bool:
    """Send again, once a week, the heads of some registers that were sent once and have grown since.

    Returns True when one was sent: more may be due. The line that a register gets every day is no growth.
    """
    due = _due_weekly(session, at)
    journal.hold(session, *due)
    for contract_id in due:
        journal.append(session, _sent(contract_id, None))
    return bool(due)


def _due_weekly(session: Session, at: datetime) -> list[str]:
    last, since = aliased(JournalLine), aliased(JournalLine)
    sent = (
        select(func.max(last.seq))
        .where(last.object == JournalHead.contract_id, last.kind == FactKind.REGISTER_HEAD_SENT.value)
        .correlate(JournalHead)
        .scalar_subquery()
    )
    grown = exists().where(
        since.contract_id == JournalLine.contract_id,
        since.seq > JournalLine.seq,
        since.kind != FactKind.QUIET_SEALED.value,
    )
    first_day = paris(at).date() - EVERY + timedelta(days=1)
    before = datetime.combine(first_day, time(), clock.PARIS).astimezone(UTC)
    query = (
        select(JournalHead.contract_id)
        .join(JournalLine, and_(JournalLine.contract_id == JournalHead.contract_id, JournalLine.seq == sent))
        .where(JournalLine.at < before.isoformat().replace("+00:00", "Z"), grown)
        .order_by(JournalHead.contract_id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def last_sent(session: Session, contract_id: str) -> JournalLine | None:
    """The line that says that the head was sent last."""
    query = select(JournalLine).where(
        JournalLine.object == contract_id, JournalLine.kind == FactKind.REGISTER_HEAD_SENT.value
    )
    return session.scalars(query.order_by(JournalLine.seq.desc()).limit(1)).first()


def _sent(contract_id: str, person: Actor | None) -> Fact:
    return Fact(
        FactKind.REGISTER_HEAD_SENT,
        contract_id,
        contract_id,
        group=person.group if person else None,
        participant_id=person.participant_id if person else None,
    )


def erasure(session: Session, contribution_id: str) -> Erasure | None:
    """What is asked or done about these words."""
    return session.get(Erasure, contribution_id)


def proposed(session: Session, contribution_ids: Collection[str]) -> frozenset[str]:
    """Of which of these words the direction proposes the erasure, while their author has not answered."""
    query = (
        select(Erasure.contribution_id)
        .join(Contribution, Contribution.id == Erasure.contribution_id)
        .where(
            Erasure.contribution_id.in_(list(contribution_ids)),
            Erasure.done_at.is_(None),
            Erasure.refused_at.is_(None),
            Erasure.asked_by != Contribution.participant_id,
        )
    )
    return frozenset(session.scalars(query))


def ask_erasure(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> Erasure:
    """Ask that one's words be erased: the direction confirms; or propose it, and who wrote them accepts.

    Errors: NotFoundError, RefusedError (the direction, while an appeal waits, once who wrote refused or
    left), StaleError.
    """
    now = at or clock.now()
    row, _ = located(session, person, contribution_id, Permission.ERASE, now)
    known = erasure(session, contribution_id)
    if person.participant_id != row.participant_id:
        _require_no_appeal(session, row)
        _require_may_answer(session, row, known)
        danger.told_first(session, row.id)
    elif known is not None and known.refused_at is not None:
        session.delete(known)
        session.flush()
        known = None
    if known is not None:
        raise StaleError(
            say("L’effacement de ce texte a déjà été demandé. Voici où il en est."), seen=None, current=None
        )
    asked = Erasure(
        contribution_id=row.id,
        contract_id=row.contract_id,
        asked_by=person.participant_id,
        asked_function=_function(person, row),
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.ERASURE_ASKED,
            row.contract_id,
            row.id,
            participant_id=person.participant_id,
            space_id=row.space_id,
        ),
    )
    return asked


def give_up_erasure(session: Session, person: Actor, contribution_id: str) -> None:
    """Take one's own request back, or refuse or give up what the direction proposed.

    Errors: NotFoundError, RefusedError (who wrote asked, and is somebody else), StaleError.
    """
    row, _ = located(session, person, contribution_id, Permission.ERASE, clock.now())
    asked = _pending(session, contribution_id)
    if asked.asked_by == row.participant_id != person.participant_id:
        raise RefusedError(
            "auteur",
            say("La personne qui a écrit ce texte a demandé son effacement. Elle seule peut y renoncer."),
            say("Vous pouvez confirmer cet effacement."),
        )
    if person.participant_id == row.participant_id != asked.asked_by:
        asked.refused_at = clock.now()
    else:
        session.delete(asked)
    session.flush()


def confirm_erasure(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> Contribution:
    """Erase words when who wrote them asked or accepts; their place and their lines stay.

    Errors: NotFoundError, RefusedError (the same person, nobody who wrote, an appeal waits,
    `danger` while nobody wrote whom they told), StaleError (nothing waits).
    """
    now = at or clock.now()
    row, _ = located(session, person, contribution_id, Permission.ERASE, now)
    asked = _pending(session, contribution_id)
    if asked.asked_by == person.participant_id:
        raise RefusedError(
            "deux-personnes",
            say("Vous avez demandé cet effacement. Une autre personne doit le confirmer."),
            say(
                "La direction ou sa suppléance confirment ce que demande la personne qui a écrit. "
                "Cette personne seule peut accepter ce que propose la direction."
            ),
        )
    if row.participant_id not in (asked.asked_by, person.participant_id):
        raise RefusedError(
            "auteur",
            say("Cet effacement attend l’accord de la personne qui a écrit ce texte."),
            say(
                "Elle seule peut l’accepter. En attendant, la modération peut masquer ces mots, avec une règle."
            ),
        )
    if asked.asked_by != row.participant_id:
        _require_no_appeal(session, row)
    own = person.participant_id == row.participant_id
    danger.told_first(session, row.id, DIRECTION_FIRST if own else danger.NOTE_FIRST)
    _done(session, row, asked, _function(person, row), now)
    return row


def erase_on_request(session: Session, contribution_id: str, *, at: datetime | None = None) -> Contribution:
    """Erase words whose author asked the operator in writing, and may have left the contract.

    For the operator alone: neither the direction nor anybody of the contract can do it. Errors:
    NotFoundError, StaleError when the words are erased already.
    """
    now = at or clock.now()
    row = by_id(session, contribution_id)
    if row is None:
        raise NotFoundError
    journal.hold(session, row.contract_id)
    known = erasure(session, contribution_id)
    if row.erased:
        raise StaleError(say("Ce texte est déjà effacé."), seen=None, current=known)
    if known is not None:
        session.delete(known)
        session.flush()
    asked = Erasure(contribution_id=row.id, contract_id=row.contract_id, asked_function=AUTHOR, asked_at=now)
    session.add(asked)
    _done(session, row, asked, OPERATOR, now)
    return row


def _done(session: Session, row: Contribution, asked: Erasure, function: str, now: datetime) -> None:
    _erase(session, row, now)
    asked.asked_by, asked.done_function, asked.done_at = None, function, now
    session.flush()
    # Neither group nor person: who confirms is told by function, on the page.
    fact = Fact(
        FactKind.CONTRIBUTION_ERASED,
        row.contract_id,
        row.id,
        space_id=row.space_id,
        author_id=row.participant_id,
    )
    journal.append(session, fact)


def has_left(session: Session, row: Contribution) -> bool:
    """Whether who wrote these words is no longer a member of the contract, and can accept nothing."""
    return actor_of(session, row.participant_id) is None


def _require_may_answer(session: Session, row: Contribution, known: Erasure | None) -> None:
    if known is not None and known.refused_at is not None:
        raise RefusedError(
            "refus",
            say(
                "La personne qui a écrit ce texte a refusé son effacement. Elle seule peut encore le demander."
            ),
            say("La modération peut masquer ces mots, avec une règle et une phrase."),
        )
    if has_left(session, row):
        raise RefusedError(
            "partie",
            say(
                "La personne qui a écrit ce texte n’est plus membre du contrat. Elle ne peut plus répondre ici."
            ),
            say(
                "Si elle a demandé l’effacement par écrit, l’exploitation du portail peut le faire. "
                "La modération peut masquer ces mots."
            ),
        )


def _pending(session: Session, contribution_id: str) -> Erasure:
    asked = erasure(session, contribution_id)
    if asked is None or asked.done_at is not None or asked.refused_at is not None:
        raise StaleError(
            say("Aucun effacement de ce texte n’attend une confirmation. Voici où il en est."),
            seen=None,
            current=asked,
        )
    return asked


def _function(person: Actor, row: Contribution) -> str:
    return AUTHOR if person.participant_id == row.participant_id else function_of(person)


def waiting_appeal(session: Session, contribution_id: str) -> Appeal | None:
    """The second look at these words that is not decided yet."""
    query = select(Appeal).where(Appeal.contribution_id == contribution_id, Appeal.state == AppealState.ASKED)
    return session.scalars(query.limit(1)).first()


def _require_no_appeal(session: Session, row: Contribution) -> None:
    if waiting_appeal(session, row.id) is not None:
        raise RefusedError(
            "recours",
            say("Un second regard est demandé sur ces mots. Ils sont gardés jusqu’à sa décision."),
            say("La personne qui a écrit peut demander elle-même l’effacement : le recours prend alors fin."),
        )


def _erase(session: Session, row: Contribution, now: datetime) -> None:
    """Empty every place that holds the words, or could confirm them."""
    session.execute(
        update(ContributionVersion)
        .where(ContributionVersion.contribution_id == row.id)
        .values(source="", html="", reason_source="", reason_html="")
    )
    # A moderator may have written them again, to say which words were meant.
    session.execute(
        update(ModerationDecision)
        .where(ModerationDecision.contribution_id == row.id)
        .values(sentence="", passages="")
    )
    waiting = waiting_appeal(session, row.id)
    if waiting is not None:
        waiting.state, waiting.decided_at = AppealState.ENDED, now
    session.execute(update(Appeal).where(Appeal.contribution_id == row.id).values(words="", reason=""))
    appeals = select(Appeal.id).where(Appeal.contribution_id == row.id)
    session.execute(update(AppealAside).where(AppealAside.appeal_id.in_(appeals)).values(reason=""))
    session.execute(update(Report).where(Report.contribution_id == row.id).values(words=""))
    session.execute(
        update(SynthesisCitation).where(SynthesisCitation.contribution_id == row.id).values(quote="")
    )
    sealed = select(JournalLine.seq).where(
        JournalLine.contract_id == row.contract_id,
        JournalLine.object == row.id,
        JournalLine.kind.not_in(KEPT_SALTS),
    )
    session.execute(
        delete(JournalSalt).where(JournalSalt.contract_id == row.contract_id, JournalSalt.seq.in_(sealed))
    )
    session.execute(delete(Operation).where(Operation.outcome.contains(f"/contributions/{row.id}")))
    session.execute(delete(Operation).where(Operation.outcome.contains(f"{row.space_id}/synthese")))
    row.erased, row.pending = True, False
    row.display, row.shown_name = Display.GROUP, None
    if row.status in (ContributionStatus.PENDING, ContributionStatus.PUBLISHED):
        row.status = ContributionStatus.WITHDRAWN


def uncleaned(session: Session) -> list[str]:
    """The erased words of which the files of the database may still hold something."""
    query = select(Erasure.contribution_id).where(Erasure.done_at.is_not(None), Erasure.cleaned_at.is_(None))
    return list(session.scalars(query))


def cleaned(session: Session, contribution_ids: list[str], at: datetime) -> None:
    """Note that nothing is left of them in the files."""
    session.execute(
        update(Erasure).where(Erasure.contribution_id.in_(contribution_ids)).values(cleaned_at=at)
    )
