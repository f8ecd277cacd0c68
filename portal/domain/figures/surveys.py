"""The results of short surveys, folded; part of the only producer of counts.

Nothing is counted before the close: until then there is no number that one more answer could change,
and after it no sheet changes any more. How many people answered is never told, neither as a whole nor
for a question: a number of an option stands alone, so what others chose, or left, is no subtraction.
What is told of an option as a whole is told by group only where the rest of it stays about five
persons, in two groups at least, or where nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.fold import SMALL, fold, fold_mixed
from portal.vocabulary import Group, ModerationRule

_SHEET = table("survey_sheet", column("id"), column("survey_id"), column("group_"))
_MARK = table("survey_mark", column("sheet_id"), column("question_id"), column("value"))
_QUESTION = table("survey_question", column("id"), column("survey_id"))
_WORDS = table(
    "survey_words",
    column("question_id"),
    column("institutional"),
    column("state"),
    column("rule"),
)
_GROUP = table("survey_group", column("survey_id"), column("group_"))

Cells = dict[int, int]
_Key = TypeVar("_Key")
# By value, then by group; None stands for the sheets whose group is not told.
Marks = Mapping[int, Mapping[Group | None, int]]


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How often each option was marked: as a whole and by group; what is not told is as if nobody had marked it."""

    whole: Cells
    by_group: Mapping[Group, Cells]
    only_bodies: bool = False

    def told(self, value: int) -> int | None:
        """How often an option was marked, as a whole; an option nobody marked is told as little as a rare one."""
        return self.whole.get(value, 0 if self.only_bodies else None)

    def told_by(self, group: Group, value: int) -> int | None:
        """The same, of one of the groups that are told apart."""
        return self.by_group.get(group, {}).get(value, 0 if group.institutional else None)

    def most(self, value: int) -> int:
        """The most that this option can have been marked, for who reads these numbers and no other."""
        known = self.told(value)
        if known is not None:
            return known
        bodies = [cells.get(value) or 0 for group, cells in self.by_group.items() if group.institutional]
        return SMALL - 1 + sum(bodies)


@dataclass(frozen=True, slots=True)
class WordsFigures:
    """Whether words written in answer to a question may be shown; how many were set aside, by rule."""

    enough: bool
    waiting: int
    set_aside: Mapping[ModerationRule, int]


@dataclass(frozen=True, slots=True)
class Results:
    """What may be told of a survey that is closed; `few` when fewer than five persons answered in all."""

    few: bool
    groups: tuple[Group, ...]
    questions: Mapping[str, QuestionFigures]
    words: Mapping[str, WordsFigures]


def results(session: Session, survey_id: str) -> Results:
    """The folded results; four queries."""
    return results_of(session, [survey_id])[survey_id]


def results_of(session: Session, survey_ids: Sequence[str]) -> dict[str, Results]:
    """The folded results of several surveys; four queries for any number."""
    if not survey_ids:
        return {}
    invited, sheets = _invited(session, survey_ids), _sheets(session, survey_ids)
    rows = session.execute(
        select(_SHEET.c.survey_id, _MARK.c.question_id, _MARK.c.value, _SHEET.c.group_, func.count())
        .select_from(_MARK.join(_SHEET, _SHEET.c.id == _MARK.c.sheet_id))
        .where(_SHEET.c.survey_id.in_(survey_ids))
        .group_by(_SHEET.c.survey_id, _MARK.c.question_id, _MARK.c.value, _SHEET.c.group_)
    )
    marks: dict[str, dict[str, dict[int, dict[Group | None, int]]]] = {}
    for survey_id, question_id, value, group, number in rows:
        cells = marks.setdefault(survey_id, {}).setdefault(question_id, {}).setdefault(value, {})
        cells[Group(group) if group else None] = number
    words = _words(session, survey_ids, invited)
    return {
        one: _results(invited[one], sheets[one], marks.get(one, {}), words.get(one, {})) for one in survey_ids
    }


def _results(
    invited: frozenset[Group],
    sheets: Mapping[Group | None, int],
    marks: Mapping[str, Marks],
    words: Mapping[str, WordsFigures],
) -> Results:
    told = frozenset(group for group in sheets if group is not None)
    persons = sum(number for group, number in sheets.items() if group is None or not group.institutional)
    return Results(
        few=persons < SMALL and any(not group.institutional for group in invited),
        groups=tuple(group for group in Group if group in told),
        questions={key: folded(found, invited, told) for key, found in marks.items()},
        words=words,
    )


def told_groups(session: Session, survey_id: str) -> frozenset[Group]:
    """The groups that sheets may keep when they lose their participants; two queries."""
    known = _sheets(session, [survey_id])[survey_id]
    sheets = {group: number for group, number in known.items() if group is not None}
    return kept_groups(_invited(session, [survey_id])[survey_id], sheets)


def kept_groups(invited: Iterable[Group], sheets: Mapping[Group, int]) -> frozenset[Group]:
    """Which groups may be told apart: all but those with fewer than five sheets, and what hides them.

    Institutional groups are told as they are.
    """
    wanted = frozenset(invited) | frozenset(sheets)
    persons = {group: sheets.get(group, 0) for group in _in_order(wanted) if not group.institutional}
    shown = fold(persons, total_shown=True)
    return frozenset(group for group in wanted if group.institutional or shown[group] is not None)


def folded(marks: Marks, invited: frozenset[Group], told: frozenset[Group]) -> QuestionFigures:
    """One question, folded option by option; `told` are the groups that sheets still name."""
    persons = {group for group in invited | told if not group.institutional}
    bodies = {group for group in invited | told if group.institutional}
    protected = {
        value: sum(number for group, number in cells.items() if group not in bodies)
        for value, cells in marks.items()
    }
    institutional = {value: sum(cells.get(group, 0) for group in bodies) for value, cells in marks.items()}
    whole = _shown(fold_mixed(protected, institutional)) if persons else institutional
    rows: dict[Group, Cells] = {
        group: {value: cells.get(group, 0) for value, cells in marks.items()} for group in bodies & told
    }
    for group in persons & told if len(persons) > 1 else ():
        rows[group] = {}
    for value in whole:
        split = _shown(_by_group(marks[value], persons, told))
        for group in (rows.keys() - bodies) & split.keys():
            rows[group][value] = split[group]
    return QuestionFigures(whole, {group: rows[group] for group in Group if group in rows}, not persons)


def _shown(cells: Mapping[_Key, int | None]) -> dict[_Key, int]:
    """What is told of these; a key alone would tell that there was something to fold."""
    return {key: number for key, number in cells.items() if number is not None}


def _by_group(
    cells: Mapping[Group | None, int], persons: set[Group], told: frozenset[Group]
) -> dict[Group | None, int | None]:
    named: dict[Group | None, int] = {group: cells.get(group, 0) for group in _in_order(persons & told)}
    if persons - told:
        named[None] = cells.get(None, 0)
    return fold(named, total_shown=True)


def _in_order(groups: Iterable[Group]) -> list[Group]:
    """Always the same: of two groups alike every process hides the same one, or two pages would tell both."""
    known = frozenset(groups)
    return [group for group in Group if group in known]


def _invited(session: Session, survey_ids: Sequence[str]) -> dict[str, frozenset[Group]]:
    rows = session.execute(
        select(_GROUP.c.survey_id, _GROUP.c.group_).where(_GROUP.c.survey_id.in_(survey_ids))
    )
    found: dict[str, set[Group]] = {one: set() for one in survey_ids}
    for survey_id, word in rows:
        found[survey_id].add(Group(word))
    return {survey_id: frozenset(groups) for survey_id, groups in found.items()}


def _sheets(session: Session, survey_ids: Sequence[str]) -> dict[str, dict[Group | None, int]]:
    """How many sheets there are, by survey and group: never leaves this package unfolded."""
    rows = session.execute(
        select(_SHEET.c.survey_id, _SHEET.c.group_, func.count())
        .where(_SHEET.c.survey_id.in_(survey_ids))
        .group_by(_SHEET.c.survey_id, _SHEET.c.group_)
    )
    found: dict[str, dict[Group | None, int]] = {one: {} for one in survey_ids}
    for survey_id, word, number in rows:
        found[survey_id][Group(word) if word else None] = number
    return found


def _words(
    session: Session, survey_ids: Sequence[str], invited: Mapping[str, frozenset[Group]]
) -> dict[str, dict[str, WordsFigures]]:
    """Words are shown where five persons wrote; those of institutions count only among themselves.

    What was set aside, by rule, are acts of the organiser: told as a whole, where words are shown.
    """
    kinds = (
        _QUESTION.c.survey_id,
        _WORDS.c.question_id,
        _WORDS.c.institutional,
        _WORDS.c.state,
        _WORDS.c.rule,
    )
    rows = session.execute(
        select(*kinds, func.count())
        .select_from(_WORDS.join(_QUESTION, _QUESTION.c.id == _WORDS.c.question_id))
        .where(_QUESTION.c.survey_id.in_(survey_ids))
        .group_by(*kinds)
    )
    persons: dict[tuple[str, str], int] = {}
    waiting: dict[tuple[str, str], int] = {}
    aside: dict[tuple[str, str], dict[ModerationRule, int]] = {}
    for survey_id, question_id, institutional, state, rule, number in rows:
        key = (survey_id, question_id)
        persons[key] = persons.get(key, 0) + (0 if institutional else number)
        waiting[key] = waiting.get(key, 0) + (number if state == "a-relire" else 0)
        rules = aside.setdefault(key, {})
        if rule:
            rules[ModerationRule(rule)] = rules.get(ModerationRule(rule), 0) + number
    found: dict[str, dict[str, WordsFigures]] = {}
    for (survey_id, question_id), number in persons.items():
        key = (survey_id, question_id)
        enough = number >= SMALL or all(group.institutional for group in invited[survey_id])
        found.setdefault(survey_id, {})[question_id] = WordsFigures(enough, waiting[key], aside[key])
    return found
