"""Who took part, what was said and what was done about it: of a space or of a contract.

Numbers about persons, and numbers split by group or by establishment, are folded by the persons behind
them, with complementary suppression, then told by steps of five (`stepped`: « au moins dix »). None
stands for « moins de 5 » or for what would let somebody find it: in its group, or in another establishment,
by subtraction from the whole contract. Institutional groups (board, management, authorities) are told exactly,
unless they must hide with the others. Contributions as a whole and the organiser's acts as a whole are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, case, column, func, literal, select, table, union_all
from sqlalchemy.orm import Session

from portal.domain.figures.fold import SMALL, fold, fold_table, stepped
from portal.kernel.columns import UtcDateTime
from portal.vocabulary import ORGANISER, ContributionKind, ContributionStatus, Fate, Group

K = TypeVar("K")

SAID = table(
    "contribution",
    column("id"),
    column("contract_id"),
    column("space_id"),
    column("item_id"),
    column("participant_id"),
    column("group_"),
    column("kind"),
    column("status"),
    column("establishment_id"),
    column("published_at", UtcDateTime),
)
_ANSWER = table("answer", column("contribution_id"), column("fate"))
_PLACES = table("contract_establishment", column("contract_id"), column("establishment_id"))
PROTECTED = tuple(group for group in Group if not group.institutional)
INSTITUTIONAL = tuple(group for group in Group if group.institutional)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the numbers are about: a contract, one of its spaces, one establishment of either."""

    contract_id: str
    space_id: str | None = None
    establishment_id: str | None = None


class Cell(NamedTuple):
    """So many acts, by so many persons: never leaves this package unfolded.

    `covers` says that it must not be told, or a cell of another establishment would be found.
    """

    number: int = 0
    persons: int = 0
    covers: bool = False


Cells = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Contributors:
    """How many persons published words: `total` are the persons to protect, all groups together.

    `by_item` are persons of the groups to protect who spoke of an item; an item nobody spoke of is absent.
    """

    by_group: Mapping[Group, int | None]
    by_item: Mapping[str, int | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class Contributions:
    """How many contributions are published: exact as a whole, folded by group."""

    total: int | None
    by_kind: Mapping[ContributionKind, int | None]
    by_item: Mapping[str, int | None]
    by_group: Mapping[Group, int | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """How many contributions are owed an answer and have one: exact as a whole, folded by group.

    `by_group` are contributions answered. What the organiser says itself is owed nothing.
    """

    owed: int | None
    given: int | None
    by_group: Mapping[Group, int | None]


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of what was answered, as a whole; `None` as a key is an answer that has no fate."""

    total: int | None
    by_fate: Mapping[Fate | None, int | None]


@dataclass(frozen=True, slots=True)
class Told:
    """All of the above at one moment, as a published synthesis keeps it: folded already."""

    contributors: Contributors
    contributions: Contributions
    answers: Answers
    fates: Fates

    def kept(self) -> dict[str, Any]:
        """The same in plain values, to be stored."""
        return {
            "contributors": {
                "by_group": _plain(self.contributors.by_group),
                "by_item": _plain(self.contributors.by_item),
                "total": self.contributors.total,
            },
            "contributions": {
                "total": self.contributions.total,
                "by_kind": _plain(self.contributions.by_kind),
                "by_item": _plain(self.contributions.by_item),
                "by_group": _plain(self.contributions.by_group),
            },
            "answers": {
                "owed": self.answers.owed,
                "given": self.answers.given,
                "by_group": _plain(self.answers.by_group),
            },
            "fates": {
                "total": self.fates.total,
                "by_fate": {
                    fate.value if fate else "": number for fate, number in self.fates.by_fate.items()
                },
            },
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Told:
        """What was stored, again."""
        spoke, said, done, became = (
            kept[name] for name in ("contributors", "contributions", "answers", "fates")
        )
        return cls(
            Contributors(_groups(spoke["by_group"]), spoke["by_item"], spoke["total"]),
            Contributions(
                said["total"],
                {ContributionKind(key): number for key, number in said["by_kind"].items()},
                said["by_item"],
                _groups(said["by_group"]),
            ),
            Answers(done["owed"], done["given"], _groups(done["by_group"])),
            Fates(
                became["total"],
                {Fate(key) if key else None: number for key, number in became["by_fate"].items()},
            ),
        )


def _plain(numbers: Mapping[K, int | None]) -> dict[str, int | None]:
    return {str(key): number for key, number in numbers.items()}


def _groups(kept: Mapping[str, int | None]) -> dict[Group, int | None]:
    return {Group(key): number for key, number in kept.items()}


def told(session: Session, scope: Scope) -> Told:
    """Everything at once; one query, and one more for one establishment."""
    found = _cells(session, scope)
    if scope.establishment_id is not None:
        found = _covering(found, scope.establishment_id, _by_place(session, scope))
    return Told(
        _contributors(found), _contributions(found, scope), _answers(found, scope), _fates(found, scope)
    )


_PERSONS: tuple[ColumnElement[bool], ...] = (SAID.c.group_.in_([group.value for group in PROTECTED]),)
_OWED = SAID.c.group_ != ORGANISER.value
_GIVEN = (_OWED, _ANSWER.c.contribution_id.is_not(None))
_WORD = case((_ANSWER.c.fate.is_(None), ""), else_=_ANSWER.c.fate)
# Each split by a name of its own: `(name, key, *conditions)`.
_SPOKE: tuple[Any, ...] = (
    ("spoke-group", SAID.c.group_),
    ("spoke-item", SAID.c.item_id, *_PERSONS),
    ("spoke", literal(""), *_PERSONS),
)
_WORDS: tuple[Any, ...] = (
    ("said-kind", SAID.c.kind),
    ("said-item", SAID.c.item_id),
    ("said-group", SAID.c.group_),
    ("said", literal("")),
)
_ANSWERED: tuple[Any, ...] = (
    ("owed", literal(""), _OWED),
    ("given", literal(""), *_GIVEN),
    ("given-group", SAID.c.group_, *_GIVEN),
    ("heard-group", SAID.c.group_),
)
_BECAME: tuple[Any, ...] = (("fate", _WORD, *_GIVEN), ("fates", literal(""), *_GIVEN))
_SPLITS = (*_SPOKE, *_WORDS, *_ANSWERED, *_BECAME)
# These are tables of establishments and groups, of which every row and column has its sum.
_TABLES = frozenset({"spoke-group", "said-group", "given-group", "heard-group"})


def _contributors(found: Cells) -> Contributors:
    groups = {Group(key): cell for key, cell in found["spoke-group"].items()}
    persons = {group: cell.persons for group, cell in groups.items()}
    return Contributors(
        by_group=by_group({group: cell._replace(number=cell.persons) for group, cell in groups.items()}),
        by_item={key: _told(cell.persons, cell) for key, cell in found["spoke-item"].items()},
        total=_told(sum(persons.get(group, 0) for group in PROTECTED), found["spoke"].get("", Cell())),
    )


def _contributions(found: Cells, scope: Scope) -> Contributions:
    kinds = found["said-kind"]
    known = {kind: _whole(kinds[kind.value], scope) for kind in ContributionKind if kind.value in kinds}
    return Contributions(
        total=_whole(found["said"].get("", Cell()), scope),
        by_kind=_lines(known, scope),
        by_item={item: _whole(cell, scope) for item, cell in found["said-item"].items()},
        by_group=by_group({Group(key): cell for key, cell in found["said-group"].items()}),
    )


def _answers(found: Cells, scope: Scope) -> Answers:
    heard = by_group({Group(key): cell for key, cell in found["heard-group"].items()})
    answered = by_group({Group(key): cell for key, cell in found["given-group"].items()})
    return Answers(
        owed=_whole(found["owed"].get("", Cell()), scope),
        given=_whole(found["given"].get("", Cell()), scope),
        # What hides the words of a group hides what was answered to them: else « at least five » would tell both.
        by_group={group: None if heard[group] is None else number for group, number in answered.items()},
    )


def _fates(found: Cells, scope: Scope) -> Fates:
    known = {Fate(key) if key else None: cell for key, cell in found["fate"].items()}
    order: list[Fate | None] = [*Fate, None]
    return Fates(
        total=_whole(found["fates"].get("", Cell()), scope),
        by_fate=_lines({fate: _whole(known[fate], scope) for fate in order if fate in known}, scope),
    )


def by_group(cells: Mapping[Group, Cell]) -> dict[Group, int | None]:
    """THE folding of a split by group, when the whole can be read elsewhere: every group has a line.

    Groups to protect are folded by persons and told by steps. Where all of them hide and are together
    too few, institutional groups hide with them: the whole less what is shown must not be about a few.
    """
    persons = {group: cells.get(group, Cell()).persons for group in PROTECTED}
    covering = [group for group in PROTECTED if cells.get(group, Cell()).covers]
    shown: dict[Group, int | None] = {
        group: None if number is None else stepped(cells[group].number)
        for group, number in fold(persons, total_shown=True, hidden_already=covering).items()
    }
    bodies = {group: cells.get(group, Cell()).number for group in INSTITUTIONAL}
    few = 0 < sum(persons.values()) < SMALL
    return {**shown, **{group: None if few else number for group, number in bodies.items()}}


def _told(number: int, cell: Cell) -> int | None:
    return stepped(number) if cell.persons >= SMALL and not cell.covers else None


def _whole(cell: Cell, scope: Scope) -> int | None:
    """As a whole it is exact; of one establishment it is a split, and folds."""
    return cell.number if scope.establishment_id is None else _told(cell.number, cell)


def _lines(cells: Mapping[K, int | None], scope: Scope) -> dict[K, int | None]:
    """The lines of a split; of one establishment, those alone that are told: one that comes tells of its first person."""
    return {key: cell for key, cell in cells.items() if cell is not None or scope.establishment_id is None}


def _cells(session: Session, scope: Scope) -> dict[str, dict[str, Cell]]:
    """Each split by its name and key; one query."""
    asked = union_all(*(_split(scope, *one) for one in _SPLITS))
    found: dict[str, dict[str, Cell]] = {one[0]: {} for one in _SPLITS}
    for name, key, number, persons in session.execute(asked):
        found[name][key] = Cell(number, persons)
    return found


def _split(scope: Scope, name: str, key: Any, *conditions: Any) -> Any:
    word = key.label("word")
    rows = (
        select(literal(name).label("split"), word, func.count(), func.count(SAID.c.participant_id.distinct()))
        .select_from(SAID.outerjoin(_ANSWER, _ANSWER.c.contribution_id == SAID.c.id))
        .where(*within(scope), *conditions)
    )
    return rows.group_by(word)


def _by_place(session: Session, scope: Scope) -> dict[str, dict[tuple[str | None, str], int]]:
    """The persons to protect behind each cell of each establishment, by split; None holds those who have none.

    Every establishment of the contract is there, and where a split is by group every group: nought is few too.
    """
    whole = replace(scope, establishment_id=None)
    known = select(literal("places"), literal(""), _PLACES.c.establishment_id, literal(0)).where(
        _PLACES.c.contract_id == scope.contract_id
    )
    rows = list(session.execute(union_all(*(_split_by_place(whole, *one) for one in _SPLITS), known)))
    places = {place for _name, _key, place, _persons in rows if place is not None}
    found: dict[str, dict[tuple[str | None, str], int]] = {}
    for one in _SPLITS:
        name = one[0]
        keys = {key for split, key, _place, _persons in rows if split == name}
        if name in _TABLES:
            keys = {group.value for group in PROTECTED}
        found[name] = {(place, key): 0 for place in sorted(places) for key in sorted(keys)}
    for name, key, place, persons in rows:
        if name in found:
            found[name][place, key] = persons
    return found


def _split_by_place(scope: Scope, name: str, key: Any, *conditions: Any) -> Any:
    word, place = key.label("word"), SAID.c.establishment_id
    rows = (
        select(literal(name), word, place, func.count(SAID.c.participant_id.distinct()))
        .select_from(SAID.outerjoin(_ANSWER, _ANSWER.c.contribution_id == SAID.c.id))
        .where(*within(scope), *_PERSONS, *conditions)
    )
    return rows.group_by(word, place)


def _covering(
    found: Cells, place: str, persons: Mapping[str, Mapping[tuple[str | None, str], int]]
) -> dict[str, dict[str, Cell]]:
    """The cells of an establishment, each knowing whether it must hide for the sake of another one."""
    hidden = {name: _hidden(cells, table=name in _TABLES) for name, cells in persons.items()}
    return {
        name: {key: cell._replace(covers=(place, key) in hidden[name]) for key, cell in cells.items()}
        for name, cells in found.items()
    }


def _hidden(cells: Mapping[tuple[str | None, str], int], *, table: bool) -> frozenset[tuple[str | None, str]]:
    if table:
        return fold_table(cells, untold=[None])
    hidden: set[tuple[str | None, str]] = set()
    for key in {key for _place, key in cells}:
        line = {one: number for one, number in cells.items() if one[1] == key}
        shown = fold(line, total_shown=True, untold=[(None, key)])
        hidden |= {one for one, number in shown.items() if number is None}
    return frozenset(hidden)


def within(scope: Scope) -> Iterable[Any]:
    """THE condition of what is counted: published, of this contract, space and establishment."""
    yield SAID.c.status == ContributionStatus.PUBLISHED.value
    yield SAID.c.contract_id == scope.contract_id
    if scope.space_id is not None:
        yield SAID.c.space_id == scope.space_id
    if scope.establishment_id is not None:
        yield SAID.c.establishment_id == scope.establishment_id
