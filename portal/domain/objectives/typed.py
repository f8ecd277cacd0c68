"""What is typed of an objective or of an action, checked as a whole: all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment, Item
from portal.domain.indicators.models import ContractIndicator
from portal.domain.objectives.models import Branch, Financing, Priority, State
from portal.domain.objectives.rules import Plan
from portal.domain.texts import service as texts
from portal.kernel.errors import InvalidError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.vocabulary import ItemKind, Register

MAX_EXPECTED, MAX_TITLE, MAX_LINK, MAX_NOTE = 160, 200, 300, 1_000
MAX_LEEWAY, MAX_BY = 1_000, 160
MAX_LABEL, MAX_LEAD, MAX_TEAM, MAX_PARTNERS = 300, 120, 200, 300
# Lines of indicators that one form holds.
LINES = 5
LINE_PARTS = (("label", 200), ("initial", 40), ("target", 40), ("yearly", 160))
BOXES = ("decided", "open", "out_of_reach")
LINKS = ("health_plan", "scheme", "house_plan", "evaluation")
NOTES = ("watch", "obstacles", "levers", "follow_up")
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of an objective; no place stands for all of them; `lines` are those of its own indicators.

    `unsaid`: what changes for people may be said later, where these words come from a file or from before.
    """

    expected: str
    title: str
    plain: str
    technical: str
    branch_id: str = ""
    priority: Priority | None = Priority.NEXT
    places: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    said: Mapping[str, str] = field(default_factory=dict)
    leeway: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, str]] = ()
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The same as it is kept."""

    title: str
    sheet: Mapping[str, object]
    words: Mapping[Register, str]
    links: tuple[frozenset[str], frozenset[str], frozenset[str]]
    leeway: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class TypedAction:
    """What was typed of an action; `state` is how far it is, `justification` why."""

    label: str
    starts_on: date | None = None
    ends_on: date | None = None
    state: State | None = State.NOT_STARTED
    justification: str = ""
    lead: str = ""
    team: str = ""
    partners: str = ""
    financing: Financing | None = Financing.UNKNOWN
    funded_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedAction:
    """The same as it is kept: what is planned, who does it."""

    plan: Plan
    who: Mapping[str, str]
    state: State


class Faults:
    """Gathers what is wrong, field by field."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def read(self, reader: Callable[..., str], words: str, name: str, *more: object, **how: object) -> str:
        """What a reader gives; nothing where it refuses."""
        try:
            return reader(words, name, *more, **how)
        except InvalidError as error:
            self.errors.update(error.errors)
            return ""

    def complain(self, name: str, sentence: str) -> None:
        """Say what is wrong, unless something was already said of this field."""
        self.errors.setdefault(name, [sentence])

    def refuse(self) -> None:
        """Stop here when something is wrong. Errors: InvalidError."""
        if self.errors:
            raise InvalidError(self.errors)


def check(session: Session, contract_id: str, typed: Typed) -> Checked:
    """The values of an objective. Errors: InvalidError, all fields at once."""
    faults = Faults()
    sheet: dict[str, object] = {
        "expected": faults.read(check_line, typed.expected, "expected", MAX_EXPECTED, optional=typed.unsaid),
        "priority": typed.priority,
        "branch_id": typed.branch_id or None,
    }
    title = faults.read(check_line, typed.title, "title", MAX_TITLE)
    # Plain words that come in the same form are for the technical words of this form: these are written first.
    words = {
        Register.TECHNICAL: faults.read(texts.cleaned, typed.technical, "technical"),
        Register.PLAIN: faults.read(texts.cleaned, typed.plain, "plain"),
    }
    for names, maximum in ((LINKS, MAX_LINK), (NOTES, MAX_NOTE)):
        for name in names:
            sheet[name] = faults.read(check_line, typed.said.get(name, ""), name, maximum, optional=True)
    leeway, lines = _leeway(faults, typed.leeway), _lines(faults, typed.lines)
    if typed.priority is None:
        faults.complain("priority", say("Dites quand cet objectif est à faire."))
    if typed.branch_id and not _holds_objectives(session, contract_id, typed.branch_id):
        faults.complain("branch_id", say("Choisissez un objectif stratégique dans la liste."))
    for name, chosen, known in (
        ("places", typed.places, _sites(session, contract_id)),
        ("findings", typed.findings, _findings(session, contract_id)),
        ("indicators", typed.indicators, _indicators(session, contract_id)),
    ):
        if not chosen <= known:
            faults.complain(name, say("Choisissez parmi ce que la liste propose."))
    faults.refuse()
    return Checked(title, sheet, words, (typed.places, typed.findings, typed.indicators), leeway, lines)


def check_action(typed: TypedAction) -> CheckedAction:
    """The values of an action. Errors: InvalidError, all fields at once."""
    faults = Faults()
    label = faults.read(check_line, typed.label, "label", MAX_LABEL)
    who = {
        name: faults.read(check_line, getattr(typed, name), name, maximum, optional=True)
        for name, maximum in (("lead", MAX_LEAD), ("team", MAX_TEAM), ("partners", MAX_PARTNERS))
    }
    for name in ("starts_on", "ends_on", "funded_until"):
        day = getattr(typed, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            faults.complain(name, say("Écrivez une date entre 2000 et 2099."))
    if typed.starts_on and typed.ends_on and typed.ends_on < typed.starts_on:
        faults.complain("ends_on", say("Cette date vient avant le début. Choisissez une date plus tard."))
    if typed.state is None:
        faults.complain("state", say("Dites où en est cette action."))
    if typed.financing is None:
        faults.complain("financing", say("Dites si l’argent de cette action est trouvé."))
    funded = typed.financing is Financing.FUNDED
    if funded and typed.funded_until is None:
        faults.complain("funded_until", say("Dites jusqu’à quelle date cette action est financée."))
    faults.refuse()
    until = typed.funded_until if funded else None
    plan = Plan(label, typed.starts_on, typed.ends_on, typed.financing or Financing.UNKNOWN, until)
    return CheckedAction(plan, who, typed.state or State.NOT_STARTED)


def _leeway(faults: Faults, typed: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: faults.read(check_line, typed.get(name, ""), name, maximum, optional=True)
        for box in BOXES
        for name, maximum in ((box, MAX_LEEWAY), (f"{box}_by", MAX_BY))
    }
    for box in BOXES:
        if found[box] and not found[f"{box}_by"]:
            faults.complain(f"{box}_by", say("Dites par qui, par exemple : la direction."))
    return found


def _lines(faults: Faults, typed: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """The lines of indicators that have words; a line says what is counted, from where and to where."""
    kept = []
    for number, line in enumerate(typed, 1):
        if not any(line.get(name, "").strip() for name, _most in LINE_PARTS):
            continue
        kept.append(
            {
                name: faults.read(
                    check_line, line.get(name, ""), f"line{number}_{name}", most, optional=name == "yearly"
                )
                for name, most in LINE_PARTS
            }
        )
    return tuple(kept)


def _holds_objectives(session: Session, contract_id: str, branch_id: str) -> bool:
    branch = session.get(Branch, branch_id)
    return branch is not None and branch.contract_id == contract_id and branch.parent_id is not None


def _sites(session: Session, contract_id: str) -> frozenset[str]:
    query = select(ContractEstablishment.establishment_id)
    return frozenset(session.scalars(query.where(ContractEstablishment.contract_id == contract_id)))


def _findings(session: Session, contract_id: str) -> frozenset[str]:
    query = select(Item.id).where(Item.contract_id == contract_id, Item.kind == ItemKind.FINDING)
    return frozenset(session.scalars(query))


def _indicators(session: Session, contract_id: str) -> frozenset[str]:
    query = select(ContractIndicator.id).where(ContractIndicator.contract_id == contract_id)
    return frozenset(session.scalars(query))
