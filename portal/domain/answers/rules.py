"""What the organiser owes, by level (design: rights given, duty taken)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.kernel import reasons, text
from portal.kernel.errors import InvalidError
from portal.kernel.names import ARTICLES
from portal.kernel.speech import Sentence, say
from portal.vocabulary import ContributionKind, Fate, Level

MAX_PASSED_TO = 120
WORD = re.compile(r"\w+")

OWED = {
    Level.INFORMATION: say("une réponse à chaque question"),
    Level.CONSULTATION: say("une réponse à chaque question, et la suite donnée à chaque avis"),
    Level.CONCERTATION: say("la suite donnée à chaque avis, et une réponse motivée à chaque proposition"),
    Level.COCONSTRUCTION: say("une rédaction commune, et aucun texte dit « convenu » sans votre accord"),
}

SYNTHESIS = say("une synthèse de ce qui a été dit")

# THE table of what each level adds: levels are cumulative (design: rights given, duty taken).
_ADDED = {
    Level.INFORMATION: (say("une réponse à chaque question"),),
    Level.CONSULTATION: (
        say("la suite donnée à chaque avis"),
        SYNTHESIS,
        say("les résultats de chaque questionnaire court"),
    ),
    Level.CONCERTATION: (say("une réponse motivée à chaque proposition"),),
    Level.COCONSTRUCTION: (
        say("une rédaction commune, dès le début"),
        say("aucun texte dit « convenu » sans l’accord du groupe"),
        say("le retour, avec leur raison, des mots changés en négociation"),
    ),
}


def owed_in_full(level: Level) -> tuple[Sentence, ...]:
    """All that is owed to a group at a level, what the lower levels promise first."""
    return tuple(told for one in Level if one <= level for told in _ADDED[one])


def owed_of_synthesis(level: Level | None) -> tuple[Sentence, ...]:
    """What is owed to authorities that read the synthesis of a space, and not its words."""
    return (SYNTHESIS,) if level is not None and level >= Level.CONSULTATION else ()


# The same duties, read by those who owe them.
DUTIES = OWED | {
    Level.COCONSTRUCTION: say(
        "une rédaction commune, et aucun texte dit « convenu » sans l’accord des groupes"
    )
}


def fate_needed(kind: ContributionKind) -> bool:
    """Whether the answer must say what became of the words; a question may do without."""
    return kind is not ContributionKind.QUESTION


def strictest(kinds: Sequence[ContributionKind]) -> ContributionKind:
    """Of what one answer serves, a kind that is owed the most: one that needs a fate, if there is one."""
    return next((kind for kind in kinds if fate_needed(kind)), kinds[0])


def check_answer(kind: ContributionKind, source: str, fate: Fate | None, passed_to: str) -> str:
    """The cleaned answer.

    Errors: InvalidError (`body`, `fate`, `passed_to`).
    """
    errors: dict[str, list[str]] = {}
    cleaned = ""
    try:
        cleaned = text.clean_source(source)
    except text.TextEmpty:
        errors["body"] = [say("Écrivez votre réponse. Dites la raison de votre choix.")]
    except text.TextTooLong:
        errors["body"] = [
            say(
                "Votre réponse est trop longue. Elle peut avoir %(limit)s signes au plus.",
                limit=text.number(text.MAX_CHARACTERS),
            )
        ]
    enough = reasons.tells if fate_needed(kind) else reasons.answers
    if cleaned and not enough(cleaned):
        errors["body"] = [reasons.TOO_SHORT]
    if fate is None and fate_needed(kind):
        errors["fate"] = [say("Choisissez la suite donnée à cette contribution.")]
    if fate is Fate.PASSED_ON and not names_somebody(passed_to):
        errors["passed_to"] = [say("Dites à qui vous transmettez cette contribution.")]
    if len(passed_to.strip()) > MAX_PASSED_TO:
        errors["passed_to"] = [
            say("Ce nom est trop long (%(limit)s signes au plus).", limit=text.number(MAX_PASSED_TO))
        ]
    if errors:
        raise InvalidError(errors)
    return cleaned


def names_somebody(typed: str) -> bool:
    """Whether words say to whom something is passed on: more than an article, or a sign."""
    words = [one for one in WORD.findall(typed.casefold()) if one not in ARTICLES]
    return bool(words)


def passed_to(fate: Fate | None, typed: str) -> str:
    """To whom words are passed on, well typed; nothing for any other fate."""
    return text.typography(" ".join(typed.split())) if fate is Fate.PASSED_ON else ""
