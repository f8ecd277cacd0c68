"""Which page is opened by whom, in which state, in which modes: from the list of routes, always the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.browser.matrix.papers import SURVEYS
from tests.browser.matrix.stage import EVERYBODY, QUESTIONS, WRITERS, Stage
from tests.guards.route_list import FILE

# Addresses that answer GET and are no page: each with its reason.
EXCLUDED = {
    "/contrats/<id:contract_id>/actes/<id:act_id>/document": "files to take away",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/tableur": "a file to take away",
    "/static/<path:filename>": "files, not pages",
    "/sante": "an answer for a machine",
    "/registre/cles": "public keys, for a machine",
    "/registre/verifier.py": "a program to take away",
    "/contrats/<id:contract_id>/registre/telecharger/<any(jsonl,csv,ods):genre>": "files to take away",
    "/contrats/<id:contract_id>/construction/telecharger/<any(pdf,docx):fichier>": "files to take away",
    "/contrats/<id:contract_id>/demandes/telecharger/<any(pdf,docx):fichier>": "files to take away",
    "/contrats/<id:contract_id>/dossier-cvs/telecharger/<any(pdf,docx):fichier>": "files to take away",
    "/contrats/<id:contract_id>/document/telecharger/<any(pdf,docx):fichier>": "files to take away",
    "/contrats/<id:contract_id>/documents/<id:document_id>/fichier": "a file to take away",
    "/contrats/<id:contract_id>/documents/<id:document_id>/apercu": "a picture of a page that is already open",
    "/suivi/tableur": "a file to take away",
    **dict.fromkeys(
        (
            "/contrats/<id:contract_id>/objectifs/telecharger/<any(docx,xlsx,ods,csv):forme>",
            "/contrats/<id:contract_id>/diagnostic/telecharger/<any(docx,xlsx,ods,csv):forme>",
            "/contrats/<id:contract_id>/indicateurs/telecharger/<any(docx,xlsx,ods,csv):forme>",
        ),
        "files to take away",
    ),
    "/notifications/compte": "a number for a page that is already open",
    "/contrats/<id:contract_id>/perimetre/recherche": "a part of a page that is already open",
    "/espaces/<id:space_id>/sujets/<id:item_id>/moi": "data for a page that is already open",
}
# Addresses that take a form whose page is not at the same address: each with where it is looked at.
NO_FORM_OF_ITS_OWN = {
    "/contrats/<id:contract_id>/trame/choisir": "stands once one trame is looked at",
    "/contrats/<id:contract_id>/versions/<any(objectif,action,branche,constat,indicateur,etablissement,bloc):sorte>/<id:piece_id>/reprendre": "stands for a former version that is named",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/questions/<id:question_id>/place": "buttons of the page that prepares",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/abandon": "a button of the page that prepares",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/ouverture": "a button of the page that prepares",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/fin": "a form of the page of the survey",
    "/espaces/<id:space_id>/questionnaires/<id:survey_id>/publication": "a button of the page of the survey",
    "/contributions/<id:contribution_id>/recours": "a form of the page of the decision",
    "/contributions/<id:contribution_id>/signalement": "a button of the page that decides",
    "/contributions/<id:contribution_id>/danger/prevenu": "a form of the page of the procedure",
    "/contributions/<id:contribution_id>/danger/fin": "a button of the page of the procedure",
    "/contrats/<id:contract_id>/actes/<id:act_id>/suites": "a form of the page of the act",
    "/contributions/<id:contribution_id>/explication": "no form before the promised day: functional tests send it after",
    "/contrats/<id:contract_id>/perimetre/categories": "a form of the page that adds a site",
    "/contrats/<id:contract_id>/perimetre/<id:establishment_id>/retirer": "a form of the page of the site",
    "/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/suivi": "a button of the settings of the indicator",
    "/contrats/<id:contract_id>/vie/etapes/<any(programmation,lancement,diagnostic,objectifs,negociation,redaction,avis,signature,execution,milieu,fin):etape>/rouvrir": "a form of the page of the stage, once it ended",
    "/contrats/<id:contract_id>/vie/comite/<id:seat_id>/retirer": "a button of the page of the committee",
    "/contrats/<id:contract_id>/vie/desaccords/<id:disagreement_id>/position": "a form of the page of the disagreement",
    "/contrats/<id:contract_id>/vie/desaccords/<id:disagreement_id>/issue": "a form of the page of the disagreement",
    "/contrats/<id:contract_id>/negociation/ouvrir": "a button of the page of the negotiation, at its stage",
    "/contrats/<id:contract_id>/negociation/points/<id:point_id>/position": "a form of the page of the point",
    "/contrats/<id:contract_id>/negociation/points/<id:point_id>/messages": "a form of the page of the point",
    "/contrats/<id:contract_id>/negociation/points/<id:point_id>/etat": "a form of the page of the point",
    "/contrats/<id:contract_id>/negociation/points/<id:point_id>/accord": "a button of the page of the point",
    "/contrats/<id:contract_id>/negociation/points/<id:point_id>/appliquer": "a button of the page of the point",
    "/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/validation": "a form of the page of the finding",
    "/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/axe": "a form of the page of the finding",
    "/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/reprendre": "a button of a withdrawn finding",
    "/contrats/<id:contract_id>/diagnostic/axes/proposes": "a button of the list of axes",
    "/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>/place": "buttons of the list of axes",
    "/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>/retirer": "a button of the page of an empty axis",
    "/contrats/<id:contract_id>/reprises/<id:import_id>/ecrire": "a button of the page of the file",
    "/contrats/<id:contract_id>/reprises/<id:import_id>/abandonner": "a button of the list of files, and of the page of the file",
    "/contrats/<id:contract_id>/objectifs/<id:objective_id>/place": "buttons of the page of the objective",
    "/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>/retirer": "a button of the page of the objective",
    "/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>/remettre": "a button of an action taken away",
    "/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>/place": "buttons of the tree",
    "/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>/retirer": "a button of the page of an empty line of the tree",
    "/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/retirer": "a button of the page of the line",
    "/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/remettre": "a button of a line taken away",
    "/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/revenir": "buttons of the former states of a line",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/nom": "a form of the page that adapts",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/blocs": "a form of the page that adapts",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/blocs/<id:block_id>/place": "buttons of the page that adapts",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/blocs/<id:block_id>/retirer": "a button of the page of the block",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/reprendre": "a button of the page that adapts",
    "/contrats/<id:contract_id>/trames/<id:trame_id>/publier": "a form of the page that adapts",
    "/contrats/<id:contract_id>/trames/modeles/<any(ehpad,chrs,handicap,domicile,vide):modele>/copier": "a form of the page of the model",
    "/contrats/<id:contract_id>/textes-simples/<id:item_id>/relire": "buttons of the page of the two texts",
    "/contrats/<id:contract_id>/textes-simples/<id:item_id>/approbation/retirer": "a button of the page of the two texts",
    "/contrats/<id:contract_id>/documents/<id:document_id>/reprendre": "a button of the page of the document",
    "/deconnexion": "a button of every page",
    "/entrer/<slug>": "a button of the door, in the demonstration",
    "/langue": "two buttons at the foot of every page",
    "/espaces/<id:space_id>/delais/decision": "buttons of the list of delays",
    "/espaces/<id:space_id>/reglages/lecture-des-autorites": "a button of the settings of the space",
    "/espaces/<id:space_id>/niveaux/conseil": "a button of the page of a level",
    "/contrats/<id:contract_id>/propositions/decision": "buttons of the list of proposals",
    "/notifications/<id:notice_id>/ouvrir": "buttons of the list of notifications",
    "/notifications/lues": "buttons of the list of notifications",
    "/notifications/non-lues": "the button that takes them back",
}
# A page that shows something else when it is asked differently.
QUERIES = {
    "/espaces/<id:space_id>/niveaux": ("?groupe=families",),
    "/espaces/<id:space_id>/sujets/<id:item_id>": ("?apres={words}", "?avant={words}"),
    "/espaces/<id:space_id>/sujets/<id:item_id>/contribuer": ("?type=proposal", "?type=question"),
    "/contributions/<id:contribution_id>/reagir": ("?valeur=depend",),
    "/connexion": ("?suite=/contrats",),
}
SPACES = (*QUESTIONS, "diagnostic", "elsewhere")
OWN_WORDS = (
    "published", "pending", "refused", "hidden", "withdrawn", "corrected", "answered", "long", "proposal", "reply",
    "passed_on", "kept", "grouped",
)  # fmt: skip
OTHER_WORDS = ("theirs", "theirs-pending", "in_paused", "in_answering", "in_closed", "elsewhere")
CONTRACTS = ("ours", "elsewhere")
# The modes that every page meets; the others are dealt out in turns, and never more at once on one row than this.
ALWAYS = ("light", "320 px")
TURNS = 3
AT_ONCE = 6
# Whose words are shown to those who have none.
SPOKESPERSON, OTHER = "resident", "family"
CHOICE = re.compile(r"<any\(([\w,-]+)\):\w+>")
# The versions of one kind of piece look like those of any other.
PIECE = re.compile(r"<any\([\w,-]+\):sorte>/<id:piece_id>")
PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
KNOWN = {
    "contract_id", "space_id", "item_id", "contribution_id", "appeal_id", "act_id", "survey_id", "question_id", "establishment_id",
    "jeton", "indicator_id", "amendment_id", "line_id", "disagreement_id", "finding_id", "axis_id",
    "objective_id", "action_id", "branch_id", "means_id", "decision_id", "trame_id", "block_id", "document_id", "import_id",
    "piece_id", "point_id", "commitment_id", "part_id",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One page as one person finds it in one state, and how it is looked at."""

    page: str
    persona: str
    state: str
    modes: tuple[str, ...]


def routes(listed: Sequence[str] | None = None) -> list[str]:
    """Every address that answers GET."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if listed is None else listed
    return [one.removesuffix(" GET") for one in known if one.endswith(" GET")]


def forms(listed: Sequence[str] | None = None) -> list[str]:
    """Every address that takes a form, but those left out."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if listed is None else listed
    sent = [one.removesuffix(" POST") for one in known if one.endswith(" POST")]
    return [one for one in sent if one not in NO_FORM_OF_ITS_OWN]


def pages(listed: Sequence[str] | None = None) -> list[str]:
    """The routes that are pages."""
    return [one for one in routes(listed) if one not in EXCLUDED]


def unknown(listed: Sequence[str] | None = None) -> list[str]:
    """Routes that the matrix can neither open nor has a reason to leave out."""
    return [
        one
        for one in routes(listed)
        if one not in EXCLUDED and not set(PARAMETER.findall(CHOICE.sub("", one))) <= KNOWN
    ]


def states(page: str) -> tuple[str, ...]:
    """The states in which a page can be found, by what its address names; then what it shows when asked so."""
    found = _states(page)
    usual = next(one for one in ("many", "published", *found) if one in found)
    return (*found, *(f"{usual} {query}" for query in QUERIES.get(page, ())))


def _states(page: str) -> tuple[str, ...]:
    if "<id:survey_id>" in page:
        return SURVEYS
    if "<id:space_id>" in page:
        return SPACES
    if "<id:contribution_id>" in page:
        return (*OWN_WORDS, *OTHER_WORDS)
    if "<id:contract_id>" in page:
        if PIECE.search(page):
            return CONTRACTS
        choices = CHOICE.search(page)
        return tuple(choices[1].split(",")) + CONTRACTS[1:] if choices else CONTRACTS
    return ("plain",)


def address(stage: Stage, cell: Cell) -> str:
    """Where this person finds this page in this state."""
    path, (state, _, query) = cell.page, cell.state.partition(" ")
    path = PIECE.sub(f"objectif/{stage.aims.get('objective_id', '')}", path)
    if "<id:survey_id>" in path:
        for name, known in stage.surveys[state].items():
            path = path.replace(f"<id:{name}>", known)
    elif "<id:space_id>" in path:
        path = path.replace("<id:space_id>", stage.spaces[state])
        path = path.replace("<id:item_id>", stage.items[state])
    elif "<id:contribution_id>" in path:
        path = path.replace("<id:contribution_id>", _words(stage, cell.persona, state))
    elif "<id:contract_id>" in path:
        there = state == "elsewhere"
        path = path.replace("<id:contract_id>", stage.other_contract if there else stage.contract)
        path = path.replace("<id:item_id>", stage.items["many"])
        path = CHOICE.sub(lambda found: state if not there else found[1].split(",")[0], path)
    path = path.replace("<id:appeal_id>", stage.appeal).replace("<id:act_id>", stage.act)
    path = path.replace("<id:establishment_id>", stage.establishment)
    path = path.replace("<id:indicator_id>", stage.indicator)
    for name, known in stage.life.items():
        path = path.replace(f"<id:{name}>", known)
    path = path.replace("<id:finding_id>", stage.finding).replace("<id:axis_id>", stage.axis)
    path = path.replace("<id:import_id>", stage.taken_up)
    for name, known in stage.aims.items():
        path = path.replace(f"<id:{name}>", known)
    path = path.replace("<id:document_id>", stage.papers.get("document_id", ""))
    path = path.replace("<jeton>", stage.stop)
    return path + query.replace("{words}", stage.words[OTHER]["published"])


def _words(stage: Stage, persona: str, state: str) -> str:
    if state == "elsewhere":
        return stage.words["elsewhere"]["published"]
    if state.startswith("in_"):
        return stage.words[SPOKESPERSON][state]
    if state.startswith("theirs"):
        other = OTHER if persona != OTHER else SPOKESPERSON
        return stage.words[other]["pending" if state.endswith("pending") else "published"]
    mine = stage.words[persona if persona in WRITERS else SPOKESPERSON]
    return mine.get(state) or stage.words[SPOKESPERSON][state]


def shares(modes: Sequence[str]) -> list[tuple[str, ...]]:
    """The modes dealt out: those that every page meets, each time with a third of the others."""
    others = [mode for mode in modes if mode not in ALWAYS]
    # What is cheap and what is not take turns, and so do the two ways of opening a page again.
    return [(*ALWAYS, *others[turn::TURNS]) for turn in range(TURNS)]


def pairwise(every_page: Sequence[str], modes: Sequence[str]) -> list[Cell]:
    """Rows that hold every page in its share of the modes, and every pair of page, persona and state.

    Each page meets every persona and each of its states: as many rows as the longer of both lists. The few
    pairs that the wheels miss get a row of their own. Then each page's share of the modes is given to one of
    its rows, where most of them meet a persona or a state for the first time, and to rows of the states and
    personas that still lack some; a row without modes is read, and not looked at; one asked otherwise, in one mode.
    """
    cells = [cell for number, page in enumerate(every_page) for cell in _rows(page, number)]
    while missing := missing_pairs(cells, ()):
        cells.append(_row_for(*missing[0], every_page))
    return _with_modes(cells, modes)


def _with_modes(cells: list[Cell], modes: Sequence[str]) -> list[Cell]:
    """The same rows, those that are to be looked at with their modes."""
    views = shares(modes)
    given = {cell: tuple(modes[:1]) for cell in cells if " " in cell.state}
    seen: set[tuple[str, str]] = set()
    for number, page in enumerate(dict.fromkeys(cell.page for cell in cells)):
        view = views[number % len(views)]
        free = [cell for cell in cells if cell.page == page and cell not in given]
        cell = max(free, key=lambda one: len(_new(one, view) - seen))
        seen |= _new(cell, view)
        given[cell] = view
    for one in dict.fromkeys(
        word for cell in cells for word in (cell.state, cell.persona) if " " not in word
    ):
        while missed := [mode for mode in modes if (one, mode) not in seen]:
            free = [cell for cell in cells if one in (cell.state, cell.persona) and cell not in given]
            view = tuple(missed[:AT_ONCE])
            cell = max(free, key=lambda cell: len(_new(cell, view) - seen))
            seen |= _new(cell, view)
            given[cell] = view
    return [replace(cell, modes=given.get(cell, ())) for cell in cells]


def _new(cell: Cell, view: Sequence[str]) -> set[tuple[str, str]]:
    """How a persona and a state are looked at."""
    return {(one, mode) for one in (cell.persona, cell.state) for mode in view}


def _row_for(one: str, other: str, every_page: Sequence[str]) -> Cell:
    """A row that holds this pair."""
    every_state = {state for page in every_page for state in states(page)} - set(EVERYBODY)
    there = [
        (page, state)
        for page in every_page
        for state in states(page)
        if (one not in every_page or page == one) and not ({one, other} & every_state) - {state}
    ]
    page, state = there[0]
    persona = next((name for name in EVERYBODY if name in (one, other)), SPOKESPERSON)
    return Cell(page, persona, state, ())


def _rows(page: str, turn: int) -> Iterator[Cell]:
    found = states(page)
    for row in range(max(len(EVERYBODY), len(found))):
        yield Cell(page, EVERYBODY[(row + turn) % len(EVERYBODY)], found[row % len(found)], ())


def whole(every_page: Sequence[str], modes: Sequence[str]) -> list[Cell]:
    """The whole product."""
    return [
        Cell(page, persona, state, tuple(modes))
        for page in every_page
        for state in states(page)
        for persona in EVERYBODY
    ]


def missing_pairs(cells: Sequence[Cell], modes: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs that no row holds: of page, persona and state; of page and the modes that each page meets."""
    met = {
        pair
        for cell in cells
        for pair in (
            (cell.page, cell.persona),
            (cell.page, cell.state),
            (cell.persona, cell.state),
            *((cell.page, mode) for mode in cell.modes),
        )
    }
    every_page = list(dict.fromkeys(cell.page for cell in cells))
    # What is only asked otherwise is a state of its one page: once there is enough.
    shared = {page: [one for one in states(page) if " " not in one] for page in every_page}
    wanted = {
        pair
        for page in every_page
        for pair in (
            *((page, persona) for persona in EVERYBODY),
            *((page, state) for state in states(page)),
            *((page, mode) for mode in modes if mode in ALWAYS),
            *((persona, state) for persona in EVERYBODY for state in shared[page]),
        )
    }
    return sorted(wanted - met)
