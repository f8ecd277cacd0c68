"""What is typed of a finding, checked as a whole: all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Axis, ContractEstablishment
from portal.domain.texts import service as texts
from portal.kernel.errors import InvalidError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.vocabulary import FindingKind, Register

MAX_TITLE, MAX_EVIDENCE, MAX_LEEWAY, MAX_BY = 200, 300, 1_000, 160
BOXES = ("decided", "open", "out_of_reach")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a finding; no place stands for all of them; `leeway` holds the six texts of the boxes."""

    axis_id: str
    kind: FindingKind | None
    title: str
    plain: str
    technical: str
    evidence: str = ""
    places: frozenset[str] = frozenset()
    leeway: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The same as it is kept: columns of the row, words of both texts, columns of the leeway."""

    axis_id: str
    row: Mapping[str, object]
    words: Mapping[Register, str]
    places: frozenset[str]
    leeway: Mapping[str, str]


class _Faults:
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


def check(session: Session, contract_id: str, typed: Typed) -> Checked:
    """The values of a finding. Errors: InvalidError, all fields at once."""
    faults = _Faults()
    row = {
        "title": faults.read(check_line, typed.title, "title", MAX_TITLE),
        "finding_kind": typed.kind,
        "evidence": faults.read(check_line, typed.evidence, "evidence", MAX_EVIDENCE, optional=True),
    }
    # Plain words that come in the same form are for the technical words of this form: these are written first.
    words = {
        Register.TECHNICAL: faults.read(texts.cleaned, typed.technical, "technical"),
        Register.PLAIN: faults.read(texts.cleaned, typed.plain, "plain"),
    }
    leeway = _leeway(faults, typed.leeway)
    if typed.kind is None:
        faults.complain("kind", say("Dites de quelle sorte de constat il s’agit."))
    if not _has_axis(session, contract_id, typed.axis_id):
        faults.complain("axis_id", NO_AXIS)
    if not typed.places <= _sites(session, contract_id):
        faults.complain("places", say("Choisissez parmi les établissements du périmètre."))
    if faults.errors:
        raise InvalidError(faults.errors)
    return Checked(typed.axis_id, row, words, typed.places, leeway)


def check_axis(session: Session, contract_id: str, axis_id: str) -> None:
    """Refuse an axis that the contract does not have. Errors: InvalidError (`axis_id`)."""
    if not _has_axis(session, contract_id, axis_id):
        raise InvalidError({"axis_id": [NO_AXIS]})


NO_AXIS = say("Choisissez un axe dans la liste.")


def _leeway(faults: _Faults, typed: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: faults.read(check_line, typed.get(name, ""), name, maximum, optional=True)
        for box in BOXES
        for name, maximum in ((box, MAX_LEEWAY), (f"{box}_by", MAX_BY))
    }
    for box in BOXES:
        if found[box] and not found[f"{box}_by"]:
            faults.complain(f"{box}_by", say("Dites par qui, par exemple : la direction."))
    return found


def _has_axis(session: Session, contract_id: str, axis_id: str) -> bool:
    axis = session.get(Axis, axis_id) if axis_id else None
    return axis is not None and axis.contract_id == contract_id


def _sites(session: Session, contract_id: str) -> frozenset[str]:
    query = select(ContractEstablishment.establishment_id).where(
        ContractEstablishment.contract_id == contract_id
    )
    return frozenset(session.scalars(query))
