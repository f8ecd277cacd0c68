"""The hard words of the field, in plain sentences."""

from __future__ import annotations

from portal.domain.means import glossary
from portal.kernel.speech import say

OF_THE_REGISTER: tuple[tuple[str, str], ...] = (
    (
        say("Empreinte"),
        say(
            "Une suite de chiffres et de lettres que l’on calcule d’un texte. Si un seul signe du texte change, "
            "l’empreinte change."
        ),
    ),
    (
        say("Reçu"),
        say(
            "Le code court que vous recevez pour une contribution. Il prouve qu’elle est dans le registre, sans "
            "dire qui l’a écrite."
        ),
    ),
    (
        say("Registre"),
        say(
            "Le cahier du contrat : une ligne pour chaque chose qui a lieu, dans l’ordre. Personne ne peut changer "
            "une ligne sans que cela se voie."
        ),
    ),
    (
        say("Tête du registre"),
        say(
            "Le numéro et l’empreinte de la dernière ligne. Qui la garde peut voir, plus tard, si le registre a "
            "été réécrit."
        ),
    ),
)
_OF_THE_FIELD: tuple[tuple[str, str], ...] = (
    ("ARS", say("Agence régionale de santé. Elle organise et paie une partie des soins dans la région.")),
    (
        say("Avenant"),
        say("Un texte qui change le contrat après sa signature. Toutes les parties le signent."),
    ),
    (
        say("Comité de suivi"),
        say("Les personnes qui veillent à ce que le contrat soit bien appliqué. Il se réunit deux fois."),
    ),
    (
        say("Conseil départemental"),
        say(
            "L’assemblée du département. Elle finance une partie de l’aide aux personnes âgées ou handicapées."
        ),
    ),
    (
        say("Constat"),
        say(
            "Ce que l’on observe aujourd’hui : un point fort, un point à améliorer, une opportunité ou un point de vigilance."
        ),
    ),
    (
        "CPOM",
        say(
            "Contrat pluriannuel d’objectifs et de moyens. Il dit, pour cinq ans, ce qui va changer dans la maison et avec quel argent."
        ),
    ),
    (
        "CSE",
        say(
            "Comité social et économique. Il représente le personnel. Il a ses propres consultations, prévues par la loi."
        ),
    ),
    (
        "CVS",
        say(
            "Conseil de la vie sociale. Il représente les personnes accompagnées et leurs proches. Il donne ses propres avis, à part de ce portail."
        ),
    ),
    (
        say("Diagnostic partagé"),
        say("La photo de la situation aujourd’hui, faite ensemble, avant de choisir les objectifs."),
    ),
    (
        "EHPAD",
        say(
            "Maison où vivent des personnes âgées qui ont besoin d’aide chaque jour. Des soignants y travaillent."
        ),
    ),
    (
        say("Engagements de participation"),
        say("La page qui dit, pour chaque groupe, jusqu’où il participe, depuis quand, et qui l’a décidé."),
    ),
    (say("Espace d’échange"), say("La page où les groupes parlent d’un sujet du contrat, entre deux dates.")),
    (say("Indicateur"), say("Un chiffre qui aide à voir si l’objectif avance.")),
    (
        say("Marge de manœuvre"),
        say("Ce qui est déjà décidé, ce qui est ouvert à vos idées, et ce qui est hors de portée."),
    ),
    (
        say("Niveau d’implication"),
        say(
            "Jusqu’où votre groupe participe : s’informer, donner son avis, discuter et proposer, écrire ensemble."
        ),
    ),
    (say("Objectif"), say("Ce que l’on veut avoir amélioré à la fin du contrat.")),
    (
        say("Organisme gestionnaire"),
        say("L’association ou l’établissement public qui dirige les maisons et les services."),
    ),
    (
        say("Projet d’établissement"),
        say("Le document qui dit comment une maison veut accompagner les personnes."),
    ),
    (
        say("Prorogation"),
        say("Plus de temps donné au contrat. Elle se demande au moins six mois avant la fin."),
    ),
    (
        say("Suite donnée"),
        say(
            "Ce que la direction a fait de votre contribution : retenue, retenue en partie, non retenue, hors du contrat, ou transmise."
        ),
    ),
)
_OF_BUDGETS = tuple((one.word, one.plain) for one in glossary.by_code().values())
WORDS = tuple(sorted((*_OF_THE_FIELD, *OF_THE_REGISTER, *_OF_BUDGETS), key=lambda one: one[0].casefold()))
