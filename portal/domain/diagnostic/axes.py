"""Verbs of the axes: those that are proposed, one's own, their words, their order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Axis, Contract, Item
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_line
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_NAME, MAX_QUESTION, MOST = 160, 300, 30

MOVED_ON = say("Quelqu’un vient de changer les axes. Voici ce qui est enregistré.")

# The ten axes of a diagnostic that everybody may begin with, each with its question in plain words.
PROPOSED: tuple[tuple[Sentence, Sentence], ...] = (
    (
        say("Besoins du territoire et offre"),
        say("Trouve-t-on près de chez soi la place ou l’aide dont on a besoin\u00a0?"),
    ),
    (
        say("Profil et droits des personnes accompagnées"),
        say("Qui sont les personnes accompagnées, et leurs choix sont-ils respectés\u00a0?"),
    ),
    (
        say("Prestations de soins et d’accompagnement"),
        say("Les soins et l’aide de chaque jour vous conviennent-ils\u00a0?"),
    ),
    (
        say("Ressources humaines et qualité de vie au travail"),
        say("Les équipes sont-elles assez nombreuses et stables pour vous\u00a0?"),
    ),
    (say("Finances et budget"), say("L’argent suffit-il, et à quoi sert-il\u00a0?")),
    (
        say("Immobilier, sécurité, accessibilité, transition écologique"),
        say("Les lieux sont-ils sûrs, confortables et faciles à vivre pour tous\u00a0?"),
    ),
    (
        say("Système d’information et numérique"),
        say("Les outils numériques aident-ils vraiment, et vos données sont-elles protégées\u00a0?"),
    ),
    (
        say("Coopérations, partenariats, ouverture sur le territoire"),
        say("Avec qui travaillons-nous autour de nous, et êtes-vous en lien avec le quartier\u00a0?"),
    ),
    (
        say("Démarche qualité, gestion des risques, évaluation HAS"),
        say("Quand quelque chose ne va pas, le voit-on, le dit-on et l’améliore-t-on\u00a0?"),
    ),
    (
        say("Gouvernance, siège et stratégie du gestionnaire"),
        say("Qui décide, où va-t-on, et vous écoute-t-on\u00a0?"),
    ),
)


def begin(session: Session, person: Actor, contract_id: str) -> list[str]:
    """Add the proposed axes that the contract does not have yet, after its own; their ids.

    Errors: RefusedError, InvalidError (`name`) when none is missing.
    """
    _held(session, person, contract_id)
    names = session.scalars(select(Axis.name).where(Axis.contract_id == contract_id))
    known = {name.casefold() for name in names}
    missing = [one for one in PROPOSED if one[0].casefold() not in known]
    if not missing:
        raise InvalidError({"name": [say("Les dix axes proposés sont déjà là.")]})
    first = _last(session, contract_id) + 1
    rows = [
        Axis(contract_id=contract_id, number=number, name=name, question=question)
        for number, (name, question) in enumerate(missing, first)
    ]
    session.add_all(rows)
    _moved(session, person, contract_id, contract_id, " · ".join(row.name for row in rows))
    return [row.id for row in rows]


def add(session: Session, person: Actor, contract_id: str, name: str, question: str) -> str:
    """Add an axis of one's own, the last; its id. Errors: RefusedError, InvalidError (`name`, `question`)."""
    _held(session, person, contract_id)
    words, asked = _checked(session, contract_id, name, question)
    number = _last(session, contract_id) + 1
    if number > MOST:
        raise InvalidError({"name": [say("Un diagnostic a trente axes au plus.")]})
    row = Axis(contract_id=contract_id, number=number, name=words, question=asked)
    session.add(row)
    session.flush()
    _moved(session, person, contract_id, row.id, words)
    return row.id


def change(
    session: Session, person: Actor, contract_id: str, axis_id: str, name: str, question: str, seen: int
) -> None:
    """Write an axis anew. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`name`, `question`)."""
    row = _axis(session, person, contract_id, axis_id, seen)
    words, asked = _checked(session, contract_id, name, question, but=axis_id)
    if (words, asked) == (row.name, row.question):
        raise InvalidError({"name": [say("Vous n’avez rien changé.")]})
    row.name, row.question, row.version = words, asked, row.version + 1
    _moved(session, person, contract_id, axis_id, words)


def move(session: Session, person: Actor, contract_id: str, axis_id: str, up: bool, seen: int) -> None:  # noqa: FBT001 — one way or the other
    """Change the place of an axis with the one before it (`up`) or after it; at the end nothing changes.

    Errors: RefusedError, NotFoundError, StaleError.
    """
    row = _axis(session, person, contract_id, axis_id, seen)
    beside = select(Axis).where(Axis.contract_id == contract_id)
    if up:
        beside = beside.where(Axis.number < row.number).order_by(Axis.number.desc())
    else:
        beside = beside.where(Axis.number > row.number).order_by(Axis.number)
    other = session.scalar(beside.limit(1))
    if other is None:
        return
    row.number, other.number = other.number, row.number
    row.version, other.version = row.version + 1, other.version + 1
    _moved(session, person, contract_id, axis_id, row.name)


def remove(session: Session, person: Actor, contract_id: str, axis_id: str, seen: int) -> None:
    """Take away an axis on which nothing is. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`name`)."""
    row = _axis(session, person, contract_id, axis_id, seen)
    if session.scalar(select(Item.id).where(Item.axis_id == axis_id).limit(1)) is not None:
        told = say("Des constats sont sur cet axe, peut-être retirés. Changez-les d’axe d’abord.")
        raise InvalidError({"name": [told]})
    session.delete(row)
    session.flush()
    left = session.scalars(select(Axis).where(Axis.contract_id == contract_id).order_by(Axis.number))
    for number, one in enumerate(left, 1):
        one.number = number
    _moved(session, person, contract_id, contract_id, row.name)


def _held(session: Session, person: Actor, contract_id: str) -> None:
    permits.require(person, Permission.DIAGNOSTIC_WRITE, ContractTarget(contract_id))
    session.get_one(Contract, contract_id)


def _axis(session: Session, person: Actor, contract_id: str, axis_id: str, seen: int) -> Axis:
    _held(session, person, contract_id)
    row = session.get(Axis, axis_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row


def _last(session: Session, contract_id: str) -> int:
    return session.scalar(select(func.max(Axis.number)).where(Axis.contract_id == contract_id)) or 0


def _checked(
    session: Session, contract_id: str, name: str, question: str, but: str | None = None
) -> tuple[str, str]:
    errors: dict[str, list[str]] = {}
    words = asked = ""
    try:
        words = check_line(name, "name", MAX_NAME)
    except InvalidError as error:
        errors |= error.errors
    try:
        asked = check_line(question, "question", MAX_QUESTION)
    except InvalidError as error:
        errors |= error.errors
    same = select(Axis.id, Axis.name).where(Axis.contract_id == contract_id)
    if words and any(
        one.casefold() == words.casefold() and known != but for known, one in session.execute(same)
    ):
        errors["name"] = [say("Un autre axe a déjà ce nom.")]
    if errors:
        raise InvalidError(errors)
    return words, asked


def _moved(session: Session, person: Actor, contract_id: str, object_id: str, content: str) -> None:
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.AXES_CHANGED,
            contract_id,
            object_id,
            group=person.group,
            participant_id=person.participant_id,
            content=content,
        ),
    )
