"""A gentle look at a level: against the stage, what is open to change, and promises kept before.

It suggests in a sentence or two. It never decides, and whoever reads it may send it away.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel.speech import Sentence, plural, say
from portal.vocabulary import Level, Stage

# Before anything is written, much is open; once it is signed, little is.
EARLY = frozenset({Stage.PROGRAMMING, Stage.LAUNCH, Stage.DIAGNOSTIC, Stage.OBJECTIVES})
DECIDED = frozenset({Stage.OPINIONS, Stage.SIGNATURE})
MANY_OPEN = 3
AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What a level is looked at against.

    `open_items` counts the items whose leeway says that something is open; `late` the answers that this
    contract owes and that are late, `unkept` the engagements that were explained instead of kept; `before`
    is the level that the group has now.
    """

    level: Level | None
    stage: Stage
    open_items: int
    items: int
    late: int = 0
    unkept: int = 0
    before: Level | None = None

    @property
    def lowered(self) -> bool:
        """Whether the group would be able to do less than now."""
        return (self.before or 0) > (self.level or 0)


@dataclass(frozen=True, slots=True)
class Advice:
    """One suggestion; `code` names it, to send it away for good."""

    code: str
    sentence: Sentence


def advice(found: Situation) -> tuple[Advice, ...]:
    """What may be worth a thought before this level is saved; two suggestions at most, often none."""
    told = [one for one in (_promises(found), _stakes(found), _stage(found)) if one is not None]
    return tuple(told[:AT_MOST])


def _promises(found: Situation) -> Advice | None:
    if found.lowered:
        return _promises_left(found)
    if found.level is None or found.level < Level.CONSULTATION or not found.late + found.unkept:
        return None
    if found.late:
        return Advice(
            "retards",
            plural(
                "%(num)s réponse promise est en retard sur ce contrat. Ce niveau en promet d’autres : "
                "prévoyez le temps de répondre.",
                "%(num)s réponses promises sont en retard sur ce contrat. Ce niveau en promet d’autres : "
                "prévoyez le temps de répondre.",
                found.late,
            ),
        )
    return Advice(
        "non-tenus",
        say(
            "Des engagements de ce contrat n’ont pas été tenus, et vous avez dit pourquoi. "
            "Ce niveau en promet d’autres : un délai plus long peut aider à les tenir."
        ),
    )


def _promises_left(found: Situation) -> Advice | None:
    """Of promises made before, when a level goes down: it takes none of them away."""
    if found.late:
        return Advice(
            "baisse-retards",
            plural(
                "%(num)s réponse promise est en retard sur ce contrat. Baisser ce niveau ne la retire pas.",
                "%(num)s réponses promises sont en retard sur ce contrat. Baisser ce niveau ne les retire pas.",
                found.late,
            ),
        )
    if found.unkept:
        return Advice(
            "baisse-non-tenus",
            say(
                "Des engagements de ce contrat n’ont pas été tenus, et vous avez dit pourquoi. "
                "Un délai plus long peut aider à les tenir, sans baisser ce niveau."
            ),
        )
    return None


def _stakes(found: Situation) -> Advice | None:
    if found.level is not None and found.level >= Level.CONCERTATION and found.items and not found.open_items:
        return Advice(
            "rien-d-ouvert",
            say(
                "Ce niveau invite à proposer d’autres mots, mais aucun sujet ne dit ce qui est ouvert. "
                "Écrivez d’abord ce qui peut changer."
            ),
        )
    low = found.level in (None, Level.INFORMATION)
    if low and found.open_items >= MANY_OPEN:
        return Advice(
            "beaucoup-d-ouvert",
            plural(
                "%(num)s sujet est encore ouvert. À ce niveau, le groupe ne pourra pas donner son avis.",
                "%(num)s sujets sont encore ouverts. À ce niveau, le groupe ne pourra pas donner son avis.",
                found.open_items,
            ),
        )
    if found.lowered and found.open_items:
        return Advice(
            "baisse-ouvert",
            plural(
                "%(num)s sujet est encore ouvert, et le groupe pourra moins en dire. "
                "Vous pouvez attendre la fin de l’espace, ou lui dire ce qui a changé.",
                "%(num)s sujets sont encore ouverts, et le groupe pourra moins en dire. "
                "Vous pouvez attendre la fin de l’espace, ou lui dire ce qui a changé.",
                found.open_items,
            ),
        )
    return None


def _stage(found: Situation) -> Advice | None:
    if found.lowered and found.stage in EARLY:
        return Advice(
            "baisse-etape",
            say(
                "Le contrat en est à l’étape « %(stage)s » : c’est le moment où un avis compte le plus. "
                "Vous pouvez garder le niveau d’aujourd’hui.",
                stage=found.stage.label,
            ),
        )
    if found.level is not None and found.level >= Level.CONCERTATION and found.stage in DECIDED:
        return Advice(
            "etape-tardive",
            say(
                "Le contrat en est à l’étape « %(stage)s » : peu de mots peuvent encore changer. "
                "Dites-le au groupe, ou choisissez un niveau que l’on pourra tenir.",
                stage=found.stage.label,
            ),
        )
    if found.level is Level.INFORMATION and found.stage in EARLY:
        return Advice(
            "etape-precoce",
            say(
                "Le contrat en est à l’étape « %(stage)s » : c’est le moment où un avis compte le plus. "
                "Vous pouvez monter ce niveau.",
                stage=found.stage.label,
            ),
        )
    return None
