"""What was understood of a file, piece by piece: each may be changed or left aside before anything is written. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from portal.domain.imports.source import Place
from portal.kernel.speech import say
from portal.vocabulary import FindingKind, Labelled

# A dry run that holds more is cut, and the page says so.
MOST = 600
MAX_QUOTE = 400
MINE, THERE, PROPOSED, LISTED = "p", "=", "+", "@"


class PieceKind(Labelled):
    """What a piece becomes in the contract."""

    FINDING = "constat", say("Constat, dont la nature est à choisir")
    STRENGTH = "point-fort", say("Constat, point fort")
    TO_IMPROVE = "a-ameliorer", say("Constat, point à améliorer")
    OPPORTUNITY = "opportunite", say("Constat, opportunité")
    VIGILANCE = "vigilance", say("Constat, point de vigilance")
    ORIENTATION = "orientation", say("Orientation")
    STRATEGIC = "strategique", say("Objectif stratégique")
    OBJECTIVE = "objectif", say("Objectif")
    ACTION = "action", say("Action d’un objectif")
    LINE = "indicateur", say("Indicateur d’un objectif")
    VALUES = "valeurs", say("Valeurs d’un indicateur suivi")
    ASIDE = "de-cote", say("Laisser de côté")


FINDINGS: Mapping[PieceKind, FindingKind | None] = {
    PieceKind.FINDING: None,
    PieceKind.STRENGTH: FindingKind.STRENGTH,
    PieceKind.TO_IMPROVE: FindingKind.TO_IMPROVE,
    PieceKind.OPPORTUNITY: FindingKind.OPPORTUNITY,
    PieceKind.VIGILANCE: FindingKind.VIGILANCE,
}
BY_FINDING = {finding: piece for piece, finding in FINDINGS.items()}
# Under what each kind stands; findings stand on an axis, values under an indicator of the contract.
UNDER: Mapping[PieceKind, PieceKind] = {
    PieceKind.STRATEGIC: PieceKind.ORIENTATION,
    PieceKind.OBJECTIVE: PieceKind.STRATEGIC,
    PieceKind.ACTION: PieceKind.OBJECTIVE,
    PieceKind.LINE: PieceKind.OBJECTIVE,
}


class Doubt(Labelled):
    """What was not understood in a piece; it is written without it."""

    DATE = "date", say("Cette date n’est pas comprise")
    MONEY = "financement", say("Ce financement n’est pas compris")
    AMOUNT = "somme", say("Cette somme s’écrit ensuite avec l’argent de l’objectif, dans « Les moyens »")
    STATE = "etat", say("Cet état d’avancement n’est pas compris")
    UNEXPLAINED = "sans-raison", say("Cet état demande une raison, que le fichier ne donne pas")
    PRIORITY = "priorite", say("Cette priorité n’est pas comprise")
    LONG = "long", say("Ces mots sont trop longs pour leur place, et sont coupés")
    ONE_LEVEL = "un-seul-niveau", say("Le fichier n’a qu’un niveau au-dessus : ses mots servent aux deux")
    NUMBER = "nombre", say("Ce nombre n’est pas compris")
    BELOW = "negatif", say("Cet indicateur ne descend pas sous zéro")
    OUTCOME = "devenu", say("Ces mots ne disent pas à eux seuls ce que l’engagement est devenu : dites-le")
    GOES_ON = "continue", say("L’engagement continue : vous direz ensuite dans quel objectif de ce contrat")
    NO_REASON = (
        "sans-pourquoi",
        say("Le fichier ne dit pas pourquoi : écrivez-le ici, ou plus tard sur la page de l’engagement"),
    )
    ABOVE = "trop-haut", say("Cet indicateur ne peut pas valoir autant : ce nombre n’est pas repris")
    MUCH = "beaucoup", say("C’est plus de 100 % : vérifiez ce nombre")
    SITE = "etablissement", say("Cet établissement n’est pas trouvé dans le périmètre")


class Why(Labelled):
    """Why words of a file are left aside before anybody chose."""

    HEADLESS = "sans-titres", say("Les colonnes de ce tableau n’ont pas de titres connus.")
    LONE = "seul", say("Ce texte n’est ni un constat, ni un objectif, ni une action.")
    MANY = "trop", say("Il y a trop de lignes pour une seule fois. Reprenez la suite dans un autre fichier.")
    COLUMN = "colonne", say("Les mots de cette colonne ne sont pas repris.")
    NO_ACTION = "sans-action", say("Cette ligne parle d’une action sans la nommer.")
    NO_COMMITMENT = (
        "sans-engagement",
        say("Ce n’est ni un engagement du contrat d’avant, ni une de ses actions."),
    )
    CLOSING = (
        "conclusion",
        say("Ce texte conclut le document : ce n’est ni un constat, ni un objectif, ni une action."),
    )
    UNREAD = "non-lu", say("Cette partie n’est pas lue.")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the file says. `text` is its title, `said` the rest, `parent` what it stands under, empty for nothing.

    A parent is « p12 » for another piece, « = » and an id for what is in the contract, « + » and a number for a proposed axis,
    « @ » and a code for an indicator of the catalogue.
    """

    id: int
    kind: PieceKind
    text: str
    parent: str
    place: Place
    quote: str
    said: Mapping[str, str] = field(default_factory=dict)
    doubts: Sequence[tuple[Doubt, str]] = ()

    @property
    def ref(self) -> str:
        """How what stands under it names it."""
        return f"{MINE}{self.id}"


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that were left aside: where they stand, what they say, why; `more` says it when a part was not read."""

    place: Place
    quote: str
    why: Why
    more: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A file as it was understood."""

    pieces: tuple[Piece, ...]
    asides: tuple[Aside, ...]

    def by_ref(self) -> dict[str, Piece]:
        """The pieces by how others name them."""
        return {one.ref: one for one in self.pieces}

    def changed(self, changes: Mapping[int, Piece]) -> Understood:
        """The same with some pieces as they are now."""
        return replace(self, pieces=tuple(changes.get(one.id, one) for one in self.pieces))

    def of(self, *kinds: PieceKind) -> Iterator[Piece]:
        """The pieces of some kinds, in their order."""
        return (one for one in self.pieces if one.kind in kinds)


def written(understood: Understood) -> str:
    """As it is kept."""
    return json.dumps(asdict(understood), ensure_ascii=False, separators=(",", ":"))


def kept(words: str) -> Understood:
    """What was kept."""
    raw = json.loads(words)
    return Understood(tuple(map(_piece, raw["pieces"])), tuple(map(_aside, raw["asides"])))


def _piece(raw: Mapping[str, object]) -> Piece:
    values: dict[str, object] = dict(raw)
    values["kind"], values["place"] = PieceKind(str(raw["kind"])), _place(raw["place"])
    values["doubts"] = tuple((Doubt(one), words) for one, words in raw["doubts"])  # type: ignore[attr-defined]
    return Piece(**values)  # type: ignore[arg-type]


def _aside(raw: Mapping[str, object]) -> Aside:
    return Aside(_place(raw["place"]), str(raw["quote"]), Why(str(raw["why"])), str(raw["more"]))


def _place(raw: object) -> Place:
    return Place(**raw)  # type: ignore[arg-type]
