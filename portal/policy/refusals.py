"""Why not, in words: one refusal for each kind of condition that fails.

Sentences are for people: plain, without blame, and they say who can change the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.kernel.errors import RefusedError
from portal.policy import predicates as p
from portal.policy.permissions import Permission
from portal.policy.targets import ContributionTarget
from portal.vocabulary import ContributionStatus, Phase, Role

if TYPE_CHECKING:
    from portal.policy.actor import Actor
    from portal.policy.targets import Target

ROLES = {
    Role.DIRECTOR: "la direction du contrat",
    Role.DEPUTY: "la suppléance de la direction",
    Role.MODERATOR: "la modération",
}

PHASES = {
    Phase.DRAFT: "en préparation",
    Phase.ANNOUNCED: "annoncé",
    Phase.OPEN: "ouvert",
    Phase.PAUSED: "en pause",
    Phase.ANSWERING: "en réponse",
    Phase.CLOSED: "clos",
}

_NOW = {
    Phase.DRAFT: "Cet espace est en préparation.",
    Phase.ANNOUNCED: "Cet espace n’est pas encore ouvert.",
    Phase.OPEN: "Cet espace est ouvert.",
    Phase.PAUSED: "Cet espace est en pause.",
    Phase.ANSWERING: "Les contributions sont terminées sur cet espace.",
    Phase.CLOSED: "Cet espace est clos. Il reste lisible, et plus rien n’y change.",
}

_WHO_MOVES = {
    Phase.DRAFT: "La direction du contrat peut annoncer ou ouvrir cet espace.",
    Phase.ANNOUNCED: "La direction du contrat peut ouvrir cet espace.",
    Phase.OPEN: "La direction du contrat fait avancer cet espace.",
    Phase.PAUSED: "La direction du contrat peut mettre fin à la pause.",
    Phase.ANSWERING: "La direction du contrat donne maintenant les réponses. Elle peut créer un autre espace.",
    Phase.CLOSED: "La direction du contrat peut créer un autre espace.",
}

_STATUSES = {
    ContributionStatus.PENDING: (
        "Cette contribution attend sa relecture.",
        "La modération peut la publier.",
    ),
    ContributionStatus.PUBLISHED: (
        "Cette contribution est déjà publiée.",
        "La modération peut la masquer.",
    ),
    ContributionStatus.REFUSED: (
        "Cette contribution a été refusée.",
        "La direction du contrat répond de cette décision.",
    ),
    ContributionStatus.HIDDEN: (
        "Cette contribution a été masquée.",
        "La direction du contrat répond de cette décision.",
    ),
    ContributionStatus.WITHDRAWN: (
        "Cette contribution a été retirée par la personne qui l’a écrite.",
        "Cette personne seule peut en écrire une autre.",
    ),
}

_AUTHOR_ONLY = {
    Permission.CORRECT: "Seule la personne qui a écrit cette contribution peut la corriger.",
    Permission.WITHDRAW: "Seule la personne qui a écrit cette contribution peut la retirer.",
    Permission.CONTRIBUTION_READ_SEALED: (
        "Ces mots ne sont pas publiés. Seules la personne qui les a écrits et la modération peuvent les lire."
    ),
}


def explain(
    failing: p.Predicate | None, actor: Actor, permission: Permission, target: Target
) -> RefusedError:
    """Turn the condition that fails into a code, a sentence and who can change it."""
    match failing:
        case p.HasLevel():
            refusal = _level(failing, actor, permission, target)
        case p.InPhase():
            refusal = _phase(failing, permission, target)
        case p.HasRole():
            refusal = _role(failing, permission)
        case p.ByAuthor():
            refusal = _author(failing, permission)
        case p.HasStatus() if isinstance(target, ContributionTarget):
            refusal = RefusedError("etat", *_STATUSES[target.status])
        case p.NotAnswered() | p.YoungerThan():
            refusal = _answered(permission)
        case _:
            refusal = unknown()
    return refusal


def unknown() -> RefusedError:
    """What the table does not know is refused too."""
    return RefusedError(
        "inconnu",
        "Cette demande n’est pas prévue ici.",
        "La direction du contrat peut vous aider.",
    )


def joined(words: list[str], last: str = "ou") -> str:
    """Write a list as one reads it: « a, b ou c »."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def act(permission: Permission) -> str:
    """Give the sentence of a permission for the middle of another one."""
    return permission.sentence[0].lower() + permission.sentence[1:]


def _level(failing: p.HasLevel, actor: Actor, permission: Permission, target: Target) -> RefusedError:
    group = f"Votre groupe ({actor.group.label})"
    own = p.level_of(actor, target)
    if own is None and not p.organising(actor, target):
        return RefusedError(
            "pas-acces",
            f"{group} n’a pas accès à cet espace : aucun niveau d’implication n’est enregistré pour lui.",
            "La direction du contrat peut lui donner un niveau.",
        )
    now = f"est {own.state}" if own else "n’a pas de niveau d’implication"
    return RefusedError(
        "niveau",
        f"{group} {now} sur cet espace. "
        f"Pour {act(permission)}, il faudrait qu’il soit {failing.level.state}.",
        "La direction du contrat peut changer ce niveau.",
    )


def _phase(failing: p.InPhase, permission: Permission, target: Target) -> RefusedError:
    space = p.space_of(target)
    if space is None:
        return unknown()
    sentence = _NOW[space.phase]
    if failing == p.announced:
        sentence += " Vous pourrez le lire quand il sera annoncé."
    elif space.phase is not Phase.CLOSED:
        wanted = joined([PHASES[phase] for phase in Phase if phase in failing.phases])
        sentence += f" Pour {act(permission)}, il faudrait que l’espace soit {wanted}."
    return RefusedError("phase", sentence, _WHO_MOVES[space.phase])


def _role(failing: p.HasRole, permission: Permission) -> RefusedError:
    holders = joined([f"à {ROLES[role]}" for role in Role if role in failing.roles])
    giver = "L’organisme gestionnaire" if failing == p.director else "La direction du contrat"
    return RefusedError("role", f"{permission.sentence} revient {holders}.", f"{giver} confie ce rôle.")


def _author(failing: p.ByAuthor, permission: Permission) -> RefusedError:
    if failing.own:
        return RefusedError(
            "auteur",
            _AUTHOR_ONLY.get(permission, "Seule la personne qui a écrit cette contribution le peut."),
            "La personne qui a écrit ces mots décide.",
        )
    return RefusedError(
        "auteur",
        "Vous avez écrit cette contribution. Ce sont les autres qui y réagissent.",
        "Les autres membres de l’espace peuvent y réagir.",
    )


def _answered(permission: Permission) -> RefusedError:
    sentence = "Cette contribution a déjà reçu une réponse."
    if permission is Permission.ANSWER:
        return RefusedError("deja-repondu", sentence, "La direction du contrat suit les réponses données.")
    return RefusedError(
        "deja-repondu",
        sentence + " Elle garde les mots auxquels on a répondu.",
        "Vous pouvez écrire une nouvelle contribution tant que l’espace est ouvert.",
    )
