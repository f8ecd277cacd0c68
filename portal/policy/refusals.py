"""Why not, in words: one refusal for each kind of condition that fails.

Sentences are for people: plain, without blame, and they say who can change the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.kernel.errors import RefusedError
from portal.kernel.speech import Sentence, inside, listed, say
from portal.kernel.speech import joined as sentences
from portal.policy import predicates as p
from portal.policy.permissions import Permission
from portal.policy.targets import ContributionTarget
from portal.vocabulary import ContributionStatus, Phase, Role

if TYPE_CHECKING:
    from portal.policy.actor import Actor
    from portal.policy.targets import Target

OR = say("ou")

ROLES = {
    Role.DIRECTOR: say("la direction du contrat"),
    Role.DEPUTY: say("la suppléance de la direction"),
    Role.MODERATOR: say("la modération"),
    Role.APPEAL_READER: say("les personnes qui lisent les recours"),
    Role.FACILITATOR: say("l’animation"),
    Role.CVS_MEMBER: say("les membres du CVS"),
    Role.AUTHORITY_AGENT: say("les agents des autorités"),
}

_TO_MANY = {
    Role.APPEAL_READER: say("aux personnes qui lisent les recours"),
    Role.CVS_MEMBER: say("aux membres du CVS"),
    Role.AUTHORITY_AGENT: say("aux agents des autorités"),
}

PHASES = {
    Phase.DRAFT: say("en préparation"),
    Phase.ANNOUNCED: say("annoncé"),
    Phase.OPEN: say("ouvert"),
    Phase.PAUSED: say("en pause"),
    Phase.ANSWERING: say("en réponse"),
    Phase.CLOSED: say("clos"),
}

_NOW = {
    Phase.DRAFT: say("Cet espace est en préparation."),
    Phase.ANNOUNCED: say("Cet espace n’est pas encore ouvert."),
    Phase.OPEN: say("Cet espace est ouvert."),
    Phase.PAUSED: say("Cet espace est en pause."),
    Phase.ANSWERING: say("Les contributions sont terminées sur cet espace."),
    Phase.CLOSED: say("Cet espace est clos. Il reste lisible, et plus rien n’y change."),
}

_WHO_MOVES = {
    Phase.DRAFT: say("La direction du contrat peut annoncer ou ouvrir cet espace."),
    Phase.ANNOUNCED: say("La direction du contrat peut ouvrir cet espace."),
    Phase.OPEN: say("La direction du contrat fait avancer cet espace."),
    Phase.PAUSED: say("La direction du contrat peut mettre fin à la pause."),
    Phase.ANSWERING: say(
        "La direction du contrat donne maintenant les réponses. Elle peut créer un autre espace."
    ),
    Phase.CLOSED: say("La direction du contrat peut créer un autre espace."),
}

_STATUSES = {
    ContributionStatus.PENDING: (
        say("Cette contribution attend sa relecture."),
        say("La modération peut la publier."),
    ),
    ContributionStatus.PUBLISHED: (
        say("Cette contribution est déjà publiée."),
        say("La modération peut la masquer."),
    ),
    ContributionStatus.REFUSED: (
        say("Cette contribution a été refusée."),
        say("La direction du contrat répond de cette décision."),
    ),
    ContributionStatus.HIDDEN: (
        say("Cette contribution a été masquée."),
        say("La direction du contrat répond de cette décision."),
    ),
    ContributionStatus.WITHDRAWN: (
        say("Cette contribution a été retirée par la personne qui l’a écrite."),
        say("Cette personne seule peut en écrire une autre."),
    ),
}

_AUTHOR_ONLY = {
    Permission.APPEAL: say(
        "Seule la personne qui a écrit cette contribution peut demander un second regard."
    ),
    Permission.CORRECT: say("Seule la personne qui a écrit cette contribution peut la corriger."),
    Permission.WITHDRAW: say("Seule la personne qui a écrit cette contribution peut la retirer."),
    Permission.CONTRIBUTION_READ_SEALED: (
        say(
            "Ces mots ne sont pas publiés. Seules la personne qui les a écrits et la modération peuvent les lire."
        )
    ),
}


def explain(
    failing: p.Predicate | None, actor: Actor, permission: Permission, target: Target
) -> RefusedError:
    """Turn the condition that fails into a code, a sentence and who can change it."""
    match failing:
        case p.HasLevel():
            refusal = _level(failing, actor, permission, target)
        case p.InPhase() | p.WordsTold():
            refusal = _in_space(failing, permission, target)
        case p.Represents():
            refusal = RefusedError(
                "role",
                say("Les personnes qui représentent un groupe décident d’un délai qui le concerne."),
                say("Les membres du CVS et les représentants du personnel peuvent répondre."),
            )
        case p.HasNoRole():
            refusal = RefusedError(
                "role",
                say(
                    "Vous demandez ce délai au nom de la direction : vous ne pouvez pas l’accepter vous-même."
                ),
                say("Les personnes qui représentent le groupe décident."),
            )
        case p.HasRole():
            refusal = _role(failing, permission)
        case p.OnAppeal():
            refusal = _on_appeal(failing)
        case p.ByAuthor():
            refusal = _author(failing, permission)
        case p.HasStatus() if isinstance(target, ContributionTarget):
            refusal = RefusedError("etat", *_STATUSES[target.status])
        case p.NotAnswered() | p.YoungerThan():
            refusal = _answered(permission)
        case _:
            refusal = unknown()
    return refusal


def _on_appeal(failing: p.OnAppeal) -> RefusedError:
    if failing == p.undecided:
        return RefusedError(
            "etat",
            say("Ce recours est déjà décidé."),
            say("La personne qui a écrit peut lire la décision."),
        )
    if failing == p.named:
        sentence = say("Ce recours ne vous est pas confié.")
    elif failing == p.not_author:
        sentence = say("Vous avez écrit ces mots : une autre personne décide de ce recours.")
    else:
        sentence = say(
            "La décision contestée vient de vous ou de votre collège : une personne d’un autre collège lit ce recours."
        )
    return RefusedError(
        "recours", sentence, say("La direction du contrat nomme les personnes qui lisent les recours.")
    )


def unknown() -> RefusedError:
    """What the table does not know is refused too."""
    return RefusedError(
        "inconnu",
        say("Cette demande n’est pas prévue ici."),
        say("La direction du contrat peut vous aider."),
    )


def joined(words: list[str], last: str = OR) -> Sentence:
    """Write a list as one reads it: « a, b ou c »."""
    return listed(words, last)


def act(permission: Permission) -> Sentence:
    """Give the sentence of a permission for the middle of another one."""
    return inside(permission.sentence)


def _level(failing: p.HasLevel, actor: Actor, permission: Permission, target: Target) -> RefusedError:
    own = p.level_of(actor, target)
    if own is None and not p.organising(actor, target):
        return RefusedError(
            "pas-acces",
            say(
                "Votre groupe (%(group)s) n’a pas accès à cet espace : aucun niveau d’implication n’est enregistré pour lui.",
                group=actor.group.label,
            ),
            say("La direction du contrat peut lui donner un niveau."),
        )
    now = (
        say(
            "Votre groupe (%(group)s) est %(state)s sur cet espace.", group=actor.group.label, state=own.state
        )
        if own
        else say(
            "Votre groupe (%(group)s) n’a pas de niveau d’implication sur cet espace.",
            group=actor.group.label,
        )
    )
    wanted = say(
        "Pour %(act)s, il faudrait qu’il soit %(state)s.", act=act(permission), state=failing.level.state
    )
    return RefusedError(
        "niveau",
        sentences([now, wanted]),
        say("La direction du contrat peut changer ce niveau."),
    )


def _in_space(failing: p.InPhase | p.WordsTold, permission: Permission, target: Target) -> RefusedError:
    if isinstance(failing, p.InPhase):
        return _phase(failing, permission, target)
    return RefusedError(
        "synthese",
        say(
            "Dans cet espace, les autorités lisent la synthèse, et pas les mots de chaque personne. "
            "C’est ce qui a été dit à tout le monde."
        ),
        say("Vous pouvez lire les synthèses du contrat, quand elles sont publiées."),
    )


def _phase(failing: p.InPhase, permission: Permission, target: Target) -> RefusedError:
    space = p.space_of(target)
    if space is None:
        return unknown()
    told: list[str] = [_NOW[space.phase]]
    if failing == p.announced:
        told.append(say("Vous pourrez le lire quand il sera annoncé."))
    elif space.phase is not Phase.CLOSED:
        wanted = joined([PHASES[phase] for phase in Phase if phase in failing.phases])
        told.append(
            say("Pour %(act)s, il faudrait que l’espace soit %(phase)s.", act=act(permission), phase=wanted)
        )
    return RefusedError("phase", sentences(told), _WHO_MOVES[space.phase])


def _role(failing: p.HasRole, permission: Permission) -> RefusedError:
    holders = joined([_to(role) for role in Role if role in failing.roles])
    giver = say("L’organisme gestionnaire") if failing == p.director else say("La direction du contrat")
    return RefusedError(
        "role",
        say("%(act)s revient %(who)s.", act=permission.sentence, who=holders),
        say("%(giver)s confie ce rôle.", giver=giver),
    )


def _to(role: Role) -> Sentence:
    return _TO_MANY.get(role) or say("à %(role)s", role=ROLES[role])


def _author(failing: p.ByAuthor, permission: Permission) -> RefusedError:
    if failing.own:
        return RefusedError(
            "auteur",
            _AUTHOR_ONLY.get(permission, say("Seule la personne qui a écrit cette contribution le peut.")),
            say("La personne qui a écrit ces mots décide."),
        )
    return RefusedError(
        "auteur",
        say("Vous avez écrit cette contribution. Ce sont les autres qui y réagissent."),
        say("Les autres membres de l’espace peuvent y réagir."),
    )


def _answered(permission: Permission) -> RefusedError:
    sentence = say("Cette contribution a déjà reçu une réponse.")
    if permission is Permission.ANSWER:
        return RefusedError(
            "deja-repondu", sentence, say("La direction du contrat suit les réponses données.")
        )
    return RefusedError(
        "deja-repondu",
        sentences([sentence, say("Elle garde les mots auxquels on a répondu.")]),
        say("Vous pouvez écrire une nouvelle contribution tant que l’espace est ouvert."),
    )
