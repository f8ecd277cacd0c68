"""The file that describes a contract, read into frozen shapes or refused as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.demo.reading import Problems, Section, refuse
from portal.vocabulary import AuthorityKind, FindingKind, Group, ItemKind, Level, Register, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT = 20_000
MAX_LEEWAY = 1_000
MAX_YEARLY = 160
YEARS_JOINED = " · "

# The fourth level is offered once drafting together exists.
LEVELS = {level.label: level for level in Level if level < Level.COCONSTRUCTION}


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """An organisme gestionnaire (no kind) or an authority."""

    name: str
    finess: str | None = None
    kind: AuthorityKind | None = None
    delegation: str = ""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """An establishment; `key` names it inside the file only."""

    key: str
    name: str
    finess: str | None
    category: str
    places: int | None
    phone: str
    hours: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """An indicator: where it starts, where it should arrive, year by year."""

    label: str
    initial: str
    target: str
    yearly: str


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """A finding or an objective with both texts; `key` names it inside the file only."""

    kind: ItemKind
    key: str
    axis: str
    title: str
    finding_kind: FindingKind | None
    texts: Mapping[Register, str]
    leeway: Mapping[str, str]
    indicators: tuple[IndicatorEntry, ...]
    evidence: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AxisEntry:
    """An axis of the diagnostic; without a question, the one that the portal proposes for this name."""

    name: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class ContractFile:
    """All that a contract begins with."""

    title: str
    starts_on: date
    ends_on: date
    stage: Stage
    organisation: PartyEntry
    authorities: tuple[PartyEntry, ...]
    places: tuple[PlaceEntry, ...]
    findings: tuple[ItemEntry, ...]
    objectives: tuple[ItemEntry, ...]
    levels: Mapping[Group, Level]
    signed_on: date | None = None
    reasons: Mapping[Group, str] = field(default_factory=dict)
    axes: tuple[AxisEntry, ...] = ()


def parse(data: Mapping[str, Any]) -> ContractFile:
    """Read the tables of a TOML file. Errors: InvalidError, every sentence naming its key."""
    problems: Problems = {}
    root = Section(data, problems)
    contract, organisation = root.section("contrat"), root.section("organisme")
    title = contract.text("titre", 200)
    starts_on, ends_on = contract.day("debut"), contract.day("fin")
    signed_on = contract.day("signe") if "signe" in data.get("contrat", ()) else None
    stage = contract.word("etape", Stage)
    if not problems and ends_on <= starts_on:
        contract.complain("fin", "choisissez une date après celle du début.")
    contract.finish()
    party = PartyEntry(organisation.text("nom", 200), organisation.finess("finess"))
    organisation.finish()
    file = ContractFile(
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        stage=stage or Stage.PROGRAMMING,
        organisation=party,
        authorities=tuple(_authority(one) for one in root.sections("autorites")),
        places=_places(root.sections("etablissements")),
        findings=_items(root.sections("constats", required=False), ItemKind.FINDING),
        objectives=_items(root.sections("objectifs", required=False), ItemKind.OBJECTIVE),
        levels=root.section("niveaux").pairs(Group, Level, LEVELS),
        signed_on=signed_on,
        reasons=_reasons(root.section("raisons")) if "raisons" in data else {},
        axes=_axes(root.sections("axes", required=False)),
    )
    _check_places(file, root)
    root.finish()
    refuse(problems)
    return file


def _check_places(file: ContractFile, root: Section) -> None:
    """Complain about findings on places that the file does not have."""
    known = {one.key for one in file.places}
    for rank, finding in enumerate(file.findings, 1):
        for place in finding.places:
            if place not in known:
                root.complain(f"constats[{rank}].lieux", f"« {place} » n’est la clé d’aucun établissement.")


def _axes(sections: list[Section]) -> tuple[AxisEntry, ...]:
    seen: set[str] = set()
    return tuple(_axis(section, seen) for section in sections)


def _axis(section: Section, seen: set[str]) -> AxisEntry:
    entry = AxisEntry(section.text("nom", 160), section.text("question", 300, required=False))
    section.unique("nom", seen, entry.name)
    section.finish()
    return entry


def _reasons(section: Section) -> dict[Group, str]:
    """Why groups have the level that they begin with."""
    found = {group: section.text(group.value, 600, required=False) for group in Group}
    section.finish()
    return {group: reason for group, reason in found.items() if reason}


def _authority(section: Section) -> PartyEntry:
    entry = PartyEntry(
        name=section.text("nom", 200),
        kind=section.word("genre", AuthorityKind),
        delegation=section.text("delegation", 200, required=False),
    )
    section.finish()
    return entry


def _places(sections: list[Section]) -> tuple[PlaceEntry, ...]:
    keys: set[str] = set()
    numbers: set[str] = set()
    return tuple(_place(section, keys, numbers) for section in sections)


def _place(section: Section, keys: set[str], numbers: set[str]) -> PlaceEntry:
    entry = PlaceEntry(
        key=section.text("cle", 40),
        name=section.text("nom", 200),
        finess=section.finess("finess"),
        category=section.text("categorie", 120, required=False),
        places=section.number("places", required=False),
        phone=section.text("telephone", 20, required=False),
        hours=section.text("horaires", 120, required=False),
        department=section.text("departement", 3, required=False),
    )
    section.unique("cle", keys, entry.key)
    section.unique("finess", numbers, entry.finess or "")
    section.finish()
    return entry


def _items(sections: list[Section], kind: ItemKind) -> tuple[ItemEntry, ...]:
    seen: set[str] = set()
    return tuple(_item(section, kind, seen) for section in sections)


def _item(section: Section, kind: ItemKind, seen: set[str]) -> ItemEntry:
    finding = kind is ItemKind.FINDING
    entry = ItemEntry(
        kind=kind,
        key=section.text("cle", 40),
        axis=section.text("axe", 160),
        title=section.text("titre", 200),
        finding_kind=section.word("nature", FindingKind) if finding else None,
        texts={
            Register.PLAIN: section.text("clair", MAX_TEXT),
            Register.TECHNICAL: section.text("technique", MAX_TEXT),
        },
        leeway=_leeway(section.section("marge")),
        indicators=() if finding else _indicators(section),
        evidence=section.text("preuve", 300, required=False) if finding else "",
        places=tuple(section.texts("lieux", 400)) if finding else (),
    )
    section.unique("cle", seen, entry.key)
    section.finish()
    return entry


def _leeway(section: Section) -> dict[str, str]:
    """The three boxes, each with by whom; one box may be empty, not two."""
    found = {}
    for key, column in (("decide", "decided"), ("ouvert", "open"), ("hors_de_portee", "out_of_reach")):
        found[column] = section.text(key, MAX_LEEWAY, required=False)
        found[f"{column}_by"] = section.text(f"{key}_par", 160, required=False)
        if found[column] and not found[f"{column}_by"]:
            section.complain(f"{key}_par", "dites par qui.")
    if sum(not found[column] for column in ("decided", "open", "out_of_reach")) > 1:
        section.complain("ouvert", "une seule des trois marges de manœuvre peut rester vide.")
    section.finish()
    return found


def _indicators(section: Section) -> tuple[IndicatorEntry, ...]:
    return tuple(_indicator(one) for one in section.sections("indicateurs"))


def _indicator(section: Section) -> IndicatorEntry:
    years = section.texts("par_an", MAX_YEARLY - 30)
    entry = IndicatorEntry(
        label=section.text("libelle", 200),
        initial=section.text("depart", 40),
        target=section.text("cible", 40),
        yearly=YEARS_JOINED.join(years),
    )
    section.finish()
    return entry
