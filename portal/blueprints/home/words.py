"""The hard words of the field, in plain sentences."""

from __future__ import annotations

from portal.domain.glossary import words
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
_OF_THE_FIELD = tuple((one.code, one.word, one.plain, one.source) for one in words.every())
WORDS = tuple(
    sorted(
        (*_OF_THE_FIELD, *((f"registre-{place}", *one, "") for place, one in enumerate(OF_THE_REGISTER, 1))),
        key=lambda one: one[1].casefold(),
    )
)
