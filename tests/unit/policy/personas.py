"""Who asks in the policy tests, and about what: every combination, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from portal.policy.actor import Actor
from portal.policy.targets import AppealTarget, ContractTarget, ContributionTarget, SpaceTarget
from portal.vocabulary import College, ContributionKind, ContributionStatus, Group, Level, Phase, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "CONTRACT-HERE"
ELSEWHERE = "CONTRACT-ELSEWHERE"
ANONYMOUS = "anonyme"
FOREIGN = "directeur-ailleurs"


def _actor(group: Group, *roles: Role, contract_id: str = HERE) -> Actor:
    return Actor("participant-self", contract_id, group, "site", frozenset(roles))


PERSONAS: dict[str, Actor | None] = {
    ANONYMOUS: None,
    "résident": _actor(Group.RESIDENTS),
    "famille": _actor(Group.FAMILIES),
    "professionnel": _actor(Group.PROFESSIONALS),
    "personnel": _actor(Group.STAFF_REPS),
    "conseil": _actor(Group.BOARD),
    "direction-sans-rôle": _actor(Group.MANAGEMENT),
    "autorité": _actor(Group.AUTHORITIES, Role.AUTHORITY_AGENT),
    "directeur": _actor(Group.MANAGEMENT, Role.DIRECTOR),
    "résident-directeur": _actor(Group.RESIDENTS, Role.DIRECTOR, Role.CVS_MEMBER),
    "suppléant": _actor(Group.BOARD, Role.DEPUTY),
    "modérateur": _actor(Group.PROFESSIONALS, Role.MODERATOR),
    "famille-modératrice": _actor(Group.FAMILIES, Role.MODERATOR),
    "recours": _actor(Group.BOARD, Role.APPEAL_READER),
    "animation": _actor(Group.PROFESSIONALS, Role.FACILITATOR),
    "cvs": _actor(Group.FAMILIES, Role.CVS_MEMBER),
    "exploitation": _actor(Group.MANAGEMENT, Role.OPERATOR),
    FOREIGN: _actor(Group.MANAGEMENT, Role.DIRECTOR, contract_id=ELSEWHERE),
    "autorité-sans-mots": _actor(Group.AUTHORITIES, Role.AUTHORITY_AGENT),
    "autorité-modératrice-sans-mots": _actor(Group.AUTHORITIES, Role.MODERATOR),
}
# The same people, in spaces where authorities read the synthesis and not the words.
WITHOUT_WORDS = frozenset({"autorité-sans-mots", "autorité-modératrice-sans-mots"})

LEVELS: tuple[Level | None, ...] = (None, *Level)
AGES = {
    "0min": timedelta(),
    "9min59": timedelta(minutes=9, seconds=59),
    "10min": timedelta(minutes=10),
    "30jours": timedelta(days=30),
}
STATES = {
    "en-attente": ContributionStatus.PENDING,
    "publiée": ContributionStatus.PUBLISHED,
    "refusée": ContributionStatus.REFUSED,
    "masquée": ContributionStatus.HIDDEN,
    "retirée": ContributionStatus.WITHDRAWN,
}
OWN = {"soi": True, "autre": False}
YES = {"oui": True, "non": False}
COLLEGES = {"autre": True, "même": False}
APPEALS = {"demandé": False, "décidé": True}
ANSWERED = {"sans": False, "avec": True}


@dataclass(frozen=True, slots=True)
class ContractCase:
    """One person before a contract."""

    persona: str
    target: ContractTarget


@dataclass(frozen=True, slots=True)
class SpaceCase:
    """One person before a space: the level is the one of the person's own group."""

    persona: str
    level: int
    phase: Phase
    target: SpaceTarget


@dataclass(frozen=True, slots=True)
class ContributionCase:
    """One person before a contribution."""

    persona: str
    level: int
    phase: Phase
    state: ContributionStatus
    own: bool
    answered: bool
    age: timedelta
    target: ContributionTarget


@dataclass(frozen=True, slots=True)
class AppealCase:
    """One person before an appeal: named for it or not, and what that person has to do with it."""

    persona: str
    named: bool
    own: bool
    decider: bool
    other_college: bool
    decided: bool
    target: AppealTarget


Case = ContractCase | SpaceCase | ContributionCase | AppealCase


def levels_for(group: Group, level: Level | None) -> dict[Group, Level]:
    """Give `level` to `group` and a contrasting one to all the others.

    So a rule that reads another group's level, the highest or the lowest is seen.
    """
    low = level is None or level <= Level.CONSULTATION
    levels = dict.fromkeys(Group, Level.COCONSTRUCTION if low else Level.INFORMATION)
    del levels[group]
    if level is not None:
        levels[group] = level
    return levels


def contract_cases() -> Iterator[ContractCase]:
    """Every persona."""
    for persona in PERSONAS.keys() - WITHOUT_WORDS:
        yield ContractCase(persona, ContractTarget(HERE))


def space_cases() -> Iterator[SpaceCase]:
    """Every persona × level × phase."""
    for number, (persona, actor) in enumerate(PERSONAS.items()):
        group = actor.group if actor else Group.RESIDENTS
        for level in LEVELS:
            levels = levels_for(group, level)
            for phase in Phase:
                target = SpaceTarget(HERE, "space", phase, levels, _words_told(persona, group, number))
                yield SpaceCase(persona, level or 0, phase, target)


def _words_told(persona: str, group: Group, number: int) -> bool:
    """Whether authorities read the words there; for others it takes turns: nothing of theirs depends on it."""
    return number % 2 == 0 if group is not Group.AUTHORITIES else persona not in WITHOUT_WORDS


def contribution_cases() -> Iterator[ContributionCase]:
    """Every persona × level × phase × status × author × answered × age; kinds take turns."""
    kinds = tuple(ContributionKind)
    states = [
        (state, own, answered, age)
        for state in STATES.values()
        for own in OWN.values()
        for answered in ANSWERED.values()
        for age in AGES.values()
    ]
    for number, case in enumerate(space_cases()):
        for turn, (state, own, answered, age) in enumerate(states):
            author = "participant-self" if own else "participant-other"
            kind = kinds[(number + turn) % len(kinds)]
            target = ContributionTarget(case.target, "word", author, kind, state, answered, age)
            yield ContributionCase(case.persona, case.level, case.phase, state, own, answered, age, target)


def appeal_cases() -> Iterator[AppealCase]:
    """Every persona × named × author × decider × college × state."""
    yes = (True, False)
    for persona, actor in PERSONAS.items():
        if persona in WITHOUT_WORDS:
            continue
        college = actor.group.college if actor else College.PERSONS
        other = next(one for one in College if one is not college)
        for named, own, decider, apart, decided in product(yes, yes, yes, yes, yes):
            target = AppealTarget(
                contract_id=HERE,
                appeal_id="appeal",
                author_id="participant-self" if own else "participant-other",
                decider_id="participant-self" if decider else "participant-third",
                college=other if apart else college,
                readers=frozenset({"participant-self"} if named else {"participant-fourth"}),
                decided=decided,
            )
            yield AppealCase(persona, named, own, decider, apart, decided, target)


def _mixed(cases: Iterator[Case]) -> tuple[Case, ...]:
    """Put the cases in a fixed order without neighbours alike: a difference is met early."""
    mixed = list(cases)
    Random(1).shuffle(mixed)
    return tuple(mixed)


ALL_CASES: dict[str, tuple[Case, ...]] = {
    "contrat": _mixed(contract_cases()),
    "espace": _mixed(space_cases()),
    "contribution": _mixed(contribution_cases()),
    "recours": _mixed(appeal_cases()),
}
