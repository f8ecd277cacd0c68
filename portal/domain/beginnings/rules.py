"""What a contract needs before people can speak about it, in order, and where it stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, say
from portal.vocabulary import Labelled, Phase

SPOKEN = frozenset({Phase.ANNOUNCED, Phase.OPEN, Phase.PAUSED, Phase.ANSWERING, Phase.CLOSED})


class StepState(Labelled):
    """How far a step is."""

    DONE = "fait", say("fait")
    TO_DO = "a-faire", say("à faire")
    NOT_NEEDED = "inutile", say("pas nécessaire")


class Step(Labelled):
    """A first step, in the order in which they help one another."""

    PERIMETER = "perimetre", say("Dire le périmètre")
    TRAME = "trame", say("Choisir la trame")
    FILES = "fichiers", say("Partir de vos fichiers")
    DIAGNOSTIC = "diagnostic", say("Écrire le diagnostic")
    INDICATORS = "indicateurs", say("Choisir les indicateurs")
    OBJECTIVES = "objectifs", say("Écrire les objectifs")
    LEVELS = "niveaux", say("Dire jusqu’où chaque groupe participe")
    SPACE = "espace", say("Ouvrir un espace d’échange")


WHY = {
    Step.PERIMETER: say(
        "Écrivez jusqu’où va le contrat, ce qu’est chaque établissement, et de quoi répond chaque autorité."
    ),
    Step.TRAME: say(
        "La trame donne l’ordre des articles et des annexes. Choisissez celle de vos autorités, ou un modèle."
    ),
    Step.FILES: say(
        "Votre diagnostic et votre plan d’actions existent déjà ? Donnez le fichier Word ou Excel : vous relisez avant d’écrire."
    ),
    Step.DIAGNOSTIC: say(
        "Le diagnostic dit ce qui va bien et ce qui est à améliorer. Un premier constat suffit pour commencer."
    ),
    Step.INDICATORS: say(
        "Huit indicateurs sont proposés. Gardez ceux qui disent quelque chose de la vie des personnes."
    ),
    Step.OBJECTIVES: say(
        "Un objectif dit ce qui va changer. Un premier suffit pour en parler avec les autres."
    ),
    Step.LEVELS: say(
        "Trois modèles sont prêts. Le choix se fait en préparant l’espace d’échange, à la troisième étape."
    ),
    Step.SPACE: say(
        "Un espace d’échange est le lieu où les personnes lisent, écrivent et reçoivent vos réponses."
    ),
}


NEEDLESS = {
    Step.TRAME: say("Le contrat est déjà signé."),
    Step.FILES: say("Le diagnostic et les objectifs sont déjà écrits. Un fichier peut encore les compléter."),
    Step.INDICATORS: say("Les objectifs ont déjà leurs propres indicateurs."),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is written in a contract, as far as its first steps go."""

    scope: bool
    sites: bool
    nameless_sites: bool
    authorities: bool
    idle_authorities: bool
    trame: bool
    taken_up: bool
    findings: bool
    objectives: bool
    indicators: bool
    measured: bool
    levels: bool
    signed_on: date | None
    ends_on: date


@dataclass(frozen=True, slots=True)
class Place:
    """A space of the contract, as far as its first steps go."""

    id: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Footing:
    """A step as it stands: what it brings, what of it is `missing`, and in which prepared space it goes on."""

    step: Step
    state: StepState
    why: Sentence | str
    missing: tuple[Sentence | str, ...] = ()
    space_id: str = ""


def steps(known: Known, spaces: Sequence[Place]) -> tuple[Footing, ...]:
    """The first steps in their order."""
    drafts = [one.id for one in spaces if one.phase is Phase.DRAFT]
    spoken = any(one.phase in SPOKEN for one in spaces)
    signed = known.signed_on is not None
    found = {
        Step.PERIMETER: _state(done=not missing(known)),
        Step.TRAME: _state(done=known.trame, needless=signed),
        Step.FILES: _state(done=known.taken_up, needless=known.findings and known.objectives),
        Step.DIAGNOSTIC: _state(done=known.findings),
        Step.INDICATORS: _state(done=known.indicators, needless=known.measured),
        Step.OBJECTIVES: _state(done=known.objectives),
        Step.LEVELS: _state(done=known.levels),
        Step.SPACE: _state(done=spoken),
    }
    draft = drafts[0] if drafts and not spoken else ""
    return tuple(_footing(step, state, known, draft) for step, state in found.items())


def missing(known: Known) -> tuple[Sentence | str, ...]:
    """What the perimeter does not say yet."""
    told = (
        (known.scope, say("jusqu’où va le contrat")),
        (known.sites, say("ses établissements")),
        (not known.nameless_sites, say("la catégorie d’un établissement")),
        (known.authorities, say("ses autorités")),
        (not known.idle_authorities, say("de quoi répond une autorité")),
    )
    return tuple(words for there, words in told if not there)


def standing(known: Known, spaces: Sequence[Place]) -> tuple[Sentence | str, ...]:
    """Where the contract stands, in plain sentences, for who does not direct it."""
    return _written(known), _heard(spaces)


def _written(known: Known) -> Sentence | str:
    if known.signed_on is not None:
        return Sentence(
            say("Le contrat est signé depuis le %(day)s. Il dure jusqu’au %(end)s."),
            {"day": day_label(known.signed_on), "end": day_label(known.ends_on)},
        )
    if known.findings and known.objectives:
        return say("Le diagnostic et les premiers objectifs sont écrits. Ils peuvent encore changer.")
    if known.findings:
        return say("Le diagnostic est commencé. Les objectifs viendront ensuite.")
    if known.objectives:
        return say("Les premiers objectifs sont écrits. Le diagnostic n’est pas encore commencé.")
    return say("Ce contrat commence. La direction prépare le diagnostic et les objectifs.")


def _heard(spaces: Sequence[Place]) -> Sentence | str:
    phases = {one.phase for one in spaces}
    if sum(one.phase is Phase.OPEN for one in spaces) > 1:
        return say("Des espaces d’échange sont ouverts : vous les trouvez sur cette page.")
    if Phase.OPEN in phases:
        return say("Un espace d’échange est ouvert : vous le trouvez sur cette page.")
    if Phase.ANNOUNCED in phases:
        return say("Un espace d’échange va ouvrir : sa date est sur cette page.")
    if phases & SPOKEN:
        return say(
            "Aucun espace d’échange n’est ouvert en ce moment. Ce qui a été dit se lit sur cette page."
        )
    return say("Quand un espace d’échange ouvrira, vous le trouverez sur cette page.")


def _state(*, done: bool, needless: bool = False) -> StepState:
    if done:
        return StepState.DONE
    return StepState.NOT_NEEDED if needless else StepState.TO_DO


def _footing(step: Step, state: StepState, known: Known, draft: str) -> Footing:
    if state is StepState.NOT_NEEDED:
        return Footing(step, state, NEEDLESS[step])
    if step is Step.SPACE and draft:
        return Footing(step, state, say("Un espace est préparé. Relisez-le, puis ouvrez-le."), (), draft)
    return Footing(step, state, WHY[step], missing(known) if step is Step.PERIMETER else ())
