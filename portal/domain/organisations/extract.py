"""Reads the open-data extract of the national FINESS directory, line by line.

Its shape is that of the file « Extraction Finess des établissements » of data.gouv.fr: semicolons, no
quotes, one header, one kind of line by first word. A line that cannot be read is named by its number
and why; the others are kept.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.kernel.speech import say
from portal.vocabulary import Labelled

HEADER, SITE, PLACE = ("finess", "etalab"), "structureet", "geolocalisation"
FIELDS = (  # noqa: SIM905 — read beside the heading of the file
    "structureet nofinesset nofinessej rs rslongue complrs compldistrib numvoie typvoie voie compvoie "
    "lieuditbp commune departement libdepartement ligneacheminement telephone telecopie categetab "
    "libcategetab categagretab libcategagretab siret codeape codemft libmft codesph libsph dateouv "
    "dateautor maj numuai"
).split()
NUMBER = re.compile(r"(\d\d|2[AB])\d{7}")
# The directory names overseas départements in two ways: by its own letters, or by their number.
OVERSEAS = {"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9E": "975", "9F": "976"}
DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]|98[4-8]")
POST = re.compile(r"(?P<code>\d{5})\s+(?P<town>.+?)(?:\s+CEDEX(?:\s+\d+)?)?")


class Fault(Labelled):
    """Why a line is left out."""

    KIND = "sorte", say("Le premier mot de cette ligne n’est pas connu.")
    FIELDS = "champs", say("Cette ligne n’a pas 32 champs.")
    SITE = "etablissement", say("Le numéro FINESS de l’établissement n’a pas neuf caractères.")
    OWNER = "entite", say("Le numéro FINESS de l’entité juridique n’a pas neuf caractères.")
    NAME = "nom", say("L’établissement n’a pas de nom.")
    DEPARTMENT = "departement", say("Le département n’est pas connu.")
    TWICE = "deja-la", say("Ce numéro FINESS est déjà dans le fichier.")


class NotAnExtractError(Exception):
    """The first line is not that of an extract."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What the first line says: the day of the extract, where it is readable."""

    dated_on: date | None


@dataclass(frozen=True, slots=True)
class Site:
    """One establishment of the directory; `category` is its official code, such as « 500 »."""

    finess_et: str
    finess_ej: str
    name: str
    address: str
    postcode: str
    town: str
    department: str
    phone: str
    category: str
    category_label: str
    siret: str
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that was left out: its number in the file, from 1, and why."""

    line: int
    fault: Fault


def header(line: str) -> Edition:
    """Read the first line. Errors: NotAnExtractError."""
    fields = line.strip().lstrip("\ufeff").split(";")
    if tuple(word.lower() for word in fields[:2]) != HEADER:
        raise NotAnExtractError
    found = [day for day in map(_day, fields[2:]) if day]
    return Edition(found[0] if found else None)


def read(lines: Iterable[str], first: int = 2) -> Iterator[tuple[int, Site | Broken]]:
    """Read what follows the first line, each with its number in the file; `first` is that of the first of these.

    Blank lines and places on the map are passed over in silence.
    """
    for number, line in enumerate(lines, first):
        fields = [field.strip() for field in line.rstrip("\r\n").split(";")]
        if fields == [""] or fields[0] == PLACE:
            continue
        yield number, _site(fields, number)


def encoding_of(sample: Iterable[bytes]) -> str:
    """« utf-8 » when every piece of the file is, else the single-byte one of its makers."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in sample:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _site(fields: list[str], number: int) -> Site | Broken:
    if fields[0] != SITE:
        return Broken(number, Fault.KIND)
    if len(fields) != len(FIELDS):
        return Broken(number, Fault.FIELDS)
    row = dict(zip(FIELDS, fields, strict=True))
    row["departement"] = OVERSEAS.get(row["departement"], row["departement"])
    fault = _wrong(row)
    if fault:
        return Broken(number, fault)
    post = POST.fullmatch(row["ligneacheminement"])
    return Site(
        finess_et=row["nofinesset"],
        finess_ej=row["nofinessej"],
        name=row["rslongue"] or row["rs"],
        address=" ".join(filter(None, (row["numvoie"], row["typvoie"], row["voie"], row["compvoie"]))),
        postcode=post["code"] if post else "",
        town=post["town"] if post else row["ligneacheminement"],
        department=row["departement"],
        phone=row["telephone"],
        category=row["categetab"],
        category_label=row["libcategetab"],
        siret=row["siret"],
        opened_on=_day(row["dateouv"]),
    )


def _wrong(row: dict[str, str]) -> Fault | None:
    """Why this line is left out, if it is."""
    checks = (
        (NUMBER.fullmatch(row["nofinesset"]), Fault.SITE),
        (NUMBER.fullmatch(row["nofinessej"]), Fault.OWNER),
        (row["rslongue"] or row["rs"], Fault.NAME),
        (DEPARTMENT.fullmatch(row["departement"]), Fault.DEPARTMENT),
    )
    return next((fault for fits, fault in checks if not fits), None)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        return None
