"""Prints the table of rights as the page that residents and authorities read.

`python -m portal.policy.document` writes the page to the standard output.
"""

from __future__ import annotations

import sys
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from portal.policy import predicates as p
from portal.policy.actor import Actor
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission as Can
from portal.policy.permissions import Subject
from portal.policy.permits import allows
from portal.policy.refusals import PHASES, ROLES, act, joined
from portal.policy.targets import SpaceTarget
from portal.vocabulary import ContributionStatus, Group, Level, Phase, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.policy.predicates import Predicate

Part = p.Predicate | Can
Kind = TypeVar("Kind", bound=p.Predicate)

SECTIONS: dict[str, tuple[Can, ...]] = {
    "Lire": (
        Can.CONTRACT_READ,
        Can.INVOLVEMENT_READ,
        Can.REGISTER_READ,
        Can.ACTS_READ,
        Can.BALANCE_READ,
        Can.CONSTRUCTION_READ,
        Can.SYNTHESES_READ,
        Can.SPACE_READ,
        Can.CONTRIBUTION_READ,
        Can.CONTRIBUTION_READ_SEALED,
    ),
    "Prendre la parole": (
        Can.ASK,
        Can.COMMENT,
        Can.REACT_IN,
        Can.REACT,
        Can.SURVEY_ANSWER,
        Can.REPLY_IN,
        Can.REPLY,
        Can.PROPOSE,
        Can.DRAFT,
        Can.ACCORD,
    ),
    "Revenir sur sa contribution": (Can.CORRECT, Can.WITHDRAW, Can.ERASE),
    "Relire et répondre": (
        Can.QUEUE_READ,
        Can.MODERATE,
        Can.MODERATE_ONE,
        Can.ANSWER_IN,
        Can.ANSWER,
    ),
    "Demander un second regard, signaler, alerter": (
        Can.APPEAL,
        Can.APPEAL_READERS_NAME,
        Can.APPEALS_READ,
        Can.APPEAL_READ,
        Can.APPEAL_DECIDE,
        Can.REPORT,
        Can.DANGER_RAISE,
    ),
    "Conduire l’espace d’échange": (
        Can.SPACE_CREATE,
        Can.SPACE_CONFIGURE,
        Can.SPACE_OPEN,
        Can.SPACE_PAUSE,
        Can.SPACE_RESUME,
        Can.SPACE_END,
        Can.SPACE_CLOSE,
    ),
    "Poser un questionnaire court": (
        Can.GROUP_INVITE,
        Can.SURVEY_PREPARE,
        Can.SURVEY_OPEN,
        Can.SURVEY_CLOSE,
        Can.SURVEY_PUBLISH,
    ),
    "Écrire la synthèse": (Can.SYNTHESIS_WRITE, Can.SYNTHESIS_PUBLISH),
    "Tenir les engagements": (
        Can.DUTIES_READ,
        Can.DUTY_DELEGATE,
        Can.EXTENSION_DECIDE,
        Can.LEVEL_PROPOSE,
        Can.REFERENT_WRITE,
    ),
    "Enregistrer les actes officiels": (
        Can.ACT_RECORD,
        Can.ACT_RECORD_CVS,
        Can.ACT_RECORD_VOTE,
        Can.ACT_RECORD_EVERY,
    ),
    "Négocier entre signataires": (
        Can.NEGOTIATION_OPEN,
        Can.NEGOTIATION_READ,
        Can.NEGOTIATION_WRITE,
        Can.NEGOTIATION_APPLY,
    ),
    "Faire le diagnostic ensemble": (
        Can.DIAGNOSTIC_WRITE,
        Can.FINDING_WRITE,
        Can.FINDING_ADD_AUTHORITY,
        Can.FINDING_VALIDATE,
    ),
    "Écrire le contrat d’après une trame": (
        Can.TRAME_CHOOSE,
        Can.TRAME_WRITE,
        Can.TRAME_COPY,
        Can.TRAME_ADAPT,
        Can.TRAME_DISCUSS,
    ),
    "Écrire deux textes": (Can.PLAIN_REVIEW, Can.FALC_RECORD),
    "Joindre des documents": (Can.DOCUMENT_READ, Can.DOCUMENT_ATTACH, Can.DOCUMENT_REMOVE),
    "Conduire le contrat": (
        Can.LEVEL_RECORD,
        Can.TEXT_EDIT,
        Can.PERIMETER_WRITE,
        Can.LIFE_WRITE,
        Can.DISAGREEMENT_POSITION,
        Can.DIRECTORY_LOAD,
        Can.OBJECTIVE_WRITE,
        Can.MEANS_WRITE,
        Can.MEANS_AUTHORITY,
        Can.MEANS_PART,
        Can.IMPORT_WRITE,
        Can.INDICATOR_WRITE,
        Can.INDICATOR_REFERENCE,
        Can.INDICATOR_READ_SMALL,
        Can.VERSION_RESTORE,
        Can.REGISTER_SEND,
        Can.MODERATION_SETTLE,
    ),
}

INTRODUCTION = """\
# Qui peut faire quoi

Cette page est écrite par le portail lui-même, à partir de la table qui décide de chaque droit.
Elle ne peut donc pas dire autre chose que ce que le portail fait.

## Comment la lire

- Tout ce qui n’est pas écrit ici est refusé.
- Hors du contrat, rien ne se voit : une page que vous ne pouvez pas connaître répond comme une page qui n’existe pas.
- Dans le contrat, un refus dit toujours pourquoi, et qui peut changer la réponse.
- Prendre la parole dépend du niveau d’implication de votre groupe. Aucun rôle ne donne ce droit :
  la direction du contrat parle, elle aussi, selon le niveau de son propre groupe.
- Conduire, relire et répondre dépendent d’un rôle, confié à une personne.
- Un groupe sans niveau enregistré n’a pas accès à l’espace d’échange.
- Quand un acte a plusieurs lignes, il suffit que l’une d’elles soit remplie.
"""

HEADER = """\
| Acte | Qui | Niveau du groupe | Phase de l’espace | Autres conditions |
| --- | --- | --- | --- | --- |
"""

_VOICES = {
    Group.STAFF_REPS: "les représentants du personnel",
    Group.BOARD: "le conseil d’administration",
}
STATUSES = {
    ContributionStatus.PENDING: "en attente de relecture",
    ContributionStatus.PUBLISHED: "publiée",
    ContributionStatus.REFUSED: "refusée",
    ContributionStatus.HIDDEN: "masquée",
    ContributionStatus.WITHDRAWN: "retirée",
}


ON_APPEAL = {
    p.named.name: "Être nommé pour les recours de cet espace",
    p.not_author.name: "Ne pas avoir écrit ces mots",
    p.not_decider.name: "Ne pas avoir pris la décision",
    p.other_college.name: "Être d’un autre collège que la décision",
    p.undecided.name: "Recours pas encore décidé",
}


def page() -> str:
    """Write the whole page, in Markdown."""
    sections = [_section(title, permissions) for title, permissions in SECTIONS.items()]
    return "\n".join([INTRODUCTION, _ladder(), *sections, _roles()])


def _section(title: str, permissions: tuple[Can, ...]) -> str:
    rows = [_row(permission, clause) for permission in permissions for clause in _clauses(permission)]
    return f"## {title}\n\n{HEADER}{''.join(rows)}"


def _clauses(permission: Can) -> list[tuple[Part, ...]]:
    """Give the clauses, with what another permission asks in place of its name when it is one line."""
    return [
        tuple(part for parts in choice for part in parts)
        for clause in MATRIX[permission]
        for choice in product(*(_unfolded(part) for part in clause))
    ]


def _unfolded(part: Part) -> list[tuple[Part, ...]]:
    if isinstance(part, Can) and len(MATRIX[part]) == 1:
        return _clauses(part)
    return [(part,)]


def _row(permission: Can, clause: tuple[Part, ...]) -> str:
    cells = (permission.sentence, _who(clause), _level(clause), _phases(permission, clause), _others(clause))
    return f"| {' | '.join(cells)} |\n"


def _of(kind: type[Kind], clause: Iterable[Part]) -> list[Kind]:
    return [part for part in clause if isinstance(part, kind)]


def _who(clause: tuple[Part, ...]) -> str:
    words: list[str] = [
        joined([ROLES[role] for role in Role if role in part.roles]) for part in _of(p.HasRole, clause)
    ]
    words += [_voices(part) for part in _of(p.Represents, clause)]
    words += [_author(part) for part in _of(p.ByAuthor, clause)]
    members = "les membres des groupes concernés" if _of(p.HasLevel, clause) else "les membres du contrat"
    return _capital(", ".join(words or [members]))


def _voices(part: p.Represents) -> str:
    roles = [ROLES[role] for role in Role if role in part.roles]
    return joined([*roles, *(_VOICES[group] for group in Group if group in part.groups)])


def _author(part: p.ByAuthor) -> str:
    return "la personne qui l’a écrite" if part.own else "toute autre personne que celle qui l’a écrite"


def _level(clause: tuple[Part, ...]) -> str:
    levels = [part.level for part in _of(p.HasLevel, clause)]
    if not levels:
        return "Sans condition de niveau"
    level = max(levels)
    return _capital(level.label) + ("" if level is max(Level) else " ou plus")


def _phases(permission: Can, clause: tuple[Part, ...]) -> str:
    if permission.about <= {Subject.CONTRACT, Subject.APPEAL} or p.whole_contract in clause:
        return "Sans objet"
    asked = [part.phases for part in _of(p.InPhase, clause)]
    allowed = reduce(frozenset.intersection, asked, frozenset(Phase))
    if len(allowed) == len(Phase):
        return "Toutes"
    if len(allowed) == len(Phase) - 1:
        (missing,) = set(Phase) - allowed
        return f"Toutes, sauf {PHASES[missing]}"
    return _capital(joined([PHASES[phase] for phase in Phase if phase in allowed]))


def _others(clause: tuple[Part, ...]) -> str:
    words = [f"Pouvoir {act(part)}" for part in _of_permissions(clause)]
    words += [_condition(part) for part in _of(p.Predicate, clause)]
    return ". ".join(word for word in words if word) or "Aucune"


def _of_permissions(clause: tuple[Part, ...]) -> list[Can]:
    return [part for part in clause if isinstance(part, Can)]


# Conditions that one sentence says, whatever they are asked about.
PLAIN: dict[type[Predicate], str] = {
    p.WordsTold: "Les autorités seulement là où l’espace a dit qu’elles lisent les mots",
    p.WholeContract: "Pour tout le contrat, pas pour un seul espace d’échange",
}


def _condition(part: Predicate) -> str:
    if isinstance(part, p.HasStatus):
        statuses = [STATUSES[status] for status in ContributionStatus if status in part.statuses]
        return f"Contribution {joined(statuses)}"
    if isinstance(part, p.OnAppeal):
        return ON_APPEAL[part.name]
    if isinstance(part, p.HasNoRole):
        return f"Ne tenir ni {joined([ROLES[role] for role in Role if role in part.roles], 'ni')}"
    if isinstance(part, p.NotAnswered):
        return "Pas encore de réponse"
    if isinstance(part, p.YoungerThan):
        return f"Envoyée depuis moins de {part.limit.seconds // 60} minutes"
    return PLAIN.get(type(part), "")


def _ladder() -> str:
    """What each level adds in an open space, asked of the rights themselves."""
    lines = [
        "## Ce que chaque niveau ouvre\n",
        "Dans un espace ouvert, chaque niveau garde les droits du précédent et en ajoute.\n",
    ]
    known: set[Can] = set()
    for level in Level:
        can = _spoken(level)
        added = " ; ".join(act(permission) for permission in Can if permission in can - known)
        lines.append(f"- **{_capital(level.label)}** ({level.plain}) : {added}.")
        known |= can
    return "\n".join(lines) + "\n"


def _spoken(level: Level) -> set[Can]:
    actor = Actor("", "", Group.RESIDENTS, None, frozenset())
    space = SpaceTarget("", "", Phase.OPEN, {Group.RESIDENTS: level})
    return {permission for permission in Can if allows(actor, permission, space)}


def _roles() -> str:
    """Say which roles give a right today, and which give none."""
    used = {
        role
        for clauses in MATRIX.values()
        for clause in clauses
        for part in clause
        if isinstance(part, p.HasRole | p.Represents)
        for role in part.roles
    }
    idle = joined([role.label for role in Role if role not in used], "et")
    return (
        "## Les rôles\n\n"
        f"Ces rôles donnent un droit : {joined([ROLES[role] for role in Role if role in used], 'et')}.\n\n"
        f"Ces rôles n’ouvrent aujourd’hui aucun droit de plus que ceux de tout membre : {idle}.\n"
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


if __name__ == "__main__":
    sys.stdout.write(page())
