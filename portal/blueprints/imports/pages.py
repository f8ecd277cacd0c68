"""What a page tells of the pieces of a file: where each comes from, what it becomes, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.imports.building import SITES
from portal.domain.imports.columns import Column
from portal.domain.imports.compare import TO_CHOOSE, Compared
from portal.domain.imports.differing import Held, Otherwise
from portal.domain.imports.pieces import FINDINGS, UNDER, Piece, PieceKind, Understood
from portal.domain.imports.source import Format, Loss, Place
from portal.domain.imports.standing import Standing
from portal.domain.imports.yearly import YEAR, readings, smalls, values
from portal.domain.objectives.models import Financing, Priority, State
from portal.domain.predecessors.rules import KINDS, TOLD_BY_A_FILE, past
from portal.domain.predecessors.rules import UNDER as UNDER_WORDS
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say
from portal.kernel.text import typography

PAGE = 20
ASIDES = 100
TO_MEND, DIFFERING, ALL = "a-completer", "autrement", ""
K = PieceKind
LOSSES = {one.value: one.label for one in Loss}
# How each thing that a piece says is named on the page: as the columns of a plan are.
TOLD = {
    "lead": Column.LEAD,
    "team": Column.TEAM,
    "partners": Column.PARTNERS,
    "starts": Column.START,
    "ends": Column.END,
    "state": Column.STATE,
    "why": Column.WHY,
    "bilan": Column.OUTCOME,
    "money": Column.MONEY,
    "until": Column.UNTIL,
    "initial": Column.INITIAL,
    "target": Column.TARGET,
    "yearly": Column.YEARLY,
    "priority": Column.PRIORITY,
    "technical": Column.TECHNICAL,
    "evidence": Column.EVIDENCE,
    "health_plan": Column.HEALTH_PLAN,
    "scheme": Column.SCHEME,
    "house_plan": Column.HOUSE_PLAN,
    "evaluation": Column.EVALUATION,
    "watch": Column.WATCH,
    "obstacles": Column.OBSTACLES,
    "levers": Column.LEVERS,
    "follow_up": Column.FOLLOW_UP,
    UNDER_WORDS: Column.STRATEGIC,
}
# The same with what the page writes elsewhere, where the words of a file stand beside those of the contract.
BESIDE = {**TOLD, "expected": Column.EXPECTED, "plain": Column.PLAIN, SITES: Column.SITE}
NOTHING = say("rien n’est écrit")
# What the file of the contract before may say at once that a commitment became.
OUTCOMES = tuple((one.value, one.label) for one in TOLD_BY_A_FILE)
OVER = say(
    "Cette date est passée : elle reste écrite avec l’engagement, et n’est pas reprise dans un nouvel objectif"
)
DAYS = ("starts", "ends", "until")
NAMES: Mapping[str, type[State | Financing | Priority]] = {
    "state": State,
    "money": Financing,
    "priority": Priority,
}
# What each kind stands under, as its choice is named.
UNDER_WHAT: Mapping[PieceKind, Sentence] = {
    **dict.fromkeys(FINDINGS, say("Sur quel axe ?")),
    K.STRATEGIC: say("Sous quelle orientation ?"),
    K.OBJECTIVE: say("Sous quel objectif stratégique ?"),
    K.ACTION: say("De quel objectif ?"),
    K.LINE: say("De quel objectif ?"),
    K.VALUES: say("De quel indicateur ?"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """A field that the file says otherwise: its name, the words of the contract, those of the file."""

    label: str
    here: Sentence | str
    file: Sentence | str


@dataclass(frozen=True, slots=True)
class PieceView:
    """A piece as it is drawn; `choices` is what it may stand under, with its name.

    `needs` names the fields where something is still to choose, before anybody was wrong; `problems` tells what is wrong.
    """

    piece: Piece
    where: Sentence
    quote: str
    told: tuple[tuple[str, Sentence | str], ...]
    doubts: tuple[tuple[str, str], ...]
    problems: Mapping[str, Sentence]
    known: bool
    under: Sentence | None
    choices: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]
    needs: frozenset[str] = frozenset()
    readings: tuple[tuple[str, Sentence], ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()
    sides: tuple[Side, ...] = ()
    page: str = ""

    @property
    def optional(self) -> bool:
        """Whether it may stand under nothing: an objective."""
        return self.piece.kind is K.OBJECTIVE

    @property
    def simplifies(self) -> bool:
        """Whether plain words belong to it."""
        return self.piece.kind is K.OBJECTIVE or self.piece.kind in FINDINGS


def here(asked: Asked) -> str:
    """The files that one takes up in this contract."""
    return f"{paths.contract(asked.contract_id)}/reprises"


def url(asked: Asked, import_id: str) -> str:
    """One of them."""
    return f"{here(asked)}/{import_id}"


def where(form: Format, place: Place) -> Sentence:
    """Where something stands in the file, in words."""
    if place.paragraph:
        return say("Paragraphe %(number)s", number=place.paragraph)
    if form is Format.DOCX:
        return say("Tableau %(name)s, ligne %(number)s", name=place.inside, number=place.row)
    if place.inside and place.column:
        return say(
            "Feuille « %(name)s », ligne %(number)s, colonne %(column)s",
            name=place.inside,
            number=place.row,
            column=place.letters,
        )
    if place.inside and place.row:
        return say("Feuille « %(name)s », ligne %(number)s", name=place.inside, number=place.row)
    if place.inside:
        return say("Feuille « %(name)s »", name=place.inside)
    return say("Ligne %(number)s", number=place.row)


def views(
    form: Format,
    some: Sequence[Piece],
    understood: Understood,
    compared: Compared,
    standing: Standing,
    *,
    tried: bool,
    former: bool = False,
) -> list[PieceView]:
    """Pieces as they are drawn; `tried` once somebody wanted them written, `former` when they are of the contract before."""
    needs = {one.id: frozenset[str]() if tried else _needs(compared.problems.get(one.id, {})) for one in some}
    offered = _offered(understood, standing)
    sites = tuple(standing.sites.items())
    twins = {
        compared.known[one.id]: one.ref for one in understood.of(*UNDER.values()) if one.id in compared.known
    }
    return [
        PieceView(
            one,
            where(form, one.place),
            typography(one.quote),
            (*_told(one), *_places(one, standing)),
            tuple(
                (
                    label,
                    typography(words)
                    if isinstance(words, str) and not isinstance(words, Sentence)
                    else words,
                )
                for label, words in (*_doubts(one, standing), *(_over(one) if former else ()))
            ),
            {
                name: said
                for name, said in compared.problems.get(one.id, {}).items()
                if name not in needs[one.id]
            },
            one.id in compared.known,
            UNDER_WHAT.get(one.kind),
            _choices(one, offered.get(_group(one.kind), ()), twins),
            sites if one.kind is K.VALUES else (),
            needs[one.id],
            _readings(one, standing),
            OUTCOMES if former and one.kind is K.OBJECTIVE else (),
        )
        for one in some
    ]


def beside(
    drawn: Sequence[PieceView], other: Mapping[int, Otherwise], standing: Standing, contract: str
) -> list[PieceView]:
    """The same with what they say otherwise than the contract, whose address is `contract`."""
    return [_with_sides(one, other.get(one.piece.id), standing, contract) for one in drawn]


def _with_sides(view: PieceView, other: Otherwise | None, standing: Standing, contract: str) -> PieceView:
    if other is None:
        return view
    return replace(view, sides=_sides(other, standing), page=_changed_on(contract, other.held))


def _needs(problems: Mapping[str, Sentence]) -> frozenset[str]:
    return frozenset(name for name, said in problems.items() if said in TO_CHOOSE)


def kinds(piece: Piece, *, former: bool = False) -> list[tuple[str, str]]:
    """What a piece may become, with its name: « sort to choose » is no choice, and the contract before has few kinds."""
    if former:
        return [(one.value, one.label) for one in KINDS]
    return [(one.value, one.label) for one in PieceKind if one is not K.FINDING or piece.kind is K.FINDING]


def chosen(
    understood: Understood, compared: Compared, other: Mapping[int, Otherwise], shown: str
) -> list[Piece]:
    """The pieces that a reader asks for."""
    if shown == DIFFERING:
        return [one for one in understood.pieces if one.id in other]
    if shown != TO_MEND:
        return list(understood.pieces)
    return [one for one in understood.pieces if one.id in compared.problems]


def asides(form: Format, understood: Understood) -> list[tuple[Sentence, str, str]]:
    """What was left aside, a hundred at most: where, the words, why."""
    return [
        (where(form, one.place), typography(one.quote), LOSSES[one.more] if one.more else one.why.label)
        for one in understood.asides[:ASIDES]
    ]


def _offered(understood: Understood, standing: Standing) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What pieces may stand under, by group: those of the file first, then those of the contract."""
    tops = [(ref, one.title) for ref, one in standing.branches.items() if not one.under]
    middles = [(ref, one.title) for ref, one in standing.branches.items() if one.under]
    return {
        "axis": list(standing.axes.items()),
        K.ORIENTATION.value: [*_mine(understood, K.ORIENTATION), *tops],
        K.STRATEGIC.value: [*_mine(understood, K.STRATEGIC), *middles],
        K.OBJECTIVE.value: [
            *_mine(understood, K.OBJECTIVE),
            *((ref, one.title) for ref, one in standing.objectives.items()),
        ],
        "indicator": [(ref, one.label) for ref, one in standing.indicators.items()],
    }


def _choices(
    piece: Piece, offered: Sequence[tuple[str, str]], twins: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """What a piece may stand under, each once: what the file and the contract both hold is offered as it is chosen, else as of the file."""
    twice = {twins[piece.parent]} if piece.parent in twins else set[str]()
    twice |= {ref for ref in twins if ref != piece.parent}
    return tuple((ref, typography(words)) for ref, words in offered if ref not in (piece.ref, *twice))


def _mine(understood: Understood, kind: PieceKind) -> list[tuple[str, str]]:
    return [(one.ref, one.text) for one in understood.of(kind)]


def _group(kind: PieceKind) -> str:
    if kind in FINDINGS:
        return "axis"
    if kind is K.VALUES:
        return "indicator"
    return UNDER[kind].value if kind in UNDER else ""


def _told(piece: Piece) -> tuple[tuple[str, Sentence | str], ...]:
    told: list[tuple[str, Sentence | str]] = []
    for name, words in piece.said.items():
        if name in TOLD:
            told.append((TOLD[name].label, _worded(name, words)))
        elif name.startswith(YEAR):
            told.append((name.removeprefix(YEAR), words))
        elif name == "site_words" and not piece.said.get("site"):
            told.append((Column.SITE.label, words))
    return tuple(told)


def _places(piece: Piece, standing: Standing) -> tuple[tuple[str, str], ...]:
    """The establishments that an objective concerns, by name."""
    names = [standing.sites[one] for one in piece.said.get(SITES, "").split() if one in standing.sites]
    return ((Column.SITE.label, ", ".join(names)),) if names else ()


def _worded(name: str, words: str) -> Sentence | str:
    if name in DAYS:
        return day_label(date.fromisoformat(words))
    if name in NAMES:
        return joined([NAMES[name](words).label])
    return typography(words)


def _sides(one: Otherwise, standing: Standing) -> tuple[Side, ...]:
    return tuple(
        Side(
            BESIDE[each.name].label,
            _beside(each.name, each.here, standing),
            _beside(each.name, each.file, standing),
        )
        for each in one.differences
    )


def _beside(name: str, words: str, standing: Standing) -> Sentence | str:
    if name == SITES:
        words = ", ".join(standing.sites[one] for one in words.split() if one in standing.sites)
    return (typography(words) if name == SITES else _worded(name, words)) if words else NOTHING


def _changed_on(contract: str, held: Held) -> str:
    """The page where something of the contract is changed: an indicator is changed with its objective."""
    sheet = f"{contract}/objectifs/{held.objective}"
    return f"{sheet}/actions/{held.action}" if held.action else f"{sheet}/recrire"


def _readings(piece: Piece, standing: Standing) -> tuple[tuple[str, Sentence], ...]:
    """The two ways to read the numbers of a piece that may be parts of one."""
    known = standing.indicators.get(piece.parent) if piece.kind is K.VALUES else None
    small = smalls(piece, known, standing.year, standing.held(piece)) if known is not None else {}
    return tuple(readings(small, known.unit)) if known is not None and small else ()


def _over(piece: Piece) -> list[tuple[str, Sentence]]:
    """The days of the contract before that are past, and what becomes of them."""
    return [(OVER, day_label(day)) for day in past(piece, clock.today())]


def _doubts(piece: Piece, standing: Standing) -> list[tuple[str, str]]:
    """What was not understood, with the values that are no numbers of the unit of their indicator."""
    told = [(doubt.label, words) for doubt, words in piece.doubts]
    known = standing.indicators.get(piece.parent) if piece.kind is K.VALUES else None
    if known is not None:
        told += [
            (doubt.label, one)
            for doubt, one in values(piece, known, standing.year, standing.held(piece)).doubts
        ]
    return told
