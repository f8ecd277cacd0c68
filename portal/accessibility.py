"""The operator's statement about accessibility: a file of the instance, never a rate made up.

No file, no audit: the portal says so. The rate is counted from the criteria, never written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.kernel.errors import PortalError

FILE = "accessibilite.toml"
CRITERIA = 106  # of the RGAA 4.1.2
HALF = 50
TEXT_MAXIMUM = 500
SHAPE: dict[str, tuple[str, ...]] = {
    "": ("organisme", "contact", "audit", "contenu_non_accessible", "schema"),
    "contact": ("adresse_electronique", "telephone", "courrier"),
    "audit": ("fait_le", "par", "referentiel", "criteres_applicables", "criteres_respectes", "moyens"),
    "schema": ("pluriannuel", "plan_annuel"),
    "contenu_non_accessible": ("quoi", "pourquoi"),
}
RATES = ("taux", "taux_de_conformite", "pourcentage", "etat", "conformite")


class StatementError(PortalError):
    """A file that cannot be shown; the message says how to mend it."""


class State(Enum):
    """What the law calls the state of conformity, and what comes before any audit."""

    NOT_ASSESSED = "non-evaluee"
    NOT_MET = "non-conforme"
    PARTLY_MET = "partielle"
    FULLY_MET = "totale"


class Why(Enum):
    """Why a content is not accessible."""

    NOT_MET = "non-conformite"
    TOO_HEAVY = "charge-disproportionnee"
    NOT_COVERED = "hors-obligation"


@dataclass(frozen=True, slots=True)
class Audit:
    """What somebody looked at, and how many criteria were met."""

    made_on: date
    by: str
    standard: str
    applicable: int
    met: int
    means: tuple[str, ...]

    @property
    def tenths(self) -> int:
        """Tenths of a hundredth of the criteria that are met, never rounded up."""
        return self.met * 1000 // self.applicable


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not accessible."""

    what: str
    why: Why


@dataclass(frozen=True, slots=True)
class Statement:
    """What the operator says; empty when nothing was filled in."""

    organisation: str = ""
    email: str = ""
    phone: str = ""
    post: str = ""
    audit: Audit | None = None
    gaps: tuple[Gap, ...] = ()
    plan: str = ""
    year_plan: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def state(self) -> State:
        """Counted from the audit."""
        if self.audit is None:
            return State.NOT_ASSESSED
        if self.audit.met == self.audit.applicable:
            return State.FULLY_MET
        return State.PARTLY_MET if self.audit.tenths >= HALF * 10 else State.NOT_MET


def of_instance(folder: Path, today: date) -> Statement:
    """The statement of this instance; one that says nothing, with its problems, when the file cannot be shown."""
    file = folder / FILE
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return Statement()
    return _kept(file, changed, today)


@lru_cache(maxsize=8)
def _kept(file: Path, _changed: int, today: date) -> Statement:
    try:
        return load(file, today)
    except StatementError as error:
        return Statement(problems=tuple(str(error).splitlines()))


def load(file: Path, today: date) -> Statement:
    """Read and check the file. Errors: StatementError, with one line for each thing to mend."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StatementError(f"{file.name} ne se lit pas comme du TOML : {error}") from error
    if problems := list(_problems(data, today)):
        raise StatementError("\n".join(problems))
    return _statement(data)


def _problems(data: Mapping[str, Any], today: date) -> Iterator[str]:
    yield from _unknown("", data)
    for name in ("contact", "audit", "schema"):
        part = data.get(name, {})
        if not isinstance(part, dict):
            yield f"[{name}] doit être une partie du fichier, avec ses lignes en dessous."
            return
        yield from _unknown(name, part)
    if not _is_text(data.get("organisme")):
        yield "organisme : écrivez le nom de l’organisme responsable du portail."
    contact = data.get("contact", {})
    if not any(_is_text(contact.get(name)) for name in SHAPE["contact"]):
        yield "[contact] : donnez au moins une adresse électronique, un téléphone ou une adresse postale."
    yield from (
        f"[contact] {name} : écrivez un texte." for name, value in contact.items() if not _is_text(value)
    )
    yield from _gap_problems(data.get("contenu_non_accessible", []))
    yield from _address_problems(data.get("schema", {}))
    if "audit" in data:
        yield from _audit_problems(data["audit"], data.get("contenu_non_accessible", []), today)


def _unknown(part: str, values: Mapping[str, Any]) -> Iterator[str]:
    where = f"[{part}] " if part else ""
    for name in values:
        if name in RATES:
            yield (
                f"{where}{name} : le taux ne s’écrit pas, il se compte. "
                "Donnez criteres_applicables et criteres_respectes dans [audit]."
            )
        elif name not in SHAPE[part]:
            yield f"{where}{name} : ce nom n’est pas connu. Noms possibles : {', '.join(SHAPE[part])}."


def _gap_problems(gaps: Any) -> Iterator[str]:
    if not isinstance(gaps, list) or not all(isinstance(gap, dict) for gap in gaps):
        yield "[[contenu_non_accessible]] s’écrit avec deux crochets, une fois par contenu."
        return
    reasons = [why.value for why in Why]
    for number, gap in enumerate(gaps, 1):
        where = f"[[contenu_non_accessible]] n° {number}"
        yield from (f"{where} : {line}" for line in _unknown("contenu_non_accessible", gap))
        if not _is_text(gap.get("quoi")):
            yield f"{where} : quoi doit dire ce qui n’est pas accessible."
        if gap.get("pourquoi") not in reasons:
            yield f"{where} : pourquoi est l’un de ces mots : {', '.join(reasons)}."


def _address_problems(addresses: Mapping[str, Any]) -> Iterator[str]:
    for name, value in addresses.items():
        if not _is_text(value) or urlsplit(value).scheme != "https" or not urlsplit(value).netloc:
            yield f"[schema] {name} : écrivez une adresse complète, qui commence par https://."


def _audit_problems(audit: Mapping[str, Any], gaps: Any, today: date) -> Iterator[str]:
    made_on = audit.get("fait_le")
    if type(made_on) is not date:
        yield "[audit] fait_le : écrivez la date sans guillemets, comme 2026-11-03."
    elif made_on > today:
        yield "[audit] fait_le : cette date n’est pas encore venue."
    for name in ("par", "referentiel"):
        if not _is_text(audit.get(name)):
            yield f"[audit] {name} : écrivez un texte."
    means = audit.get("moyens")
    if not isinstance(means, list) or not means or not all(_is_text(one) for one in means):
        yield '[audit] moyens : écrivez la liste des moyens, comme ["NVDA et Firefox", "clavier seul"].'
    applicable, met = audit.get("criteres_applicables"), audit.get("criteres_respectes")
    if type(applicable) is not int or not 0 < applicable <= CRITERIA:
        yield f"[audit] criteres_applicables : écrivez un nombre entre 1 et {CRITERIA}."
    elif type(met) is not int or not 0 <= met <= applicable:
        yield f"[audit] criteres_respectes : écrivez un nombre entre 0 et {applicable}, les critères applicables."
    elif (met < applicable) != _is_gap(gaps):
        yield (
            "[[contenu_non_accessible]] : dites ce qui n’est pas conforme."
            if met < applicable
            else "[[contenu_non_accessible]] : tous les critères sont respectés, rien ne peut être non conforme."
        )


def _is_gap(gaps: Any) -> bool:
    return isinstance(gaps, list) and any(
        isinstance(gap, dict) and gap.get("pourquoi") == Why.NOT_MET.value for gap in gaps
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= TEXT_MAXIMUM and value.isprintable()


def _statement(data: Mapping[str, Any]) -> Statement:
    contact, addresses, audit = data.get("contact", {}), data.get("schema", {}), data.get("audit")
    return Statement(
        organisation=data["organisme"].strip(),
        email=contact.get("adresse_electronique", "").strip(),
        phone=contact.get("telephone", "").strip(),
        post=contact.get("courrier", "").strip(),
        audit=None if audit is None else _audit(audit),
        gaps=tuple(Gap(gap["quoi"].strip(), Why(gap["pourquoi"])) for gap in _gaps(data)),
        plan=addresses.get("pluriannuel", ""),
        year_plan=addresses.get("plan_annuel", ""),
    )


def _gaps(data: Mapping[str, Any]) -> list[dict[str, str]]:
    return list(data.get("contenu_non_accessible", []))


def _audit(values: Mapping[str, Any]) -> Audit:
    return Audit(
        made_on=values["fait_le"],
        by=values["par"].strip(),
        standard=values["referentiel"].strip(),
        applicable=values["criteres_applicables"],
        met=values["criteres_respectes"],
        means=tuple(values["moyens"]),
    )
