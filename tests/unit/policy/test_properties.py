"""What stays true of the table of rights, whatever is written in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.policy import permits
from portal.policy import predicates as p
from portal.policy.actor import Actor
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission as Can
from portal.policy.targets import ContractTarget, ContributionTarget, SpaceTarget, Target
from portal.vocabulary import ContributionKind, ContributionStatus, Group, Level, Phase, Role

from .personas import AGES, HERE

ACTORS = st.builds(
    Actor,
    st.sampled_from(["one", "two"]),
    st.sampled_from([HERE, "elsewhere"]),
    st.sampled_from(Group),
    st.none(),
    st.frozensets(st.sampled_from(Role)),
)
SPACES = st.builds(
    SpaceTarget,
    st.just(HERE),
    st.just("space"),
    st.sampled_from(Phase),
    st.dictionaries(st.sampled_from(Group), st.sampled_from(Level)),
)
WORDS = st.builds(
    ContributionTarget,
    SPACES,
    st.just("word"),
    st.sampled_from(["one", "two"]),
    st.sampled_from(ContributionKind),
    st.sampled_from(ContributionStatus),
    st.booleans(),
    st.sampled_from(list(AGES.values())),
)
TARGETS = st.one_of(st.just(ContractTarget(HERE)), SPACES, WORDS)


def with_levels(target: Target, levels: dict[Group, Level]) -> Target:
    if isinstance(target, ContributionTarget):
        return replace(target, space=replace(target.space, levels=levels))
    return replace(target, levels=levels) if isinstance(target, SpaceTarget) else target


@settings(deadline=None, max_examples=300)
@given(ACTORS, TARGETS, st.sampled_from(Group), st.sampled_from(Level))
def test_raising_a_level_never_removes_a_right(
    actor: Actor, target: Target, group: Group, level: Level
) -> None:
    space = p.space_of(target)
    levels = dict(space.levels) if space else {}
    levels[group] = max(level, levels.get(group, level))
    assert permits.what_can(actor, target) <= permits.what_can(actor, with_levels(target, levels))


# Whoever asks for more time does not grant it in the name of a group.
NOT_WHEN_DIRECTING = frozenset({Can.EXTENSION_DECIDE})


@settings(deadline=None, max_examples=300)
@given(ACTORS, TARGETS, st.sampled_from(Role))
def test_receiving_a_role_never_removes_a_right(actor: Actor, target: Target, role: Role) -> None:
    more = replace(actor, roles=actor.roles | {role})
    lost = permits.what_can(actor, target) - permits.what_can(more, target)
    assert lost <= (NOT_WHEN_DIRECTING if role in (Role.DIRECTOR, Role.DEPUTY) else frozenset())


@settings(deadline=None, max_examples=300)
@given(ACTORS, TARGETS, st.sampled_from(Group), st.sampled_from(Level))
def test_the_level_of_another_group_changes_nothing(
    actor: Actor, target: Target, group: Group, level: Level
) -> None:
    space = p.space_of(target)
    levels = dict(space.levels) if space else {}
    if group is not actor.group:
        levels[group] = level
    assert permits.what_can(actor, target) == permits.what_can(actor, with_levels(target, levels))


@settings(deadline=None, max_examples=300)
@given(ACTORS, TARGETS)
def test_a_foreign_actor_has_no_right(actor: Actor, target: Target) -> None:
    foreign = replace(actor, contract_id="elsewhere")
    assert permits.what_can(foreign, target) == frozenset()


@settings(deadline=None, max_examples=300)
@given(ACTORS, WORDS)
def test_who_acts_on_a_word_may_see_it_and_its_space(actor: Actor, word: ContributionTarget) -> None:
    if permits.what_can(actor, word):
        assert permits.allows(actor, Can.CONTRIBUTION_READ, word)
    if permits.what_can(actor, word.space):
        assert permits.allows(actor, Can.SPACE_READ, word.space)


def test_every_permission_has_clauses_and_none_is_empty() -> None:
    assert set(MATRIX) == set(Can)
    assert all(clauses and all(clauses) for clauses in MATRIX.values())


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_a_permission_never_leans_on_itself(permission: Can) -> None:
    def leaning(asked: Can, path: tuple[Can, ...]) -> None:
        assert asked not in path, path
        for clause in MATRIX[asked]:
            for part in clause:
                if isinstance(part, Can):
                    leaning(part, (*path, asked))

    leaning(permission, ())


def test_every_permission_has_one_sentence_of_its_own() -> None:
    sentences = [permission.sentence for permission in Can]
    assert all(sentence and sentence[0].isupper() and sentence[-1] != "." for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_every_predicate_has_a_name_of_its_own() -> None:
    named = {value.name: key for key, value in vars(p).items() if isinstance(value, p.Predicate)}
    assert all(name == key for name, key in named.items())
    used = {part for clauses in MATRIX.values() for clause in clauses for part in clause}
    assert {part.name for part in used if isinstance(part, p.Predicate)} == set(named)
