"""The kinds of file that are taken, and why any other is refused."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is; the value is the ending of its name."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    CSV = "csv"
    TXT = "txt"


MEDIA: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.GIF: "image/gif",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.ODP: "application/vnd.oasis.opendocument.presentation",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.TXT: "text/plain; charset=utf-8",
}
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.GIF})
MICROSOFT = frozenset({FileKind.DOCX, FileKind.XLSX, FileKind.PPTX})
OPEN = frozenset({FileKind.ODT, FileKind.ODS, FileKind.ODP})
OFFICE = MICROSOFT | OPEN
PLAIN = frozenset({FileKind.CSV, FileKind.TXT})


class Refusal(StrEnum):
    """Why a file is not taken; what is said to the person is written beside the documents."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"
    UNKNOWN = "unknown"
    ARCHIVE = "archive"
    PROGRAM = "program"
    PAGE = "page"
    OLD = "old"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    OBJECT = "object"
    LINKED = "linked"
    BOMB = "bomb"
    ENTITIES = "entities"
    PIXELS = "pixels"
    SIGNED_ACTIVE = "signed_active"
    TOO_LONG = "too_long"


class Left(StrEnum):
    """What stays in a file although it may tell of a person; said wherever the file is shown."""

    COMMENTS = "comments"
    CHANGES = "changes"
    SIGNATURE = "signature"
    PICTURES = "pictures"


class Told(StrEnum):
    """What was changed in a file beyond what it told of its author."""

    ACTIVE = "active"
    FORMULAS = "formulas"
    STILL = "still"


class RefusedFileError(Exception):
    """A file that is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
