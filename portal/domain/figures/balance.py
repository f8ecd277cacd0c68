"""Whose voices, and whose words changed the text: each group beside its size, of a contract or of a space.

Every number is folded where it is made, as in `participation`: by the persons behind it, with complementary
suppression, by steps of five; institutional groups exact. How many contributions are published and answered is
exact as a whole: acts, not persons. How many changed a text is not, so that a group is seen even when it is the
only one: an exact whole beside it would say that the others are nought.

Silence. That a group of five members or more did not speak of an item would be a statistic about fewer than
five persons (nought is one of them). So nobody is ever told « aucune »: a group is named as soon as fewer than
five of its members spoke, and nought reads as four does (« peu ou pas d'avis »). Nothing is told of a group of
fewer than five members. What is told says no more than the folded cell of that group and item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import column, exists, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures import participation
from portal.domain.figures.fold import SMALL, fold, stepped
from portal.domain.figures.participation import (
    INSTITUTIONAL,
    PROTECTED,
    SAID,
    Cell,
    Scope,
    Told,
    by_group,
    within,
)
from portal.vocabulary import ContributionStatus, Fate, Group, Level

_ANSWER = table("answer", column("id"), column("contribution_id"), column("fate"))
_CHANGE = table("answer_change", column("answer_id"), column("item_id"))
_PEOPLE = table("participant", column("contract_id"), column("group_"), column("left_at"))
KEPT = (Fate.KEPT.value, Fate.PARTLY.value)


@dataclass(frozen=True, slots=True)
class Voice:
    """One group: its members that day, who spoke, what they said, what was answered, what changed a text."""

    group: Group
    members: int | None
    spoke: int | None
    said: int | None
    answered: int | None
    changed: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The voices of every group; `said` and `answered` are exact, `changed` goes by steps, None under five."""

    voices: tuple[Voice, ...]
    said: int
    answered: int
    changed: int | None


@dataclass(frozen=True, slots=True)
class Invited:
    """A space with its items, in order, and the level of each group that is invited there."""

    contract_id: str
    item_ids: tuple[str, ...]
    levels: Mapping[Group, Level]


@dataclass(frozen=True, slots=True)
class Silence:
    """Items of which few or none of a group spoke; the items in the order they were given in.

    `members` is at least how many the group has, by steps.
    """

    group: Group
    item_ids: tuple[str, ...]
    members: int = field(default=0, compare=False)


def balance(session: Session, scope: Scope) -> Balance:
    """The balance of a contract, or of one of its spaces; three queries."""
    return of_told(session, scope, participation.told(session, scope))


def of_told(session: Session, scope: Scope, told: Told) -> Balance:
    """The same, where what is told of this scope is known already; two queries."""
    changed = _changed(session, scope)
    return assembled(
        members=by_group(members(session, [scope.contract_id]).get(scope.contract_id, {})),
        spoke=told.contributors.by_group,
        said=told.contributions.by_group,
        answered=told.answers.by_group,
        changed=alone(changed),
        totals=(told.contributions.total or 0, told.answers.given or 0, as_a_whole(changed)),
    )


def assembled(
    *,
    members: Mapping[Group, int | None],
    spoke: Mapping[Group, int | None],
    said: Mapping[Group, int | None],
    answered: Mapping[Group, int | None],
    changed: Mapping[Group, int | None],
    totals: tuple[int, int, int | None],
) -> Balance:
    """Folded splits put side by side: whatever hides who spoke hides what they said, and what came of it."""
    voices = []
    for group in Group:
        shown = members.get(group) is not None and spoke.get(group) is not None
        voices.append(
            Voice(
                group,
                members.get(group),
                spoke.get(group) if shown else None,
                said.get(group) if shown else None,
                answered.get(group) if shown else None,
                changed.get(group) if shown else None,
            )
        )
    return Balance(tuple(voices), *totals)


def alone(cells: Mapping[Group, Cell]) -> dict[Group, int | None]:
    """A split by group whose whole is told nowhere exactly: each group folds by itself."""
    persons = {group: cells.get(group, Cell()).persons for group in PROTECTED}
    shown = {
        group: None if number is None else stepped(cells[group].number)
        for group, number in fold(persons).items()
    }
    return shown | {group: cells.get(group, Cell()).number for group in INSTITUTIONAL}


def as_a_whole(cells: Mapping[Group, Cell]) -> int | None:
    """The whole of such a split, by steps; None when fewer than five persons are behind it."""
    persons = sum(cells[group].persons for group in PROTECTED if group in cells)
    return stepped(sum(cell.number for cell in cells.values())) if persons >= SMALL else None


def members(session: Session, contract_ids: Iterable[str]) -> dict[str, dict[Group, Cell]]:
    """Active participants by contract and group, not folded: for the foldings of this package alone."""
    rows = session.execute(
        select(_PEOPLE.c.contract_id, _PEOPLE.c.group_, func.count())
        .where(_PEOPLE.c.contract_id.in_(list(contract_ids)), _PEOPLE.c.left_at.is_(None))
        .group_by(_PEOPLE.c.contract_id, _PEOPLE.c.group_)
    )
    found: dict[str, dict[Group, Cell]] = {}
    for contract_id, group, number in rows:
        found.setdefault(contract_id, {})[Group(group)] = Cell(number, number)
    return found


def silences(session: Session, spaces: Mapping[str, Invited]) -> dict[str, tuple[Silence, ...]]:
    """Of which items each group that is invited spoke little or not, by space; two queries for any number."""
    if not spaces:
        return {}
    sizes = members(session, {one.contract_id for one in spaces.values()})
    rows = session.execute(
        select(SAID.c.space_id, SAID.c.item_id, SAID.c.group_, func.count(SAID.c.participant_id.distinct()))
        .where(SAID.c.space_id.in_(list(spaces)), SAID.c.status == ContributionStatus.PUBLISHED.value)
        .group_by(SAID.c.space_id, SAID.c.item_id, SAID.c.group_)
    )
    spoke: dict[str, dict[tuple[str, Group], int]] = {}
    for space_id, item_id, group, number in rows:
        spoke.setdefault(space_id, {})[item_id, Group(group)] = number
    return {
        space_id: quiet(
            {group: cell.persons for group, cell in sizes.get(one.contract_id, {}).items()},
            one.levels,
            one.item_ids,
            spoke.get(space_id, {}),
        )
        for space_id, one in spaces.items()
    }


def quiet(
    sizes: Mapping[Group, int],
    levels: Mapping[Group, Level],
    items: Iterable[str],
    spoke: Mapping[tuple[str, Group], int],
) -> tuple[Silence, ...]:
    """THE rule of silence: invited, five members at least, fewer than five spoke; none and four are alike."""
    wanted = list(items)
    found = []
    for group in PROTECTED:
        if group not in levels or sizes.get(group, 0) < SMALL:
            continue
        few = tuple(item for item in wanted if spoke.get((item, group), 0) < SMALL)
        if few:
            found.append(Silence(group, few, stepped(sizes[group])))
    return tuple(found)


def _changed(session: Session, scope: Scope) -> dict[Group, Cell]:
    """Published contributions that were kept, whole or in part, and changed words of their own subject."""
    linked = exists().where(_CHANGE.c.answer_id == _ANSWER.c.id, _CHANGE.c.item_id == SAID.c.item_id)
    query = (
        select(SAID.c.group_, func.count(), func.count(SAID.c.participant_id.distinct()))
        .select_from(SAID.join(_ANSWER, _ANSWER.c.contribution_id == SAID.c.id))
        .where(*within(scope), _ANSWER.c.fate.in_(KEPT), linked)
        .group_by(SAID.c.group_)
    )
    return {Group(group): Cell(number, persons) for group, number, persons in session.execute(query)}
