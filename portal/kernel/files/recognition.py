"""What a file is, by its first bytes and its structure: neither its name nor what the browser declares is asked."""

from __future__ import annotations

from portal.kernel.files import archives, office, plain
from portal.kernel.files.kinds import FileKind, Refusal, RefusedFileError

FIRST: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
)
WEBP = (b"RIFF", b"WEBP")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
NOT_TAKEN: tuple[tuple[bytes, Refusal], ...] = (
    *((start, Refusal.PROGRAM) for start in office.PROGRAMS),
    (b"{\\rtf", Refusal.OLD),
    (b"Rar!", Refusal.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    (b"\x1f\x8b", Refusal.ARCHIVE),
    (b"BZh", Refusal.ARCHIVE),
    (b"\xfd7zXZ", Refusal.ARCHIVE),
)


def recognised(content: bytes) -> FileKind:
    """What these bytes are; an office file is unpacked and looked at part by part. Errors: RefusedFileError."""
    if not content.strip(b"\0 \t\r\n"):
        raise RefusedFileError(Refusal.EMPTY)
    refusal = next((why for start, why in NOT_TAKEN if content.startswith(start)), None)
    if refusal is not None:
        raise RefusedFileError(refusal)
    if content.startswith(office.OLD):
        raise RefusedFileError(Refusal.ENCRYPTED if ENCRYPTED_PACKAGE in content else Refusal.OLD)
    if content.startswith(archives.START):
        return office.looked_at(content)[0]
    found = next((kind for start, kind in FIRST if content.startswith(start)), None)
    if found is not None:
        return found
    if content.startswith(WEBP[0]) and content[8:12] == WEBP[1]:
        return FileKind.WEBP
    return plain.kind(plain.decoded(content))[0]
