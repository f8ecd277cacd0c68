"""What of a file is already in the contract, and what stops it from being written. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.imports.pieces import FINDINGS, MINE, UNDER, Piece, PieceKind, Understood
from portal.domain.imports.standing import Standing, folded
from portal.domain.imports.yearly import READING, same, values
from portal.kernel.speech import Sentence, say

K = PieceKind
# As many as the form of an objective shows.
LINES = 5
# What others stand under comes first.
ORDER = (K.ORIENTATION, K.STRATEGIC, K.OBJECTIVE, *FINDINGS, K.ACTION, K.LINE, K.VALUES)

EMPTY = say("Écrivez quelques mots, ou laissez ce morceau de côté.")
WHICH_KIND = say("Dites de quelle sorte de constat il s’agit.")
WHICH_AXIS = say("Choisissez un axe.")
WHICH_ORIENTATION = say("Choisissez l’orientation sous laquelle il se range.")
WHICH_STRATEGIC = say("Choisissez un objectif stratégique, ou aucun.")
WHICH_OBJECTIVE = say("Choisissez l’objectif.")
WHICH_INDICATOR = say("Choisissez l’indicateur dont ce sont les valeurs.")
WHICH_SITE = say("Choisissez l’établissement.")
WHICH_READING = say("Dites comment lire ce nombre.")
# What the reader chooses: before a first try, a choice that is still to make is no mistake.
TO_CHOOSE = (
    WHICH_KIND,
    WHICH_AXIS,
    WHICH_ORIENTATION,
    WHICH_STRATEGIC,
    WHICH_OBJECTIVE,
    WHICH_INDICATOR,
    WHICH_SITE,
    WHICH_READING,
)
NO_VALUE = say("Aucune de ces valeurs n’est comprise.")
MANY_LINES = say("Un objectif a cinq indicateurs au plus. Laissez celui-ci de côté.")
THERE_ALREADY = say(
    "Cet objectif est déjà dans le contrat. Ajoutez-lui cet indicateur depuis sa page, et laissez-le ici de côté."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """`known`: what each piece already is in the contract; `problems`: what to mend, by piece and by field."""

    known: Mapping[int, str]
    problems: Mapping[int, Mapping[str, Sentence]]

    def counts(self, understood: Understood) -> Counter[PieceKind]:
        """How many pieces of each kind are to be written."""
        return Counter(
            one.kind for one in understood.pieces if one.kind is not K.ASIDE and one.id not in self.known
        )


def compare(understood: Understood, standing: Standing) -> Compared:
    """A file beside the contract as it is now."""
    refs, known = understood.by_ref(), dict[int, str]()
    for kind in ORDER:
        for piece in understood.of(kind):
            found = _known(piece, effective(piece.parent, refs, known), standing)
            if found:
                known[piece.id] = found
    lines: Counter[str] = Counter()
    problems: dict[int, Mapping[str, Sentence]] = {}
    for piece in understood.pieces:
        if piece.kind is K.ASIDE or piece.id in known:
            continue
        wrong = _wrong(piece, refs, known, standing)
        if piece.kind is K.LINE:
            lines[piece.parent] += 1
            if lines[piece.parent] > LINES:
                wrong["kind"] = MANY_LINES
        if wrong:
            problems[piece.id] = wrong
    return Compared(known, problems)


def effective(ref: str, refs: Mapping[str, Piece], known: Mapping[int, str]) -> str:
    """What a piece stands under: itself in the contract when it is there already."""
    piece = refs.get(ref)
    return ref if piece is None else known.get(piece.id, ref)


def _known(piece: Piece, under: str, standing: Standing) -> str:
    words = folded(piece.text)
    if piece.kind in (K.ORIENTATION, K.STRATEGIC):
        wanted = "" if piece.kind is K.ORIENTATION else under
        if piece.kind is K.STRATEGIC and not under:
            return ""
        return next(
            (
                ref
                for ref, one in standing.branches.items()
                if one.under == wanted and folded(one.title) == words
            ),
            "",
        )
    if piece.kind is K.OBJECTIVE:
        return next(
            (
                ref
                for ref, one in standing.objectives.items()
                if one.under == under and folded(one.title) == words
            ),
            "",
        )
    if piece.kind is K.VALUES:
        of = standing.indicators.get(piece.parent)
        return piece.parent if of is not None and same(piece, of, standing.held(piece)) else ""
    here = {K.ACTION: standing.actions, K.LINE: standing.lines}.get(piece.kind)
    if piece.kind in FINDINGS:
        here = standing.findings
    return under if here is not None and (under, words) in here else ""


def _wrong(
    piece: Piece, refs: Mapping[str, Piece], known: Mapping[int, str], standing: Standing
) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    if not piece.text.strip():
        wrong["text"] = EMPTY
    if piece.kind is K.FINDING:
        wrong["kind"] = WHICH_KIND
    if piece.kind in FINDINGS and piece.parent not in standing.axes:
        wrong["parent"] = WHICH_AXIS
    elif piece.kind in UNDER:
        wrong |= _wrong_place(piece, refs, known, standing)
    elif piece.kind is K.VALUES:
        wrong |= _wrong_values(piece, standing)
    return wrong


def _wrong_place(
    piece: Piece, refs: Mapping[str, Piece], known: Mapping[int, str], standing: Standing
) -> dict[str, Sentence]:
    if fits(piece, piece.parent, refs, standing):
        if piece.kind is K.LINE and not effective(piece.parent, refs, known).startswith(MINE):
            return {"kind": THERE_ALREADY}
        return {}
    if piece.kind is K.STRATEGIC:
        return {"parent": WHICH_ORIENTATION}
    return {"parent": WHICH_STRATEGIC if piece.kind is K.OBJECTIVE else WHICH_OBJECTIVE}


def fits(piece: Piece, parent: str, refs: Mapping[str, Piece], standing: Standing) -> bool:
    """Whether a piece may stand under this: an objective may stand under nothing."""
    wanted = UNDER[piece.kind]
    if not parent:
        return piece.kind is K.OBJECTIVE
    if parent in refs:
        return refs[parent].kind is wanted
    if wanted is K.OBJECTIVE:
        return parent in standing.objectives
    branch = standing.branches.get(parent)
    return branch is not None and (branch.under == "") is (wanted is K.ORIENTATION)


def _wrong_values(piece: Piece, standing: Standing) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    known = standing.indicators.get(piece.parent)
    if known is None:
        wrong["parent"] = WHICH_INDICATOR
    else:
        told = values(piece, known, standing.year, standing.held(piece))
        if told.small:
            wrong[READING] = WHICH_READING
        elif not told.taken:
            wrong["text"] = NO_VALUE
    if piece.said.get("site", "") not in standing.sites:
        wrong["site"] = WHICH_SITE
    return wrong
