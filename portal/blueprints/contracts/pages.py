"""What the pages of contracts say, from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal import paths
from portal.domain.answers.rules import DUTIES, OWED, owed_of_synthesis
from portal.domain.contracts.queries import ContractView
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.standing import Standing
from portal.domain.figures.queries import Awaiting
from portal.domain.spaces.queries import SpaceView
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ORGANISER, Group, Level, Phase, Role


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """A space in a list, with what it means for my group."""

    id: str
    url: str
    question: str
    about: str
    phase: Phase
    dates: str
    level: Level | None
    sentence: str
    owed: str
    owed_lead: str
    readable: bool
    keeps: bool
    todo: str
    can_record: bool


@dataclass(frozen=True, slots=True)
class ContractCard:
    """A contract in « Mes contrats »."""

    contract: ContractView
    url: str
    group: Group
    spaces: tuple[SpaceLine, ...]
    state: str = ""


def contract_card(
    contract: ContractView,
    actor: Actor,
    spaces: Iterable[SpaceView],
    awaiting: Mapping[str, Awaiting],
    due: Clocks,
    stands: Standing | None = None,
) -> ContractCard:
    """One contract with the spaces this person may know of, and what awaits them there."""
    lines = tuple(
        space_line(space, actor, awaiting.get(space.id, Awaiting()), due)
        for space in spaces
        if space.phase is not Phase.DRAFT or permits.allows(actor, Permission.SPACE_READ, space.target)
    )
    return ContractCard(
        contract, paths.contract(contract.id), actor.group, lines, stands.sentence if stands else ""
    )


def space_line(space: SpaceView, actor: Actor, awaiting: Awaiting, due: Clocks) -> SpaceLine:
    """One space, in plain sentences."""
    level = space.target.levels.get(actor.group)
    return SpaceLine(
        id=space.id,
        url=paths.space(space.id),
        question=space.question,
        about=space.object.label,
        phase=space.phase,
        dates=dates(space),
        level=level,
        sentence=now_i_can(space, level, actor.group),
        owed=owed(space, actor, due),
        owed_lead=owed_lead(actor),
        readable=permits.allows(actor, Permission.SPACE_READ, space.target),
        keeps=keeps(space, actor),
        todo=todo(space, actor, awaiting) if keeps(space, actor) else "",
        can_record=permits.allows(actor, Permission.LEVEL_RECORD, space.target),
    )


def keeps(space: SpaceView, actor: Actor) -> bool:
    """Whether there may be something to review or to answer there for this person."""
    under_way = space.phase in (Phase.OPEN, Phase.PAUSED, Phase.ANSWERING)
    return under_way and permits.allows(actor, Permission.QUEUE_READ, space.target)


def todo(space: SpaceView, actor: Actor, awaiting: Awaiting) -> str:
    """« 4 à relire · 18 sans réponse », as far as this person may do it; empty when nothing awaits."""
    parts = (
        (Permission.MODERATE, awaiting.to_review, _("%(number)s à relire", number=awaiting.to_review)),
        (Permission.ANSWER_IN, awaiting.unanswered, _("%(number)s sans réponse", number=awaiting.unanswered)),
    )
    return " · ".join(
        words for act, count, words in parts if count and permits.allows(actor, act, space.target)
    )


def what_i_can(level: Level | None, group: Group) -> str:
    """« Vous pouvez… » in one plain sentence."""
    if level is None:
        return _("Votre groupe (%(group)s) ne participe pas à cet espace.", group=group.label)
    return {
        Level.INFORMATION: _("Vous pouvez lire et poser une question."),
        Level.CONSULTATION: _("Vous pouvez lire, poser une question, donner votre avis et réagir."),
        Level.CONCERTATION: _(
            "Vous pouvez donner votre avis, répondre aux autres et proposer d’autres mots."
        ),
        Level.COCONSTRUCTION: _("Vous pouvez écrire avec les autres et donner votre accord."),
    }[level]


def now_i_can(space: SpaceView, level: Level | None, group: Group) -> str:
    """The same, as the phase allows: nothing is said to be possible that is not."""
    if level is not None and group is Group.AUTHORITIES and not space.target.words_told:
        return _("Les autorités lisent la synthèse de cet espace, et pas les mots de chaque personne.")
    if level is None or space.phase in (Phase.OPEN, Phase.ANNOUNCED, Phase.DRAFT):
        return what_i_can(level, group)
    if space.phase is Phase.PAUSED:
        return _("Vous pouvez tout lire. Les contributions reprendront plus tard.")
    return _("Vous pouvez tout relire.")


def owes(actor: Actor) -> bool:
    """Whether this person is on the side that owes."""
    return actor.group is ORGANISER or not actor.roles.isdisjoint({Role.DIRECTOR, Role.DEPUTY})


def owed_lead(actor: Actor) -> str:
    """Who owes, seen from this person."""
    return _("Vous devez") if owes(actor) else _("On vous doit")


def owed(space: SpaceView, actor: Actor, due: Clocks) -> str:
    """« une réponse … avant le … »; empty when nothing is owed.

    Who owes reads what the most involved of the other groups is promised.
    """
    own, levels = owes(actor), space.target.levels
    others = [level for group, level in levels.items() if group is not ORGANISER]
    level = max(others, default=None) if own else levels.get(actor.group)
    if level is None or space.phase in (Phase.DRAFT, Phase.CLOSED):
        return ""
    day = due.due_on(space, None if own else actor.group)
    if not own and actor.group is Group.AUTHORITIES and not space.target.words_told:
        return "".join(
            _("%(what)s, avant le %(day)s.", what=what, day=day_label(day))
            for what in owed_of_synthesis(level)
        )
    return _("%(what)s, avant le %(day)s.", what=(DUTIES if own else OWED)[level], day=day_label(day))


def dates(space: SpaceView) -> str:
    """Until when, or since when."""
    if space.phase is Phase.ANNOUNCED:
        return _("Ouvre le %(day)s.", day=day_label(space.opens_at))
    if space.phase is Phase.DRAFT:
        return _("En préparation. Seule la direction le voit.")
    if space.phase is Phase.PAUSED:
        return _("En pause. Fin prévue le %(day)s.", day=day_label(space.ends_at))
    if space.phase is Phase.OPEN:
        return _("Ouvert jusqu’au %(day)s.", day=day_label(space.ends_at))
    if space.phase is Phase.ANSWERING:
        return _(
            "Les contributions sont terminées depuis le %(day)s. La direction répond.",
            day=day_label(space.ends_at),
        )
    return _("Clos.")
