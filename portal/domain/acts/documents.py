"""The document attached to an act: what it may be, known by its bytes and never by what is declared.

No virus is looked for: whoever runs the portal is told so in docs/exploitation.md.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.documents.rules import refused
from portal.kernel.errors import InvalidError
from portal.kernel.files import archives, office
from portal.kernel.files.kinds import RefusedFileError
from portal.kernel.speech import say
from portal.vocabulary import ActKind

MAX_BYTES = 10 * 1024 * 1024
FIELD = "document"
# Where a PDF says that it ends, and how many parts an archive may have.
TAIL = 2048
MAX_PARTS = 5000
ODT_TYPE = b"application/vnd.oasis.opendocument.text"

TYPES = {
    "pdf": "application/pdf",
    "odt": ODT_TYPE.decode(),
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes that are what their extension says."""

    extension: str
    content: bytes

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """What tells these bytes from any others."""
        return hashlib.sha256(self.content).hexdigest()


def checked(name: str, content: bytes) -> Document:
    """A document that was sent. Of its name only the last extension counts. Errors: InvalidError (`document`)."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in TYPES:
        raise _refused(say("Choisissez un document PDF, ODT ou DOCX."))
    if len(content) > MAX_BYTES:
        raise _refused(say("Ce document est trop lourd. Il peut peser 10 Mo au plus."))
    if not LOOKS[extension](content):
        raise _refused(
            say("Ce fichier n’est pas le document que son nom annonce. Enregistrez-le à nouveau en PDF.")
        )
    if extension != "pdf":
        _refuse_harm(content)
    return Document(extension, content)


def _refuse_harm(content: bytes) -> None:
    """Nothing in it may unfold, run or fetch on the computer of those who open it. Errors: InvalidError (`document`)."""
    try:
        office.check(content)
    except RefusedFileError as error:
        raise refused(error.refusal, MAX_BYTES) from error


def own_name(kind: ActKind, held_on: date, extension: str) -> str:
    """The name under which it is handed over: nothing of the name that came with it."""
    return f"{kind.value}-{held_on.isoformat()}.{extension}"


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-TAIL:]


def _is_odt(content: bytes) -> bool:
    parts = _parts(content)
    if not parts or parts[0].filename != "mimetype" or parts[0].file_size != len(ODT_TYPE):
        return False
    return _read(content, parts[0]) == ODT_TYPE


def _is_docx(content: bytes) -> bool:
    names = {one.filename for one in _parts(content)}
    return {"[Content_Types].xml", "word/document.xml"} <= names


LOOKS: Mapping[str, Callable[[bytes], bool]] = {"pdf": _is_pdf, "odt": _is_odt, "docx": _is_docx}


def _parts(content: bytes) -> list[zipfile.ZipInfo]:
    """The parts of an archive, in order; none when it is not one, or has more than a document needs."""
    return archives.listing(content, most=MAX_PARTS)


def _read(content: bytes, part: zipfile.ZipInfo) -> bytes:
    if part.compress_type != zipfile.ZIP_STORED:
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return opened.read(part)
    except (zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError):
        return b""


def _refused(sentence: str) -> InvalidError:
    return InvalidError({FIELD: [sentence]})
