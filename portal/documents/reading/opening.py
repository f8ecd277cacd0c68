"""What is inside an office file, known by its bytes before anything of it is expanded.

A file is refused when it is none of the formats that are read, is too heavy or would become so, is closed by a
password, carries macros, or has parts that could make a reader fetch or multiply words.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.kernel.files import archives, office
from portal.kernel.files.archives import Allowance
from portal.kernel.files.kinds import Refusal, RefusedFileError
from portal.kernel.speech import Sentence, say

MAX_BYTES = 10 * 1024 * 1024
# What the parts may weigh once expanded: all of them, and one that is read as words.
MAX_EXPANDED, MAX_PART = 80 * 1024 * 1024, 24 * 1024 * 1024
# Signs that begin elements, in one part: a reader keeps far more of each than its letters.
MAX_TAGS = 2_000_000
PDF_BEGINS = b"%PDF-"
MACROS = ("vbaproject.bin", "basic/", "scripts/")
MACRO_TYPE = b"macroenabled"
DECLARES = tuple(
    f"<!{word}".encode(code) for word in ("DOCTYPE", "ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


class Office(StrEnum):
    """An office format that is read, by its extension."""

    DOCX = "docx"
    XLSX = "xlsx"
    ODS = "ods"


# What makes each format known: a part, and for OpenDocument what its first part says.
MAIN = {Office.DOCX: "word/document.xml", Office.XLSX: "xl/workbook.xml", Office.ODS: "content.xml"}
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

TOO_HEAVY = say("Ce fichier est trop lourd. Il peut peser 10 Mo au plus.")
TOO_BIG = say(
    "Ce fichier deviendrait trop grand une fois ouvert. Gardez seulement les feuilles utiles, sans les images, puis recommencez."
)
OLD_OR_CLOSED = say(
    "Ce fichier est dans un ancien format, ou fermé par un mot de passe. Ouvrez-le, enregistrez-le en .docx ou en .xlsx sans "
    "mot de passe, puis recommencez."
)
A_PDF = say(
    "Un PDF ne garde ni les lignes ni les colonnes. Choisissez le fichier Word ou le tableau dont il vient, ou collez son texte."
)
UNKNOWN = say("Choisissez un fichier .docx, .xlsx, .ods ou .csv.")
BROKEN = say("Ce fichier est abîmé : il ne s’ouvre pas. Enregistrez-le à nouveau, puis recommencez.")
HAS_MACROS = say(
    "Ce fichier contient des macros, que le portail n’ouvre jamais. Enregistrez-le sans macros, en .docx ou en .xlsx, puis recommencez."
)
UNSAFE = say(
    "Ce fichier contient une partie que le portail n’ouvre jamais. Copiez son contenu dans un fichier neuf, puis recommencez."
)
WEIGHED = {Refusal.BOMB: TOO_BIG, Refusal.ENCRYPTED: OLD_OR_CLOSED}


class ArchiveError(ValueError):
    """A file that is not opened; `sentence` says how to mend it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Archive:
    """An office file that may be read, part by part."""

    office: Office
    content: bytes
    sizes: Mapping[str, int]

    def read(self, name: str) -> bytes:
        """The words of one part; nothing when there is none. Errors: ArchiveError."""
        if name not in self.sizes:
            return b""
        if self.sizes[name] > MAX_PART:
            raise ArchiveError(TOO_BIG)
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as opened:
                found = opened.read(name)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            ValueError,
            NotImplementedError,
            EOFError,
            OSError,
        ) as error:
            raise ArchiveError(BROKEN) from error
        if any(one in found for one in DECLARES):
            raise ArchiveError(UNSAFE)
        if found.count(b"<") > MAX_TAGS:
            raise ArchiveError(TOO_BIG)
        return found

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the archive."""
        return tuple(self.sizes)


def looks_zipped(content: bytes) -> bool:
    """Whether these bytes begin as an archive, or as an office file that is none."""
    return content.startswith((archives.START, office.OLD, PDF_BEGINS))


def opened(content: bytes) -> Archive:
    """An office file of a known format, looked at from outside. Errors: ArchiveError."""
    _check_outside(content)
    infos = _infos(content)
    archive = Archive(_office(content, infos), content, {one.filename: one.file_size for one in infos})
    _refuse_macros(archive)
    return archive


def _check_outside(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise ArchiveError(TOO_HEAVY)
    if content.startswith(office.OLD):
        raise ArchiveError(OLD_OR_CLOSED)
    if content.startswith(PDF_BEGINS):
        raise ArchiveError(A_PDF)
    if not content.startswith(archives.START):
        raise ArchiveError(UNKNOWN)


def _infos(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        return archives.weighed(content, Allowance(MAX_EXPANDED))
    except RefusedFileError as error:
        raise ArchiveError(WEIGHED.get(error.refusal, BROKEN)) from error


def _office(content: bytes, infos: list[zipfile.ZipInfo]) -> Office:
    names = {one.filename for one in infos}
    for found, main in MAIN.items():
        if main in names and (found is not Office.ODS or _says_ods(content, infos[0])):
            return found
    raise ArchiveError(UNKNOWN)


def _says_ods(content: bytes, first: zipfile.ZipInfo) -> bool:
    if first.filename != "mimetype" or first.file_size > len(ODS_TYPE):
        return False
    return Archive(Office.ODS, content, {first.filename: first.file_size}).read(first.filename) == ODS_TYPE


def _refuse_macros(archive: Archive) -> None:
    names = [one.lower() for one in archive.parts]
    if any(one.startswith(MACROS[1:]) or one.endswith(MACROS[0]) for one in names):
        raise ArchiveError(HAS_MACROS)
    if archive.office is not Office.ODS and MACRO_TYPE in archive.read("[Content_Types].xml").lower():
        raise ArchiveError(HAS_MACROS)
