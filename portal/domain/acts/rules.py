"""What each kind of formal act may say, who records it, what the law says of it. Pure.

Read in the Code de l'action sociale et des familles (CASF) and the Code du travail. No general duty to
consult the CVS on a CPOM is written: it gives its opinion on any question of how the house works. None of these acts is replaced by a level of involvement, and none replaces one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.acts.models import ActOutcome
from portal.kernel.speech import Sentence, say
from portal.policy.permissions import Permission
from portal.vocabulary import ActKind, AuthorityKind, Stage

EARLIEST = date(2000, 1, 1)

_O = ActOutcome
OUTCOMES: Mapping[ActKind, tuple[ActOutcome, ...]] = {
    ActKind.CVS: (_O.FAVOURABLE, _O.RESERVED, _O.UNFAVOURABLE, _O.NO_OPINION),
    # Without an opinion in the delay, the CSE is held to have been consulted (Code du travail, R2312-6).
    ActKind.CSE: (_O.FAVOURABLE, _O.RESERVED, _O.UNFAVOURABLE, _O.DEEMED, _O.NO_OPINION),
    ActKind.BOARD: (_O.ADOPTED, _O.REJECTED),
    ActKind.DEPARTMENT: (_O.ADOPTED, _O.REJECTED),
    ActKind.COMMITTEE: (_O.MET,),
    ActKind.OTHER: tuple(one for one in ActOutcome if one is not _O.MET),
}
# Of these, the words are the act.
IN_WORDS = frozenset({ActKind.COMMITTEE})
MAY_RECORD: Mapping[ActKind, Permission] = {
    ActKind.CVS: Permission.ACT_RECORD_CVS,
    ActKind.DEPARTMENT: Permission.ACT_RECORD_VOTE,
    ActKind.CSE: Permission.ACT_RECORD_EVERY,
    ActKind.BOARD: Permission.ACT_RECORD_EVERY,
    ActKind.COMMITTEE: Permission.ACT_RECORD_EVERY,
    ActKind.OTHER: Permission.ACT_RECORD_EVERY,
}


@dataclass(frozen=True, slots=True)
class Law:
    """What the law says of a kind of act: a plain sentence, and where it is written."""

    kind: ActKind
    sentence: Sentence
    articles: Sentence


LAWS = (
    Law(
        ActKind.CVS,
        say(
            "Le conseil de la vie sociale donne son avis sur toute question qui touche au fonctionnement de "
            "l’établissement. La loi ne dit pas qu’il doit être consulté sur le contrat lui-même. Il doit savoir "
            "ce que ses avis sont devenus."
        ),
        say("Code de l’action sociale et des familles, articles L311-6, D311-3, D311-15 et D311-29"),
    ),
    Law(
        ActKind.CSE,
        say(
            "Le comité social et économique est informé et consulté sur les questions qui touchent à "
            "l’organisation, à la gestion et à la marche générale. S’il ne dit rien dans le délai, "
            "il est réputé avoir été consulté, et avoir donné un avis négatif."
        ),
        say("Code du travail, articles L2312-8 et R2312-6"),
    ),
    Law(
        ActKind.BOARD,
        say(
            "Dans un établissement public, le conseil d’administration délibère sur le contrat. "
            "Dans une association, ses statuts disent qui décide."
        ),
        say("Code de l’action sociale et des familles, article L315-12"),
    ),
    Law(
        ActKind.DEPARTMENT,
        say(
            "Quand le conseil départemental signe le contrat, son assemblée vote, ou sa commission permanente "
            "si elle en a reçu le pouvoir."
        ),
        say("Code de l’action sociale et des familles, article L313-11"),
    ),
)


def kinds_for(can: Collection[Permission]) -> tuple[ActKind, ...]:
    """The kinds of act that these rights let somebody record."""
    return tuple(kind for kind in ActKind if MAY_RECORD[kind] in can)


def expected(authorities: Iterable[AuthorityKind | None]) -> tuple[Law, ...]:
    """What the law says for a contract: of the vote of the département only where it is a party."""
    department = AuthorityKind.DEPARTMENT in set(authorities)
    return tuple(one for one in LAWS if one.kind is not ActKind.DEPARTMENT or department)


def missing(laws: Iterable[Law], recorded: Collection[ActKind]) -> tuple[ActKind, ...]:
    """The kinds that the law speaks of and that nobody recorded yet."""
    return tuple(one.kind for one in laws if one.kind not in recorded)


def day_problem(day: date | None, today: date) -> Sentence | None:
    """What is wrong with the day of an act; None when nothing is."""
    if day is None:
        return say("Écrivez la date de l’acte, par exemple 31/12/2026.")
    if day > today:
        return say("Un acte officiel a déjà eu lieu : sa date ne peut pas être après aujourd’hui.")
    if day < EARLIEST:
        return say("Cette date est trop ancienne.")
    return None


def rank(stage: Stage) -> int:
    """Where a stage stands in the life of a contract."""
    return list(Stage).index(stage)
