"""What the cells of a plan say: a list of actions, a state, a financing, a sort of finding. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from portal.domain.imports import periods
from portal.domain.imports.columns import Column, bare
from portal.domain.imports.pieces import BY_FINDING, Doubt, PieceKind
from portal.domain.objectives.models import Financing, Priority, State
from portal.kernel import reasons
from portal.vocabulary import FindingKind

MARK = re.compile(r"^(?:[-–—•*▪·●○➢‣\uf0b7]|\d{1,2}[.)°]|[a-z]\))\s+")
_STATES = {
    State.DONE: r"realise|fait|termine|acheve|atteint|ok|100|cloture|finalise",
    State.RUNNING: r"en cour.*|demarre|commence|engage|partiel.*|partiellement realise",
    State.NOT_STARTED: r"non (?:demarre|commence|realise|engage)|a (?:faire|lancer|demarrer|venir|engager)|prevu|programme|0",
    State.LATE: r"(?:en )?retard.*|reporte|decale",
    State.DROPPED: r"abandonne.*|annule.*|supprime",
}
_MONEY = {
    Financing.UNKNOWN: r"financement pa encore dit|a dire|a definir|a preciser|non renseigne",
    Financing.NO_COST: r"san (?:depense|surcout|cout|incidence).*|aucun(?:e)? (?:surcout|depense|cout)|a moyen constant|moyen constant|neant|aucun"
    r"|0 ?(?:e|eur|euro)?|non concerne|gratuit",
    Financing.UNFUNDED: r"non (?:finance|acqui|budgete)|a (?:financer|rechercher|trouver|demander|solliciter)|demande.*|en attente.*"
    r"|sou reserve.*|recherche de financement.*",
}
_UNTIL = re.compile(r"finance jusqu (?:au|en|a) (.+)")
# « 12 000 € », « environ 20 k€ », « 1,2 M€ »: how much, and nothing of who pays.
_SUM = re.compile(
    r"(?:(?:env\.?|environ|≈|~) ?)?\d[\d .\u202f']*(?:,\d+)? ?(?:k€|m€|ke|keuros?|€|e|eur|euros?)?(?: (?:par an|ttc|ht))?",
    re.IGNORECASE,
)
_PRIORITIES = {
    Priority.FIRST: r"a faire en premier|1|haute|elevee|forte|p1|urgente?|prioritaire|premiere",
    Priority.NEXT: r"a faire ensuite|2|moyenne|normale|p2|deuxieme",
    Priority.LATER: r"a faire plu tard|3|basse|faible|p3|troisieme",
}
_KINDS = {
    FindingKind.STRENGTH: r"point fort|force|atout|positif|point positif|acqui",
    FindingKind.TO_IMPROVE: r"point (?:a ameliorer|faible)|faiblesse|axe d amelioration|negatif|a ameliorer|fragilite",
    FindingKind.OPPORTUNITY: r"opportunite",
    FindingKind.VIGILANCE: r"point (?:de vigilance|d attention)|vigilance|menace|risque",
}


# Alone these words name a sort; before others (« Fort absentéisme ») they do not.
_ALONE = {"fort": FindingKind.STRENGTH, "faible": FindingKind.TO_IMPROVE}
# What a yes or a no says under a title that asks for one: « Atteint (oui/non) ».
_YES, _NO = re.compile(r"oui|o|x|vrai"), re.compile(r"non|n|faux")
_ASKED = {Column.ACHIEVED: "atteint", Column.RENEWED: "reconduit", Column.OUTCOME: "réalisé"}


def outcome(column: Column, title: str, words: str) -> str:
    """What a cell of the contract before says that something became: a yes or a no says it with the title of its column."""
    line = " ".join(words.split())
    asked = _ASKED.get(column, "")
    if not asked or (column is Column.OUTCOME and not bare(title).startswith(bare(asked))):
        return line
    said = bare(line)
    if _YES.fullmatch(said) or line in ("✓", "✔", "☑"):
        return asked.capitalize()
    return f"Non {asked}" if _NO.fullmatch(said) else line


def outcomes(told: Mapping[Column, str]) -> str:
    """What all the columns of a row say that something became, on a line: that it goes on comes first."""
    lines = [one for one in told.values() if one]
    again = told.get(Column.RENEWED, "")
    if again and not bare(again).startswith("non "):
        lines = [again, *(one for column, one in told.items() if one and column is not Column.RENEWED)]
    return " : ".join(lines)


def several(cell: str) -> list[str]:
    """The entries of a cell, its marks of list taken away: a cell of plain lines that go on is one entry."""
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    if len(lines) < 2:  # noqa: PLR2004 — one line is one entry
        return [MARK.sub("", line) for line in lines]
    if any(MARK.match(line) for line in lines):
        return _by_marks(lines)
    # Without marks, a line that begins with a capital begins an entry; one that does not goes on.
    found: list[str] = []
    for line in lines:
        if found and not (line[0].isupper() or line[0].isdigit()):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def _by_marks(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if MARK.match(line):
            found.append(MARK.sub("", line))
        elif found:
            found[-1] = f"{found[-1]} {line}"
        elif not line.endswith(":"):
            # « Former les équipes : » above a list is its title.
            found.append(line)
    return found


def finding_kind(words: str) -> PieceKind:
    """The kind of finding that words name; the one that is still to choose when they name none."""
    said = bare(words)
    if said in _ALONE:
        return BY_FINDING[_ALONE[said]]
    found = next(
        (one for one, pattern in _KINDS.items() if re.fullmatch(f"(?:{pattern})(?: .*)?", said)), None
    )
    return BY_FINDING[found]


def names_kind(words: str) -> PieceKind | None:
    """The kind of finding that a short heading names; None when it names none."""
    kind = finding_kind(words)
    return kind if kind is not PieceKind.FINDING and len(words.split()) <= 6 else None  # noqa: PLR2004 — a heading is short


def priority(words: str) -> tuple[dict[str, str], list[tuple[Doubt, str]]]:
    """The priority of an objective, and what was not understood."""
    said = bare(words)
    if not said:
        return {}, []
    found = next((one for one, pattern in _PRIORITIES.items() if re.fullmatch(pattern, said)), None)
    return ({"priority": found.value}, []) if found else ({}, [(Doubt.PRIORITY, words)])


def state(words: str, why: str) -> tuple[dict[str, str], list[tuple[Doubt, str]]]:
    """How far an action is, with its reason where one is owed, and what was not understood."""
    said = bare(words)
    if not said:
        return ({"why": why} if reasons.tells(why) else {}), []
    found = next((one for one, pattern in _STATES.items() if re.fullmatch(pattern, said)), None)
    if found is None:
        return {}, [(Doubt.STATE, words)]
    if found in (State.LATE, State.DROPPED) and not reasons.tells(why):
        return {}, [(Doubt.UNEXPLAINED, words)]
    kept = {"state": found.value}
    return (kept | {"why": why} if reasons.tells(why) else kept), []


def money(words: str, until: str) -> tuple[dict[str, str], list[tuple[Doubt, str]]]:
    """Whether the money of an action is found and until when, and what was not understood."""
    said = bare(words)
    doubts: list[tuple[Doubt, str]] = []
    last = periods.day(until) if until.strip() else None
    if until.strip() and last is None:
        doubts.append((Doubt.DATE, until))
    inside = _UNTIL.fullmatch(said)
    if inside:
        last = last or periods.day(re.sub(r"^.*?jusqu.(?:au|en|à|a) ", "", words, flags=re.IGNORECASE))
    if last is not None:
        return {"money": Financing.FUNDED.value, "until": last.isoformat()}, doubts
    found = (
        next((one for one, pattern in _MONEY.items() if re.fullmatch(pattern, said)), None) if said else None
    )
    if said and found is None:
        doubts.append((Doubt.AMOUNT if _SUM.fullmatch(" ".join(words.split())) else Doubt.MONEY, words))
    return ({"money": found.value} if found else {}), doubts


def days(start: str, end: str) -> tuple[dict[str, str], list[tuple[Doubt, str]]]:
    """When an action begins and ends, and what was not understood."""
    doubts: list[tuple[Doubt, str]] = []
    first = periods.first_day(start) if start.strip() else None
    if start.strip() and first is None:
        doubts.append((Doubt.DATE, start))
    told = periods.read(end) if end.strip() else None
    if end.strip() and told is None:
        doubts.append((Doubt.DATE, end))
    last: date | None = told.ends if told else None
    first = first or (told.starts if told else None)
    if first and last and last < first:
        doubts.append((Doubt.DATE, f"{start} – {end}"))
        last = None
    kept = {"starts": first.isoformat()} if first else {}
    return (kept | {"ends": last.isoformat()} if last else kept), doubts
